package workbench

import (
	"math"
	"slices"
	"strings"

	"codecworkbench/metrics"
)

// defaultTableMetrics are those that are looked at most, as far as the program has
// them: the two that papers report and the two that judge best as people do.
func (w *Workbench) defaultTableMetrics() []string {
	return w.registered(2, "psnr-rgb", "ms-ssim-rgb", "ssimulacra2", "butteraugli-3norm")
}

// registered returns those of the wanted metrics that the program has; where they are
// fewer than least, others as well.
func (w *Workbench) registered(least int, wanted ...string) []string {
	var ids []string
	for _, id := range wanted {
		if _, err := w.config.Tools.Metrics.Metric(id); err == nil {
			ids = append(ids, id)
		}
	}
	for _, m := range w.config.Tools.Metrics.All() {
		if id := m.Info().ID; len(ids) < least && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Metrics lists the program's metrics, and behind them those with settings of their
// own that are in use.
func (w *Workbench) Metrics() []metrics.Metric {
	list := w.config.Tools.Metrics.All()
	used, _ := w.known(append(append(slices.Clone(w.table), w.curve.metrics...), w.sweeping.state.Plan.Metrics...))
	for _, m := range used {
		if strings.Contains(m.Info().ID, "@") {
			list = append(list, m)
		}
	}
	return list
}

// AddTableMetric takes a metric into the table by its id, which settings may follow:
// "butteraugli@nits=203". The error says what is wrong with it.
func (w *Workbench) AddTableMetric(id string) error {
	m, err := w.config.Tools.Metrics.Metric(strings.TrimSpace(id))
	if err != nil {
		return err
	}
	w.SetTableMetrics(append(w.TableMetrics(), m.Info().ID)...)
	return nil
}

// TableMetrics returns the ids of the metrics that the table of measurements shows.
func (w *Workbench) TableMetrics() []string { return slices.Clone(w.table) }

// SetTableMetrics changes what the table of measurements shows, in the program's
// order whatever the ids'. What lacks a value is measured.
func (w *Workbench) SetTableMetrics(ids ...string) {
	ids = w.inOrder(ids)
	if slices.Equal(ids, w.table) {
		return
	}
	w.table = ids
	w.touched(Results)
}

// ToggleTableMetric takes a metric into the table or out of it, and reports whether
// it is now in.
func (w *Workbench) ToggleTableMetric(id string) bool {
	ids := slices.DeleteFunc(w.TableMetrics(), func(have string) bool { return have == id })
	if len(ids) == len(w.table) {
		ids = append(ids, id)
	}
	w.SetTableMetrics(ids...)
	return slices.Contains(w.table, id)
}

// inOrder sorts ids as the program lists its metrics, each once; what the program
// doesn't have is left out.
func (w *Workbench) inOrder(ids []string) []string {
	list, _ := w.known(ids)
	ids = nil
	for _, m := range list {
		ids = append(ids, m.Info().ID)
	}
	all := w.config.Tools.Metrics.All()
	rank := func(id string) int {
		base, _, _ := strings.Cut(id, "@")
		return slices.IndexFunc(all, func(m metrics.Metric) bool { return m.Info().ID == base })
	}
	slices.SortStableFunc(ids, func(a, b string) int { return rank(a) - rank(b) })
	return ids
}

// known returns the metrics of these ids that the program has, each once, and
// whether it has all.
func (w *Workbench) known(ids []string) (list []metrics.Metric, all bool) {
	all = true
	seen := map[string]bool{}
	for _, id := range ids {
		m, err := w.config.Tools.Metrics.Metric(id)
		if err != nil {
			all = false
			continue
		}
		if id := m.Info().ID; !seen[id] {
			seen[id] = true
			list = append(list, m)
		}
	}
	return list, all
}

// needs lists the metrics that a candidate's result has to be measured with: of one
// that is shown, what the table and the curves show and what is matched; of another,
// what its card shows.
func (w *Workbench) needs(number int) []metrics.Metric {
	var ids []string
	if w.Seen(number) {
		ids = append(append(ids, w.curve.metrics...), w.table...)
	} else if len(w.curve.metrics) > 0 {
		ids = w.curve.metrics[:1]
	}
	if w.matches() && w.setup.Match.Metric != "" && (w.Seen(number) || number == w.MatchLead()) {
		ids = append([]string{w.setup.Match.Metric}, ids...)
	}
	list, _ := w.known(ids)
	return list
}

// missing returns the first metric that a candidate's result has to be measured with
// and has no value for; nil if it has all.
func (w *Workbench) missing(number int, r *Result) metrics.Metric {
	for _, m := range w.needs(number) {
		if _, ok := r.Values[m.Info().ID]; !ok {
			return m
		}
	}
	return nil
}

// nextMeasure returns the task that measures a candidate with one metric more; nil if
// it needs none.
func (w *Workbench) nextMeasure(s Slot) *task {
	r := w.runs[s.Number]
	if r == nil || !r.Fresh || r.Phase != Measuring && r.Phase != Done {
		return nil
	}
	result := r.Result
	m := w.missing(s.Number, result)
	if m == nil {
		r.Phase = Done
		return nil
	}
	r.Phase = Measuring
	id := m.Info().ID
	return &task{kind: measureTask, slot: s.Number, key: result.key, do: func(t *task) func() {
		v, err := measure(t.ctx, m, result)
		if err != nil {
			if t.ctx.Err() != nil {
				return nil
			}
			v = metrics.Value{Number: math.NaN(), Note: w.Plainly(err)}
		}
		return func() {
			result.Values[id] = v
			w.measured(s.Number, result)
		}
	}}
}

// measured tells about a new value of a candidate's result.
func (w *Workbench) measured(number int, result *Result) {
	if r := w.runs[number]; r != nil && r.Result == result && r.Phase == Measuring {
		needs := w.needs(number)
		r.Done, r.Total = 0, len(needs)
		for _, m := range needs {
			if _, ok := result.Values[m.Info().ID]; ok {
				r.Done++
			}
		}
		if r.Done == r.Total {
			r.Phase = Done
		}
	}
	w.notify(Results)
}
