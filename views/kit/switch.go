package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// Switch is something that is on or off, with its name at the right.
type Switch struct {
	control
	on        bool
	name      string
	OnChanged func(on bool)
}

// NewSwitch returns a switch that is off.
func NewSwitch(name string, changed func(on bool)) *Switch {
	s := &Switch{name: name, OnChanged: changed}
	s.extend(s)
	return s
}

// Set shows the switch on or off, without calling OnChanged.
func (s *Switch) Set(on bool) {
	if s.on != on {
		s.on = on
		s.Refresh()
	}
}

// Name returns what stands beside the switch.
func (s *Switch) Name() string { return s.name }

// On reports whether the switch is on.
func (s *Switch) On() bool { return s.on }

// Tapped implements fyne.Tappable.
func (s *Switch) Tapped(*fyne.PointEvent) {
	if s.disabled {
		return
	}
	s.Set(!s.on)
	if s.OnChanged != nil {
		s.OnChanged(s.on)
	}
}

// TypedKey implements fyne.Focusable.
func (s *Switch) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		s.Tapped(nil)
	default:
		ForwardKey(s, ev)
	}
}

// CreateRenderer implements fyne.Widget.
func (s *Switch) CreateRenderer() fyne.WidgetRenderer {
	r := &switchRenderer{s: s, track: canvas.NewRectangle(color.Transparent), knob: canvas.NewCircle(color.White), name: canvas.NewText("", color.Black)}
	r.track.CornerRadius = 7
	r.name.TextSize = TextSize
	r.paint()
	return r
}

type switchRenderer struct {
	s     *Switch
	track *canvas.Rectangle
	knob  *canvas.Circle
	name  *canvas.Text
}

func (r *switchRenderer) Destroy() {}
func (r *switchRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.track, r.knob, r.name}
}

func (r *switchRenderer) MinSize() fyne.Size {
	w := float32(26)
	if r.s.name != "" {
		w += 8 + r.name.MinSize().Width
	}
	return fyne.NewSize(w, ControlSize)
}

func (r *switchRenderer) Layout(s fyne.Size) {
	y := (s.Height - 14) / 2
	r.track.Move(fyne.NewPos(0, y))
	r.track.Resize(fyne.NewSize(26, 14))
	x := float32(2)
	if r.s.on {
		x = 14
	}
	r.knob.Move(fyne.NewPos(x, y+2))
	r.knob.Resize(fyne.NewSize(10, 10))
	h := r.name.MinSize().Height
	r.name.Move(fyne.NewPos(34, (s.Height-h)/2))
}

func (r *switchRenderer) paint() {
	r.track.FillColor, r.knob.FillColor = theme.Color(ColorTrack), theme.Color(ColorMuted)
	if r.s.on {
		r.track.FillColor, r.knob.FillColor = theme.Color(theme.ColorNamePrimary), theme.Color(theme.ColorNameForegroundOnPrimary)
	}
	r.name.Text, r.name.Color = r.s.name, theme.Color(theme.ColorNameForeground)
	if r.s.disabled {
		r.name.Color = theme.Color(ColorMuted)
		r.track.FillColor, r.knob.FillColor = theme.Color(ColorTrack), theme.Color(ColorMuted)
	}
	focusRing(r.track, r.s.focused)
}

func (r *switchRenderer) Refresh() {
	r.paint()
	r.Layout(r.s.Size())
	r.track.Refresh()
	r.knob.Refresh()
	r.name.Refresh()
}
