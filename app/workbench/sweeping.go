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
	Paused     bool // no job begins; those that run end
	Rows       []SweepRow
	Done       int
	Total      int
	Cached     int
	Left       time.Duration // an estimate; 0 while there is nothing to judge by
	AtLeast    bool          // curves of which nothing ran yet are judged by the others
	Now        []string      // the jobs that run
	Failures   []SweepFailure
	Curves     []rd.Curve // of what is done
	Ended      string     // how the last sweep ended; empty before
	FromWindow bool       // the plan runs on the window's opened pictures
	Began      time.Time
	ByRow      bool // one curve after the other, instead of picture by picture
}

// SweepRow is one curve's progress.
type SweepRow struct {
	Name  string
	Cells []SweepCell // by rate point
	Left  time.Duration
	Out   bool // what has not begun is left out

	row int // of the running sweep
}

// SweepCell is one rate point's progress over the pictures.
type SweepCell struct {
	Q                   string
	Done, Failed, Total int
	Running             int // jobs that run now
}

// sweeping is the sweep's state with what only the workbench sees.
type sweeping struct {
	state   Sweep
	cancel  context.CancelFunc
	control *sweep.Control // of the running one
	leave   func(path string)
	ready   bool          // the plan was filled in
	kept    *sessionSweep // the plan of the last session
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
	st.Running, st.Paused, st.Rows, st.Failures, st.Curves, st.Ended, st.Began = true, false, nil, nil, nil, "", time.Now()
	st.Done, st.Total, st.Cached, st.Left, st.AtLeast, st.Now = 0, 0, 0, 0, false, nil
	w.notify(Sweeps)
	w.sweeping.control = &sweep.Control{}
	w.sweeping.control.SetOrder(nil, st.ByRow)
	run := &sweepRun{w: w, ctx: ctx, config: w.config, control: w.sweeping.control,
		plan: sweep.Plan{Specs: specs, Metrics: s.Plan.Metrics}, entries: w.sweepEntries(s)}
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
	s.Running, s.Paused, s.Left, s.Now = false, false, 0, nil
	w.sweeping.control, w.sweeping.leave = nil, nil
	took := "in " + FormatDuration(time.Since(s.Began))
	switch {
	case errors.Is(err, context.Canceled):
		s.Ended = fmt.Sprintf("Stopped after %d of %d. Start goes on from there.", s.Done, s.Total)
	case err != nil:
		s.Ended = sentence(err.Error())
		w.Fail(fmt.Errorf("the sweep ended: %w", err))
	default:
		s.Ended = fmt.Sprintf("%s %s", Plural(s.Done, "encode"), took)
		if s.Cached > 0 {
			s.Ended += fmt.Sprintf(", %s from the cache", FormatCount(s.Cached))
		}
	}
	w.sweepCurves()
	w.notify(Sweeps)
}

// sweepCurves hands what is measured to the screen Curves, where curves grow as points
// come.
func (w *Workbench) sweepCurves() {
	var list []rd.Curve
	for _, c := range w.sweeping.state.Curves {
		if len(c.Points) > 0 {
			list = append(list, c)
		}
	}
	if len(list) > 0 {
		w.addResults("sweep", list)
	}
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
