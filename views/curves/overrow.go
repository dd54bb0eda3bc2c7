package curves

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"codecworkbench/views/kit"
)

// overRow is a row that can be tapped and tells when the mouse is on it: the plot then
// makes the row's curve stand out.
type overRow struct {
	kit.Tap
	over func(on bool)
}

func newOverRow(content fyne.CanvasObject, tapped func(), over func(on bool)) *overRow {
	r := &overRow{over: over}
	r.Init(content, tapped)
	r.ExtendBaseWidget(r)
	return r
}

// MouseIn implements desktop.Hoverable.
func (r *overRow) MouseIn(ev *desktop.MouseEvent) {
	r.Tap.MouseIn(ev)
	r.over(true)
}

// MouseOut implements desktop.Hoverable.
func (r *overRow) MouseOut() {
	r.Tap.MouseOut()
	r.over(false)
}
