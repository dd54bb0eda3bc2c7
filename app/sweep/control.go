package sweep

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Control steers a running sweep, from any goroutine: which jobs are next, a pause,
// curves and pictures left out. The zero value runs picture by picture, all curves of
// each, in the plan's order. It belongs to one run.
type Control struct {
	// OnChange is called, without a lock held, when a job begins or a pause does; set it
	// before the run.
	OnChange func()

	mu      sync.Mutex
	wake    *sync.Cond
	ended   bool
	paused  bool
	byRow   bool
	order   []int          // rows, the most urgent first
	pending [][]cell       // by row, picture by picture
	total   int            // jobs, without those that were left out
	running []Started      // oldest first
	dropped func(c []cell) // takes jobs out of the count
}

// Started is a job that runs.
type Started struct {
	Row, Q, Image int
	At            time.Time
}

// begin fills the queue of a run.
func (k *Control) begin(cells []cell, rows int, dropped func([]cell)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.dropped, k.total = dropped, len(cells)
	k.pending = make([][]cell, rows)
	for _, c := range cells {
		k.pending[c.row] = append(k.pending[c.row], c)
	}
	for row := range rows {
		if !slices.Contains(k.order, row) {
			k.order = append(k.order, row)
		}
	}
	k.order = slices.DeleteFunc(k.order, func(row int) bool { return row < 0 || row >= rows })
	k.ready()
}

// ready makes the condition that workers wait on.
func (k *Control) ready() {
	if k.wake == nil {
		k.wake = sync.NewCond(&k.mu)
	}
}

// end lets waiting workers go.
func (k *Control) end() {
	k.mu.Lock()
	k.ended = true
	k.ready()
	k.wake.Broadcast()
	k.mu.Unlock()
}

// take waits for the next job; ok is false when there is none, or ctx has ended.
func (k *Control) take(ctx context.Context) (c cell, ok bool) {
	k.mu.Lock()
	for k.paused && !k.ended && ctx.Err() == nil {
		k.wake.Wait()
	}
	if row := k.next(); row >= 0 && !k.ended && ctx.Err() == nil {
		c, ok = k.pending[row][0], true
		k.pending[row] = k.pending[row][1:]
		k.running = append(k.running, Started{c.row, c.q, c.image, time.Now()})
	}
	k.mu.Unlock()
	if ok {
		k.changed()
	}
	return c, ok
}

// next is the row whose first job is the most urgent; -1: none.
func (k *Control) next() int {
	best := -1
	for _, row := range k.order {
		if len(k.pending[row]) == 0 {
			continue
		}
		if k.byRow {
			return row
		}
		if best < 0 || k.pending[row][0].image < k.pending[best][0].image {
			best = row
		}
	}
	return best
}

// done takes a job off the running ones.
func (k *Control) done(c cell) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.running = slices.DeleteFunc(k.running, func(s Started) bool { return s.Row == c.row && s.Q == c.q && s.Image == c.image })
}

func (k *Control) changed() {
	if k.OnChange != nil {
		k.OnChange()
	}
}

// Pause keeps workers from beginning jobs, or lets them go on; those that run end.
func (k *Control) Pause(on bool) {
	k.mu.Lock()
	k.paused = on
	k.ready()
	k.wake.Broadcast()
	k.mu.Unlock()
	k.changed()
}

// Paused reports whether no job begins.
func (k *Control) Paused() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.paused
}

// Running lists the jobs that run, the oldest first.
func (k *Control) Running() []Started {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.running)
}

// Total is the number of jobs, done or not, without those that were left out.
func (k *Control) Total() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.total
}

// SetOrder says which rows are the most urgent, and whether one row is finished before
// the next begins instead of one picture.
func (k *Control) SetOrder(rows []int, byRow bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	order := slices.Clone(rows)
	for _, row := range k.order {
		if !slices.Contains(order, row) {
			order = append(order, row)
		}
	}
	k.order, k.byRow = slices.DeleteFunc(order, func(row int) bool { return k.pending != nil && (row < 0 || row >= len(k.pending)) }), byRow
}

// LeaveRow drops the jobs of a row that have not begun.
func (k *Control) LeaveRow(row int) {
	k.drop(func(c cell) bool { return c.row == row })
}

// LeaveImage drops the jobs on a picture that have not begun.
func (k *Control) LeaveImage(image int) {
	k.drop(func(c cell) bool { return c.image == image })
}

func (k *Control) drop(which func(cell) bool) {
	k.mu.Lock()
	var out []cell
	for row, list := range k.pending {
		kept := make([]cell, 0, len(list))
		for _, c := range list {
			if which(c) {
				out = append(out, c)
			} else {
				kept = append(kept, c)
			}
		}
		k.pending[row] = kept
	}
	k.total -= len(out)
	dropped := k.dropped
	k.mu.Unlock()
	if dropped != nil && len(out) > 0 {
		dropped(out)
	}
	k.changed()
}
