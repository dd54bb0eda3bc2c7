package curves

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/vg"

	"codecworkbench/app/report"
	"codecworkbench/app/report/figure"
	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
)

func vgLength(points float64) vg.Length { return vg.Points(points) }

// Figure returns the curves of the current picture's candidates over the chosen
// metrics, and for each series the number of its candidate; nil while there is no
// point to draw.
func Figure(wb *workbench.Workbench) (*figure.Figure, []int) {
	sets, numbers := wb.CurveSet()
	f := &figure.Figure{Legend: figure.LegendNone, KeepOrder: true}
	var kept []int
	for i, c := range sets {
		if len(c.Points) > 0 {
			f.Series = append(f.Series, figure.Series{Curve: c, Slot: numbers[i] - 1})
			kept = append(kept, numbers[i])
		}
	}
	f.Metrics = metricsOf(wb)
	if len(f.Series) == 0 || len(f.Metrics) == 0 {
		return nil, nil
	}
	return f, kept
}

func metricsOf(wb *workbench.Workbench) []metrics.Info {
	var out []metrics.Info
	for _, id := range wb.CurveMetrics() {
		out = append(out, report.Describe(wb.Tools().Metrics, id))
	}
	return out
}

// Spots returns where the candidates stand now. Those that are not shown are left
// out: two marks can be read at a glance.
func Spots(wb *workbench.Workbench) []Spot {
	setup := wb.Setup()
	var out []Spot
	for _, number := range []int{setup.Left, setup.Right} {
		r := wb.Run(number)
		if number == workbench.Original || !r.Fresh || r.Result == nil {
			continue
		}
		s := Spot{Number: number, X: r.Result.BPP, Y: map[string]float64{}}
		for _, m := range metricsOf(wb) {
			if v, ok := r.Result.Values[m.ID]; ok {
				s.Y[m.ID] = m.Display(v.Number)
			}
		}
		out = append(out, s)
	}
	return out
}

// describe names a measured point: "jpeg q 30".
func describe(f *figure.Figure, series, point int) string {
	s := f.Series[series]
	if point < len(s.Points) && s.Points[point].Q == s.Points[point].Q {
		return fmt.Sprintf("%s q %s", s.Name, codecs.FormatNumber(s.Points[point].Q))
	}
	return s.Name
}

// Pick makes the setting of a measured point the candidate's.
func Pick(wb *workbench.Workbench, number int, p rd.Point) {
	if p.Q == p.Q { // a number: the codec has a quality
		wb.SetParam(number, "q", codecs.FormatNumber(p.Q))
	}
	wb.Show(number)
}

// Bind keeps a chart on the model's curves; call the returned function after every
// change.
func Bind(wb *workbench.Workbench, c *Chart) func(workbench.Change) {
	var numbers []int
	var fig *figure.Figure
	c.Describe = func(series, point int) string { return describe(fig, series, point) }
	c.OnPick = func(series, point int) { Pick(wb, numbers[series], fig.Series[series].Points[point]) }
	return func(change workbench.Change) {
		if change&(workbench.Curves|workbench.Pictures|workbench.Slots|workbench.Results) != 0 {
			f, n := Figure(wb)
			if f != nil {
				f.XRange = around(Spots(wb), f)
			}
			if !same(fig, f) {
				fig, numbers = f, n
				c.SetFigure(f)
			}
		}
		if change&(workbench.Curves|workbench.Pictures|workbench.Slots|workbench.Results) != 0 {
			c.SetSpots(Spots(wb))
		}
	}
}

// around is the part of the rate axis that a small chart shows: the present settings
// and as much again beyond them, where curves of high rates would leave them no room.
// It moves in steps, so that the axis rests while a slider moves.
func around(spots []Spot, f *figure.Figure) figure.Range {
	rate, last := 0., 0.
	for _, s := range spots {
		rate = math.Max(rate, s.X)
	}
	for _, s := range f.Series {
		for _, p := range s.Points {
			last = math.Max(last, p.Values[rd.KeyBPP])
		}
	}
	for _, most := range []float64{1, 2, 4, 8} {
		if len(spots) > 0 && 2*rate <= most && most < last {
			return figure.Range{Max: most}
		}
	}
	return figure.Range{}
}

// same reports whether two figures would be drawn alike.
func same(a, b *figure.Figure) bool {
	if a == nil || b == nil || a.XRange != b.XRange || len(a.Series) != len(b.Series) || len(a.Metrics) != len(b.Metrics) {
		return a == b
	}
	for i := range a.Metrics {
		if a.Metrics[i].ID != b.Metrics[i].ID {
			return false
		}
	}
	for i := range a.Series {
		x, y := a.Series[i], b.Series[i]
		if x.Slot != y.Slot || x.Name != y.Name || len(x.Points) != len(y.Points) || x.Images[0].Hash != y.Images[0].Hash {
			return false
		}
	}
	return true
}
