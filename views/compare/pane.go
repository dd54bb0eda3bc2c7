package compare

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
	"codecworkbench/views/viewport"
)

// Pane is the area that shows the pictures: one raster, filled by the viewport's
// sampler, with the mouse's zoom, pan and divider. Labels over it are siblings,
// not children, so that moving them never uploads the picture again.
type Pane struct {
	widget.BaseWidget
	raster  *canvas.Raster
	sampler *viewport.Sampler
	buffer  *image.RGBA
	layers  [2]viewport.Layer

	left, right, diff *viewport.Pyramid
	view              viewport.View // of the whole pane, or of one half side by side
	mode              workbench.Mode
	gain              int
	sideMaps          bool // maps are next to each other
	painter           *heatmap.Painter
	strength          int     // of the painter
	flick             bool    // flicker shows the right picture now
	split             float64 // the divider's place, 0 to 1 of the pane
	pixels            float32 // device pixels a Fyne unit

	dragging grab
	cursor   desktop.StandardCursor

	// OnView is called when zoom, place or divider changed.
	OnView func()
	// OnHover is called with the picture's pixel under the mouse, and whether that is the
	// right picture's; ok is false outside.
	OnHover func(x, y int, right, ok bool)
}

// grab is what a drag moves.
type grab int

const (
	nothing grab = iota
	thePicture
	theDivider
)

// reach is how near to the divider the mouse takes it, in Fyne units.
const reach = 9

// halfGap is the free space at both sides of the middle, side by side, in device pixels.
const halfGap = 2

// NewPane returns a pane without pictures.
func NewPane() *Pane {
	p := &Pane{sampler: viewport.NewSampler(), split: 0.5, pixels: 1, mode: workbench.Split, gain: 1,
		painter: heatmap.NewPainter(1), strength: 100}
	p.raster = canvas.NewRaster(p.generate)
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer implements fyne.Widget.
func (p *Pane) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.raster) }

// MinSize implements fyne.CanvasObject.
func (p *Pane) MinSize() fyne.Size { return fyne.NewSize(200, 150) }

// Resize implements fyne.CanvasObject.
func (p *Pane) Resize(s fyne.Size) {
	p.BaseWidget.Resize(s)
	if c := fyne.CurrentApp().Driver().CanvasForObject(p); c != nil {
		p.pixels = c.Scale()
	}
	p.fitPane(int(math.Round(float64(s.Width*p.pixels))), int(math.Round(float64(s.Height*p.pixels))))
	p.changed()
}

// side reports whether the two pictures are next to each other.
func (p *Pane) side() bool {
	return p.mode == workbench.Side || p.mode == workbench.Mapped && p.sideMaps
}

// divided reports whether a divider separates the two pictures.
func (p *Pane) divided() bool {
	return p.mode == workbench.Split || p.mode == workbench.Mapped && !p.sideMaps
}

// fitPane adapts the view to a pane of w x h device pixels.
func (p *Pane) fitPane(w, h int) {
	if p.side() {
		w = w/2 - halfGap
	}
	p.view = p.view.InPane(max(w, 1), max(h, 1))
}

// width returns the pane's width in device pixels.
func (p *Pane) width() int {
	if p.side() {
		return 2 * (p.view.PaneW + halfGap)
	}
	return p.view.PaneW
}

func (p *Pane) changed() {
	p.raster.Refresh()
	if p.OnView != nil {
		p.OnView()
	}
}

// SetPictures changes what is shown; nil leaves a side empty.
func (p *Pane) SetPictures(left, right, diff *viewport.Pyramid) {
	if p.left == left && p.right == right && p.diff == diff {
		return
	}
	p.left, p.right, p.diff = left, right, diff
	p.raster.Refresh()
}

// SetPicture says how large the pictures are; another size is shown fitted.
func (p *Pane) SetPicture(w, h int) {
	if p.view.PicW != w || p.view.PicH != h {
		p.view = p.view.WithPicture(w, h)
		p.changed()
	}
}

// SetSettings changes how the two pictures are shown.
func (p *Pane) SetSettings(v workbench.ViewSettings) {
	if p.mode == v.Mode && p.gain == v.Gain && p.sideMaps == v.Map.Side && p.strength == v.Map.Strength {
		return
	}
	w := p.width()
	p.mode, p.gain, p.sideMaps, p.flick = v.Mode, v.Gain, v.Map.Side, true
	if p.strength != v.Map.Strength {
		p.strength = v.Map.Strength
		p.painter = heatmap.NewPainter(float64(p.strength) / 100)
	}
	p.fitPane(w, p.view.PaneH)
	p.changed()
}

// Flick shows the other picture, in flicker mode, and reports whether it is now
// the right one.
func (p *Pane) Flick() bool {
	p.flick = !p.flick
	p.raster.Refresh()
	return p.flick
}

// View returns the zoom and place.
func (p *Pane) View() viewport.View { return p.view }

// Split returns the divider's place in Fyne units.
func (p *Pane) Split() float32 {
	return float32(math.Round(p.split*float64(p.width()))) / p.pixels
}

// SetSplit moves the divider, 0 to 1.
func (p *Pane) SetSplit(f float64) {
	f = math.Min(math.Max(f, 0), 1)
	if p.split != f {
		p.split = f
		p.changed()
	}
}

// SplitFraction returns the divider's place, 0 to 1.
func (p *Pane) SplitFraction() float64 { return p.split }

// Fit shows the whole picture.
func (p *Pane) Fit() { p.setView(p.view.Fitted()) }

// ZoomTo changes the scale (device pixels a picture pixel) around the pane's centre.
func (p *Pane) ZoomTo(scale float64) {
	p.setView(p.view.ZoomAt(float64(p.view.PaneW)/2, float64(p.view.PaneH)/2, scale))
}

// Pan moves the picture by a part of the pane.
func (p *Pane) Pan(dx, dy float64) {
	p.setView(p.view.Panned(dx*float64(p.view.PaneW), dy*float64(p.view.PaneH)))
}

func (p *Pane) setView(v viewport.View) {
	if v != p.view {
		p.view = v
		p.changed()
	}
}

// generate fills the raster. w and h are device pixels.
func (p *Pane) generate(w, h int) image.Image {
	if w < 1 || h < 1 {
		return image.NewRGBA(image.Rect(0, 0, 1, 1))
	}
	if p.buffer == nil || p.buffer.Rect.Dx() != w || p.buffer.Rect.Dy() != h {
		p.buffer = image.NewRGBA(image.Rect(0, 0, w, h))
	}
	p.pixels = float32(w) / max(p.Size().Width, 1)
	p.fitPane(w, h)
	p.sampler.Render(p.buffer, viewport.Scene{Surround: surround(), Layers: p.scene(w, h)})
	return p.buffer
}

func surround() color.RGBA {
	c := color.NRGBAModel.Convert(theme.Color(kit.ColorSurround)).(color.NRGBA)
	return color.RGBA{c.R, c.G, c.B, 255}
}

// scene lays the pictures out in a pane of w x h device pixels.
func (p *Pane) scene(w, h int) []viewport.Layer {
	whole := image.Rect(0, 0, w, h)
	one := func(src *viewport.Pyramid, gain int) []viewport.Layer {
		p.layers[0] = viewport.Layer{Rect: whole, View: p.view, Source: src, Gain: gain}
		return p.layers[:1]
	}
	switch p.mode {
	case workbench.Flicker:
		if p.flick {
			return one(p.right, 1)
		}
		return one(p.left, 1)
	case workbench.Diff:
		return one(p.diff, p.gain)
	}
	l, r := whole, whole
	origin := image.Point{}
	if p.side() {
		l.Max.X, r.Min.X = w/2-halfGap, w/2+halfGap
		origin = r.Min
	} else {
		l.Max.X = int(math.Round(p.split * float64(w)))
		r.Min.X = l.Max.X
	}
	p.layers[0] = viewport.Layer{Rect: l, View: p.view, Source: p.left, Painter: p.painter}
	p.layers[1] = viewport.Layer{Rect: r, Origin: origin, View: p.view, Source: p.right, Painter: p.painter}
	return p.layers[:]
}

// device turns a position on the pane into device pixels of the view.
func (p *Pane) device(pos fyne.Position) (x, y float64) {
	x, y = float64(pos.X*p.pixels), float64(pos.Y*p.pixels)
	if p.side() && x >= float64(p.width())/2 {
		x -= float64(p.width())/2 + halfGap
	}
	return x, y
}

func (p *Pane) nearDivider(pos fyne.Position) bool {
	d := pos.X - p.Split()
	return p.divided() && d > -reach && d < reach
}

// atRight reports whether a position lies on the right one of two pictures.
func (p *Pane) atRight(pos fyne.Position) bool {
	if p.side() {
		return float64(pos.X*p.pixels) >= float64(p.width())/2
	}
	return p.divided() && pos.X >= p.Split() || p.mode == workbench.Flicker && p.flick
}

// MouseDown implements desktop.Mouseable: it decides what a drag will move.
func (p *Pane) MouseDown(ev *desktop.MouseEvent) {
	kit.Unfocus(p)
	p.dragging = thePicture
	if p.nearDivider(ev.Position) && ev.Button == desktop.MouseButtonPrimary {
		p.dragging = theDivider
	}
}

// MouseUp implements desktop.Mouseable.
func (p *Pane) MouseUp(*desktop.MouseEvent) { p.dragging = nothing }

// Dragged implements fyne.Draggable.
func (p *Pane) Dragged(ev *fyne.DragEvent) {
	if p.dragging == theDivider {
		p.SetSplit(float64(ev.Position.X*p.pixels) / float64(max(p.width(), 1)))
		return
	}
	p.setView(p.view.Panned(float64(ev.Dragged.DX*p.pixels), float64(ev.Dragged.DY*p.pixels)))
}

// DragEnd implements fyne.Draggable.
func (p *Pane) DragEnd() { p.dragging = nothing }

// Scrolled implements fyne.Scrollable: the wheel zooms around the mouse.
func (p *Pane) Scrolled(ev *fyne.ScrollEvent) {
	x, y := p.device(ev.Position)
	p.setView(p.view.ZoomAt(x, y, p.view.Scale*math.Pow(1.2, float64(ev.Scrolled.DY)/25)))
}

// DoubleTapped implements fyne.DoubleTappable: on the divider it centres it, on the
// picture it changes between fitted and 1:1 at the mouse.
func (p *Pane) DoubleTapped(ev *fyne.PointEvent) {
	if p.nearDivider(ev.Position) {
		p.SetSplit(0.5)
		return
	}
	if !p.view.Fit {
		p.Fit()
		return
	}
	x, y := p.device(ev.Position)
	p.setView(p.view.ZoomAt(x, y, 1))
}

// Cursor implements desktop.Cursorable.
func (p *Pane) Cursor() desktop.Cursor { return p.cursor }

// MouseIn implements desktop.Hoverable.
func (p *Pane) MouseIn(ev *desktop.MouseEvent) { p.MouseMoved(ev) }

// MouseMoved implements desktop.Hoverable.
func (p *Pane) MouseMoved(ev *desktop.MouseEvent) {
	p.cursor = desktop.DefaultCursor
	if p.nearDivider(ev.Position) {
		p.cursor = desktop.HResizeCursor
	}
	if p.OnHover != nil {
		x, y, ok := p.view.PixelAt(p.device(ev.Position))
		p.OnHover(x, y, p.atRight(ev.Position), ok)
	}
}

// MouseOut implements desktop.Hoverable.
func (p *Pane) MouseOut() {
	if p.OnHover != nil {
		p.OnHover(0, 0, false, false)
	}
}
