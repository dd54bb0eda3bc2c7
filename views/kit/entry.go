package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Field is a line to type in. Return and leaving it hand the text over; Escape
// brings the old one back, and closes the dialog that the field lies in; keys that mean nothing in a text go to the window.
type Field struct {
	widget.Entry
	shown string // what Put set last
	width float32
	OnSet func(text string)
	// OnKey, if set, sees every key first; it returns true for those that it used.
	OnKey func(ev *fyne.KeyEvent) bool
}

// NewField returns a field of a least width; mono is for numbers: the toolkit cuts the
// tails of monospaced letters.
func NewField(width float32, mono bool, set func(text string)) *Field {
	f := &Field{width: width, OnSet: set}
	f.ExtendBaseWidget(f)
	f.Wrapping = fyne.TextWrapOff
	f.Scroll = fyne.ScrollNone
	f.TextStyle.Monospace = mono
	f.OnSubmitted = func(text string) {
		f.hand(text)
		Unfocus(f)
	}
	return f
}

// Put sets the text, unless the user is typing.
func (f *Field) Put(text string) {
	if f.shown == text && f.Text == text {
		return
	}
	f.shown = text
	if c := canvasOf(f); c != nil && c.Focused() == f {
		return
	}
	f.SetText(text)
}

func (f *Field) hand(text string) {
	if text != f.shown {
		f.shown = text
		if f.OnSet != nil {
			f.OnSet(text)
		}
	}
}

// MinSize implements fyne.CanvasObject.
func (f *Field) MinSize() fyne.Size {
	return fyne.NewSize(f.width, f.Entry.MinSize().Height)
}

// FocusLost implements fyne.Focusable.
func (f *Field) FocusLost() {
	f.Entry.FocusLost()
	f.hand(f.Text)
	f.Entry.SetText(f.shown)
}

// TypedShortcut implements fyne.Shortcutable: what is no editing goes to the window.
func (f *Field) TypedShortcut(s fyne.Shortcut) {
	if _, custom := s.(*desktop.CustomShortcut); custom {
		if c, ok := canvasOf(f).(fyne.Shortcutable); ok {
			c.TypedShortcut(s)
			return
		}
	}
	f.Entry.TypedShortcut(s)
}

// TypedKey implements fyne.Focusable.
func (f *Field) TypedKey(ev *fyne.KeyEvent) {
	if f.OnKey != nil && f.OnKey(ev) {
		return
	}
	switch ev.Name {
	case fyne.KeyEscape:
		c := canvasOf(f)
		f.SetText(f.shown)
		Unfocus(f)
		if c != nil && c.Overlays().Top() != nil { // the field lies in it: Escape closes it
			ForwardKey(f, ev)
		}
	case fyne.KeyF1, fyne.KeyF2, fyne.KeyF3, fyne.KeyF4, fyne.KeyF5, fyne.KeyF6, fyne.KeyF11:
		ForwardKey(f, ev)
	default:
		f.Entry.TypedKey(ev)
	}
}
