package curves

import (
	"image"
	"image/color"
	"math"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"

	"codecworkbench/app/report/figure"
	"codecworkbench/views/kit"
)

// Plot is the chart of the screen Curves: a box that is dragged over it or the wheel
// zooms, a double click shows all again; a card tells about the point under the mouse,
// and a control stands over each panel.
type Plot struct {
	Chart
	whole *figure.Figure // as it is without zoom
	zoom  zoom
	stand string // the curve that stands out; empty: all are alike
	box   *canvas.Rectangle
	card  *card
	heads []*kit.Picker
	all   *kit.Button
	from  fyne.Position // where the button went down
	drag  *figure.Panel
	last  time.Time // of a tap beside all points

	// OnOver says what the card shows of a point; nil: nothing.
	OnOver func(series, index int) *Card
	// OnZoom is called after the shown part changed.
	OnZoom func()
}

// zoom is the part of the axes that is shown; zero ranges show all.
type zoom struct {
	x figure.Range
	y map[string]figure.Range
}

func (z zoom) none() bool { return z.x == figure.Range{} && len(z.y) == 0 }

// NewPlot returns an empty plot with controls over its panels.
func NewPlot(ground fyne.ThemeColorName, heads ...*kit.Picker) *Plot {
	p := &Plot{heads: heads, box: canvas.NewRectangle(color.Transparent), card: newCard()}
	p.init(ground, false)
	p.head = headRoom * 0.75 // points
	p.onOver, p.onPlaced = p.showCard, p.placeHeads
	p.all = kit.NewButton("Show all", p.Reset)
	p.all.Points = kit.SmallSize
	p.box.StrokeWidth = 1
	p.ExtendBaseWidget(p)
	return p
}

// headRoom is the height over each panel that its control takes.
const headRoom = 34

// CreateRenderer implements fyne.Widget.
func (p *Plot) CreateRenderer() fyne.WidgetRenderer {
	objects := p.marksLayer()
	p.box.Move(parked)
	p.card.root.Move(parked)
	p.all.Move(parked)
	p.all.SetDisabled(true)
	objects = append(objects, p.box)
	for _, h := range p.heads {
		h.Move(parked)
		objects = append(objects, h)
	}
	objects = append(objects, p.all, p.hint, p.card.root)
	return &chartRenderer{c: &p.Chart, objects: objects}
}

// SetFigure changes what is drawn; the shown part stays.
func (p *Plot) SetFigure(f *figure.Figure) {
	p.whole = f
	p.apply()
}

// Shown is the figure with the shown part of its axes, for files; nil: there is none.
func (p *Plot) Shown() *figure.Figure {
	p.StandOut("")
	if p.fig == nil {
		return nil
	}
	f := *p.fig
	return &f
}

// Zoomed reports whether a part of the figure is shown.
func (p *Plot) Zoomed() bool { return !p.zoom.none() }

// Reset shows all again.
func (p *Plot) Reset() { p.setZoom(zoom{}) }

// Forget forgets the shown part without drawing: what is drawn will be another figure.
func (p *Plot) Forget() { p.zoom = zoom{} }

func (p *Plot) setZoom(z zoom) {
	p.zoom = z
	p.apply()
	if p.OnZoom != nil {
		p.OnZoom()
	}
}

// StandOut makes the curves of a name stand out among the others; empty: none.
func (p *Plot) StandOut(name string) {
	if p.stand != name {
		p.stand = name
		p.apply()
	}
}

// standing is the figure with the curve that stands out.
func (p *Plot) standing() *figure.Figure {
	has := func(s figure.Series) bool { return s.Name == p.stand }
	if p.whole == nil || p.stand == "" || !slices.ContainsFunc(p.whole.Series, has) {
		return p.whole
	}
	f := *p.whole
	f.Series = slices.Clone(f.Series)
	for i, s := range f.Series {
		f.Series[i].Dim = !has(s)
	}
	return &f
}

func (p *Plot) apply() {
	f := p.standing()
	if f != nil && p.Zoomed() {
		part := *f
		if p.zoom.x != (figure.Range{}) {
			part.XRange = p.zoom.x
		}
		part.YRange = p.zoom.y
		f = &part
	}
	p.Chart.SetFigure(f)
}

// placeHeads moves the controls over their panels, and the one that shows all. The focus
// passes over those that are not seen.
func (p *Plot) placeHeads() {
	p.all.SetDisabled(!p.Zoomed() || len(p.drawn.panels) == 0)
	for i, h := range p.heads {
		h.SetDisabled(i >= len(p.drawn.panels))
		if i >= len(p.drawn.panels) {
			h.Move(parked)
			continue
		}
		b := p.drawn.panels[i].Box
		at := p.units(float64(b.Min.X), float64(b.Min.Y), 0)
		wide := float32(b.Dx()) / max(p.drawn.scale, 0.01)
		h.Resize(fyne.NewSize(min(h.WholeWidth(), wide), h.MinSize().Height))
		h.Move(at)
	}
	if p.all.Disabled() {
		p.all.Move(parked)
		return
	}
	last := p.drawn.panels[len(p.drawn.panels)-1]
	m := p.all.MinSize()
	p.all.Resize(m)
	at := p.units(float64(last.Box.Max.X), float64(last.Box.Min.Y), 0)
	p.all.Move(fyne.NewPos(at.X-m.Width, at.Y))
}

// panelAt is the panel under a place.
func (p *Plot) panelAt(pos fyne.Position) *figure.Panel {
	at := image.Pt(int(pos.X*p.drawn.scale), int(pos.Y*p.drawn.scale))
	for i := range p.drawn.panels {
		if at.In(p.drawn.panels[i].Rect.Inset(-4)) {
			return &p.drawn.panels[i]
		}
	}
	return nil
}

// MouseDown implements desktop.Mouseable: it notes where a drag began.
func (p *Plot) MouseDown(ev *desktop.MouseEvent) { p.from = ev.Position }

// MouseUp implements desktop.Mouseable.
func (p *Plot) MouseUp(*desktop.MouseEvent) {}

// Dragged implements fyne.Draggable: it draws the box to zoom to.
func (p *Plot) Dragged(ev *fyne.DragEvent) {
	if p.drag == nil {
		if p.drag = p.panelAt(p.from); p.drag == nil {
			return
		}
		p.MouseOut()
		accent, _ := color.NRGBAModel.Convert(theme.Color(theme.ColorNamePrimary)).(color.NRGBA)
		p.box.StrokeColor = accent
		accent.A = 0x28
		p.box.FillColor = accent
		p.box.Refresh()
	}
	box := p.boxTo(ev.Position)
	p.box.Move(fyne.NewPos(float32(box.Min.X)/p.drawn.scale, float32(box.Min.Y)/p.drawn.scale))
	p.box.Resize(fyne.NewSize(float32(box.Dx())/p.drawn.scale, float32(box.Dy())/p.drawn.scale))
}

// thin is how flat a box may be, in pixels of the window, to mean the other axis alone.
const thin = 8

// boxTo is the dragged box in device pixels, within its panel. A flat one stands for the
// whole of the axis that it does not choose from.
func (p *Plot) boxTo(to fyne.Position) image.Rectangle {
	s := p.drawn.scale
	r := image.Rect(int(p.from.X*s), int(p.from.Y*s), int(to.X*s), int(to.Y*s)).Canon()
	area := p.drag.Rect
	least := int(thin * s)
	if r.Dy() < least && r.Dx() >= least {
		r.Min.Y, r.Max.Y = area.Min.Y, area.Max.Y
	}
	if r.Dx() < least && r.Dy() >= least {
		r.Min.X, r.Max.X = area.Min.X, area.Max.X
	}
	p.last = time.Time{}
	return r.Intersect(area)
}

// DragEnd implements fyne.Draggable: it zooms to the box.
func (p *Plot) DragEnd() {
	panel := p.drag
	p.drag = nil
	if panel == nil {
		return
	}
	at, size := p.box.Position(), p.box.Size()
	p.box.Move(parked)
	s := p.drawn.scale
	if size.Width < thin || size.Height < thin {
		return
	}
	p.zoomTo(*panel, float64(at.X*s), float64(at.Y*s), float64((at.X+size.Width)*s), float64((at.Y+size.Height)*s))
}

// zoomTo shows a box of a panel, in device pixels. Where it is as high as the panel, the
// vertical axis goes on following what is shown.
func (p *Plot) zoomTo(panel figure.Panel, x0, y0, x1, y1 float64) {
	lo, top := panel.ToData(x0, y0)
	hi, bottom := panel.ToData(x1, y1)
	z := zoom{x: figure.Range{Min: lo, Max: hi}, y: map[string]figure.Range{}}
	for id, r := range p.zoom.y {
		z.y[id] = r
	}
	full := panel.Rect
	if y1-y0 < float64(full.Dy())-1 || y0 < float64(full.Min.Y)-1 || y1 > float64(full.Max.Y)+1 {
		z.y[panel.Metric.ID] = figure.Range{Min: bottom, Max: top}
	}
	if x1-x0 >= float64(full.Dx())-1 && x0 >= float64(full.Min.X)-1 && x1 <= float64(full.Max.X)+1 {
		z.x = p.zoom.x // the box is as wide as the panel
	}
	if !sensible(z) {
		return
	}
	p.setZoom(z)
}

// sensible keeps the wheel from zooming to where numbers end.
func sensible(z zoom) bool {
	all := []figure.Range{z.x}
	for _, r := range z.y {
		all = append(all, r)
	}
	for _, r := range all {
		wide, far := r.Max-r.Min, math.Max(math.Abs(r.Min), math.Abs(r.Max))
		if r != (figure.Range{}) && !(wide > 1e-6*far && far < 1e12) {
			return false
		}
	}
	return true
}

// Scrolled implements fyne.Scrollable: the wheel zooms around the pointer.
func (p *Plot) Scrolled(ev *fyne.ScrollEvent) {
	panel := p.panelAt(ev.Position)
	if panel == nil || ev.Scrolled.DY == 0 {
		return
	}
	factor := 0.8
	if ev.Scrolled.DY < 0 {
		factor = 1.25
	}
	p.ZoomAround(panel, ev.Position, factor)
}

// ZoomAround scales the shown part of a panel around a place; nil: of the first panel
// around its middle.
func (p *Plot) ZoomAround(panel *figure.Panel, pos fyne.Position, factor float64) {
	x, y := float64(pos.X*p.drawn.scale), float64(pos.Y*p.drawn.scale)
	if panel == nil {
		if len(p.drawn.panels) == 0 {
			return
		}
		panel = &p.drawn.panels[0]
		x, y = float64(panel.Rect.Min.X+panel.Rect.Max.X)/2, float64(panel.Rect.Min.Y+panel.Rect.Max.Y)/2
	}
	r := panel.Rect
	if factor > 1 && !p.Zoomed() {
		return // all is shown
	}
	p.zoomTo(*panel, x+(float64(r.Min.X)-x)*factor, y+(float64(r.Min.Y)-y)*factor,
		x+(float64(r.Max.X)-x)*factor, y+(float64(r.Max.Y)-y)*factor)
}

// doubleTap is how soon a second tap must follow.
const doubleTap = 400 * time.Millisecond

// Tapped implements fyne.Tappable: on a point it opens it; a second tap beside all
// points shows all again.
func (p *Plot) Tapped(ev *fyne.PointEvent) {
	if near := p.near(ev.Position); near.ok {
		if p.OnPick != nil {
			p.OnPick(near.series, near.index)
		}
		return
	}
	now := time.Now()
	if now.Sub(p.last) < doubleTap {
		p.Reset()
	}
	p.last = now
}

// Cursor implements desktop.Cursorable.
func (p *Plot) Cursor() desktop.Cursor {
	if p.over.ok {
		return desktop.PointerCursor
	}
	return desktop.CrosshairCursor
}

func (p *Plot) showCard(at point) {
	var c *Card
	if at.ok && p.OnOver != nil {
		c = p.OnOver(at.series, at.index)
	}
	if c == nil {
		p.card.root.Move(parked)
		return
	}
	p.card.show(c)
	size := p.card.root.MinSize()
	p.card.root.Resize(size)
	room := p.raster.Size()
	pos := p.units(at.mark.X, at.mark.Y, 0)
	x, y := pos.X+14, pos.Y+14
	if x+size.Width > room.Width {
		x = pos.X - size.Width - 14
	}
	if y+size.Height > room.Height {
		y = pos.Y - size.Height - 14
	}
	p.card.root.Move(fyne.NewPos(max(x, 0), max(y, 0)))
}

// Again shows the card of the point under the mouse anew: its picture came.
func (p *Plot) Again() {
	if p.over.ok {
		p.showCard(p.over)
	}
}
