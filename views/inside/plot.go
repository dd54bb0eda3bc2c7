package inside

import (
	"cmp"
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"
	"strings"

	"fyne.io/fyne/v2/theme"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/views/kit"
)

// lines is a diagram: what is drawn and the axes' names.
type lines struct {
	plotters       []plot.Plotter
	xLabel, yLabel string
	counts         bool // y is log(count) as histogram makes it

	stops []float64             // the abscissas that can be read, rising
	reach float64               // half the width of a bin
	first int                   // the stop where keys begin
	read  func(stop int) string // what is at a stop
	names []lineName
}

// lineName is a line of the legend.
type lineName struct {
	name string
	key  plot.Thumbnailer
}

// render draws a diagram and tells where its data lie.
func render(l lines, w, h int, scale float64) (image.Image, area) {
	if w < 40 || h < 40 {
		return image.NewRGBA(image.Rect(0, 0, 1, 1)), area{}
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
		p.Y.Tick.Marker = countTicker(float64(h) / scale)
	}
	p.Legend.Top, p.Legend.TextStyle.Color, p.Legend.TextStyle.Font = true, ink, p.X.Tick.Label.Font
	p.Legend.ThumbnailWidth, p.Legend.Padding = 10, 2
	for _, n := range l.names {
		p.Legend.Add(n.name, n.key)
	}
	p.X.Label.Text, p.Y.Label.Text = l.xLabel, l.yLabel
	p.Add(l.plotters...)
	dpi := int(math.Round(96 * scale))
	unit := vg.Inch / vg.Length(dpi)
	c := vgimg.NewWith(vgimg.UseWH(vg.Length(w)*unit, vg.Length(h)*unit), vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(p.BackgroundColor))
	cut := draw.Crop(draw.New(c), 2, -8, 4, -8)
	p.Draw(cut)
	data := p.DataCanvas(cut)
	across, down := float64(vg.Length(w)*unit), float64(vg.Length(h)*unit)
	return c.Image(), area{left: float64(data.Min.X) / across, right: float64(data.Max.X) / across,
		top: 1 - float64(data.Max.Y)/down, bottom: 1 - float64(data.Min.Y)/down, from: p.X.Min, to: p.X.Max}
}

// logCount is how high a count is drawn: 0 has a place too.
func logCount(n float64) float64 { return math.Log10(1 + n) }

// tickHeight is the room that a label of an axis needs, in Fyne's units.
const tickHeight = 13

// countTicker marks 0 and the powers of ten on an axis of logCount, and steps between
// them where there are few; labels for which an axis of a height has no room are left out.
func countTicker(height float64) plot.TickerFunc {
	return func(_, hi float64) []plot.Tick {
		ticks := []plot.Tick{{Value: 0, Label: "0"}}
		last := 0.
		for n := 1.; logCount(n) <= hi; n *= 10 {
			for _, m := range []float64{1, 2, 5} {
				v := logCount(m * n)
				if v > hi || m > 1 && hi >= logCount(50) {
					continue
				}
				t := plot.Tick{Value: v}
				if (v-last)/hi*(height-60) >= tickHeight {
					t.Label, last = workbench.FormatCount(int(m*n)), v
				}
				ticks = append(ticks, t)
			}
		}
		return ticks
	}
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
	out := lines{xLabel: cmp.Or(d.SymbolName, "Symbol"), yLabel: sentence(d.Noun.Or(symbolNoun).Many), counts: true, reach: .5}
	out.read = func(stop int) string { return readBin(d, from+stop, total) }
	var prior plotter.XYs
	for i := from; i < to; i++ {
		x := float64(d.First + i)
		y := logCount(float64(d.Counts[i]))
		if out.stops = append(out.stops, x); d.Counts[i] > d.Counts[from+out.first] {
			out.first = i - from
		}
		bar, err := plotter.NewPolygon(plotter.XYs{{X: x - .45, Y: 0}, {X: x - .45, Y: y}, {X: x + .45, Y: y}, {X: x + .45, Y: 0}})
		if err != nil {
			return out, err
		}
		bar.Color, bar.LineStyle.Width = color.NRGBA{0x00, 0x9e, 0x73, 255}, 0
		out.plotters = append(out.plotters, bar)
		if i == from {
			out.names = append(out.names, lineName{"in this file", bar})
		}
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
		out.names = append(out.names, lineName{cmp.Or(d.PriorName, "prior"), l})
	}
	return out, nil
}

// symbolNoun is what is counted where a codec has no name for it.
var symbolNoun = codecs.Noun{One: "symbol", Many: "symbols"}

// readBin says what a bin holds, and what the prior expected there.
func readBin(d codecs.Histogram, bin, total int) string {
	n := d.Counts[bin]
	text := fmt.Sprintf("%d: %s %s, %s", d.First+bin, workbench.FormatCount(n), d.Noun.Or(symbolNoun).For(n), percent(float64(n)/float64(max(total, 1))))
	if bin < len(d.Prior) {
		text += fmt.Sprintf("; %s %s", cmp.Or(d.PriorName, "prior"), percent(d.Prior[bin]))
	}
	return text
}

// percent writes a share in two digits or more.
func percent(share float64) string {
	switch p := 100 * share; {
	case p >= 10 || p == 0:
		return fmt.Sprintf("%.1f %%", p)
	case p >= 0.1:
		return fmt.Sprintf("%.2f %%", p)
	default:
		return fmt.Sprintf("%.2g %%", p)
	}
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
		out.names = append(out.names, lineName{s.Name, l})
		for _, p := range xy {
			out.stops = append(out.stops, p.X)
		}
	}
	slices.Sort(out.stops)
	out.stops = slices.Compact(out.stops)
	out.read = func(stop int) string { return readLines(d, out.stops[stop]) }
	return out, nil
}

// readLines says what the lines of a series have at an abscissa.
func readLines(d codecs.Series, x float64) string {
	var parts []string
	for _, l := range d.Lines {
		if i := slices.Index(l.X, x); i >= 0 && i < len(l.Y) {
			parts = append(parts, strings.TrimSpace(l.Name+" "+heatmap.Number(l.Y[i])))
		}
	}
	return fmt.Sprintf("at %s: %s", heatmap.Number(x), strings.Join(parts, ", "))
}
