package inside

import (
	"context"
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/views/kit"
	"codecworkbench/views/viewport"
)

// Ways to show a map and the picture below it.
const (
	showPicture = "picture"
	showMap     = "map"
	showBoth    = "both"
)

// pane shows the decoded picture with a map over it, and lights places.
type pane struct {
	board
	raster  *canvas.Raster
	sampler *viewport.Sampler
	buffer  *image.RGBA
	pixels  float32 // device pixels a Fyne unit
	view    viewport.View

	pic    *picture.Picture
	source *viewport.Pyramid
	post   func(func())

	show    string
	plane   *codecs.Plane
	shades  *heatmap.Values
	colours *image.RGBA // of the plane, a pixel a value

	lit  []image.Rectangle // of the picture; what is outside is dimmed
	cell image.Rectangle   // the chosen place

	// OnHover is called with the picture's pixel under the mouse; ok is false outside.
	OnHover func(x, y int, ok bool)
	// OnPick is called for a tap on a pixel of the picture.
	OnPick func(x, y int)
	// OnWalk is called for arrow keys, which go from place to place.
	OnWalk func(dx, dy int)
}

func newPane(post func(func())) *pane {
	p := &pane{sampler: viewport.NewSampler(), pixels: 1, show: showBoth, post: post}
	p.raster = canvas.NewRaster(p.generate)
	p.walk = func(dx, dy int) {
		if p.OnWalk != nil && dx > -far && dx < far {
			p.OnWalk(dx, dy)
		}
	}
	p.leave = func() {}
	p.start(p, p.raster)
	return p
}

// MinSize implements fyne.CanvasObject.
func (p *pane) MinSize() fyne.Size { return fyne.NewSize(160, 100) }

// buildNow is the size in pixels up to which a picture is prepared at once.
const buildNow = 1 << 20

// setPicture changes the picture. A large one comes a moment later; until then the one
// before it stays.
func (p *pane) setPicture(pic *picture.Picture) {
	if p.pic == pic {
		return
	}
	p.pic = pic
	if pic == nil {
		p.source = nil
		p.raster.Refresh()
		return
	}
	p.view = p.view.WithPicture(pic.Width(), pic.Height())
	build := func() *viewport.Pyramid {
		out, err := viewport.NewPyramid(context.Background(), pic.RGB8(), pic.Alpha())
		if err != nil {
			return nil
		}
		return out
	}
	if pic.Pixels() <= buildNow {
		p.source = build()
		p.raster.Refresh()
		return
	}
	if p.source != nil && (p.source.Width() != pic.Width() || p.source.Height() != pic.Height()) {
		p.source = nil
	}
	go func() {
		built := build()
		p.post(func() {
			if p.pic == pic {
				p.source = built
				p.raster.Refresh()
			}
		})
	}()
}

// setPlane changes the map; nil shows none.
func (p *pane) setPlane(plane *codecs.Plane, s *heatmap.Values) {
	p.plane, p.shades, p.colours = plane, s, nil
	if plane != nil {
		p.colours = s.Paint(*plane)
	}
	p.raster.Refresh()
}

func (p *pane) setShow(show string) {
	if p.show != show {
		p.show = show
		p.raster.Refresh()
	}
}

// light dims all but some places; none dims nothing.
func (p *pane) light(places []image.Rectangle) {
	p.lit = places
	p.raster.Refresh()
}

// choose marks a place; an empty one marks none.
func (p *pane) choose(cell image.Rectangle) {
	if p.cell != cell {
		p.cell = cell
		p.raster.Refresh()
	}
}

func (p *pane) setView(v viewport.View) {
	if v != p.view {
		p.view = v
		p.raster.Refresh()
	}
}

// generate fills the raster. w and h are device pixels.
func (p *pane) generate(w, h int) image.Image {
	if w < 1 || h < 1 {
		return image.NewRGBA(image.Rect(0, 0, 1, 1))
	}
	if p.buffer == nil || p.buffer.Rect.Dx() != w || p.buffer.Rect.Dy() != h {
		p.buffer = image.NewRGBA(image.Rect(0, 0, w, h))
	}
	p.pixels = float32(w) / max(p.Size().Width, 1)
	p.view = p.view.InPane(w, h)
	ground, _ := color.NRGBAModel.Convert(theme.Color(kit.ColorSurround)).(color.NRGBA)
	layer := viewport.Layer{Rect: p.buffer.Rect, View: p.view, Source: p.source}
	p.sampler.Render(p.buffer, viewport.Scene{Surround: color.RGBA{ground.R, ground.G, ground.B, 255}, Layers: []viewport.Layer{layer}})
	if p.source != nil {
		p.overlay()
		p.dim()
		p.outline(p.cell, color.RGBA{255, 255, 255, 255})
	}
	return p.buffer
}

// veil is how much of the picture a map lets through, over it, in 1/256.
const veil = 84

// overlay draws the map over the picture.
func (p *pane) overlay() {
	if p.colours == nil || p.show == showPicture || p.plane.Scale < 1 {
		return
	}
	below := uint32(0)
	if p.show == showBoth {
		below = veil
	}
	w, h := p.buffer.Rect.Dx(), p.buffer.Rect.Dy()
	columns := make([]int, w) // of the map, by pixel; -1: outside
	for x := range columns {
		columns[x] = -1
		if px, _, ok := p.view.PixelAt(float64(x)+.5, float64(p.view.PaneH)/2); ok {
			columns[x] = min(px/p.plane.Scale, p.plane.Width-1)
		}
	}
	for y := range h {
		_, py, ok := p.view.PixelAt(float64(w)/2, float64(y)+.5)
		if !ok {
			continue
		}
		row := p.colours.Pix[min(py/p.plane.Scale, p.plane.Height-1)*p.colours.Stride:]
		out := p.buffer.Pix[y*p.buffer.Stride:]
		for x, c := range columns {
			if c < 0 || row[4*c+3] == 0 {
				continue
			}
			q, m := out[4*x:4*x+3:4*x+3], row[4*c:4*c+3]
			grey := (77*uint32(q[0]) + 150*uint32(q[1]) + 29*uint32(q[2])) >> 8
			for i := range q {
				q[i] = uint8((grey*below + uint32(m[i])*(256-below)) >> 8)
			}
		}
	}
}

// device is a rectangle of the picture in the pane's pixels, a margin of m around it.
func (p *pane) device(r image.Rectangle, m int) image.Rectangle {
	x0, y0 := p.view.ToPane(float64(r.Min.X), float64(r.Min.Y))
	x1, y1 := p.view.ToPane(float64(r.Max.X), float64(r.Max.Y))
	out := image.Rect(int(math.Floor(x0)), int(math.Floor(y0)), int(math.Ceil(x1)), int(math.Ceil(y1)))
	return out.Inset(-m)
}

// dim darkens what is not lit, and draws a line around what is.
func (p *pane) dim() {
	if len(p.lit) == 0 {
		return
	}
	accent, _ := color.NRGBAModel.Convert(theme.Color(theme.ColorNamePrimary)).(color.NRGBA)
	var lit, here []image.Rectangle // here: in a row
	for _, r := range p.lit {
		lit = append(lit, p.device(r, 0))
	}
	for y := range p.buffer.Rect.Dy() {
		row := p.buffer.Pix[y*p.buffer.Stride : (y+1)*p.buffer.Stride]
		here = here[:0]
		for _, r := range lit {
			if y >= r.Min.Y && y < r.Max.Y {
				here = append(here, r)
			}
		}
		for x := 0; x < len(row)/4; {
			// Rectangles are few, and wide: the next pixel with another answer is looked for.
			in, next := false, len(row)/4
			for _, r := range here {
				switch {
				case x >= r.Max.X:
				case x >= r.Min.X:
					in, next = true, r.Max.X
				default:
					next = min(next, r.Min.X)
				}
				if in {
					break
				}
			}
			next = min(max(next, x+1), len(row)/4)
			if !in {
				for i := 4 * x; i < 4*next; i++ {
					if i%4 != 3 {
						row[i] = uint8(uint32(row[i]) * 2 / 5)
					}
				}
			}
			x = next
		}
	}
	for _, r := range p.lit {
		p.outline(r, color.RGBA{accent.R, accent.G, accent.B, 255})
	}
}

// outline draws a frame of two pixels around a place, with a dark line outside it.
func (p *pane) outline(place image.Rectangle, c color.RGBA) {
	if place.Empty() {
		return
	}
	for m := 1; m <= 3; m++ {
		ink := c
		if m == 3 {
			ink = color.RGBA{0, 0, 0, 255}
		}
		p.frame(p.device(place, m), ink)
	}
}

func (p *pane) frame(r image.Rectangle, c color.RGBA) {
	in := r.Intersect(p.buffer.Rect)
	for x := in.Min.X; x < in.Max.X; x++ {
		for _, y := range [2]int{r.Min.Y, r.Max.Y - 1} {
			if y >= 0 && y < p.buffer.Rect.Dy() {
				p.buffer.SetRGBA(x, y, c)
			}
		}
	}
	for y := in.Min.Y; y < in.Max.Y; y++ {
		for _, x := range [2]int{r.Min.X, r.Max.X - 1} {
			if x >= 0 && x < p.buffer.Rect.Dx() {
				p.buffer.SetRGBA(x, y, c)
			}
		}
	}
}

func (p *pane) pixelAt(pos fyne.Position) (x, y int, ok bool) {
	if p.source == nil {
		return 0, 0, false
	}
	return p.view.PixelAt(float64(pos.X*p.pixels), float64(pos.Y*p.pixels))
}

// Tapped implements fyne.Tappable: it chooses a place.
func (p *pane) Tapped(ev *fyne.PointEvent) {
	if x, y, ok := p.pixelAt(ev.Position); ok && p.OnPick != nil {
		p.OnPick(x, y)
	}
	p.focus()
}

// Dragged implements fyne.Draggable: it moves the picture.
func (p *pane) Dragged(ev *fyne.DragEvent) {
	p.setView(p.view.Panned(float64(ev.Dragged.DX*p.pixels), float64(ev.Dragged.DY*p.pixels)))
}

// DragEnd implements fyne.Draggable.
func (p *pane) DragEnd() {}

// Scrolled implements fyne.Scrollable: the wheel zooms around the mouse.
func (p *pane) Scrolled(ev *fyne.ScrollEvent) {
	x, y := float64(ev.Position.X*p.pixels), float64(ev.Position.Y*p.pixels)
	p.setView(p.view.ZoomAt(x, y, p.view.Scale*math.Pow(1.2, float64(ev.Scrolled.DY)/25)))
}

// MouseIn implements desktop.Hoverable.
func (p *pane) MouseIn(ev *desktop.MouseEvent) { p.MouseMoved(ev) }

// MouseMoved implements desktop.Hoverable.
func (p *pane) MouseMoved(ev *desktop.MouseEvent) {
	if p.OnHover != nil {
		p.OnHover(p.pixelAt(ev.Position))
	}
}

// MouseOut implements desktop.Hoverable.
func (p *pane) MouseOut() {
	if p.OnHover != nil {
		p.OnHover(0, 0, false)
	}
}
