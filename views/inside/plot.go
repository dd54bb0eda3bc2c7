package inside

import (
	"cmp"
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/views/kit"
)

// lines is a diagram: what is drawn and the axes' names.
type lines struct {
	plotters       []plot.Plotter
	xLabel, yLabel string
	counts         bool // y is log(count) as histogram makes it
}

// newPlot shows a diagram in the window's colours.
func newPlot(build func() (lines, error)) fyne.CanvasObject {
	l, err := build()
	if err != nil {
		return kit.NewText(err.Error()).Clipped()
	}
	var raster *canvas.Raster
	raster = canvas.NewRaster(func(w, h int) image.Image {
		scale := float64(w) / math.Max(float64(raster.Size().Width), 1)
		return render(l, w, h, scale)
	})
	return raster
}

func render(l lines, w, h int, scale float64) image.Image {
	if w < 40 || h < 40 {
		return image.NewRGBA(image.Rect(0, 0, 1, 1))
	}
	p := plot.New()
	ink, line := theme.Color(theme.ColorNameForeground), theme.Color(kit.ColorMuted)
	p.BackgroundColor = theme.Color(kit.ColorPanel)
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Color, a.Tick.Color = line, line
		a.Tick.Label.Color, a.Label.TextStyle.Color = line, ink
		a.Tick.Label.Font = font.Font{Typeface: "Liberation", Variant: "Sans", Size: 8}
		a.Label.TextStyle.Font = font.Font{Typeface: "Liberation", Variant: "Sans", Size: 8.5}
	}
	if l.counts {
		p.Y.Tick.Marker = plot.TickerFunc(countTicks)
	}
	p.X.Label.Text, p.Y.Label.Text = l.xLabel, l.yLabel
	p.Add(l.plotters...)
	dpi := int(math.Round(96 * scale))
	unit := vg.Inch / vg.Length(dpi)
	c := vgimg.NewWith(vgimg.UseWH(vg.Length(w)*unit, vg.Length(h)*unit), vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(p.BackgroundColor))
	p.Draw(draw.Crop(draw.New(c), 2, -8, 4, -8))
	img, ok := c.Image().(*image.RGBA)
	if !ok {
		return image.NewRGBA(image.Rect(0, 0, 1, 1))
	}
	return img
}

// logCount is how high a count is drawn: 0 has a place too.
func logCount(n float64) float64 { return math.Log10(1 + n) }

// countTicks marks 0 and the powers of ten on an axis of logCount, and steps between
// them where there are few.
func countTicks(_, hi float64) []plot.Tick {
	ticks := []plot.Tick{{Value: 0, Label: "0"}}
	for n := 1.; logCount(n) <= hi; n *= 10 {
		for _, m := range []float64{1, 2, 5} {
			if v := logCount(m * n); v <= hi && (m == 1 || hi < logCount(50)) {
				ticks = append(ticks, plot.Tick{Value: v, Label: workbench.FormatCount(int(m * n))})
			}
		}
	}
	return ticks
}

// maxBins bounds the bars that are drawn; outside, counts are rare.
const maxBins = 512

// manyBins are so many that a line over them is drawn thin.
const manyBins = 100

// histogram draws counts as bars on a logarithmic scale, and what a prior expected
// as a line.
func histogram(d codecs.Histogram) (lines, error) {
	from, to := 0, len(d.Counts)
	for from < to && d.Counts[from] == 0 {
		from++
	}
	for to > from && d.Counts[to-1] == 0 {
		to--
	}
	if to-from > maxBins {
		to = from + maxBins
	}
	total := 0
	for _, n := range d.Counts {
		total += n
	}
	out := lines{xLabel: cmp.Or(d.SymbolName, "symbol"), yLabel: "count", counts: true}
	var prior plotter.XYs
	for i := from; i < to; i++ {
		x := float64(d.First + i)
		y := logCount(float64(d.Counts[i]))
		bar, err := plotter.NewPolygon(plotter.XYs{{X: x - .45, Y: 0}, {X: x - .45, Y: y}, {X: x + .45, Y: y}, {X: x + .45, Y: 0}})
		if err != nil {
			return out, err
		}
		bar.Color, bar.LineStyle.Width = color.NRGBA{0x00, 0x9e, 0x73, 255}, 0
		out.plotters = append(out.plotters, bar)
		if i < len(d.Prior) {
			prior = append(prior, plotter.XY{X: x, Y: logCount(d.Prior[i] * float64(total))})
		}
	}
	if len(prior) > 1 {
		l, err := plotter.NewLine(prior)
		if err != nil {
			return out, err
		}
		l.Color, l.Width = theme.Color(theme.ColorNameForeground), 1.2
		if len(prior) > manyBins {
			l.Width = 0.5 // or it hides the bars
		}
		out.plotters = append(out.plotters, l)
	}
	return out, nil
}

// series draws lines over a common axis.
func series(d codecs.Series) (lines, error) {
	out := lines{xLabel: d.XLabel, yLabel: d.YLabel}
	for i, s := range d.Lines {
		var xy plotter.XYs
		for k := range min(len(s.X), len(s.Y)) {
			if !math.IsNaN(s.Y[k]) && !math.IsInf(s.Y[k], 0) {
				xy = append(xy, plotter.XY{X: s.X[k], Y: s.Y[k]})
			}
		}
		if len(xy) == 0 {
			continue
		}
		l, err := plotter.NewLine(xy)
		if err != nil {
			return out, err
		}
		l.Color, l.Width = kit.Series(i+2), 1.4
		out.plotters = append(out.plotters, l)
	}
	return out, nil
}
