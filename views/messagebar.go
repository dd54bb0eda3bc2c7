package views

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
)

// messageBar tells errors and news below the top bar, until they are dismissed;
// news go by themselves.
type messageBar struct {
	wb    *workbench.Workbench
	root  fyne.CanvasObject
	mark  *kit.Ground
	text  *widget.Label
	more  *kit.Text
	close *kit.Button
	shown workbench.Message
}

// newsFor is how long news stay.
const newsFor = 8 * time.Second

func newMessageBar(wb *workbench.Workbench) *messageBar {
	m := &messageBar{wb: wb, text: widget.NewLabel(""), more: kit.Muted("")}
	m.text.Wrapping = fyne.TextWrapWord
	m.close = kit.NewGhost("Dismiss", wb.Dismiss)
	m.mark = kit.NewGround(theme.ColorNameError, 0, 1.5, 0, nil)
	line := container.NewBorder(nil, nil, kit.Spacer(kit.Space, 0), kit.Row(kit.Space, -1, m.more, m.close, kit.Spacer(kit.Space, 0)), m.text)
	m.root = container.NewStack(kit.NewGround(kit.ColorRaised, 0, 0, 0, nil), container.NewBorder(nil, nil, m.mark, nil, line))
	m.root.Hide()
	return m
}

// changed shows the newest message; it reports whether the bar came or went.
func (m *messageBar) changed() bool {
	message, unread := m.wb.Message()
	was := m.root.Visible()
	if unread == 0 {
		m.root.Hide()
		m.shown = workbench.Message{}
		return was
	}
	m.text.SetText(message.Text)
	m.more.Set("")
	if unread > 1 {
		m.more.Set(fmt.Sprintf("and %d more", unread-1))
	}
	fill := theme.ColorNamePrimary
	if message.Error {
		fill = theme.ColorNameError
	}
	m.mark.SetFill(fill, "")
	m.root.Show()
	if !message.Error && m.shown != message {
		time.AfterFunc(newsFor, func() { m.wb.Post(func() { m.expire(message) }) })
	}
	m.shown = message
	return true
}

// expire takes news away that is still shown.
func (m *messageBar) expire(message workbench.Message) {
	if now, unread := m.wb.Message(); unread > 0 && now == message {
		m.wb.Dismiss()
	}
}
