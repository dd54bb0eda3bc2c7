package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// Rank is how much a button stands out.
type Rank int

// The ranks of buttons.
const (
	Plain   Rank = iota // on a raised ground
	Primary             // filled with the accent
	Ghost               // no ground until the mouse is over it
)

// Button is a word, or two, to tap; the second is muted (a shortcut, a state).
type Button struct {
	control
	text, note string
	Rank       Rank
	Selected   bool
	Bold       bool
	Points     float32
	OnTapped   func()
}

// NewButton returns a plain button.
func NewButton(text string, tapped func()) *Button {
	b := &Button{text: text, OnTapped: tapped, Points: TextSize}
	b.extend(b)
	return b
}

// NewGhost returns a button without a ground.
func NewGhost(text string, tapped func()) *Button {
	b := NewButton(text, tapped)
	b.Rank = Ghost
	return b
}

// Set changes the words.
func (b *Button) Set(text, note string) {
	if b.text != text || b.note != note {
		b.text, b.note = text, note
		b.Refresh()
	}
}

// Text returns the first words.
func (b *Button) Text() string { return b.text }

// SetSelected marks the button as the chosen one of several.
func (b *Button) SetSelected(s bool) {
	if b.Selected != s {
		b.Selected = s
		b.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (b *Button) Tapped(*fyne.PointEvent) {
	if b.tips != nil {
		b.tips.Hide()
	}
	if !b.disabled && b.OnTapped != nil {
		b.OnTapped()
	}
}

// TypedKey implements fyne.Focusable.
func (b *Button) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		b.Tapped(nil)
	default:
		ForwardKey(b, ev)
	}
}

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	r := &buttonRenderer{b: b, rect: canvas.NewRectangle(color.Transparent),
		text: canvas.NewText("", color.Black), note: canvas.NewText("", color.Black)}
	r.rect.CornerRadius = Corner
	r.note.TextSize = SmallSize
	r.note.TextStyle.Monospace = true
	r.paint()
	return r
}

type buttonRenderer struct {
	b          *Button
	rect       *canvas.Rectangle
	text, note *canvas.Text
}

func (r *buttonRenderer) Destroy() {}
func (r *buttonRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.rect, r.text, r.note}
}

func (r *buttonRenderer) widths() (text, note, gap float32) {
	text = r.text.MinSize().Width
	if r.b.note != "" {
		note, gap = r.note.MinSize().Width, 6
	}
	return text, note, gap
}

func (r *buttonRenderer) MinSize() fyne.Size {
	t, n, g := r.widths()
	return fyne.NewSize(max(t+n+g+20, ControlSize), ControlSize)
}

func (r *buttonRenderer) Layout(s fyne.Size) {
	r.rect.Resize(s)
	t, n, g := r.widths()
	x := (s.Width - t - n - g) / 2
	h := r.text.MinSize().Height
	r.text.Move(fyne.NewPos(x, (s.Height-h)/2))
	r.text.Resize(fyne.NewSize(t, h))
	h = r.note.MinSize().Height
	r.note.Move(fyne.NewPos(x+t+g, (s.Height-h)/2+0.5))
	r.note.Resize(fyne.NewSize(n, h))
}

func (r *buttonRenderer) paint() {
	b := r.b
	r.text.Text, r.note.Text = b.text, b.note
	r.text.TextSize = b.Points
	r.text.TextStyle.Bold = b.Bold || b.Rank == Primary
	ink := theme.ColorNameForeground
	fill := color.Color(color.Transparent)
	switch {
	case b.Rank == Primary && !b.disabled:
		fill, ink = theme.Color(theme.ColorNamePrimary), theme.ColorNameForegroundOnPrimary
	case b.Selected:
		fill = theme.Color(ColorAccentGround)
	case b.Rank != Ghost:
		fill = theme.Color(ColorRaised)
	}
	if b.disabled {
		ink = ColorMuted
	}
	r.text.Color, r.note.Color = theme.Color(ink), theme.Color(ColorMuted)
	if b.Rank == Primary && !b.disabled {
		r.note.Color = r.text.Color
	}
	if b.hovered && !b.disabled {
		fill = over(fill, theme.Color(theme.ColorNameHover))
	}
	r.rect.FillColor = fill
	focusRing(r.rect, b.focused)
	if b.Rank == Primary && b.focused && !b.disabled { // the accent would not be seen on itself
		r.rect.StrokeColor, r.rect.StrokeWidth = theme.Color(theme.ColorNameForeground), 2
	}
}

func (r *buttonRenderer) Refresh() {
	r.paint()
	r.Layout(r.b.Size())
	r.rect.Refresh()
	r.text.Refresh()
	r.note.Refresh()
}

// focusRing draws the accent round what has the focus.
func focusRing(r *canvas.Rectangle, on bool) {
	r.StrokeWidth = 0
	if on {
		r.StrokeColor, r.StrokeWidth = theme.Color(theme.ColorNamePrimary), 1.5
	}
}

// over composites one colour on another.
func over(under, top color.Color) color.Color {
	u, t := color.NRGBAModel.Convert(under).(color.NRGBA), color.NRGBAModel.Convert(top).(color.NRGBA)
	if u.A == 0 {
		return t
	}
	mix := func(a, b uint8) uint8 { return uint8((int(a)*(255-int(t.A)) + int(b)*int(t.A) + 127) / 255) }
	return color.NRGBA{mix(u.R, t.R), mix(u.G, t.G), mix(u.B, t.B), max(u.A, t.A)}
}
