package hyperprior

import (
	"context"
	"sync"
	"sync/atomic"

	"codecworkbench/codecs"
	"codecworkbench/codecs/nn/kernel"
)

// each calls f(0..n-1) from all cores and returns the first error.
func each(ctx context.Context, n int, f func(i int) error) error {
	var once sync.Once
	var first error
	err := kernel.Parallel(ctx, n, func() func(int) {
		return func(i int) {
			if err := f(i); err != nil {
				once.Do(func() { first = err })
			}
		}
	})
	if first != nil {
		return first
	}
	return err
}

// meter counts rows of latents and reports them.
type meter struct {
	done  atomic.Int64
	total int
	on    func(codecs.Progress)
}

func (m *meter) tick() { codecs.Report(m.on, int(m.done.Add(1)), m.total) }
