package klt

import (
	"context"
	"sync"

	"codecworkbench/codecs/nn/kernel"
)

// inParallel calls f(0..n-1) from all cores: kernel.Parallel without scratch memory.
func inParallel(ctx context.Context, n int, f func(i int)) error {
	return kernel.Parallel(ctx, n, func() func(int) { return f })
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
