package compare

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
	"codecworkbench/views/viewport"
)

// generate fills the raster. w and h are device pixels.
func (p *Pane) generate(w, h int) image.Image {
	if w < 1 || h < 1 {
		return image.NewRGBA(image.Rect(0, 0, 1, 1))
	}
	start := time.Now()
	if p.buffer == nil || p.buffer.Rect.Dx() != w || p.buffer.Rect.Dy() != h {
		p.buffer = image.NewRGBA(image.Rect(0, 0, w, h))
	}
	p.pixels = float32(w) / max(p.Size().Width, 1)
	p.fitPane(w, h)
	p.layers, p.marks = p.layers[:0], p.marks[:0]
	p.pictures()
	p.overview()
	p.loupe()
	p.sampler.Render(p.buffer, viewport.Scene{Surround: surround(), Layers: p.layers, Marks: p.marks})
	clear(p.layers) // which would hold on to what was drawn
	p.frames.add(string(p.settings.Mode), start)
	return p.buffer
}

func surround() color.RGBA { return opaque(theme.Color(kit.ColorSurround)) }

func opaque(c color.Color) color.RGBA {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return color.RGBA{n.R, n.G, n.B, 255}
}

// layer is a picture in a rectangle, as the settings ask for it.
func (p *Pane) layer(rect image.Rectangle, origin image.Point, place int) viewport.Layer {
	l := viewport.Layer{Rect: rect, Origin: origin, View: p.view, Smooth: p.settings.Smooth, Grid: !p.settings.NoGrid}
	if p.held && p.settings.Mode != workbench.Flicker {
		l.Source = p.original
		return l
	}
	if place < len(p.sources) {
		l.Source = p.sources[place]
	}
	l.Painter, l.Mask = p.painter, p.mask
	if p.settings.Mode == workbench.Diff {
		l.Gain, l.Tone = p.settings.Gain, tone(p.settings.Diff.Kind)
	}
	return l
}

func tone(k workbench.DiffKind) viewport.Tone {
	switch k {
	case workbench.DiffSigned:
		return viewport.Signed
	case workbench.DiffColor:
		return viewport.FalseColor
	}
	return viewport.Plain
}

// pictures lays the pictures out.
func (p *Pane) pictures() {
	whole := image.Rect(0, 0, p.w, p.h)
	switch {
	case p.tiled():
		for i, tile := range p.tiles() {
			p.layers = append(p.layers, p.layer(tile, tile.Min, i))
		}
	case p.divided():
		left := 0
		for i, f := range append(append([]float64(nil), p.places()...), 1) {
			right := max(int(math.Round(f*float64(p.w))), left)
			p.layers = append(p.layers, p.layer(image.Rect(left, 0, right, p.h), image.Point{}, i))
			left = right
		}
	case p.settings.Mode == workbench.Flicker:
		if place := p.flickers(); place != grey {
			p.layers = append(p.layers, p.layer(whole, image.Point{}, place))
		}
	default:
		p.layers = append(p.layers, p.layer(whole, image.Point{}, 0))
	}
}

// flickers is the place of the picture that flicker shows now.
func (p *Pane) flickers() int {
	if p.held {
		return 0
	}
	return p.flick
}

// Sizes of what lies over the pictures, in Fyne units.
const (
	overviewSide = 132
	overviewUp   = 46 // from the pane's bottom: above the zoom box
	loupeTile    = 108
	loupeAway    = 22 // from the mouse
)

func (p *Pane) scaled(units float32) int { return int(math.Round(float64(units * p.pixels))) }

// overviewAt is where the small picture of the whole lies, in device pixels; empty where
// the whole is seen anyway.
func (p *Pane) overviewAt() image.Rectangle {
	v := p.view
	if v.Fit || p.original == nil || v.PicW < 1 || v.PicH < 1 {
		return image.Rectangle{}
	}
	x0, y0, x1, y1 := v.Visible()
	if (x1-x0)*(y1-y0) > 0.8 || float64(v.PicW)*v.Scale < float64(p.scaled(2*overviewSide)) {
		return image.Rectangle{}
	}
	side := min(p.scaled(overviewSide), p.w/4, p.h/4)
	return viewport.Overview(v.PicW, v.PicH, side, image.Rect(p.scaled(margin), 0, p.w, p.h-p.scaled(overviewUp)))
}

// OverviewHeight is what the small picture of the whole takes of the pane's left edge
// above the zoom box, in Fyne units; 0 where it is not shown.
func (p *Pane) OverviewHeight() float32 {
	if r := p.overviewAt(); !r.Empty() {
		return float32(r.Dy())/p.pixels + kit.Space
	}
	return 0
}

// overview draws the small picture of the whole with a frame around what is seen.
func (p *Pane) overview() {
	r := p.overviewAt()
	if r.Empty() {
		return
	}
	p.layers = append(p.layers, viewport.Layer{Rect: r, Origin: r.Min, View: p.view.Whole(r.Dx(), r.Dy()), Source: p.original})
	x0, y0, x1, y1 := p.view.Visible()
	at := func(x, y float64) image.Point {
		return r.Min.Add(image.Pt(int(math.Round(x*float64(r.Dx()))), int(math.Round(y*float64(r.Dy())))))
	}
	seen := image.Rectangle{at(x0, y0), at(x1, y1)}
	seen.Max.X, seen.Max.Y = max(seen.Max.X, seen.Min.X+4), max(seen.Max.Y, seen.Min.Y+4)
	line := max(p.scaled(1), 1)
	p.marks = append(p.marks,
		viewport.Mark{Rect: r.Inset(-line), Color: opaque(theme.Color(kit.ColorLine)), Frame: line},
		viewport.Mark{Rect: seen.Inset(-line), Color: color.RGBA{0, 0, 0, 255}, Frame: 3 * line},
		viewport.Mark{Rect: seen, Color: color.RGBA{255, 255, 255, 255}, Frame: line})
}

// loupe draws the detail under the mouse, enlarged, of every picture that is shown and
// of the original, next to each other.
func (p *Pane) loupe() {
	if !p.loupeOn() {
		return
	}
	px, py := p.view.ToPicture(p.device(p.pointer))
	places, numbers := p.loupePlaces()
	side, line := p.scaled(loupeTile), max(p.scaled(1), 1)
	frame := p.loupeRect()
	at := frame.Min
	p.marks = append(p.marks, viewport.Mark{Rect: frame, Color: opaque(theme.Color(kit.ColorLine)), Frame: line})
	scale := math.Min(math.Max(8, 4*p.view.Scale/float64(p.pixels)), 24) * float64(p.pixels)
	for i, place := range places {
		min := at.Add(image.Pt(line+i*(side+line), line))
		rect := image.Rectangle{min, min.Add(image.Pt(side, side))}
		l := p.layer(rect, min, max(place, 0))
		if place < 0 {
			l.Source, l.Tone, l.Gain = p.original, viewport.Plain, 1
		}
		l.Mask, l.Smooth, l.Ground = nil, false, true
		l.View.PaneW, l.View.PaneH, l.View.Scale, l.View.CX, l.View.CY = side, side, scale, math.Floor(px)+.5, math.Floor(py)+.5
		p.layers = append(p.layers, l)
		p.badge(rect, numbers[i])
		middle := image.Pt(min.X+side/2, min.Y+side/2)
		half := int(math.Ceil(scale/2)) + line
		target := image.Rectangle{middle, middle}.Inset(-half)
		p.marks = append(p.marks, viewport.Mark{Rect: target.Inset(-line), Color: color.RGBA{0, 0, 0, 255}, Frame: line},
			viewport.Mark{Rect: target, Color: color.RGBA{255, 255, 255, 255}, Frame: line},
			viewport.Mark{Rect: image.Rect(rect.Max.X, rect.Min.Y, rect.Max.X+line, rect.Max.Y), Color: opaque(theme.Color(kit.ColorLine))})
	}
}

// loupeOn reports whether the loupe is seen now.
func (p *Pane) loupeOn() bool {
	if !p.settings.Loupe || !p.inside || p.held || p.OnPaint != nil {
		return false
	}
	_, _, ok := p.view.PixelAt(p.device(p.pointer))
	return ok
}

// loupePlaces lists what the loupe shows: the original first (-1), then the others.
func (p *Pane) loupePlaces() (places, numbers []int) {
	places, numbers = []int{-1}, []int{workbench.Original}
	for i := range p.sources {
		if i < len(p.numbers) && p.numbers[i] != workbench.Original {
			places, numbers = append(places, i), append(numbers, p.numbers[i])
		}
	}
	return places, numbers
}

// loupeRect is where the loupe lies: beside the mouse, inside the pane.
func (p *Pane) loupeRect() image.Rectangle {
	places, _ := p.loupePlaces()
	side, line := p.scaled(loupeTile), max(p.scaled(1), 1)
	size := image.Pt(len(places)*(side+line)+line, side+2*line)
	away := p.scaled(loupeAway)
	x, y := p.scaled(p.pointer.X), p.scaled(p.pointer.Y)
	at := image.Pt(x+away, y+away)
	if at.X+size.X > p.w {
		at.X = x - away - size.X
	}
	if at.Y+size.Y > p.h {
		at.Y = y - away - size.Y
	}
	at = image.Pt(min(max(at.X, 0), max(p.w-size.X, 0)), max(at.Y, 0))
	return image.Rectangle{at, at.Add(size)}
}

// badge writes a candidate's number on its colour into a corner.
func (p *Pane) badge(rect image.Rectangle, number int) {
	fill := kit.Series(number)
	w, h := p.scaled(15), p.scaled(13)
	p.marks = append(p.marks, viewport.Mark{Rect: image.Rect(rect.Min.X, rect.Min.Y, rect.Min.X+w, rect.Min.Y+h), Color: opaque(fill),
		Text: fmt.Sprint(number), Ink: opaque(kit.InkOn(fill)), Size: max(p.scaled(1), 1)})
}

// device turns a position on the pane into device pixels of the view.
func (p *Pane) device(pos fyne.Position) (x, y float64) {
	x, y = float64(pos.X*p.pixels), float64(pos.Y*p.pixels)
	tile := p.tiles()[p.tileAt(pos)]
	return x - float64(tile.Min.X), y - float64(tile.Min.Y)
}

// tileAt is the number of the tile under a position, or of the nearest one.
func (p *Pane) tileAt(pos fyne.Position) int {
	x, y := int(pos.X*p.pixels), int(pos.Y*p.pixels)
	best, far := 0, math.MaxInt
	for i, t := range p.tiles() {
		dx, dy := max(t.Min.X-x, x-t.Max.X+1, 0), max(t.Min.Y-y, y-t.Max.Y+1, 0)
		if d := dx + dy; d < far {
			best, far = i, d
		}
	}
	return best
}

// placeAt is the place of the picture under a position.
func (p *Pane) placeAt(pos fyne.Position) int {
	switch {
	case p.tiled():
		return p.tileAt(pos)
	case p.divided():
		place := 0
		for _, x := range p.Dividers() {
			if pos.X >= x {
				place++
			}
		}
		return place
	case p.settings.Mode == workbench.Flicker:
		return max(p.flickers(), 0)
	}
	return 0
}
