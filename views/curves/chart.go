// Package curves draws rate-distortion figures in the window: a chart widget that
// other screens use too, and the screen Curves.
package curves

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/report/figure"
	"codecworkbench/views/kit"
)

// Spot is a point that is marked on the chart beside the measured ones: where a
// candidate stands now.
type Spot struct {
	Number int // of the candidate, for the colour
	// X and Y by metric id, as the axes show them.
	X float64
	Y map[string]float64
}

// Chart shows a figure, drawn by the package that also writes it to files, with
// marks for the present settings, and tells about the measured point under the
// mouse. Only another figure, size or theme draws it again; marks are moved over it.
type Chart struct {
	widget.BaseWidget
	raster *canvas.Raster
	spots  []*canvas.Circle
	ring   *canvas.Circle
	tip    *kit.Ground
	text   *kit.Text
	hint   *kit.Text // in place of a figure

	ground fyne.ThemeColorName
	font   float64 // points
	empty  string  // what the hint says without a figure
	fig    *figure.Figure
	marks  []Spot
	drawn  drawing

	// Describe says what a measured point is, for the tooltip; nil: its values.
	Describe func(series, point int) string
	// OnPick is called for a tap on a measured point.
	OnPick func(series, point int)
}

// drawing is a figure as it was drawn last.
type drawing struct {
	fig    *figure.Figure
	size   image.Point
	scale  float32
	ground color.Color
	img    *image.RGBA
	panels []figure.Panel
	err    error
}

// NewChart returns an empty chart on a ground of the theme; small uses small text.
func NewChart(ground fyne.ThemeColorName, small bool) *Chart {
	c := &Chart{ground: ground, font: 9, ring: canvas.NewCircle(color.Transparent), text: kit.NewText(""), hint: kit.Muted("")}
	if small {
		c.font = 8.2
		c.text.Points, c.hint.Points = kit.SmallSize, kit.SmallSize
	}
	c.raster = canvas.NewRaster(c.generate)
	c.ring.StrokeWidth = 2
	c.SetHint("Points appear here as they are measured.")
	c.tip = kit.NewGround(kit.ColorVeil, kit.Corner, 6, 2, c.text)
	c.ExtendBaseWidget(c)
	return c
}

// SetFigure changes what is drawn; nil draws nothing. The figure must not change
// afterwards.
func (c *Chart) SetFigure(f *figure.Figure) {
	c.fig = f
	c.hint.Set("")
	if f == nil {
		c.hint.Set(c.empty)
		c.hint.Resize(c.hint.MinSize())
	}
	c.leave()
	c.raster.Refresh()
}

// SetHint changes what stands in place of a figure.
func (c *Chart) SetHint(text string) {
	c.empty = text
	if c.fig == nil {
		c.hint.Set(text)
	}
}

// SetSpots moves the marks of the present settings.
func (c *Chart) SetSpots(spots []Spot) {
	c.marks = spots
	c.place()
}

// Panels returns where the panels were drawn, in device pixels.
func (c *Chart) Panels() []figure.Panel { return c.drawn.panels }

// Err says why nothing is drawn.
func (c *Chart) Err() error { return c.drawn.err }

// maxSpots is how many marks a chart has room for: two panels of seven candidates.
const maxSpots = 32

// CreateRenderer implements fyne.Widget.
func (c *Chart) CreateRenderer() fyne.WidgetRenderer {
	r := &chartRenderer{c: c, objects: []fyne.CanvasObject{c.raster}}
	for range maxSpots {
		s := canvas.NewCircle(color.Transparent)
		s.Resize(fyne.NewSize(spotSide, spotSide))
		s.Move(parked)
		c.spots = append(c.spots, s)
		r.objects = append(r.objects, s)
	}
	c.ring.Resize(fyne.NewSize(ringSide, ringSide))
	c.ring.Move(parked)
	c.tip.Move(parked)
	r.objects = append(r.objects, c.ring, c.tip, c.hint)
	return r
}

const (
	spotSide = 11
	ringSide = 15
)

// parked is outside the window, see kit.Tips.
var parked = fyne.NewPos(-10000, -10000)

type chartRenderer struct {
	c       *Chart
	objects []fyne.CanvasObject
}

func (r *chartRenderer) Destroy()                     {}
func (r *chartRenderer) MinSize() fyne.Size           { return fyne.NewSize(80, 60) }
func (r *chartRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *chartRenderer) Layout(s fyne.Size) {
	r.c.raster.Resize(s)
	m := r.c.hint.MinSize()
	r.c.hint.Resize(m)
	r.c.hint.Move(fyne.NewPos((s.Width-m.Width)/2, (s.Height-m.Height)/2))
	r.c.place()
}

func (r *chartRenderer) Refresh() {
	if r.c.ground != "" && r.c.drawn.ground != theme.Color(r.c.ground) {
		r.c.raster.Refresh()
	}
	r.c.place()
}

// generate draws the figure where it is another one than last time.
func (c *Chart) generate(w, h int) image.Image {
	c.draw(w, h)
	if c.drawn.img == nil {
		return image.NewRGBA(image.Rect(0, 0, 1, 1))
	}
	return c.drawn.img
}

func (c *Chart) draw(w, h int) {
	scale := float32(w) / max(c.raster.Size().Width, 1)
	want := drawing{fig: c.fig, size: image.Pt(w, h), scale: scale, ground: theme.Color(c.ground)}
	if d := c.drawn; d.fig == want.fig && d.size == want.size && d.scale == want.scale && d.ground == want.ground {
		return
	}
	c.drawn = want
	if c.fig == nil {
		return
	}
	f := *c.fig
	f.Theme = c.theme()
	c.drawn.img, c.drawn.panels, c.drawn.err = f.Render(w, h, float64(scale))
}

// theme is the figure package's window theme on the chart's own ground.
func (c *Chart) theme() figure.Theme {
	ground := color.NRGBAModel.Convert(theme.Color(c.ground)).(color.NRGBA)
	t := figure.Dark()
	if kit.IsLight(ground) {
		t = figure.Light()
	}
	t.Background = ground
	t.FontSize = vgLength(c.font)
	return t
}

// ensure draws the figure now, so that marks can be placed before it is painted.
func (c *Chart) ensure() {
	if c.drawn.fig == c.fig && c.drawn.img != nil {
		return
	}
	s := c.raster.Size()
	scale := c.pixels()
	if s.Width >= 20 && s.Height >= 20 {
		c.draw(int(math.Round(float64(s.Width*scale))), int(math.Round(float64(s.Height*scale))))
	}
}

func (c *Chart) pixels() float32 {
	if cv := fyne.CurrentApp().Driver().CanvasForObject(c); cv != nil {
		return cv.Scale()
	}
	return 1
}

// place moves the marks.
func (c *Chart) place() {
	if len(c.spots) == 0 {
		return
	}
	c.ensure()
	n := 0
	for _, p := range c.drawn.panels {
		for _, m := range c.marks {
			y, ok := m.Y[p.Metric.ID]
			if !ok || n >= len(c.spots) || math.IsNaN(y) || math.IsInf(y, 0) {
				continue
			}
			px, py := p.ToPixel(m.X, y)
			if !image.Pt(int(px), int(py)).In(p.Rect.Inset(-2)) {
				continue
			}
			c.spot(n, m.Number, px, py)
			n++
		}
	}
	for ; n < len(c.spots); n++ {
		c.spots[n].Move(parked)
	}
}

func (c *Chart) spot(i, number int, px, py float64) {
	s := c.spots[i]
	fill := color.Color(kit.Series(number))
	edge := theme.Color(theme.ColorNameForeground)
	if s.FillColor != fill || s.StrokeColor != edge {
		s.FillColor, s.StrokeColor, s.StrokeWidth = fill, edge, 1.5
		s.Refresh()
	}
	s.Move(c.units(px, py, spotSide))
}

// units turns device pixels of a centre into the position of an object.
func (c *Chart) units(px, py float64, side float32) fyne.Position {
	scale := max(c.drawn.scale, 0.01)
	return fyne.NewPos(float32(px)/scale-side/2, float32(py)/scale-side/2)
}

// near returns the measured point under the mouse.
func (c *Chart) near(pos fyne.Position) (figure.Panel, figure.Mark, bool) {
	x, y := float64(pos.X*c.drawn.scale), float64(pos.Y*c.drawn.scale)
	for _, p := range c.drawn.panels {
		if m, ok := p.Nearest(x, y, float64(12*c.drawn.scale)); ok {
			return p, m, true
		}
	}
	return figure.Panel{}, figure.Mark{}, false
}

// MouseIn implements desktop.Hoverable.
func (c *Chart) MouseIn(ev *desktop.MouseEvent) { c.MouseMoved(ev) }

// MouseMoved implements desktop.Hoverable.
func (c *Chart) MouseMoved(ev *desktop.MouseEvent) {
	p, m, ok := c.near(ev.Position)
	if !ok {
		c.leave()
		return
	}
	if edge := theme.Color(theme.ColorNameForeground); c.ring.StrokeColor != edge {
		c.ring.StrokeColor = edge
		c.ring.Refresh()
	}
	c.ring.Move(c.units(m.X, m.Y, ringSide))
	text := fmt.Sprintf("%.3f bpp · %.2f %s", m.XValue, m.YValue, p.Metric.DisplayUnit())
	if c.Describe != nil {
		text = c.Describe(m.Series, m.Point) + " · " + text
	}
	c.text.Set(text)
	size := c.tip.MinSize()
	c.tip.Resize(size)
	at := c.units(m.X, m.Y, 0)
	at.X = min(max(at.X-size.Width/2, 0), max(c.Size().Width-size.Width, 0))
	at.Y -= size.Height + 8
	if at.Y < 0 {
		at.Y += size.Height + 18
	}
	c.tip.Move(at)
}

// MouseOut implements desktop.Hoverable.
func (c *Chart) MouseOut() { c.leave() }

func (c *Chart) leave() {
	c.ring.Move(parked)
	c.tip.Move(parked)
}

// Tapped implements fyne.Tappable.
func (c *Chart) Tapped(ev *fyne.PointEvent) {
	if _, m, ok := c.near(ev.Position); ok && c.OnPick != nil {
		c.OnPick(m.Series, m.Point)
	}
}
