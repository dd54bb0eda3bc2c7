package workbench

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"codecworkbench/app/sweep"
	"codecworkbench/codecs"
)

// plannedRows are the rows of a plan before anything has run.
func (w *Workbench) plannedRows(p SweepPlan) []SweepRow {
	var rows []SweepRow
	for _, text := range p.Specs {
		specs, err := sweep.ParseSpecs(text)
		if err != nil || len(specs) != 1 {
			continue
		}
		c, err := w.config.Tools.Codecs.Codec(specs[0].Codec)
		if err != nil {
			continue
		}
		qualities, err := specs[0].Qualities(c.Info())
		if err != nil {
			continue
		}
		row := SweepRow{Name: specs[0].Name()}
		for _, q := range qualities {
			row.Cells = append(row.Cells, SweepCell{Q: codecs.FormatNumber(q), Total: len(p.Pictures)})
		}
		if len(qualities) == 0 {
			row.Cells = []SweepCell{{Total: len(p.Pictures)}}
		}
		rows = append(rows, row)
	}
	return rows
}

// replanned forgets the progress of a plan that is no longer the present one; what
// was measured stays until the next start.
func (w *Workbench) replanned() {
	if s := &w.sweeping.state; !s.Running {
		s.Rows, s.Failures, s.Ended = nil, nil, ""
		s.Done, s.Total, s.Cached, s.Left = 0, 0, 0, 0
	}
	w.keepSession()
	w.notify(Sweeps)
}

// planDefaults proposes the candidates' codecs, the opened pictures and two quick
// metrics, once.
func (w *Workbench) planDefaults() {
	s := &w.sweeping
	if s.ready {
		return
	}
	s.ready = true
	if s.kept != nil {
		w.restorePlan(s.kept)
		return
	}
	s.state.FromWindow = true
	s.state.Plan.Metrics = w.defaultCurveMetrics()
	for _, slot := range w.setup.Slots {
		if slot.Codec == "" || slot.File != nil {
			continue
		}
		if name := w.specName(slot); !slices.Contains(s.state.Plan.Specs, name) {
			s.state.Plan.Specs = append(s.state.Plan.Specs, name)
		}
	}
}

// windowPictures lists the opened pictures; samples by their names.
func (w *Workbench) windowPictures() []string {
	var out []string
	for _, e := range w.pictures.entries {
		if e.Path != "" {
			out = append(out, e.Path)
		} else {
			out = append(out, e.Name)
		}
	}
	return out
}

// AddSweepSpec adds a curve to the plan, written as on the command line.
func (w *Workbench) AddSweepSpec(text string) {
	w.planDefaults()
	w.setSweepSpecs(append(slices.Clone(w.sweeping.state.Plan.Specs), text))
}

// ReplaceSweepSpec changes a curve of the plan; an empty text takes it out.
func (w *Workbench) ReplaceSweepSpec(i int, text string) {
	w.planDefaults()
	specs := slices.Clone(w.sweeping.state.Plan.Specs)
	if i < 0 || i >= len(specs) || specs[i] == text {
		return
	}
	if text == "" {
		specs = slices.Delete(specs, i, i+1)
	} else {
		specs[i] = text
	}
	w.setSweepSpecs(specs)
}

// RemoveSweepSpec takes a curve out of the plan.
func (w *Workbench) RemoveSweepSpec(i int) { w.ReplaceSweepSpec(i, "") }

func (w *Workbench) setSweepSpecs(list []string) {
	if w.sweeping.state.Running {
		return
	}
	var specs []sweep.Spec
	var err error
	if len(list) > 0 {
		specs, err = sweep.ParseSpecs(strings.Join(list, ","))
	}
	if err == nil {
		for _, s := range specs {
			err = errors.Join(err, w.checkSpec(s))
		}
	}
	if err != nil {
		w.Fail(err)
		return
	}
	w.changePlan(func(s *Sweep) {
		s.Plan.Specs = nil
		for _, spec := range specs {
			s.Plan.Specs = append(s.Plan.Specs, spec.String())
		}
	})
}

// SweepRange is the range of a curve in the plan: its codec's quality and the values that
// it runs at; ok is false where the codec has no quality.
func (w *Workbench) SweepRange(i int) (q codecs.Quality, values []float64, ok bool) {
	w.planDefaults()
	if i < 0 || i >= len(w.sweeping.state.Plan.Specs) {
		return q, nil, false
	}
	specs, err := sweep.ParseSpecs(w.sweeping.state.Plan.Specs[i])
	if err != nil || len(specs) != 1 {
		return q, nil, false
	}
	c, err := w.config.Tools.Codecs.Codec(specs[0].Codec)
	if err != nil || c.Info().Quality == nil {
		return q, nil, false
	}
	values, err = specs[0].Qualities(c.Info())
	return *c.Info().Quality, values, err == nil
}

// SetSweepRange makes a curve of the plan run at n qualities from lo to hi.
func (w *Workbench) SetSweepRange(i int, lo, hi float64, n int) {
	if _, _, ok := w.SweepRange(i); !ok {
		return
	}
	specs, err := sweep.ParseSpecs(w.sweeping.state.Plan.Specs[i])
	if err != nil {
		return
	}
	w.ReplaceSweepSpec(i, fmt.Sprintf("%s:%s-%s/%d", specs[0].Name(), codecs.FormatNumber(min(lo, hi)), codecs.FormatNumber(max(lo, hi)), max(n, 1)))
}

// checkSpec finds out early what a sweep would refuse.
func (w *Workbench) checkSpec(s sweep.Spec) error {
	c, err := w.config.Tools.Codecs.Codec(s.Codec)
	if err != nil {
		return err
	}
	if _, err = c.Info().Resolve(s.Params); err == nil {
		_, err = s.Qualities(c.Info())
	}
	return err
}

// SetSweepPictures makes the plan run on files and the pictures in folders; none
// stands for the window's opened pictures.
func (w *Workbench) SetSweepPictures(paths []string) {
	if len(paths) == 0 {
		w.changePlan(func(s *Sweep) { s.FromWindow = true })
		return
	}
	files, errs := expand(paths)
	for _, err := range errs {
		w.Fail(err)
	}
	if len(files) > 0 {
		w.changePlan(func(s *Sweep) { s.FromWindow, s.Plan.Pictures = false, files })
	}
}

// ToggleSweepMetric takes a metric into the plan or out of it, and reports whether it
// is now in.
func (w *Workbench) ToggleSweepMetric(id string) bool {
	w.planDefaults()
	has := slices.Contains(w.sweeping.state.Plan.Metrics, id)
	w.changePlan(func(s *Sweep) { s.Plan.Metrics = with(s.Plan.Metrics, id, !has) })
	return !has
}

// SweepCommand is the plan as a command line.
func (w *Workbench) SweepCommand() string {
	s := w.Sweep()
	quote := func(t string) string {
		if strings.ContainsAny(t, " \"'$&;()<>|*?") {
			return "'" + strings.ReplaceAll(t, "'", `'\''`) + "'"
		}
		return t
	}
	words := []string{"codecworkbench", "sweep", "--codecs", quote(strings.Join(s.Plan.Specs, ",")), "--metrics", strings.Join(s.Plan.Metrics, ","), "--images"}
	for _, p := range s.Plan.Pictures {
		words = append(words, quote(p))
	}
	return strings.Join(append(words, "-o", "results.json"), " ")
}

// sessionSweep is what a session keeps of the sweep's plan.
type sessionSweep struct {
	Specs    []string `json:"specs"`
	Pictures []string `json:"pictures,omitempty"` // none: the window's
	Metrics  []string `json:"metrics"`
	ByRow    bool     `json:"by_codec,omitempty"`
}

// sessionPlan is the plan as a session keeps it; nil where nobody looked at it.
func (w *Workbench) sessionPlan() *sessionSweep {
	s := w.sweeping.state
	if !w.sweeping.ready {
		return w.sweeping.kept
	}
	out := &sessionSweep{Specs: s.Plan.Specs, Metrics: s.Plan.Metrics, ByRow: s.ByRow}
	if !s.FromWindow {
		out.Pictures = s.Plan.Pictures
	}
	return out
}

// restorePlan takes a kept plan; curves and metrics that the program no longer has are
// left out.
func (w *Workbench) restorePlan(kept *sessionSweep) {
	s := &w.sweeping.state
	for _, text := range kept.Specs {
		if specs, err := sweep.ParseSpecs(text); err == nil && len(specs) == 1 && w.checkSpec(specs[0]) == nil {
			s.Plan.Specs = append(s.Plan.Specs, specs[0].String())
		}
	}
	for _, id := range kept.Metrics {
		if _, err := w.config.Tools.Metrics.Metric(id); err == nil {
			s.Plan.Metrics = append(s.Plan.Metrics, id)
		}
	}
	for _, path := range kept.Pictures {
		if _, err := os.Stat(path); err == nil {
			s.Plan.Pictures = append(s.Plan.Pictures, path)
		}
	}
	if len(s.Plan.Metrics) == 0 {
		s.Plan.Metrics = w.defaultCurveMetrics()
	}
	s.FromWindow, s.ByRow = len(s.Plan.Pictures) == 0, kept.ByRow
}
