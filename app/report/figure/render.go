package figure

import (
	"errors"
	"fmt"
	"image"
	"math"

	"codecworkbench/metrics"

	"gonum.org/v1/plot/vg"
)

// Panel is where one metric is drawn in a rendered picture, in its pixels from the
// upper left corner.
type Panel struct {
	Metric metrics.Info
	Rect   image.Rectangle // the data's
	Box    image.Rectangle // of all that belongs to the panel
	Marks  []Mark          // every point that is drawn
	x, y   axis
	scale  float64 // pixels a point
	width  float64 // of the picture, in pixels
	height float64
}

// Size is the size of the picture that the panel is in, in its pixels.
func (p Panel) Size() (w, h float64) { return p.width, p.height }

// Mark is a measured point as drawn.
type Mark struct {
	Series, Point int     // indices into Figure.Series and its Points
	X, Y          float64 // pixels
	XValue        float64 // on the horizontal axis
	YValue        float64 // as drawn: dB for DB metrics
}

// ToPixel returns where values lie: y as drawn, dB for DB metrics.
func (p Panel) ToPixel(x, y float64) (px, py float64) {
	return float64(p.x.at(x)) * p.scale, p.height - float64(p.y.at(y))*p.scale
}

// ToData is the inverse of ToPixel.
func (p Panel) ToData(px, py float64) (x, y float64) {
	return p.x.value(vg.Length(px / p.scale)), p.y.value(vg.Length((p.height - py) / p.scale))
}

// Nearest returns the mark next to a pixel within a distance, also in pixels.
func (p Panel) Nearest(px, py, within float64) (Mark, bool) {
	var best Mark
	found := false
	for _, m := range p.Marks {
		if d := math.Hypot(m.X-px, m.Y-py); d <= within {
			best, within, found = m, d, true
		}
	}
	return best, found
}

// Render draws the figure for a screen: w x h device pixels, of which scale make one
// of the window's. Width and Height are not used.
func (f *Figure) Render(w, h int, scale float64) (*image.RGBA, []Panel, error) {
	const pixelsPerInch = 96
	dpi := int(math.Round(pixelsPerInch * scale))
	if w < 1 || h < 1 || dpi < 24 || dpi > 960 || w*h > maxPixels {
		return nil, nil, fmt.Errorf("no figure of %d x %d pixels at scale %g can be drawn", w, h, scale)
	}
	p, err := f.plan()
	if err != nil {
		return nil, nil, err
	}
	perPixel := vg.Inch / vg.Length(dpi)
	l := p.lay(vg.Rectangle{Max: vg.Point{X: vg.Length(w) * perPixel, Y: vg.Length(h) * perPixel}}, false)
	img, err := l.raster(dpi)
	if err != nil {
		return nil, nil, err
	}
	if img.Rect.Dx() != w || img.Rect.Dy() != h {
		return nil, nil, errors.New("the drawing library changed the size of the figure")
	}
	panels := make([]Panel, len(l.panels))
	for i := range l.panels {
		panels[i] = l.panel(&l.panels[i], 1/float64(perPixel), float64(h))
		panels[i].width = float64(w)
	}
	return img, panels, nil
}

func (l *layout) panel(p *panel, scale, height float64) Panel {
	out := Panel{Metric: p.metric, x: p.x, y: p.y, scale: scale, height: height}
	px := func(v float64) int { return int(math.Round(v)) }
	pixels := func(r vg.Rectangle) image.Rectangle {
		return image.Rect(px(float64(r.Min.X)*scale), px(height-float64(r.Max.Y)*scale),
			px(float64(r.Max.X)*scale), px(height-float64(r.Min.Y)*scale))
	}
	out.Rect, out.Box = pixels(p.rect), pixels(p.box)
	for i, line := range p.lines {
		for _, q := range line.points {
			if !q.drawn() || !contains(p.rect, p.place(q)) {
				continue
			}
			m := Mark{Series: l.series[i].index, Point: q.index, XValue: q.x, YValue: q.y}
			m.X, m.Y = out.ToPixel(q.x, q.y)
			out.Marks = append(out.Marks, m)
		}
	}
	return out
}
