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
	var next atomic.Int64
	run := func() {
		do := start()
		for ctx.Err() == nil {
			i := int(next.Add(1)) - 1
			if i >= n {
				return
			}
			do(i)
		}
	}
	var wait sync.WaitGroup
	for range workers - 1 {
		wait.Go(run)
	}
	if workers > 0 {
		run()
	}
	wait.Wait()
	return ctx.Err()
}
