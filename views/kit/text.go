package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Text is one line of text without padding, in a colour of the theme. Too long for
// its place, it ends in an ellipsis if Clip is set.
type Text struct {
	widget.BaseWidget
	text  string
	Color fyne.ThemeColorName
	// Ink, if set, stands in for Color: a series' colour.
	Ink    color.Color
	Points float32
	Bold   bool
	Mono   bool
	Align  fyne.TextAlign
	Clip   bool    // may be narrower than its text
	Middle bool    // is cut in its middle: names that differ at their ends
	Least  float32 // least width
}

// NewText returns text in the window's ordinary size and colour.
func NewText(s string) *Text {
	t := &Text{text: s, Color: theme.ColorNameForeground, Points: TextSize}
	t.ExtendBaseWidget(t)
	return t
}

// Muted returns text of second rank.
func Muted(s string) *Text {
	t := NewText(s)
	t.Color = ColorMuted
	return t
}

// Strong returns bold text.
func Strong(s string) *Text {
	t := NewText(s)
	t.Bold = true
	return t
}

// Caption returns a small heading over a group of controls.
func Caption(s string) *Text {
	t := Muted(s)
	t.Points, t.Bold = SmallSize, true
	return t
}

// Digits returns text with digits of one width, aligned right.
func Digits(s string) *Text {
	t := NewText(s)
	t.Mono, t.Align = true, fyne.TextAlignTrailing
	return t
}

// Small makes the text small and returns it.
func (t *Text) Small() *Text {
	t.Points = SmallSize
	return t
}

// Clipped lets the text be cut to its place and returns it.
func (t *Text) Clipped() *Text {
	t.Clip = true
	return t
}

// Set changes the text.
func (t *Text) Set(s string) {
	if t.text != s {
		t.text = s
		t.Refresh()
	}
}

// Value returns the text.
func (t *Text) Value() string { return t.text }

// SetStyle changes colour and weight together.
func (t *Text) SetStyle(c fyne.ThemeColorName, bold bool) {
	if t.Color != c || t.Bold != bold {
		t.Color, t.Bold = c, bold
		t.Refresh()
	}
}

func (t *Text) style() fyne.TextStyle { return fyne.TextStyle{Bold: t.Bold, Monospace: t.Mono} }

// CreateRenderer implements fyne.Widget.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	r := &textRenderer{t: t, line: canvas.NewText("", color.Black)}
	r.paint()
	return r
}

type textRenderer struct {
	t    *Text
	line *canvas.Text
	size fyne.Size
}

func (r *textRenderer) Destroy()                     {}
func (r *textRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.line} }

func (r *textRenderer) MinSize() fyne.Size {
	s := fyne.MeasureText(r.t.text, r.t.Points, r.t.style())
	if r.t.Clip {
		s.Width = 0
	}
	s.Width = max(s.Width, r.t.Least)
	return s
}

func (r *textRenderer) Layout(s fyne.Size) {
	r.size = s
	r.place()
}

// place cuts the text to its width and centres it vertically.
func (r *textRenderer) place() {
	r.line.Text = r.t.text
	if r.t.Clip && r.size.Width > 0 {
		cut := Shorten
		if r.t.Middle {
			cut = shortenMiddle
		}
		r.line.Text = cut(r.t.text, r.size.Width, r.t.Points, r.t.style())
	}
	min := r.line.MinSize()
	r.line.Resize(fyne.NewSize(r.size.Width, min.Height))
	r.line.Move(fyne.NewPos(0, (r.size.Height-min.Height)/2))
}

func (r *textRenderer) paint() {
	r.line.TextSize = r.t.Points
	r.line.TextStyle = r.t.style()
	r.line.Alignment = r.t.Align
	r.line.Color = theme.Color(r.t.Color)
	if r.t.Ink != nil {
		r.line.Color = r.t.Ink
	}
}

func (r *textRenderer) Refresh() {
	r.paint()
	r.place()
	r.line.Refresh()
}

// Shorten cuts text to a width, ending it in an ellipsis where something is lost.
func Shorten(s string, width, size float32, style fyne.TextStyle) string {
	if fyne.MeasureText(s, size, style).Width <= width+0.5 {
		return s
	}
	runes := []rune(s)
	lo, hi := 0, len(runes)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if fyne.MeasureText(string(runes[:mid])+"…", size, style).Width <= width {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	if lo == 0 {
		return ""
	}
	return string(runes[:lo]) + "…"
}

// shortenMiddle cuts text to a width in its middle, keeping both ends.
func shortenMiddle(s string, width, size float32, style fyne.TextStyle) string {
	fits := func(t string) bool { return fyne.MeasureText(t, size, style).Width <= width+0.5 }
	if fits(s) {
		return s
	}
	runes := []rune(s)
	for keep := len(runes) - 1; keep > 1; keep-- {
		head := (keep + 1) / 2
		if t := string(runes[:head]) + "…" + string(runes[len(runes)-keep+head:]); fits(t) {
			return t
		}
	}
	return Shorten(s, width, size, style)
}
