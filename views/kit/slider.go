package kit

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// Slider is a value between two ends, moved by dragging, by a click on the track,
// by the wheel and by the arrow keys.
type Slider struct {
	control
	Min, Max, Step float64
	value          float64
	OnChanged      func(v float64)
}

// NewSlider returns a slider; step 0 is a hundredth of the range.
func NewSlider(lo, hi, step float64, changed func(v float64)) *Slider {
	s := &Slider{Min: lo, Max: hi, Step: step, value: lo, OnChanged: changed}
	s.extend(s)
	return s
}

// Set shows a value, without calling OnChanged.
func (s *Slider) Set(v float64) {
	if s.value != v {
		s.value = v
		s.Refresh()
	}
}

// Value returns the value that is shown.
func (s *Slider) Value() float64 { return s.value }

func (s *Slider) step() float64 {
	if s.Step > 0 {
		return s.Step
	}
	return (s.Max - s.Min) / 100
}

// move sets a value as the user.
func (s *Slider) move(v float64) {
	if s.disabled {
		return
	}
	step := s.step()
	v = s.Min + math.Round((v-s.Min)/step)*step
	v = math.Min(math.Max(v, s.Min), s.Max)
	if v == s.value {
		return
	}
	s.Set(v)
	if s.OnChanged != nil {
		s.OnChanged(v)
	}
}

const knobSide = 15

func (s *Slider) moveTo(x float32) {
	span := s.Size().Width - knobSide
	if span > 0 {
		s.move(s.Min + (s.Max-s.Min)*float64((x-knobSide/2.0)/span))
	}
}

// Dragged implements fyne.Draggable.
func (s *Slider) Dragged(ev *fyne.DragEvent) {
	if s.tips != nil {
		s.tips.Hide() // it would cover what the value changes
	}
	s.moveTo(ev.Position.X)
}

// DragEnd implements fyne.Draggable.
func (s *Slider) DragEnd() {}

// Tapped implements fyne.Tappable.
func (s *Slider) Tapped(ev *fyne.PointEvent) { s.moveTo(ev.Position.X) }

// TypedKey implements fyne.Focusable.
func (s *Slider) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyLeft, fyne.KeyDown:
		s.move(s.value - s.step())
	case fyne.KeyRight, fyne.KeyUp:
		s.move(s.value + s.step())
	case fyne.KeyPageDown:
		s.move(s.value - 10*s.step())
	case fyne.KeyPageUp:
		s.move(s.value + 10*s.step())
	case fyne.KeyHome:
		s.move(s.Min)
	case fyne.KeyEnd:
		s.move(s.Max)
	default:
		ForwardKey(s, ev)
	}
}

// KeyDown implements desktop.Keyable: a key that is held means the window's pictures.
func (s *Slider) KeyDown(ev *fyne.KeyEvent) { forwardHold(s, ev, true) }

// KeyUp implements desktop.Keyable.
func (s *Slider) KeyUp(ev *fyne.KeyEvent) { forwardHold(s, ev, false) }

// CreateRenderer implements fyne.Widget.
func (s *Slider) CreateRenderer() fyne.WidgetRenderer {
	r := &sliderRenderer{s: s, track: canvas.NewRectangle(color.Transparent), full: canvas.NewRectangle(color.Transparent), knob: canvas.NewCircle(color.White)}
	r.track.CornerRadius, r.full.CornerRadius = 2, 2
	r.paint()
	return r
}

type sliderRenderer struct {
	s           *Slider
	track, full *canvas.Rectangle
	knob        *canvas.Circle
}

func (r *sliderRenderer) Destroy()           {}
func (r *sliderRenderer) MinSize() fyne.Size { return fyne.NewSize(60, ControlSize) }
func (r *sliderRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.track, r.full, r.knob}
}

func (r *sliderRenderer) Layout(s fyne.Size) {
	y := s.Height / 2
	r.track.Move(fyne.NewPos(0, y-2))
	r.track.Resize(fyne.NewSize(s.Width, 4))
	t := 0.0
	if r.s.Max > r.s.Min {
		t = math.Min(math.Max((r.s.value-r.s.Min)/(r.s.Max-r.s.Min), 0), 1)
	}
	x := float32(t) * (s.Width - knobSide)
	r.full.Move(fyne.NewPos(0, y-2))
	r.full.Resize(fyne.NewSize(x+knobSide/2, 4))
	r.knob.Move(fyne.NewPos(x, y-knobSide/2.0))
	r.knob.Resize(fyne.NewSize(knobSide, knobSide))
}

func (r *sliderRenderer) paint() {
	r.track.FillColor = theme.Color(ColorTrack)
	r.full.FillColor, r.knob.FillColor = theme.Color(theme.ColorNamePrimary), theme.Color(ColorKnob)
	if r.s.disabled {
		r.full.FillColor, r.knob.FillColor = theme.Color(ColorTrack), theme.Color(ColorMuted)
	}
	r.knob.StrokeWidth = 0
	if r.s.focused || r.s.hovered && !r.s.disabled {
		r.knob.StrokeColor, r.knob.StrokeWidth = theme.Color(theme.ColorNamePrimary), 2
	}
}

func (r *sliderRenderer) Refresh() {
	r.paint()
	r.Layout(r.s.Size())
	r.track.Refresh()
	r.full.Refresh()
	r.knob.Refresh()
}
