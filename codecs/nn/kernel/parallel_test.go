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

func TestEach(t *testing.T) {
	wrong := errors.New("wrong")
	if err := Each(t.Context(), 100, func(i int) error {
		if i == 57 {
			return wrong
		}
		return nil
	}); !errors.Is(err, wrong) {
		t.Errorf("got %v, want the piece's error", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Each(ctx, 100, func(int) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v of a cancelled context", err)
	}
}

// A team does every piece once, by workers whose number changes from call to call.
func TestTeam(t *testing.T) {
	var team Team
	for call, workers := range []int{1, 5, 2, 3} {
		for _, n := range []int{0, 1, 64} {
			counts := make([]atomic.Int32, n)
			err := team.Do(t.Context(), workers, n, func(worker, i int) {
				if worker < 0 || worker >= workers {
					t.Errorf("worker %d of %d", worker, workers)
				}
				counts[i].Add(1)
			})
			if err != nil {
				t.Fatal(err)
			}
			for i := range counts {
				if c := counts[i].Load(); c != 1 {
					t.Errorf("call %d: piece %d of %d was done %d times", call, i, n, c)
				}
			}
		}
	}
}

func TestTeamAllocatesNothing(t *testing.T) {
	var team Team
	do := func(int, int) {}
	ctx := t.Context()
	if n := testing.AllocsPerRun(100, func() { _ = team.Do(ctx, 3, 10, do) }); n != 0 {
		t.Errorf("%v allocations a call", n)
	}
}
