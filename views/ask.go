package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/views/kit"
)

// question is a dialog over the window: a title, a body, and what can be done with it.
// Escape closes it, wherever the focus is.
type question struct {
	popup *widget.PopUp
	foot  []*kit.Button
}

// ask opens a dialog. do, if named, is offered as its purpose, leave as the way out;
// done is called once it was chosen.
func (w *Window) ask(title, do, leave string, body fyne.CanvasObject, done func()) *question {
	q := &question{}
	head := kit.Strong(title)
	head.Points = 15
	buttons := []fyne.CanvasObject{kit.NewText("").Clipped()}
	button := func(name string, rank kit.Rank, f func()) {
		b := kit.NewButton(name, func() {
			q.close()
			if f != nil {
				f()
			}
		})
		b.Rank = rank
		q.foot = append(q.foot, b)
		buttons = append(buttons, b)
	}
	button(leave, kit.Plain, nil)
	if do != "" {
		button(do, kit.Primary, done)
	}
	q.popup = widget.NewModalPopUp(kit.NewGround("", 0, kit.Wide, kit.Wide,
		kit.Column(kit.Wide, head, body, kit.Row(kit.Space, 0, buttons...))), w.win.Canvas())
	q.popup.Show()
	w.win.Canvas().Focus(q.foot[0]) // what Return does first changes nothing
	return q
}

func (q *question) close() { q.popup.Hide() }
