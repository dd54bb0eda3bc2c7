package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// Option is one choice of a segmented control or picker.
type Option struct {
	ID   string
	Name string
	Note string // muted: a shortcut, a description
	Key  string // in a menu: an id, at the right
	// Why says why the choice can't be taken now; empty: it can.
	Why string
	// Rule draws a line before it, in a menu.
	Rule bool
}

// Segmented is a row of choices of which one holds.
type Segmented struct {
	control
	options   []Option
	selected  string
	bare      bool // no ground of its own
	padding   float32
	points    float32
	OnChanged func(id string)
}

// NewSegmented returns a control with the options; nothing is selected yet.
func NewSegmented(options []Option, changed func(id string)) *Segmented {
	s := &Segmented{options: options, OnChanged: changed, padding: 11, points: TextSize}
	s.extend(s)
	return s
}

// Bare leaves the control's ground out, for controls on a ground already.
func (s *Segmented) Bare() *Segmented {
	s.bare = true
	return s
}

// Roomy widens the segments, for the window's main switch.
func (s *Segmented) Roomy() *Segmented {
	s.padding = 16
	return s
}

// Small makes text and segments small, for narrow panels.
func (s *Segmented) Small() *Segmented {
	s.padding, s.points = 7, SmallSize
	return s
}

// Select shows a choice as selected, without calling OnChanged.
func (s *Segmented) Select(id string) {
	if s.selected != id {
		s.selected = id
		s.Refresh()
	}
}

// Selected returns the id of the selected choice.
func (s *Segmented) Selected() string { return s.selected }

// Options returns the choices.
func (s *Segmented) Options() []Option { return s.options }

// choose selects a choice as the user.
func (s *Segmented) choose(i int) {
	if s.disabled || i < 0 || i >= len(s.options) || s.options[i].Why != "" {
		return
	}
	if id := s.options[i].ID; id != s.selected {
		s.Select(id)
		if s.OnChanged != nil {
			s.OnChanged(id)
		}
	}
}

// at returns the segment at a horizontal position.
func (s *Segmented) at(x float32) int {
	edge := s.inset()
	for i := range s.options {
		edge += s.width(i)
		if x < edge {
			return i
		}
	}
	return len(s.options) - 1
}

func (s *Segmented) inset() float32 {
	if s.bare {
		return 0
	}
	return 2
}

func (s *Segmented) width(i int) float32 {
	o := s.options[i]
	w := fyne.MeasureText(o.Name, s.points, fyne.TextStyle{}).Width + 2*s.padding
	if o.Note != "" {
		w += 6 + fyne.MeasureText(o.Note, SmallSize, fyne.TextStyle{Monospace: true}).Width
	}
	return w
}

// Tapped implements fyne.Tappable.
func (s *Segmented) Tapped(ev *fyne.PointEvent) { s.choose(s.at(ev.Position.X)) }

// TypedKey implements fyne.Focusable.
func (s *Segmented) TypedKey(ev *fyne.KeyEvent) {
	i := 0
	for k, o := range s.options {
		if o.ID == s.selected {
			i = k
		}
	}
	switch ev.Name {
	case fyne.KeyLeft:
		s.choose(i - 1)
	case fyne.KeyRight:
		s.choose(i + 1)
	default:
		ForwardKey(s, ev)
	}
}

// KeyDown implements desktop.Keyable: a key that is held means the window's pictures.
func (s *Segmented) KeyDown(ev *fyne.KeyEvent) { forwardHold(s, ev, true) }

// KeyUp implements desktop.Keyable.
func (s *Segmented) KeyUp(ev *fyne.KeyEvent) { forwardHold(s, ev, false) }

// MouseMoved implements desktop.Hoverable.
func (s *Segmented) MouseMoved(*desktop.MouseEvent) {}

// CreateRenderer implements fyne.Widget.
func (s *Segmented) CreateRenderer() fyne.WidgetRenderer {
	r := &segmentedRenderer{s: s, ground: canvas.NewRectangle(color.Transparent), mark: canvas.NewRectangle(color.Transparent)}
	r.ground.CornerRadius, r.mark.CornerRadius = Corner, Corner-1
	for range s.options {
		name, note := canvas.NewText("", color.Black), canvas.NewText("", color.Black)
		note.TextSize, note.TextStyle.Monospace = SmallSize, true
		name.TextSize = s.points
		r.names, r.notes = append(r.names, name), append(r.notes, note)
	}
	r.paint()
	return r
}

type segmentedRenderer struct {
	s            *Segmented
	ground, mark *canvas.Rectangle
	names, notes []*canvas.Text
}

func (r *segmentedRenderer) Destroy() {}

func (r *segmentedRenderer) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{r.ground, r.mark}
	for i := range r.names {
		out = append(out, r.names[i], r.notes[i])
	}
	return out
}

func (r *segmentedRenderer) MinSize() fyne.Size {
	w := 2 * r.s.inset()
	for i := range r.s.options {
		w += r.s.width(i)
	}
	return fyne.NewSize(w, ControlSize)
}

func (r *segmentedRenderer) Layout(s fyne.Size) {
	r.ground.Resize(s)
	in := r.s.inset()
	x := in
	marked := false
	for i, o := range r.s.options {
		w := r.s.width(i)
		h := r.names[i].MinSize()
		r.names[i].Move(fyne.NewPos(x+r.s.padding, (s.Height-h.Height)/2))
		n := r.notes[i].MinSize()
		r.notes[i].Move(fyne.NewPos(x+r.s.padding+h.Width+6, (s.Height-n.Height)/2+0.5))
		if o.ID == r.s.selected {
			r.mark.Move(fyne.NewPos(x, in))
			r.mark.Resize(fyne.NewSize(w, s.Height-2*in))
			marked = true
		}
		x += w
	}
	if !marked {
		r.mark.Resize(fyne.Size{})
	}
}

func (r *segmentedRenderer) paint() {
	r.ground.FillColor = color.Transparent
	if !r.s.bare {
		r.ground.FillColor = theme.Color(ColorRaised)
	}
	focusRing(r.ground, r.s.focused)
	r.mark.FillColor = theme.Color(ColorAccentGround)
	for i, o := range r.s.options {
		r.names[i].Text, r.notes[i].Text = o.Name, o.Note
		r.names[i].Color, r.notes[i].Color = theme.Color(ColorMuted), theme.Color(ColorMuted)
		if o.ID == r.s.selected {
			r.names[i].Color = theme.Color(theme.ColorNameForeground)
		}
	}
}

func (r *segmentedRenderer) Refresh() {
	r.paint()
	r.Layout(r.s.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}
