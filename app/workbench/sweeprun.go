package workbench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
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
	plan    sweep.Plan
	entries []Entry

	state     Sweep // the part that is told; guarded by the engine, which reports one event at a time
	result    *sweep.Result
	told      time.Time
	toldCurve time.Time
}

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
	for _, f := range unreadable {
		r.state.Failures = append(r.state.Failures, f.String())
	}
	for _, row := range r.result.Rows {
		out := SweepRow{Name: row.Spec.Name()}
		for i := range row.Points() {
			cell := SweepCell{Total: len(images)}
			if i < len(row.Qualities) {
				cell.Q = codecs.FormatNumber(row.Qualities[i])
			}
			out.Cells = append(out.Cells, cell)
		}
		r.state.Rows = append(r.state.Rows, out)
	}
	r.tell()
	ex := &sweep.Local{Tools: r.config.Tools, Images: images}
	if r.config.CacheDir != "" {
		if ex.Cache, err = sweep.OpenCache(r.config.CacheDir); err != nil {
			return err
		}
	}
	err = r.result.Run(r.ctx, ex, runtime.GOMAXPROCS(0), r.event)
	r.state.Curves = r.result.Curves(r.config.Program)
	r.tell()
	return err
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
		path := filepath.Join(dir, fmt.Sprintf("sample-%d.png", e.sample))
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

// event counts one finished job; the window hears of it at most ten times a second.
func (r *sweepRun) event(e sweep.Event) {
	cell := &r.state.Rows[e.Row].Cells[e.Q]
	cell.Done++
	if e.Failure != nil {
		cell.Failed++
		r.state.Failures = append(r.state.Failures, e.Failure.String())
	}
	r.state.Done, r.state.Total, r.state.Cached, r.state.Left = e.Done, e.Total, e.Cached, e.Remaining
	if time.Since(r.told) < 100*time.Millisecond {
		return
	}
	if time.Since(r.toldCurve) > 500*time.Millisecond {
		r.state.Curves = r.result.Curves(r.config.Program)
		r.toldCurve = time.Now()
	}
	r.tell()
}

// tell posts a copy of the progress.
func (r *sweepRun) tell() {
	r.told = time.Now()
	now := r.state
	now.Failures = slices.Clone(now.Failures)
	now.Rows = slices.Clone(now.Rows)
	for i := range now.Rows {
		now.Rows[i].Cells = slices.Clone(now.Rows[i].Cells)
	}
	r.w.config.Post(func() {
		s := &r.w.sweeping.state
		if r.w.closed {
			return
		}
		s.Rows, s.Failures, s.Curves = now.Rows, now.Failures, now.Curves
		s.Done, s.Total, s.Cached, s.Left = now.Done, now.Total, now.Cached, now.Left
		r.w.notify(Sweeps)
	})
}
