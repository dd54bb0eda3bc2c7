package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// control is what the window's own controls share: focus, hover, tooltip,
// disabled state. self is the widget that embeds it.
type control struct {
	widget.BaseWidget
	focused, hovered, disabled bool
	tips                       *Tips
	tip                        string
	self                       fyne.Widget
}

func (c *control) extend(self fyne.Widget) {
	c.self = self
	c.ExtendBaseWidget(self)
}

// FocusGained implements fyne.Focusable.
func (c *control) FocusGained() {
	c.focused = true
	c.Refresh()
}

// FocusLost implements fyne.Focusable.
func (c *control) FocusLost() {
	c.focused = false
	c.Refresh()
}

// TypedRune implements fyne.Focusable: the window's single keys work here too.
func (c *control) TypedRune(r rune) { ForwardRune(c.self, r) }

// MouseIn implements desktop.Hoverable.
func (c *control) MouseIn(ev *desktop.MouseEvent) {
	c.hovered = true
	c.Refresh()
	if c.tips != nil {
		c.tips.Show(c.self, c.tip)
	}
}

// MouseMoved implements desktop.Hoverable.
func (c *control) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (c *control) MouseOut() {
	c.hovered = false
	c.Refresh()
	if c.tips != nil {
		c.tips.Hide()
	}
}

// SetTip sets what is shown while the mouse rests on the control.
func (c *control) SetTip(t *Tips, text string) { c.tips, c.tip = t, text }

// Tip returns what is shown while the mouse rests on the control.
func (c *control) Tip() string { return c.tip }

// Disabled reports whether the control does nothing now.
func (c *control) Disabled() bool { return c.disabled }

// SetDisabled switches the control off or on.
func (c *control) SetDisabled(d bool) {
	if c.disabled != d {
		c.disabled = d
		c.Refresh()
	}
}

// Enable implements fyne.Disableable.
func (c *control) Enable() { c.SetDisabled(false) }

// Disable implements fyne.Disableable: the focus passes over what does nothing.
func (c *control) Disable() { c.SetDisabled(true) }
