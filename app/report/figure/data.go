package figure

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
)

// read takes one metric's values of all series.
func (p *plan) read(m metrics.Info) []line {
	lines := make([]line, len(p.series))
	for i, s := range p.series {
		bands := s.Bands[m.ID]
		for k, pt := range s.WithMetric(m.ID, p.Mean).Points {
			q := point{index: k, x: p.xOf(pt), y: math.NaN(), lo: math.NaN(), hi: math.NaN()}
			if v, ok := pt.Values[m.ID]; ok {
				q.y = m.Display(v)
			}
			if k < len(bands) {
				q.lo, q.hi = m.Display(bands[k].Lo), m.Display(bands[k].Hi)
			}
			lines[i].points = append(lines[i].points, q)
		}
		if p.x.ID == rd.KeyBPP || p.x.ID == RatioID {
			lines[i].sort()
		}
	}
	return lines
}

// xOf is NaN where the axis can't show the point.
func (p *plan) xOf(pt rd.Point) float64 {
	key := p.x.ID
	if key == RatioID {
		key = rd.KeyBPP
	}
	v, ok := pt.Values[key]
	if ok && p.x.ID == RatioID {
		v = 24 / v
	}
	if !ok || !finite(v) || p.Log && v < 1/largest {
		return math.NaN()
	}
	return v
}

// sort brings the points of an unsorted file into the order of their rates. A
// ladder that rises or falls throughout stays, gaps included. Over other axes the
// ladder's order stays: times hardly follow it.
func (l *line) sort() {
	var xs []float64
	for _, p := range l.points {
		if finite(p.x) {
			xs = append(xs, p.x)
		}
	}
	falling := slices.IsSortedFunc(xs, func(a, b float64) int { return cmp.Compare(b, a) })
	if slices.IsSorted(xs) || falling {
		return
	}
	l.points = slices.DeleteFunc(l.points, func(p point) bool { return !finite(p.x) })
	slices.SortStableFunc(l.points, func(a, b point) int { return cmp.Compare(a.x, b.x) })
}

// runs are the stretches between gaps.
func (l line) runs() [][]point {
	var all [][]point
	var run []point
	for _, p := range append(slices.Clone(l.points), point{x: math.NaN()}) {
		if p.drawn() {
			run = append(run, p)
		} else if len(run) > 0 {
			all = append(all, run)
			run = nil
		}
	}
	return all
}

// bands are the stretches that have intervals.
func (l line) bands() [][]point {
	with := line{points: slices.Clone(l.points)}
	for i, p := range with.points {
		if !finite(p.lo) || !finite(p.hi) {
			with.points[i].y = math.NaN()
		}
	}
	return with.runs()
}

// last is the drawn point with the greatest x.
func (l line) last() (point, bool) {
	var best point
	found := false
	for _, p := range l.points {
		if p.drawn() && (!found || p.x > best.x) {
			best, found = p, true
		}
	}
	return best, found
}

// checkData wants something to draw, and drops series that no panel can show.
func (p *plan) checkData() error {
	shown := make([]bool, len(p.series))
	for _, lines := range p.data {
		for i, l := range lines {
			_, ok := l.last()
			shown[i] = shown[i] || ok
		}
	}
	if !slices.Contains(shown, true) {
		return fmt.Errorf("nothing to plot: no curve has a number for %s over %s; there are: %s",
			p.metricNames(), p.x.ID, p.available())
	}
	keep := func(lines []line) []line {
		var out []line
		for i, l := range lines {
			if shown[i] {
				out = append(out, l)
			}
		}
		return out
	}
	for i, lines := range p.data {
		p.data[i] = keep(lines)
	}
	var series []styled
	for i, s := range p.series {
		if shown[i] {
			series = append(series, s)
		}
	}
	p.series = series
	return nil
}

func (p *plan) metricNames() string {
	var ids []string
	for _, m := range p.Metrics {
		ids = append(ids, m.ID)
	}
	return strings.Join(ids, ", ")
}

// available lists the keys that the curves do have.
func (p *plan) available() string {
	keys := map[string]bool{}
	for _, s := range p.series {
		for _, pt := range s.Points {
			for k, v := range pt.Values {
				if finite(v) {
					keys[k] = true
				}
			}
		}
	}
	if len(keys) == 0 {
		return "no values at all"
	}
	return strings.Join(slices.Sorted(maps.Keys(keys)), ", ")
}
