package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// ForwardKey hands a key that a focused widget does not use to the window, so
// that its shortcuts work wherever the focus is.
func ForwardKey(o fyne.CanvasObject, ev *fyne.KeyEvent) {
	if c := canvasOf(o); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(ev)
	}
}

// ForwardRune hands a letter that a focused widget does not use to the window.
func ForwardRune(o fyne.CanvasObject, r rune) {
	if c := canvasOf(o); c != nil && c.OnTypedRune() != nil {
		c.OnTypedRune()(r)
	}
}

// forwardHold hands the pressing or releasing of a key to the window, past the focused
// widget.
func forwardHold(o fyne.CanvasObject, ev *fyne.KeyEvent, down bool) {
	c, ok := canvasOf(o).(desktop.Canvas)
	if !ok {
		return
	}
	f := c.OnKeyUp()
	if down {
		f = c.OnKeyDown()
	}
	if f != nil {
		f(ev)
	}
}

func canvasOf(o fyne.CanvasObject) fyne.Canvas {
	if app := fyne.CurrentApp(); app != nil {
		return app.Driver().CanvasForObject(o)
	}
	return nil
}

// Unfocus takes the focus from whatever has it on o's canvas, so that single keys
// reach the window again.
func Unfocus(o fyne.CanvasObject) {
	if c := canvasOf(o); c != nil {
		c.Unfocus()
	}
}
