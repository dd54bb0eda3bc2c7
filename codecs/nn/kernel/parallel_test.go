package kernel

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
)

func TestParallel(t *testing.T) {
	for _, n := range []int{0, 1, 2, 1000} {
		counts := make([]atomic.Int32, n)
		err := Parallel(t.Context(), n, func() func(int) {
			last := -1
			return func(i int) {
				if i <= last {
					t.Errorf("piece %d after %d", i, last)
				}
				last = i
				counts[i].Add(1)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		for i := range counts {
			if c := counts[i].Load(); c != 1 {
				t.Errorf("piece %d of %d was done %d times", i, n, c)
			}
		}
	}
}

func TestParallelStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var done atomic.Int32
	err := Parallel(ctx, 1_000_000, func() func(int) {
		return func(int) {
			if done.Add(1) == 10 {
				cancel()
			}
		}
	})
	if !errors.Is(err, context.Canceled) || done.Load() > 100_000 {
		t.Errorf("%v after %d pieces", err, done.Load())
	}
}
