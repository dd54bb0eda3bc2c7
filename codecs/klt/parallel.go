package klt

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// inParallel calls f(0..n-1) from all cores and waits for all of them. It leaves the
// rest out once ctx ends, and returns its error.
func inParallel(ctx context.Context, n int, f func(i int)) error {
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
			f(i)
		}
	}
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) - 1 {
		wait.Go(work)
	}
	work()
	wait.Wait()
	return ctx.Err()
}

// each is inParallel for functions that may fail, and returns the first error.
func each(ctx context.Context, n int, f func(i int) error) error {
	var once sync.Once
	var first error
	err := inParallel(ctx, n, func(i int) {
		if err := f(i); err != nil {
			once.Do(func() { first = err })
		}
	})
	if first != nil {
		return first
	}
	return err
}
