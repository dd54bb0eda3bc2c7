package views

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
)

// messageBar tells errors and news on a card over the foot of the screen, so that nothing
// else moves; errors until they are dismissed, news for a while. Without a message the
// card lies outside the window.
type messageBar struct {
	wb    *workbench.Workbench
	root  *kit.Ground
	line  *fyne.Container
	text  *widget.Label
	more  *kit.Text
	close *kit.Button
	shown workbench.Message
	open  bool
}

// newsFor is how long news stay.
const newsFor = 8 * time.Second

// messageWidth is the width of a message's text at most.
const messageWidth = 520

func newMessageBar(wb *workbench.Workbench) *messageBar {
	m := &messageBar{wb: wb, text: widget.NewLabel(""), more: kit.Muted("")}
	m.text.Wrapping = fyne.TextWrapWord
	m.close = kit.NewGhost("Dismiss", wb.Dismiss)
	m.line = kit.Row(kit.Space, 0, m.text, m.more, m.close)
	m.root = kit.NewGround(kit.ColorPanel, kit.CardCorner, kit.Gap, kit.Gap, m.line)
	m.close.SetDisabled(true) // so the focus passes over it
	m.root.Move(parked)
	return m
}

// parked is where things lie that are not seen: what is hidden while the window is laid
// out would not be painted later.
var parked = fyne.NewPos(-10000, -10000)

// changed shows the newest message; it reports whether there is or
// was one.
func (m *messageBar) changed() bool {
	message, unread := m.wb.Message()
	was := m.open
	m.open = unread > 0
	m.close.SetDisabled(!m.open)
	if !m.open {
		m.shown = workbench.Message{}
		return was
	}
	m.text.SetText(message.Text)
	m.more.Set("")
	if unread > 1 {
		m.more.Set(fmt.Sprintf("and %d more", unread-1))
	}
	stroke := theme.ColorNamePrimary
	if message.Error {
		stroke = theme.ColorNameError
	}
	m.root.SetFill(kit.ColorPanel, stroke)
	if !message.Error && m.shown != message {
		time.AfterFunc(newsFor, func() { m.wb.Post(func() { m.expire(message) }) })
	}
	m.shown = message
	return true
}

// place puts the card into the middle of a width, with its lower edge at bottom.
func (m *messageBar) place(width, bottom float32) {
	if !m.open {
		m.root.Move(parked)
		return
	}
	beside := m.more.MinSize().Width + m.close.MinSize().Width + 2*kit.Space + 2*m.root.MarginX
	text := fyne.MeasureText(m.text.Text, theme.TextSize(), fyne.TextStyle{}).Width + 4*kit.Gap
	text = min(text, messageWidth, width-beside-2*kit.Wide)
	m.text.Resize(fyne.NewSize(text, m.text.MinSize().Height)) // it breaks its lines to a width
	size := fyne.NewSize(text+beside, m.text.MinSize().Height+2*m.root.MarginY)
	m.root.Resize(size)
	m.line.Layout.Layout(m.line.Objects, m.line.Size())
	m.root.Move(fyne.NewPos((width-size.Width)/2, bottom-size.Height))
}

// expire takes news away that is still shown.
func (m *messageBar) expire(message workbench.Message) {
	if now, unread := m.wb.Message(); unread > 0 && now == message {
		m.wb.Dismiss()
	}
}
