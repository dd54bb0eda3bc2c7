package inside

import (
	"cmp"
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"
	"strconv"
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
	p.X.Tick.Marker, p.Y.Tick.Marker = stepTicker(float64(w)/scale/60), stepTicker(float64(h)/scale/30)
	if l.counts {
		p.Y.Tick.Marker = countTicker(float64(h) / scale)
	}
	p.Legend.Top, p.Legend.TextStyle.Color, p.Legend.TextStyle.Font = true, ink, p.X.Tick.Label.Font
	p.Legend.ThumbnailWidth, p.Legend.Padding = 10, 2
	names := l.names
	if len(names) < 2 {
		names = nil // the panel's title says what it is
	}
	for _, n := range names {
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

// stepTicker marks an axis at round numbers, at most so many.
func stepTicker(most float64) plot.TickerFunc {
	return func(lo, hi float64) (ticks []plot.Tick) {
		if !(hi > lo) {
			return nil
		}
		step := math.Pow(10, math.Floor(math.Log10((hi-lo)/math.Max(most, 2))))
		for _, m := range []float64{1, 2, 5, 10} {
			if (hi-lo)/(m*step) <= math.Max(most, 2) {
				step *= m
				break
			}
		}
		digits := max(int(-math.Floor(math.Log10(step)+1e-9)), 0)
		for k := math.Ceil(lo/step - 1e-9); k*step <= hi+1e-9*step; k++ {
			v := k * step
			if math.Abs(v) < step/2 {
				v = 0 // neither -0 nor a rest of rounding
			}
			label := strconv.FormatFloat(v, 'f', digits, 64)
			if digits == 0 && math.Abs(v) < 1e15 {
				label = workbench.FormatCount(int(math.Round(v)))
			}
			ticks = append(ticks, plot.Tick{Value: v, Label: label})
		}
		return ticks
	}
}

// maxBars bounds the bars that are drawn: more are added up in groups.
const maxBars = 256

// manyBars are so many that a line over them is drawn thin.
const manyBars = 100

// histogram draws counts as bars on a logarithmic scale, and what a prior expected
// as a line.
func histogram(d codecs.Histogram) (lines, error) {
	total := sum(d.Counts)
	from, to := counted(d, total)
	group := max((to-from+maxBars-1)/maxBars, 1)
	out := lines{xLabel: cmp.Or(d.SymbolName, "Symbol"), yLabel: sentence(d.Noun.Or(symbolNoun).Many), counts: true, reach: float64(group) / 2}
	var bars []bin
	var prior plotter.XYs
	for i := from; i < to; i += group {
		b := newBin(d, i, min(i+group, to))
		bars = append(bars, b)
		x, y, half := float64(d.First)+float64(2*i+group-1)/2, logCount(float64(b.count)), .45*float64(group)
		if out.stops = append(out.stops, x); b.count > bars[out.first].count {
			out.first = len(bars) - 1
		}
		bar, err := plotter.NewPolygon(plotter.XYs{{X: x - half, Y: 0}, {X: x - half, Y: y}, {X: x + half, Y: y}, {X: x + half, Y: 0}})
		if err != nil {
			return out, err
		}
		bar.Color, bar.LineStyle.Width = color.NRGBA{0x00, 0x9e, 0x73, 255}, 0
		out.plotters = append(out.plotters, bar)
		if i == from {
			out.names = append(out.names, lineName{"in this file", bar})
		}
		if d.Prior != nil {
			prior = append(prior, plotter.XY{X: x, Y: logCount(b.prior * float64(total))})
		}
	}
	out.read = func(stop int) string { return bars[stop].read(d, total) }
	if len(prior) > 1 {
		l, err := plotter.NewLine(prior)
		if err != nil {
			return out, err
		}
		l.Color, l.Width = theme.Color(theme.ColorNameForeground), 1.2
		if len(prior) > manyBars {
			l.Width = 0.5 // or it hides the bars
		}
		out.plotters = append(out.plotters, l)
		out.names = append(out.names, lineName{cmp.Or(d.PriorName, "prior"), l})
	}
	return out, nil
}

// counted is the range of bins outside which nothing was counted, nor expected.
func counted(d codecs.Histogram, total int) (from, to int) {
	empty := func(i int) bool {
		return d.Counts[i] == 0 && (i >= len(d.Prior) || d.Prior[i]*float64(total) < 0.5)
	}
	to = len(d.Counts)
	for from < to && empty(from) {
		from++
	}
	for to > from && empty(to-1) {
		to--
	}
	return from, to
}

// bin is one or several bins of a histogram, added up.
type bin struct {
	lo, hi int // symbols, both within
	count  int
	prior  float64
}

func newBin(d codecs.Histogram, from, to int) bin {
	b := bin{lo: d.First + from, hi: d.First + to - 1, count: sum(d.Counts[from:to])}
	for i := from; i < min(to, len(d.Prior)); i++ {
		b.prior += d.Prior[i]
	}
	return b
}

// read says what was counted, and what the prior expected.
func (b bin) read(d codecs.Histogram, total int) string {
	name := fmt.Sprint(b.lo)
	if b.hi > b.lo {
		name = fmt.Sprintf("%d to %d", b.lo, b.hi)
	}
	text := fmt.Sprintf("%s: %s %s, %s", name, workbench.FormatCount(b.count), d.Noun.Or(symbolNoun).For(b.count), percent(float64(b.count)/float64(max(total, 1))))
	if d.Prior != nil {
		text += fmt.Sprintf("; %s %s", cmp.Or(d.PriorName, "prior"), percent(b.prior))
	}
	return text
}

// symbolNoun is what is counted where a codec has no name for it.
var symbolNoun = codecs.Noun{One: "symbol", Many: "symbols"}

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
