package nn

import (
	"context"
	"sync"
	"sync/atomic"
)

// spins is how often a core looks for work before it sleeps, some ten microseconds.
const spins = 10_000

// crew is the cores of a run: the caller's goroutine and helpers that live as long as the
// run. It allocates nothing once it has had as many workers.
type crew struct {
	work    func(w *Worker, i int) // does piece i
	workers []*Worker              // of this run
	all     []*Worker
	bodies  []func() // of the helpers, by worker

	shares  []share // pieces, by worker
	round   atomic.Uint32
	busy    atomic.Int32 // helpers that have not finished the round
	quit    atomic.Bool
	helpers sync.WaitGroup

	mutex    sync.Mutex
	wake     sync.Cond
	sleepers atomic.Int32
}

// share is a worker's part of the pieces, of which others may take when they have finished
// their own. It fills a cache line.
type share struct {
	next atomic.Int64
	end  int64
	_    [48]byte
}

// start brings n workers together.
func (c *crew) start(ctx context.Context, n int, o Options) {
	c.wake.L = &c.mutex
	for i := len(c.all); i < n; i++ {
		w := new(Worker)
		c.all = append(c.all, w)
		c.bodies = append(c.bodies, func() { c.help(i) })
	}
	if len(c.shares) < n {
		c.shares = make([]share, n)
	}
	c.workers = c.all[:n]
	for _, w := range c.workers {
		w.ctx, w.Level, w.Map, w.Notes = ctx, o.Level, o.Map, o.Notes
	}
	c.quit.Store(false)
	c.round.Store(0)
	c.helpers.Add(n - 1)
	for _, body := range c.bodies[1:n] {
		go body()
	}
}

// stop sends the helpers home.
func (c *crew) stop() {
	c.quit.Store(true)
	c.call()
	c.helpers.Wait()
	for _, w := range c.workers {
		w.ctx, w.Map, w.Notes = nil, nil, nil
	}
}

// do has pieces 0 to n-1 done.
func (c *crew) do(n int) {
	if n <= 1 {
		if n == 1 {
			c.work(c.workers[0], 0)
		}
		return
	}
	for i := range c.workers {
		c.shares[i].next.Store(int64(n * i / len(c.workers)))
		c.shares[i].end = int64(n * (i + 1) / len(c.workers))
	}
	c.busy.Store(int32(len(c.workers) - 1))
	c.call()
	c.pieces(0)
	c.wait(func() bool { return c.busy.Load() == 0 })
}

// call starts the next round.
func (c *crew) call() {
	c.round.Add(1)
	c.rouse()
}

// rouse wakes all who sleep.
func (c *crew) rouse() {
	if c.sleepers.Load() > 0 {
		c.mutex.Lock()
		c.wake.Broadcast()
		c.mutex.Unlock()
	}
}

// help is a helper's life.
func (c *crew) help(me int) {
	defer c.helpers.Done()
	for round := uint32(1); ; round++ {
		c.wait(func() bool { return c.round.Load() >= round })
		if c.quit.Load() {
			return
		}
		c.pieces(me)
		if c.busy.Add(-1) == 0 {
			c.rouse()
		}
	}
}

// pieces does a worker's share, then what others have left.
func (c *crew) pieces(me int) {
	w := c.workers[me]
	for k := range c.workers {
		s := &c.shares[(me+k)%len(c.workers)]
		for {
			i := s.next.Add(1) - 1
			if i >= s.end || w.stopped() {
				break
			}
			c.work(w, int(i))
		}
	}
}

// wait returns once ready does: it looks for a while, then sleeps.
func (c *crew) wait(ready func() bool) {
	for range spins {
		if ready() {
			return
		}
	}
	c.mutex.Lock()
	c.sleepers.Add(1)
	for !ready() {
		c.wake.Wait()
	}
	c.sleepers.Add(-1)
	c.mutex.Unlock()
}
