package kit

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Tips shows one tooltip at a time in a layer over the window. The tooltip is
// never hidden but parked outside: objects that are hidden when the window is
// laid out are not painted later.
type Tips struct {
	Layer *fyne.Container
	lines *fyne.Container
	box   *Ground
	// After runs f later, on the interface's thread.
	after func(f func())
	want  int
}

// NewTips returns a layer without a tooltip; after delays a call by the time that
// the mouse must rest.
func NewTips(after func(f func())) *Tips {
	t := &Tips{lines: Column(1), after: after}
	t.box = NewGround(ColorPanel, Corner, Space, 4, t.lines)
	t.box.Stroke = ColorLine
	t.Layer = container.NewWithoutLayout(t.box)
	t.Hide()
	return t
}

// Show shows a text below an object, once the mouse rests.
func (t *Tips) Show(o fyne.CanvasObject, text string) {
	t.want++
	if text == "" {
		t.Hide()
		return
	}
	ticket := t.want
	t.after(func() {
		if ticket == t.want {
			t.place(o, text)
		}
	})
}

func (t *Tips) place(o fyne.CanvasObject, text string) {
	c := canvasOf(o)
	if c == nil {
		return
	}
	t.lines.Objects = nil
	for _, line := range Wrap(text, tipColumns) {
		t.lines.Objects = append(t.lines.Objects, NewText(line))
	}
	t.lines.Refresh()
	size := t.box.MinSize()
	pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	origin := fyne.CurrentApp().Driver().AbsolutePositionForObject(t.Layer)
	x := min(pos.X, c.Size().Width-size.Width-Gap)
	y := pos.Y + o.Size().Height + Gap
	if y+size.Height > c.Size().Height {
		y = pos.Y - size.Height - Gap
	}
	t.box.Resize(size)
	t.box.Move(fyne.NewPos(max(x, Gap)-origin.X, y-origin.Y))
}

// Hide takes the tooltip away.
func (t *Tips) Hide() {
	t.want++
	t.box.Move(fyne.NewPos(-10000, -10000))
}

// tipColumns is how many characters a tooltip's line has at most.
const tipColumns = 54

// Wrap breaks a text into lines at spaces, but not at those that do not break (U+00A0).
func Wrap(text string, columns int) []string {
	var lines []string
	line := ""
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > columns {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
