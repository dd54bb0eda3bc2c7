package compare

import (
	"image"
	"math"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/app/workbench"
	"codecworkbench/views/viewport"
)

// Pane is the area that shows the pictures: one raster, filled by the viewport's
// sampler, with the mouse's zoom, pan and dividers. Labels over it are siblings,
// not children, so that moving them never uploads the picture again.
type Pane struct {
	widget.BaseWidget
	raster  *canvas.Raster
	sampler *viewport.Sampler
	buffer  *image.RGBA
	layers  []viewport.Layer
	marks   []viewport.Mark

	sources  []*viewport.Pyramid // by place, as workbench.Panes lists them
	numbers  []int               // of the slots that they show
	original *viewport.Pyramid
	mask     *viewport.Mask // painted over the active candidate; nil: none
	settings workbench.ViewSettings
	pair     bool // the difference is one of two, not of each to the original
	painter  *heatmap.Painter
	flick    int  // which source flicker shows; grey: none
	held     bool // the key that shows the original alone is held

	view     viewport.View // of the whole pane, or of one of its tiles
	w, h     int           // of the pane, in device pixels
	dividers [2][]float64  // one, or two: their places, 0 to 1 of the pane
	divider  int           // the one that was moved last
	pixels   float32       // device pixels a Fyne unit

	dragging grab
	pointer  fyne.Position
	inside   bool // the mouse is over the pane
	cursor   desktop.StandardCursor
	frames   *frameLog

	// OnView is called when zoom, place or a divider changed.
	OnView func()
	// OnHover is called with the picture's pixel under the mouse, and the place in
	// workbench.Panes of the one that it lies on; ok is false outside.
	OnHover func(x, y, place int, ok bool)
	// OnPaint, where it is set, gets what the mouse paints, in the picture's pixels: first
	// says that a stroke begins, last that it ended.
	OnPaint func(x, y float64, first, last bool)
}

// grey is what flicker shows between two pictures.
const grey = -1

// halfGap is half of the free space between pictures side by side, in device pixels.
const halfGap = 2

// NewPane returns a pane without pictures.
func NewPane() *Pane {
	p := &Pane{sampler: viewport.NewSampler(), dividers: [2][]float64{{0.5}, {1. / 3, 2. / 3}}, pixels: 1,
		settings: workbench.ViewSettings{Mode: workbench.Split, Gain: 1, Map: workbench.MapView{Strength: 100}},
		painter:  heatmap.NewPainter(1), frames: openFrameLog()}
	p.raster = canvas.NewRaster(p.generate)
	p.raster.ScaleMode = canvas.ImageScalePixels // a pixel for each of the screen; blending costs software OpenGL time
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

// tiled reports whether the pictures are next to each other.
func (p *Pane) tiled() bool {
	m := p.settings.Mode
	return len(p.sources) > 1 && (m == workbench.Side || m == workbench.Mapped && p.settings.Map.Side)
}

// divided reports whether dividers separate the pictures.
func (p *Pane) divided() bool {
	if len(p.sources) < 2 || p.held {
		return false
	}
	switch p.settings.Mode {
	case workbench.Split:
		return true
	case workbench.Mapped:
		return !p.settings.Map.Side
	case workbench.Diff:
		return !p.pair
	}
	return false
}

// tiles returns the places of the pictures next to each other, in device pixels; one for
// the whole pane where they are not.
func (p *Pane) tiles() []image.Rectangle {
	if !p.tiled() {
		return []image.Rectangle{image.Rect(0, 0, p.w, p.h)}
	}
	return viewport.Tiles(len(p.sources), p.view.PicW, p.view.PicH, p.w, p.h, 2*halfGap)
}

// fitPane adapts the view to a pane of w x h device pixels.
func (p *Pane) fitPane(w, h int) {
	p.w, p.h = max(w, 1), max(h, 1)
	tile := p.tiles()[0]
	p.view = p.view.InPane(max(tile.Dx(), 1), max(tile.Dy(), 1))
}

func (p *Pane) changed() {
	p.raster.Refresh()
	if p.OnView != nil {
		p.OnView()
	}
}

// SetPictures changes what is shown: the sources by their places (nil leaves a place
// empty) with their slots' numbers, the original, and whether a difference is that of a
// pair.
func (p *Pane) SetPictures(sources []*viewport.Pyramid, numbers []int, original *viewport.Pyramid, pair bool) {
	if slices.Equal(p.sources, sources) && slices.Equal(p.numbers, numbers) && p.original == original && p.pair == pair {
		return
	}
	same := len(p.sources) == len(sources) && p.pair == pair
	p.sources, p.numbers, p.original, p.pair = sources, numbers, original, pair
	if same {
		p.raster.Refresh()
		return
	}
	p.fitPane(p.w, p.h)
	p.changed()
}

// SetMask lays a mask over the picture; nil takes it away. It is drawn again by every
// call.
func (p *Pane) SetMask(m *viewport.Mask) {
	if m == nil && p.mask == nil {
		return
	}
	p.mask = m
	p.raster.Refresh()
}

// SetPicture says how large the pictures are; another size is shown fitted.
func (p *Pane) SetPicture(w, h int) {
	if p.view.PicW != w || p.view.PicH != h {
		p.view = p.view.WithPicture(w, h)
		p.fitPane(p.w, p.h)
		p.changed()
	}
}

// SetSettings changes how the pictures are shown.
func (p *Pane) SetSettings(v workbench.ViewSettings) {
	if p.settings == v {
		return
	}
	if p.settings.Map.Strength != v.Map.Strength {
		p.painter = heatmap.NewPainter(float64(v.Map.Strength) / 100)
	}
	if p.settings.Mode != v.Mode {
		p.flick = 1
	}
	p.settings = v
	p.fitPane(p.w, p.h)
	p.changed()
}

// Flick shows a source by its place, or grey, in flicker mode.
func (p *Pane) Flick(place int) {
	if p.flick != place {
		p.flick = place
		p.raster.Refresh()
	}
}

// Hold shows the original alone while it is on; in flicker mode, the left one.
func (p *Pane) Hold(on bool) {
	if p.held != on {
		p.held = on
		p.changed()
	}
}

// View returns the zoom and place.
func (p *Pane) View() viewport.View { return p.view }

// places returns where the dividers stand, 0 to 1, from left to right.
func (p *Pane) places() []float64 {
	if len(p.sources) > 2 {
		return p.dividers[1]
	}
	return p.dividers[0]
}

// Dividers returns the dividers' places in Fyne units; none where nothing is divided.
func (p *Pane) Dividers() []float32 {
	if !p.divided() {
		return nil
	}
	var out []float32
	for _, f := range p.places() {
		out = append(out, float32(math.Round(f*float64(p.w)))/p.pixels)
	}
	return out
}

// SetSplit moves the divider that was moved last, 0 to 1; the others give way.
func (p *Pane) SetSplit(f float64) {
	f = math.Min(math.Max(f, 0), 1)
	places := p.places()
	p.divider = min(p.divider, len(places)-1)
	if places[p.divider] == f {
		return
	}
	places[p.divider] = f
	for i := range places {
		if i < p.divider {
			places[i] = math.Min(places[i], f)
		} else {
			places[i] = math.Max(places[i], f)
		}
	}
	p.changed()
}

// SplitFraction returns the place of the divider that was moved last, 0 to 1.
func (p *Pane) SplitFraction() float64 {
	places := p.places()
	return places[min(p.divider, len(places)-1)]
}

// Fit shows the whole picture.
func (p *Pane) Fit() { p.setView(p.view.Fitted()) }

// Follow shows the part of the picture that another pane shows of one of the same size;
// otherwise the whole.
func (p *Pane) Follow(v viewport.View) {
	if v.Fit || v.PicW != p.view.PicW || v.PicH != p.view.PicH {
		p.Fit()
		return
	}
	p.setView(v.InPane(p.view.PaneW, p.view.PaneH))
}

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
