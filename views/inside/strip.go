package inside

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/views/kit"
)

// strip is the file, to scale: a block a part, named where there is room.
type strip struct {
	widget.BaseWidget
	tips    *kit.Tips
	parts   []codecs.Part
	total   int
	at      int // part under the mouse; -1: none
	chosen  int
	focused bool
	// OnSelect is called for a tap on a part.
	OnSelect func(part int)
	// OnHover is called with the part under the mouse; -1: none.
	OnHover func(part int)
}

func newStrip(tips *kit.Tips) *strip {
	s := &strip{tips: tips, at: -1}
	s.ExtendBaseWidget(s)
	return s
}

func (s *strip) show(in workbench.Inside, chosen int) {
	s.parts, s.total, s.chosen = in.Parts, 0, chosen
	for _, p := range s.parts {
		s.total += p.Bytes
	}
	s.Refresh()
}

// MouseIn implements desktop.Hoverable.
func (s *strip) MouseIn(ev *desktop.MouseEvent) { s.MouseMoved(ev) }

// MouseMoved implements desktop.Hoverable: the part under the mouse is named.
func (s *strip) MouseMoved(ev *desktop.MouseEvent) {
	at := s.partAt(ev.Position.X)
	if at == s.at {
		return
	}
	s.at = at
	s.hovered()
	if at >= 0 {
		s.tips.Show(s, fmt.Sprintf("%s: %s bytes", s.parts[at].Name, workbench.FormatCount(s.parts[at].Bytes)))
	}
}

// MouseOut implements desktop.Hoverable.
func (s *strip) MouseOut() {
	s.at = -1
	s.tips.Hide()
	s.hovered()
}

func (s *strip) hovered() {
	if s.OnHover != nil {
		s.OnHover(s.at)
	}
}

// mark outlines a part.
func (s *strip) mark(part int) {
	s.chosen = part
	s.Refresh()
}

func (s *strip) partAt(at float32) int {
	x := float32(0)
	for i, p := range s.parts {
		if x += s.width(p); at < x {
			return i
		}
	}
	return -1
}

// FocusGained implements fyne.Focusable.
func (s *strip) FocusGained() {
	s.focused = true
	s.Refresh()
}

// FocusLost implements fyne.Focusable.
func (s *strip) FocusLost() {
	s.focused = false
	s.Refresh()
}

// TypedRune implements fyne.Focusable: the window's single keys work here too.
func (s *strip) TypedRune(r rune) { kit.ForwardRune(s, r) }

// TypedKey implements fyne.Focusable: the arrow keys choose the part beside.
func (s *strip) TypedKey(ev *fyne.KeyEvent) {
	to, ok := walked(ev.Name, s.chosen, len(s.parts), fyne.KeyLeft, fyne.KeyRight)
	if !ok {
		kit.ForwardKey(s, ev)
		return
	}
	if to != s.chosen && s.OnSelect != nil {
		s.OnSelect(to)
	}
}

// walked is where a key leads from one of n; ok is false for keys that lead nowhere.
func walked(key fyne.KeyName, from, n int, back, forward fyne.KeyName) (to int, ok bool) {
	switch key {
	case back:
		to = from - 1
	case forward:
		to = from + 1
	case fyne.KeyHome:
		to = 0
	case fyne.KeyEnd:
		to = n - 1
	default:
		return from, false
	}
	return max(min(to, n-1), 0), n > 0
}

// Tapped implements fyne.Tappable: it chooses a part.
func (s *strip) Tapped(ev *fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(s); c != nil {
		c.Focus(s)
	}
	if i := s.partAt(ev.Position.X); i >= 0 && s.OnSelect != nil {
		s.OnSelect(i)
	}
}

func (s *strip) width(p codecs.Part) float32 {
	return s.Size().Width * float32(p.Bytes) / float32(max(s.total, 1))
}

// CreateRenderer implements fyne.Widget.
func (s *strip) CreateRenderer() fyne.WidgetRenderer {
	r := &stripRenderer{s: s, ring: frame(2)}
	r.ring.CornerRadius = 3
	return r
}

type stripRenderer struct {
	s      *strip
	blocks []*canvas.Rectangle
	names  []*canvas.Text
	ring   *canvas.Rectangle // while the keys are here
}

const stripHeight = 30

func (r *stripRenderer) Destroy()           {}
func (r *stripRenderer) MinSize() fyne.Size { return fyne.NewSize(200, stripHeight) }

func (r *stripRenderer) Objects() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for i := range r.blocks {
		out = append(out, r.blocks[i], r.names[i])
	}
	return append(out, r.ring)
}

func (r *stripRenderer) Layout(size fyne.Size) {
	r.ring.Move(fyne.NewPos(-3, -3))
	r.ring.Resize(size.AddWidthHeight(6, 6))
	x := float32(0)
	for i, p := range r.s.parts {
		if i >= len(r.blocks) {
			return
		}
		w := r.s.width(p)
		r.blocks[i].Move(fyne.NewPos(x, 0))
		r.blocks[i].Resize(fyne.NewSize(max(w-1, 0.5), size.Height))
		text := fmt.Sprintf("%s %s", p.Name, workbench.FormatCount(p.Bytes))
		r.names[i].Text = kit.Shorten(text, w-10, kit.SmallSize, fyne.TextStyle{})
		if w < 40 {
			r.names[i].Text = ""
		}
		r.names[i].Move(fyne.NewPos(x+5, (size.Height-r.names[i].MinSize().Height)/2))
		x += w
	}
}

func (r *stripRenderer) Refresh() {
	if len(r.blocks) != len(r.s.parts) {
		r.blocks, r.names = nil, nil
		for i := range r.s.parts {
			block := canvas.NewRectangle(partColor(i))
			name := canvas.NewText("", color.White)
			name.TextSize = kit.SmallSize
			r.blocks, r.names = append(r.blocks, block), append(r.names, name)
		}
	}
	for i, b := range r.blocks {
		fill := partColor(i)
		b.FillColor, r.names[i].Color = fill, kit.InkOn(fill)
		b.StrokeWidth = 0
		if i == r.s.chosen && len(r.blocks) > 1 {
			b.StrokeColor, b.StrokeWidth = theme.Color(theme.ColorNameForeground), 2
		}
	}
	r.ring.Hidden, r.ring.StrokeColor = !r.s.focused, theme.Color(theme.ColorNamePrimary)
	r.Layout(r.s.Size())
	canvas.Refresh(r.s)
}
