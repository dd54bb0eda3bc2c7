// Package sweep runs experiments: codecs over a ladder of rates over pictures, on
// all cores, with progress, cancel and a cache that makes a killed sweep resume.
//
// A plan (Plan) becomes jobs, an Executor runs them, and the Result keeps every
// outcome by curve, quality and picture. One failing job never stops the others.
package sweep

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"codecworkbench/codecs"
)

// Plan is what a sweep runs.
type Plan struct {
	Specs   []Spec
	Images  []Image
	Metrics []string
}

// Row is one curve's jobs: Cells[q][image].
type Row struct {
	Spec      Spec
	Info      codecs.Info
	Qualities []float64 // nil for codecs without quality: one point
	Cells     [][]*Outcome
}

// Points is the number of rate points.
func (r Row) Points() int { return max(len(r.Qualities), 1) }

// Result is what a sweep has measured so far.
type Result struct {
	Plan     Plan
	Rows     []Row
	Failures []Failure
}

// Failure is one job, or one picture, that gave no result.
type Failure struct {
	Spec          string   `json:"spec,omitempty"` // curve
	Q             *float64 `json:"q,omitempty"`    // nil for codecs without quality
	Image         string   `json:"image"`
	Message       string   `json:"message"`
	NotApplicable bool     `json:"not_applicable,omitempty"` // the codec does not take such pictures
}

// String is the failure as a sentence.
func (f Failure) String() string {
	switch {
	case f.Spec == "": // of a picture that was not swept; the message names it
		return f.Message
	case f.Q == nil:
		return fmt.Sprintf("%s on %s: %s", f.Spec, f.Image, f.Message)
	}
	return fmt.Sprintf("%s q %s on %s: %s", f.Spec, codecs.FormatNumber(*f.Q), f.Image, f.Message)
}

// Event tells how a sweep comes along; each follows one finished job.
type Event struct {
	Done, Total int
	Cached      int
	Failed      int
	Remaining   time.Duration // an estimate; 0 while there is nothing to judge by
	// RowsRemaining is the same for each row.
	RowsRemaining []time.Duration
	// Unsure: of some rows nothing has run yet, and they are judged by the others.
	Unsure        bool
	Row, Q, Image int      // which cell
	Outcome       *Outcome // nil if it failed
	Failure       *Failure
}

// Check finds what is wrong with specs before any picture is read.
func (t Tools) Check(specs []Spec) error {
	for _, s := range specs {
		if _, err := t.row(s); err != nil {
			return err
		}
	}
	return nil
}

// row resolves one spec; it has no cells yet.
func (t Tools) row(s Spec) (Row, error) {
	p, err := t.resolve(s)
	if err != nil {
		return Row{}, err
	}
	info := p.codec.Info()
	if info.Unavailable != "" {
		return Row{}, fmt.Errorf("%s is %w: %s", info.ID, codecs.ErrUnavailable, info.Unavailable)
	}
	// The key reads the files that parameters name: a missing one is found here.
	if _, err := t.runKey(p, ""); err != nil {
		return Row{}, err
	}
	qualities, err := s.Qualities(info)
	return Row{Spec: s, Info: info, Qualities: qualities}, err
}

// Prepare checks a plan against the program's codecs and metrics.
func (t Tools) Prepare(plan Plan) (*Result, error) {
	if len(plan.Specs) == 0 {
		return nil, errors.New("no codec to sweep: name at least one")
	}
	if len(plan.Images) == 0 {
		return nil, errors.New("no picture to sweep")
	}
	if _, err := t.Metrics.Select(plan.Metrics); err != nil {
		return nil, err
	}
	r := &Result{Plan: plan}
	for _, s := range plan.Specs {
		row, err := t.row(s)
		if err != nil {
			return nil, err
		}
		row.Cells = make([][]*Outcome, row.Points())
		for i := range row.Cells {
			row.Cells[i] = make([]*Outcome, len(plan.Images))
		}
		r.Rows = append(r.Rows, row)
	}
	return r, nil
}

// cell is one job's place.
type cell struct{ row, q, image int }

// Run executes a prepared sweep with a number of workers, telling on after every
// job, one at a time. A cancelled ctx ends it with ctx's error; what is done stays
// in r.
func (r *Result) Run(ctx context.Context, ex Executor, workers int, on func(Event)) error {
	return r.Steered(ctx, ex, workers, new(Control), on)
}

// Steered is Run under a Control.
func (r *Result) Steered(ctx context.Context, ex Executor, workers int, k *Control, on func(Event)) error {
	cells := r.order()
	workers = min(max(workers, 1), len(cells))
	t := &tally{r: r, on: on, event: Event{Total: len(cells)}, clock: newClock(r, cells, workers)}
	k.begin(cells, len(r.Rows), t.dropped)
	defer context.AfterFunc(ctx, k.end)()
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for c, ok := k.take(ctx); ok; c, ok = k.take(ctx) {
				start := time.Now()
				out, err := execute(ctx, ex, r.job(c))
				k.done(c)
				if err == nil || ctx.Err() == nil { // else it was cancelled, and has not failed
					t.finish(c, out, err, time.Since(start))
				}
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

// tally counts jobs as they end.
type tally struct {
	mu    sync.Mutex
	r     *Result
	event Event
	clock *clock
	on    func(Event)
}

func (t *tally) finish(c cell, out *Outcome, err error, took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := &t.event
	e.Done++
	e.Row, e.Q, e.Image = c.row, c.q, c.image
	e.Outcome, e.Failure = out, nil
	if err != nil {
		f := t.r.failure(c, err)
		t.r.Failures = append(t.r.Failures, f)
		e.Failure = &f
		if !f.NotApplicable {
			e.Failed++
		}
	} else {
		t.r.Rows[c.row].Cells[c.q][c.image] = out
		if out.Cached {
			e.Cached++
		}
	}
	t.clock.done(c, took, out)
	e.Remaining, e.RowsRemaining, e.Unsure = t.clock.remaining()
	if t.on != nil {
		t.on(*e)
	}
}

// dropped takes jobs that will not run out of the count.
func (t *tally) dropped(cells []cell) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.event.Total -= len(cells)
	for _, c := range cells {
		t.clock.drop(c)
	}
}

// execute turns a panic into a failed job: one bad picture must not end a sweep.
func execute(ctx context.Context, ex Executor, job Job) (out *Outcome, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = nil, fmt.Errorf("internal error: %v", p)
		}
	}()
	return ex.Execute(ctx, job)
}

// Jobs is how many jobs the sweep has, done or not.
func (r *Result) Jobs() int {
	n := 0
	for _, row := range r.Rows {
		n += row.Points() * len(r.Plan.Images)
	}
	return n
}

// order lists all cells, picture by picture, so that a file is read once and every
// curve grows from the start.
func (r *Result) order() []cell {
	var cells []cell
	for image := range r.Plan.Images {
		for row := range r.Rows {
			for q := range r.Rows[row].Cells {
				cells = append(cells, cell{row, q, image})
			}
		}
	}
	return cells
}

func (r *Result) job(c cell) Job {
	row := r.Rows[c.row]
	spec := row.Spec
	if row.Qualities != nil {
		spec = spec.At(row.Qualities[c.q])
	}
	return Job{Spec: spec.String(), Image: r.Plan.Images[c.image].Hash, Metrics: r.Plan.Metrics}
}

func (r *Result) failure(c cell, err error) Failure {
	row := r.Rows[c.row]
	f := Failure{Spec: row.Spec.Name(), Image: r.Plan.Images[c.image].Name, Message: err.Error(),
		NotApplicable: errors.Is(err, codecs.ErrNotApplicable)}
	if row.Qualities != nil {
		f.Q = &row.Qualities[c.q]
	}
	return f
}
