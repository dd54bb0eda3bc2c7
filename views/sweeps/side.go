package sweeps

import (
	"fmt"
	"math"
	"slices"

	"fyne.io/fyne/v2"

	"codecworkbench/app/report/figure"
	"codecworkbench/app/workbench"
	"codecworkbench/metrics/rd"
	"codecworkbench/views/curves"
	"codecworkbench/views/kit"
)

// side is the panel beside the grid: the curves so far, and what separates them.
type side struct {
	wb      *workbench.Workbench
	root    *kit.Ground
	body    *fyne.Container
	chart   *curves.Chart
	fig     *figure.Figure
	caption *kit.Text
	deltas  *fyne.Container
	shown   int // points that were drawn last
	metrics string
}

const sideChart = 430

func newSide(wb *workbench.Workbench) *side {
	s := &side{wb: wb, chart: curves.NewChart(kit.ColorPanel, true), caption: kit.Caption(""), deltas: kit.Column(0), shown: -1}
	s.chart.Describe = func(series, _ int) string { return s.fig.Series[series].Name }
	s.chart.SetHint("Curves appear here once the sweep runs.")
	s.body = kit.Column(kit.Space, kit.Caption("SO FAR"), kit.Fixed(0, sideChart, s.chart), s.caption, s.deltas)
	s.root = kit.NewGround(kit.ColorPanel, 0, kit.PanelPadding, kit.Wide, s.body)
	return s
}

// show follows the sweep; it draws only where points came.
func (s *side) show(sw workbench.Sweep) {
	points, metrics := 0, fmt.Sprint(sw.Plan.Metrics, sw.Running)
	for _, c := range sw.Curves {
		for _, p := range c.Points {
			points += 1 + len(p.Values)
		}
		for _, i := range c.Images {
			points += len(i.Points)
		}
	}
	if points == s.shown && metrics == s.metrics {
		return
	}
	s.shown, s.metrics = points, metrics
	s.draw(sw)
	s.compare(sw)
	s.body.Refresh()
}

func (s *side) draw(sw workbench.Sweep) {
	f := &figure.Figure{Legend: figure.LegendEnds, KeepOrder: true}
	for _, id := range sw.Plan.Metrics {
		if m, err := s.wb.Tools().Metrics.Metric(id); err == nil && len(f.Metrics) < 1 {
			f.Metrics = append(f.Metrics, m.Info())
		}
	}
	for i, c := range sw.Curves {
		f.Series = append(f.Series, figure.Series{Curve: c, Slot: i + 1})
	}
	if len(f.Series) == 0 || len(f.Metrics) == 0 {
		f = nil
	}
	s.fig = f
	s.chart.SetFigure(f)
}

// compare lists the BD-rates against the first curve.
func (s *side) compare(sw workbench.Sweep) {
	m, deltas := s.wb.SweepDeltas()
	s.caption.Set("")
	s.deltas.Objects = nil
	if len(deltas) == 0 {
		return
	}
	s.caption.Set(fmt.Sprintf("BD-RATE AGAINST %s, %s", sw.Curves[0].Name, m.Name))
	for _, d := range deltas {
		i := slices.IndexFunc(sw.Curves, func(c rd.Curve) bool { return c.Name == d.Test })
		if i < 0 {
			continue
		}
		name := kit.NewText(d.Test)
		value := kit.Muted("not yet")
		if !math.IsNaN(d.Percent) {
			value = kit.Digits(fmt.Sprintf("%+.1f %%", d.Percent))
		} else if !sw.Running {
			note := d.Note
			if !slices.ContainsFunc(sw.Curves[i].Points, func(p rd.Point) bool { return len(p.Values) > 0 }) {
				note = "no points"
			}
			value = kit.Muted(note).Small().Clipped()
			value.Align = fyne.TextAlignTrailing
		}
		s.deltas.Add(kit.NewGround(kit.ColorLine, 0, 0, 0.5, nil))
		s.deltas.Add(kit.Fixed(0, 24, kit.Row(kit.Space, 2, kit.NewChip(i+2), name, value)))
	}
}
