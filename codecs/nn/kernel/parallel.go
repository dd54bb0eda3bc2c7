package kernel

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// Parallel does n pieces of work on all cores and returns ctx's error once it is
// cancelled, which leaves the rest undone. start is called once a worker, so that each
// has its own scratch memory; what it returns does piece i, in rising order on each
// worker. Pieces should take at most a few milliseconds, because cancellation is looked
// at between them.
func Parallel(ctx context.Context, n int, start func() func(i int)) error {
	workers := min(runtime.GOMAXPROCS(0), n)
	pieces := make([]func(int), max(workers, 0))
	var t Team
	return t.Do(ctx, workers, n, func(worker, i int) {
		if pieces[worker] == nil {
			pieces[worker] = start()
		}
		pieces[worker](i)
	})
}

// Each is Parallel for pieces that may fail and need no scratch memory. It returns the
// first error that comes.
func Each(ctx context.Context, n int, do func(i int) error) error {
	var once sync.Once
	var first error
	err := Parallel(ctx, n, func() func(int) {
		return func(i int) {
			if err := do(i); err != nil {
				once.Do(func() { first = err })
			}
		}
	})
	if first != nil {
		return first
	}
	return err
}

// Team is Parallel for those who call it again and again: it allocates nothing once it has
// had as many workers. It serves one call of Do at a time; its zero value is ready.
type Team struct {
	ctx     context.Context
	do      func(worker, i int)
	n       int64
	next    atomic.Int64
	helpers []func() // of the workers but the first, made once
	wait    sync.WaitGroup
}

// Do does n pieces on at most as many workers, numbered from 0, of which the caller is the
// first, and returns ctx's error as Parallel does. For no allocation, do is the same
// function value in every call.
func (t *Team) Do(ctx context.Context, workers, n int, do func(worker, i int)) error {
	workers = min(workers, n)
	for w := len(t.helpers) + 1; w < workers; w++ {
		t.helpers = append(t.helpers, func() {
			defer t.wait.Done()
			t.work(w)
		})
	}
	t.next.Store(0)
	t.ctx, t.do, t.n = ctx, do, int64(n)
	helpers := t.helpers[:max(workers-1, 0)]
	t.wait.Add(len(helpers))
	for _, help := range helpers {
		go help()
	}
	t.work(0)
	t.wait.Wait()
	t.ctx, t.do = nil, nil
	return ctx.Err()
}

// work does pieces until none is left or the call is cancelled.
func (t *Team) work(worker int) {
	for t.ctx.Err() == nil {
		i := t.next.Add(1) - 1
		if i >= t.n {
			return
		}
		t.do(worker, int(i))
	}
}
