package workbench

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"codecworkbench/app/sweep"
	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// sweepRun is a running sweep, on its own goroutines.
type sweepRun struct {
	w       *Workbench // only to post to
	ctx     context.Context
	config  Config
	control *sweep.Control
	plan    sweep.Plan
	entries []Entry
	result  *sweep.Result

	mu       sync.Mutex // of the following
	state    Sweep      // the part that is told
	failures []sweep.Failure
	news     bool      // something happened since it was told
	curved   time.Time // when curves were made last
}

// Times between two reports to the window.
const (
	tellEvery  = 150 * time.Millisecond
	curveEvery = 500 * time.Millisecond
)

func (r *sweepRun) do() error {
	paths, remove, err := r.paths()
	if err != nil {
		return err
	}
	defer remove()
	images, unreadable, err := sweep.LoadImages(r.ctx, paths, nil)
	if err != nil {
		return err
	}
	r.plan.Images = images
	if r.result, err = r.config.Tools.Prepare(r.plan); err != nil {
		return err
	}
	r.result.Failures = unreadable
	r.failures = unreadable
	for i, row := range r.result.Rows {
		out := SweepRow{Name: row.Spec.Name(), row: i}
		for i := range row.Points() {
			cell := SweepCell{Total: len(images)}
			if i < len(row.Qualities) {
				cell.Q = codecs.FormatNumber(row.Qualities[i])
			}
			out.Cells = append(out.Cells, cell)
		}
		r.state.Rows = append(r.state.Rows, out)
	}
	r.state.Total = r.result.Jobs()
	r.state.Failures, r.news = r.sentences(), true
	r.config.Post(func() { r.w.sweeping.leave = r.leave })
	r.tell()
	ex := &sweep.Local{Tools: r.config.Tools, Images: images}
	if r.config.CacheDir != "" {
		if ex.Cache, err = sweep.OpenCache(r.config.CacheDir); err != nil {
			return err
		}
	}
	r.control.OnChange = r.happened
	stop := r.reporting()
	err = r.result.Steered(r.ctx, ex, runtime.GOMAXPROCS(0), r.control, r.event)
	stop()
	r.mu.Lock()
	r.state.Curves, r.news = r.result.Curves(r.config.Program), true
	r.mu.Unlock()
	r.tell()
	return err
}

// leave drops the jobs on a picture that have not begun.
func (r *sweepRun) leave(path string) {
	for i, img := range r.plan.Images {
		if img.Path == path {
			r.control.LeaveImage(i)
		}
	}
}

// reporting tells the window what happened, a few times a second, until stop is called.
func (r *sweepRun) reporting() (stop func()) {
	done := make(chan struct{})
	var ended sync.WaitGroup
	ended.Go(func() {
		tick := time.NewTicker(tellEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				r.tell()
			case <-done:
				return
			}
		}
	})
	return func() {
		close(done)
		ended.Wait()
	}
}

func (r *sweepRun) happened() {
	r.mu.Lock()
	r.news = true
	r.mu.Unlock()
}

// paths lists the files to read; samples are written to a folder that goes with
// the sweep.
func (r *sweepRun) paths() (paths []string, remove func(), err error) {
	remove = func() {}
	dir := ""
	for _, e := range r.entries {
		if e.sample < 0 {
			paths = append(paths, e.Path)
			continue
		}
		if dir == "" {
			if dir, err = os.MkdirTemp("", "codecworkbench-samples-"); err != nil {
				return nil, remove, err
			}
			remove = func() {
				if err := os.RemoveAll(dir); err != nil {
					r.config.Post(func() { r.w.Fail(err) })
				}
			}
		}
		path := filepath.Join(dir, sweep.SafeName(e.Name)+".png")
		if err := r.writeSample(e.sample, path); err != nil {
			remove()
			return nil, func() {}, err
		}
		paths = append(paths, path)
	}
	return paths, remove, nil
}

func (r *sweepRun) writeSample(i int, path string) error {
	p, err := r.config.Samples[i].Open()
	if err != nil {
		return err
	}
	data, err := p.EncodePNG()
	if err != nil {
		return err
	}
	return picture.WriteFile(path, data)
}

// event counts one finished job. It runs under the engine's lock: the curves that it now
// and then makes of all results do not change meanwhile.
func (r *sweepRun) event(e sweep.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	cell := &r.state.Rows[e.Row].Cells[e.Q]
	cell.Done++
	if e.Failure != nil {
		cell.Failed++
		r.failures = append(r.failures, *e.Failure)
		r.state.Failures = r.sentences()
	}
	r.state.Done, r.state.Cached, r.state.Left, r.state.AtLeast = e.Done, e.Cached, e.Remaining, e.Unsure
	for i := range r.state.Rows {
		r.state.Rows[i].Left = e.RowsRemaining[i]
	}
	if time.Since(r.curved) > curveEvery {
		r.state.Curves, r.curved = r.result.Curves(r.config.Program), time.Now()
	}
	r.news = true
}

// tell posts a copy of the progress, where there is news.
func (r *sweepRun) tell() {
	running := r.control.Running()
	total := r.control.Total()
	r.mu.Lock()
	if !r.news {
		r.mu.Unlock()
		return
	}
	r.news = false
	now := r.state
	now.Failures = slices.Clone(now.Failures)
	now.Rows = slices.Clone(now.Rows)
	for i := range now.Rows {
		now.Rows[i].Cells = slices.Clone(now.Rows[i].Cells)
	}
	r.mu.Unlock()
	for _, s := range running {
		now.Rows[s.Row].Cells[s.Q].Running++
		text := now.Rows[s.Row].Name
		if q := now.Rows[s.Row].Cells[s.Q].Q; q != "" {
			text += " q " + q
		}
		now.Now = append(now.Now, text+" on "+r.plan.Images[s.Image].Name)
	}
	if total > 0 {
		now.Total = total
	}
	r.w.config.Post(func() { r.w.sweepNews(now) })
}

// sweepNews takes a running sweep's progress; its rows stay in the order that they have
// on the screen.
func (w *Workbench) sweepNews(now Sweep) {
	s := &w.sweeping.state
	if w.closed {
		return
	}
	place := map[int]int{}
	for i, r := range s.Rows {
		place[r.row] = i
		for k := range now.Rows {
			if now.Rows[k].row == r.row {
				now.Rows[k].Out = r.Out
			}
		}
	}
	slices.SortStableFunc(now.Rows, func(a, b SweepRow) int { return place[a.row] - place[b.row] })
	grown := len(now.Curves) > 0 && (len(s.Curves) == 0 || &now.Curves[0] != &s.Curves[0])
	s.Rows, s.Failures, s.Curves, s.Now = now.Rows, now.Failures, now.Curves, now.Now
	s.Done, s.Total, s.Cached, s.Left, s.AtLeast = now.Done, now.Total, now.Cached, now.Left, now.AtLeast
	if grown {
		w.sweepCurves()
	}
	w.notify(Sweeps)
}
