package inside

import (
	"image"
	"image/color"
	"math"
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"

	"codecworkbench/views/kit"
)

// area is where a diagram's data lie: shares of its width and height, and what its ends
// stand for.
type area struct {
	left, right, top, bottom float64
	from, to                 float64
}

// share is where a value lies across the diagram.
func (a area) share(x float64) float64 { return a.left + (x-a.from)/(a.to-a.from)*(a.right-a.left) }

// diagram shows a histogram or lines; the bin or the abscissa under the mouse, or where
// the keys are, is marked.
type diagram struct {
	board
	raster *canvas.Raster
	build  func() (lines, error)
	lines  lines
	ink    color.Color // of the theme that lines were made for
	area   area
	at     int // among the lines' stops; -1: none
	last   int
	// OnRead is called with the stop that is read; -1: none.
	OnRead func(stop int)
}

// newDiagram shows what build gives, in the window's colours.
func newDiagram(build func() (lines, error), read func(text string)) fyne.CanvasObject {
	l, err := build()
	if err != nil {
		return kit.NewText(err.Error()).Clipped()
	}
	d := &diagram{build: build, lines: l, ink: theme.Color(theme.ColorNameForeground), at: -1, last: l.first}
	d.raster = canvas.NewRaster(d.generate)
	d.place, d.walk, d.leave, d.filled = d.column, d.step, func() { d.show(-1) }, true
	d.OnRead = func(stop int) {
		if stop < 0 {
			read("")
			return
		}
		read(d.lines.read(stop))
	}
	d.start(d, d.raster)
	return d
}

func (d *diagram) generate(w, h int) image.Image {
	scale := float64(w) / math.Max(float64(d.raster.Size().Width), 1)
	if ink := theme.Color(theme.ColorNameForeground); ink != d.ink {
		if l, err := d.build(); err == nil {
			d.lines, d.ink = l, ink
		}
	}
	img, where := render(d.lines, w, h, scale)
	d.area = where
	return img
}

// MinSize implements fyne.CanvasObject.
func (d *diagram) MinSize() fyne.Size { return fyne.NewSize(80, 60) }

// column is where the mark lies: over a bin, or along an abscissa.
func (d *diagram) column() (pos fyne.Position, size fyne.Size, ok bool) {
	if d.at < 0 || d.at >= len(d.lines.stops) || d.area.to <= d.area.from {
		return pos, size, false
	}
	s, x := d.Size(), d.lines.stops[d.at]
	lo, hi := d.area.share(x-d.lines.reach), d.area.share(x+d.lines.reach)
	left, right := float32(lo)*s.Width, float32(hi)*s.Width
	if right-left < 3 {
		left, right = (left+right)/2-1.5, (left+right)/2+1.5
	}
	return fyne.NewPos(left, float32(d.area.top)*s.Height), fyne.NewSize(right-left, float32(d.area.bottom-d.area.top)*s.Height), true
}

func (d *diagram) show(stop int) {
	if stop >= 0 {
		d.last = stop
	}
	if d.at != stop {
		d.at = stop
		d.OnRead(stop)
	}
	d.update()
}

func (d *diagram) step(dx, _ int) {
	if n := len(d.lines.stops); n > 0 {
		d.show(min(max(d.last+dx, 0), n-1))
	}
}

// stopAt is the stop nearest to a position; -1: it is not among the data.
func (d *diagram) stopAt(pos fyne.Position) int {
	s, a, stops := d.Size(), d.area, d.lines.stops
	if len(stops) == 0 || a.to <= a.from || a.right <= a.left {
		return -1
	}
	x := a.from + (float64(pos.X/max(s.Width, 1))-a.left)/(a.right-a.left)*(a.to-a.from)
	i := sort.SearchFloat64s(stops, x)
	if i == len(stops) || i > 0 && x-stops[i-1] < stops[i]-x {
		i--
	}
	if math.Abs(d.area.share(stops[i])-float64(pos.X/max(s.Width, 1))) > 0.05 {
		return -1
	}
	return i
}

// Tapped implements fyne.Tappable: it brings the keys here.
func (d *diagram) Tapped(ev *fyne.PointEvent) {
	if i := d.stopAt(ev.Position); i >= 0 {
		d.last = i
	}
	d.focus()
}

// MouseIn implements desktop.Hoverable.
func (d *diagram) MouseIn(ev *desktop.MouseEvent) { d.MouseMoved(ev) }

// MouseMoved implements desktop.Hoverable.
func (d *diagram) MouseMoved(ev *desktop.MouseEvent) { d.show(d.stopAt(ev.Position)) }

// MouseOut implements desktop.Hoverable.
func (d *diagram) MouseOut() { d.show(-1) }
