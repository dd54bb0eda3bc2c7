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
// mouse, which is marked in all panels. Only another figure, size or theme draws it
// again; marks are moved over it.
type Chart struct {
	widget.BaseWidget
	raster *canvas.Raster
	spots  []*canvas.Circle
	rings  []*canvas.Circle
	tip    *kit.Ground
	text   *kit.Text
	hint   *kit.Text // in place of a figure

	ground fyne.ThemeColorName
	font   float64 // points
	head   float64 // points that are left free over each panel
	empty  string  // what the hint says without a figure
	fig    *figure.Figure
	marks  []Spot
	drawn  drawing
	over   point // under the mouse
	mouse  fyne.Position
	inside bool // the mouse is over the chart, at that position

	// Describe says what a measured point is, for the tooltip; nil: its values.
	Describe func(series, point int) string
	// OnPick is called for a tap on a measured point.
	OnPick func(series, point int)
	// onOver is told what is under the mouse in place of the tooltip.
	onOver func(point)
	// onPlaced is called after marks were moved.
	onPlaced func()
}

// point is a measured point; the zero value is none.
type point struct {
	ok            bool
	series, index int
	panel         int
	mark          figure.Mark
}

// NewChart returns an empty chart on a ground of the theme; small uses small text.
func NewChart(ground fyne.ThemeColorName, small bool) *Chart {
	c := &Chart{}
	c.init(ground, small)
	c.ExtendBaseWidget(c)
	return c
}

func (c *Chart) init(ground fyne.ThemeColorName, small bool) {
	c.ground, c.font, c.text, c.hint = ground, 9, kit.NewText(""), kit.Muted("")
	if small {
		c.font = 8.2
		c.text.Points, c.hint.Points = kit.SmallSize, kit.SmallSize
	}
	c.raster = canvas.NewRaster(c.generate)
	for range maxRings {
		r := canvas.NewCircle(color.Transparent)
		r.StrokeWidth = 2
		c.rings = append(c.rings, r)
	}
	c.SetHint("Points appear here as they are measured.")
	c.tip = kit.NewGround(kit.ColorVeil, kit.Corner, 6, 2, c.text)
}

// SetFigure changes what is drawn; nil draws nothing. The figure must not change
// afterwards.
func (c *Chart) SetFigure(f *figure.Figure) {
	c.fig = f
	c.hint.Set("")
	if f == nil {
		c.hint.Set(c.empty)
		c.centreHint()
	}
	c.leave()
	c.raster.Refresh()
	c.place()
	if c.inside { // what it is on stays marked while points come
		c.hover(c.near(c.mouse))
	}
}

// SetHint changes what stands in place of a figure.
func (c *Chart) SetHint(text string) {
	c.empty = text
	if c.fig == nil {
		c.hint.Set(text)
		c.centreHint()
	}
}

func (c *Chart) centreHint() {
	m, s := c.hint.MinSize(), c.raster.Size()
	c.hint.Resize(m)
	c.hint.Move(fyne.NewPos((s.Width-m.Width)/2, (s.Height-m.Height)/2))
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

// How many marks a chart has room for: two panels of eight candidates, and a ring a
// panel.
const (
	maxSpots = 32
	maxRings = 4
)

// CreateRenderer implements fyne.Widget.
func (c *Chart) CreateRenderer() fyne.WidgetRenderer {
	return &chartRenderer{c: c, objects: append(c.marksLayer(), c.tip, c.hint)}
}

// marksLayer is the picture of the figure with the marks over it.
func (c *Chart) marksLayer() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{c.raster}
	for range maxSpots {
		s := canvas.NewCircle(color.Transparent)
		s.Resize(fyne.NewSize(spotSide, spotSide))
		s.Move(parked)
		c.spots = append(c.spots, s)
		objects = append(objects, s)
	}
	for _, r := range c.rings {
		r.Resize(fyne.NewSize(ringSide, ringSide))
		r.Move(parked)
		objects = append(objects, r)
	}
	c.tip.Move(parked)
	return objects
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
	r.c.centreHint()
	r.c.place()
}

func (r *chartRenderer) Refresh() {
	if r.c.ground != "" && r.c.drawn.ground != theme.Color(r.c.ground) {
		r.c.raster.Refresh()
	}
	r.c.place()
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
	if c.onPlaced != nil {
		c.onPlaced()
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
func (c *Chart) near(pos fyne.Position) point {
	x, y := float64(pos.X*c.drawn.scale), float64(pos.Y*c.drawn.scale)
	for i, p := range c.drawn.panels {
		if m, ok := p.Nearest(x, y, float64(12*c.drawn.scale)); ok {
			return point{true, m.Series, m.Point, i, m}
		}
	}
	return point{}
}

// MouseIn implements desktop.Hoverable.
func (c *Chart) MouseIn(ev *desktop.MouseEvent) { c.MouseMoved(ev) }

// MouseMoved implements desktop.Hoverable.
func (c *Chart) MouseMoved(ev *desktop.MouseEvent) {
	c.mouse, c.inside = ev.Position, true
	c.hover(c.near(ev.Position))
}

// hover marks a point in all panels and says what it is.
func (c *Chart) hover(p point) {
	if !p.ok {
		c.leave()
		return
	}
	c.over = p
	edge := theme.Color(theme.ColorNameForeground)
	for i, r := range c.rings {
		at := parked
		if i < len(c.drawn.panels) {
			if m, ok := markOf(c.drawn.panels[i], p); ok {
				at = c.units(m.X, m.Y, ringSide)
			}
		}
		if r.StrokeColor != edge {
			r.StrokeColor = edge
			r.Refresh()
		}
		r.Move(at)
	}
	if c.onOver != nil {
		c.onOver(p)
		return
	}
	info := c.drawn.panels[p.panel].Metric
	text := fmt.Sprintf("%.3f bpp · %.2f %s", p.mark.XValue, p.mark.YValue, info.DisplayUnit())
	if c.Describe != nil {
		text = c.Describe(p.series, p.index) + " · " + text
	}
	c.text.Set(text)
	size := c.tip.MinSize()
	c.tip.Resize(size)
	at := c.units(p.mark.X, p.mark.Y, 0)
	at.X = min(max(at.X-size.Width/2, 0), max(c.raster.Size().Width-size.Width, 0))
	at.Y -= size.Height + 8
	if at.Y < 0 {
		at.Y += size.Height + 18
	}
	c.tip.Move(at)
}

// markOf finds a measured point in a panel.
func markOf(panel figure.Panel, p point) (figure.Mark, bool) {
	for _, m := range panel.Marks {
		if m.Series == p.series && m.Point == p.index {
			return m, true
		}
	}
	return figure.Mark{}, false
}

// MouseOut implements desktop.Hoverable.
func (c *Chart) MouseOut() {
	c.inside = false
	c.leave()
}

func (c *Chart) leave() {
	c.over = point{}
	for _, r := range c.rings {
		r.Move(parked)
	}
	c.tip.Move(parked)
	if c.onOver != nil {
		c.onOver(point{})
	}
}

// Tapped implements fyne.Tappable.
func (c *Chart) Tapped(ev *fyne.PointEvent) {
	if p := c.near(ev.Position); p.ok && c.OnPick != nil {
		c.OnPick(p.series, p.index)
	}
}
