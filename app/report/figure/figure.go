// Package figure draws rate-distortion curves: the same drawing for the screen, as
// PNG, SVG and PDF files, and as pgfplots source, one panel a metric, with a legend
// in rank order. It computes nothing but what drawing needs; values come measured.
//
// It lays out its panels itself, on gonum/plot's canvases: plot.Plot can neither
// align panels nor share a legend nor keep it off the data. Conventions are those of
// compressai.utils.plot; colours are Okabe and Ito's, "Color Universal Design" (2008).
package figure

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"

	"gonum.org/v1/plot/vg"
)

// Figure is what to draw. The zero value of each option is a sensible default, but
// Series and Metrics must be given.
type Figure struct {
	Series []Series
	// Metrics are the panels' vertical axes, side by side. DB metrics are drawn in dB.
	Metrics []metrics.Info
	// X is the horizontal axis: a key of the points' values with its name and unit, or
	// the id "ratio" for 24/bpp. Without an id it is the rate in bits per pixel.
	X   metrics.Info
	Log bool // logarithmic horizontal axis
	// XRange is the shown part of the horizontal axis, YRange by metric id that of the
	// vertical ones, as drawn (dB for DB metrics). Empty: what the data needs.
	XRange Range
	YRange map[string]Range
	Title  string
	Legend Legend
	// KeepOrder lists the series as given instead of the best first.
	KeepOrder bool
	// Better marks the corner of each panel towards which curves are better.
	Better bool
	// Front marks the points that no other point beats, over all series together.
	Front bool
	// Mean is how points over several pictures are averaged, where some lack a metric.
	Mean  rd.MeanOptions
	Theme Theme // zero: Paper
	// Width and Height of the page that the files show. 0: 3.5 inches (a column of a
	// paper) a panel and up to 7.16 inches (its width), with a height to match.
	Width, Height vg.Length
	// EmbedFonts puts the font into SVG files, some 550 kB. Without, viewers that lack
	// it take Arial or Helvetica, whose letters are as wide.
	EmbedFonts bool
}

// Series is a curve with how it is drawn.
type Series struct {
	rd.Curve
	Label string // in the legend; empty: the curve's name
	// Slot is the curve's colour and marker, counted from 1 as candidates are; 0: the
	// first that no other series has.
	Slot int
	// Published curves, beside others, are thin and dashed with hollow markers.
	Published bool
	// Faint series are thin lines behind the others, without a name: one picture of many.
	Faint bool
	// Dim series are paler than the others, which stand out.
	Dim bool
	// Bands are intervals by metric id, one a point, in the metric's own scale.
	Bands map[string][]Interval
}

// Interval is what a value may be, for instance a bootstrap's. NaN: unknown.
type Interval struct{ Lo, Hi float64 }

// Range is an interval of an axis; the zero value stands for none.
type Range struct{ Min, Max float64 }

// given ranges are wide enough for numbers to differ within.
func (r Range) given() bool {
	return finite(r.Min) && finite(r.Max) && r.Max-r.Min > 1e-9*math.Max(math.Abs(r.Min), math.Abs(r.Max))
}

// Legend says where the series' names stand.
type Legend int

// The places of a legend.
const (
	LegendAuto    Legend = iota // inside where it covers no data, else outside
	LegendOutside               // right of the panels, or below where that is too narrow
	LegendEnds                  // each name at the end of its line, or outside where names would overlap
	LegendNone
)

// ParseLegend finds a place by name: auto, outside, ends or none.
func ParseLegend(name string) (Legend, error) {
	names := []string{"auto", "outside", "ends", "none"}
	if i := slices.Index(names, strings.ToLower(name)); i >= 0 {
		return Legend(i), nil
	}
	return LegendAuto, fmt.Errorf("no place %q for a legend; there are: %s", name, strings.Join(names, ", "))
}

// RatioID is the id of the horizontal axis that shows the compression ratio of
// 24-bit pictures.
const RatioID = "ratio"

// limits of one figure.
const (
	maxPanels = 24
	maxSeries = 500
	largest   = 1e30 // value, and one over the smallest on a logarithmic axis
)

// plan is a figure ready to be laid out: checked, ranked, with its values read.
type plan struct {
	*Figure
	theme  Theme
	x      metrics.Info
	series []styled
	named  int      // how many of them have a name; the faint ones follow
	data   [][]line // by panel and series
}

// styled is a series with its look, in the legend's order.
type styled struct {
	*Series
	index int // in Figure.Series
	label string
	style style
}

// line is a series in one panel.
type line struct{ points []point }

// point is a measured point as drawn; NaN y (or x) is a gap.
type point struct {
	index  int // in the curve
	x, y   float64
	lo, hi float64 // the band; NaN where there is none
}

func (p point) drawn() bool { return finite(p.x) && finite(p.y) }

// finite numbers are those that axes can be computed with.
func finite(v float64) bool { return math.Abs(v) <= largest }

func (f *Figure) plan() (*plan, error) {
	p := &plan{Figure: f, theme: f.Theme, x: f.X}
	if p.theme == (Theme{}) {
		p.theme = Paper()
	}
	if p.x.ID == "" {
		p.x = metrics.Info{ID: rd.KeyBPP, Name: "Rate", Unit: "bpp"}
	}
	if p.x.ID == RatioID && p.x.Name == "" {
		p.x.Name = "Compression ratio"
	}
	switch {
	case len(f.Series) == 0:
		return nil, errors.New("nothing to plot: there is no curve")
	case len(f.Metrics) == 0:
		return nil, errors.New("nothing to plot: no metric is named")
	case len(f.Metrics) > maxPanels:
		return nil, fmt.Errorf("%d panels in one figure; the limit is %d", len(f.Metrics), maxPanels)
	case len(f.Series) > maxSeries:
		return nil, fmt.Errorf("%d curves in one figure; the limit is %d", len(f.Series), maxSeries)
	case f.Log && f.XRange.given() && f.XRange.Min < 1/largest:
		return nil, fmt.Errorf("a logarithmic axis cannot begin at %g", f.XRange.Min)
	}
	mixed := slices.ContainsFunc(f.Series, func(s Series) bool { return s.Published != f.Series[0].Published })
	slots := assignSlots(f.Series)
	for i := range f.Series {
		s := &f.Series[i]
		label := s.Label
		if label == "" {
			label = s.Name
		}
		look := p.theme.style(slots[i], s.Published && mixed)
		if s.Faint {
			look = p.theme.faint(look)
		}
		if s.Dim {
			look = p.theme.dim(look)
		}
		p.series = append(p.series, styled{s, i, oneLine(label), look})
	}
	for _, m := range f.Metrics {
		p.data = append(p.data, p.read(m))
	}
	if err := p.checkData(); err != nil {
		return nil, err
	}
	p.rank()
	p.faintLast()
	return p, nil
}

// faintLast puts the faint series behind the others, which are drawn over them.
func (p *plan) faintLast() {
	var order, faint []int
	for i, s := range p.series {
		if s.Faint {
			faint = append(faint, i)
		} else {
			order = append(order, i)
		}
	}
	p.named = len(order)
	order = append(order, faint...)
	p.series = permute(p.series, order)
	for i, lines := range p.data {
		p.data[i] = permute(lines, order)
	}
}

// assignSlots gives series without a slot the first that is free.
func assignSlots(series []Series) []int {
	used := map[int]bool{}
	slots := make([]int, len(series))
	for i, s := range series {
		slots[i] = max(s.Slot, 0)
		used[s.Slot] = true
	}
	next := 1
	for i := range slots {
		for slots[i] == 0 {
			if !used[next] {
				slots[i] = next
			}
			next++
		}
	}
	return slots
}

// oneLine keeps names from files from breaking the layout.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(s, "?")), " ")
}
