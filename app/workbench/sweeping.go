package workbench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"codecworkbench/app/report"
	"codecworkbench/app/sweep"
	"codecworkbench/codecs"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
)

// SweepPlan is what a sweep from the window runs.
type SweepPlan struct {
	Specs    []string // as on the command line
	Pictures []string // files
	Metrics  []string // ids
}

// Sweep is the state of the sweep on the screen of that name.
type Sweep struct {
	Plan       SweepPlan
	Running    bool
	Rows       []SweepRow
	Done       int
	Total      int
	Cached     int
	Left       time.Duration // an estimate; 0 while there is nothing to judge by
	Failures   []string      // sentences
	Curves     []rd.Curve    // of what is done
	Ended      string        // how the last sweep ended; empty before
	FromWindow bool          // the plan runs on the window's opened pictures
}

// SweepRow is one curve's progress.
type SweepRow struct {
	Name  string
	Cells []SweepCell // by rate point
}

// SweepCell is one rate point's progress over the pictures.
type SweepCell struct {
	Q                   string
	Done, Failed, Total int
}

// sweeping is the sweep's state with what only the workbench sees.
type sweeping struct {
	state  Sweep
	cancel context.CancelFunc
	ready  bool // the plan was filled in
}

// Sweep returns the sweep's plan and progress.
func (w *Workbench) Sweep() Sweep {
	w.planDefaults()
	s := w.sweeping.state
	s.Plan.Specs = slices.Clone(s.Plan.Specs)
	s.Plan.Pictures = slices.Clone(s.Plan.Pictures)
	s.Plan.Metrics = slices.Clone(s.Plan.Metrics)
	if s.FromWindow {
		s.Plan.Pictures = w.windowPictures()
	}
	if len(s.Rows) == 0 && !s.Running {
		s.Rows = w.plannedRows(s.Plan)
	}
	return s
}

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
	w.notify(Sweeps)
}

// SweepDeltas compares the sweep's curves so far with the first one, over the plan's
// first metric. The interval is left to the results file: it takes its time.
func (w *Workbench) SweepDeltas() (m metrics.Info, deltas []rd.Delta) {
	s := w.sweeping.state
	if len(s.Plan.Metrics) == 0 || len(s.Curves) < 2 {
		return m, nil
	}
	metric, err := w.config.Tools.Metrics.Metric(s.Plan.Metrics[0])
	if err != nil {
		return m, nil
	}
	m = metric.Info()
	for _, c := range s.Curves[1:] {
		if d, err := rd.Compare(context.Background(), s.Curves[0], c, m, rd.Options{Draws: -1}); err == nil {
			deltas = append(deltas, d)
		}
	}
	return m, deltas
}

// planDefaults proposes the candidates' codecs, the opened pictures and two quick
// metrics, once.
func (w *Workbench) planDefaults() {
	s := &w.sweeping
	if s.ready {
		return
	}
	s.ready = true
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
	specs, err := sweep.ParseSpecs(strings.Join(append(slices.Clone(w.sweeping.state.Plan.Specs), text), ","))
	if err == nil {
		for _, s := range specs {
			err = errors.Join(err, w.checkSpec(s))
		}
	}
	if err != nil {
		w.Fail(err)
		return
	}
	w.sweeping.state.Plan.Specs = nil
	for _, s := range specs {
		w.sweeping.state.Plan.Specs = append(w.sweeping.state.Plan.Specs, s.String())
	}
	w.replanned()
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

// RemoveSweepSpec takes a curve out of the plan.
func (w *Workbench) RemoveSweepSpec(i int) {
	w.planDefaults()
	if p := &w.sweeping.state.Plan; i >= 0 && i < len(p.Specs) {
		p.Specs = slices.Delete(slices.Clone(p.Specs), i, i+1)
		w.replanned()
	}
}

// SetSweepPictures makes the plan run on files and the pictures in folders; none
// stands for the window's opened pictures.
func (w *Workbench) SetSweepPictures(paths []string) {
	w.planDefaults()
	if len(paths) == 0 {
		w.sweeping.state.FromWindow = true
		w.replanned()
		return
	}
	files, errs := expand(paths)
	for _, err := range errs {
		w.Fail(err)
	}
	if len(files) > 0 {
		w.sweeping.state.FromWindow, w.sweeping.state.Plan.Pictures = false, files
	}
	w.replanned()
}

// ToggleSweepMetric takes a metric into the plan or out of it, and reports whether it
// is now in.
func (w *Workbench) ToggleSweepMetric(id string) bool {
	w.planDefaults()
	p := &w.sweeping.state.Plan
	i := slices.Index(p.Metrics, id)
	if i >= 0 {
		p.Metrics = slices.Delete(slices.Clone(p.Metrics), i, i+1)
	} else {
		p.Metrics = append(slices.Clone(p.Metrics), id)
	}
	w.replanned()
	return i < 0
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

// StartSweep runs the plan on other goroutines. What was measured before comes from
// the cache, so that a stopped sweep goes on where it was.
func (w *Workbench) StartSweep() {
	w.planDefaults()
	if w.sweeping.state.Running {
		return
	}
	s := w.Sweep()
	specs, err := sweep.ParseSpecs(strings.Join(s.Plan.Specs, ","))
	if err != nil {
		w.Fail(fmt.Errorf("the sweep can't start: %w", err))
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	w.sweeping.cancel = cancel
	st := &w.sweeping.state
	st.Running, st.Rows, st.Failures, st.Curves, st.Ended = true, nil, nil, nil, ""
	st.Done, st.Total, st.Cached, st.Left = 0, 0, 0, 0
	w.notify(Sweeps)
	run := &sweepRun{w: w, ctx: ctx, config: w.config, plan: sweep.Plan{Specs: specs, Metrics: s.Plan.Metrics}, entries: w.sweepEntries(s)}
	go func() {
		err := run.do()
		cancel()
		w.config.Post(func() { w.sweepEnded(run, err) })
	}()
}

// sweepEntries lists what the sweep reads; samples by index.
func (w *Workbench) sweepEntries(s Sweep) []Entry {
	var out []Entry
	if !s.FromWindow {
		for _, p := range s.Plan.Pictures {
			out = append(out, Entry{Name: filepath.Base(p), Path: p, sample: -1})
		}
		return out
	}
	for _, e := range w.pictures.entries {
		out = append(out, Entry{Name: e.Name, Path: e.Path, sample: e.sample})
	}
	return out
}

// StopSweep ends the sweep; what is done stays.
func (w *Workbench) StopSweep() {
	if w.sweeping.cancel != nil {
		w.sweeping.cancel()
	}
}

func (w *Workbench) sweepEnded(run *sweepRun, err error) {
	if w.closed {
		return
	}
	s := &w.sweeping.state
	s.Running, s.Left = false, 0
	switch {
	case errors.Is(err, context.Canceled):
		s.Ended = fmt.Sprintf("Stopped after %d of %d. Start goes on from there.", s.Done, s.Total)
	case err != nil:
		s.Ended = sentence(err.Error())
		w.Fail(fmt.Errorf("the sweep ended: %w", err))
	default:
		s.Ended = "Done."
	}
	if len(s.Curves) > 0 {
		w.addResults("sweep", s.Curves)
	}
	w.notify(Sweeps)
}

// SaveSweep writes the sweep's results: CompressAI's JSON, or CSV.
func (w *Workbench) SaveSweep(path string) {
	list := w.sweeping.state.Curves
	w.Write(path, func() ([]byte, error) {
		if strings.EqualFold(filepath.Ext(path), ".csv") {
			return report.CSV(list), nil
		}
		return report.WriteJSON(list)
	})
}
