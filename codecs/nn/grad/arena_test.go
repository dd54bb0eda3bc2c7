package grad

import "testing"

// Slices of an arena never overlap while they are in use. A repeated pattern allocates
// nothing, and slabs are not much larger than what is taken.
func TestArena(t *testing.T) {
	var a arena
	round := func() {
		var kept [][]float32
		for i := range 40 {
			s := a.take(1000 * (i + 1))
			for j := range s {
				s[j] = float32(i)
			}
			kept = append(kept, s)
			m := a.mark()
			clear(a.take(90_000))
			clear(a.take(10))
			a.release(m)
		}
		for i, s := range kept {
			for _, v := range s {
				if v != float32(i) {
					t.Fatalf("slice %d holds %g", i, v)
				}
			}
		}
		if want := 1000 * 40 * 41 / 2; a.total != want || a.peak != want+90_010 {
			t.Fatalf("%d floats in use, %d at the most; expected %d and %d", a.total, a.peak, want, want+90_010)
		}
	}
	for range 3 {
		round()
		have := 0
		for _, s := range a.slabs {
			have += cap(s)
		}
		if have > a.peak*3/2 {
			t.Errorf("slabs of %d floats for %d", have, a.peak)
		}
		a.reset()
	}
	if n := testing.AllocsPerRun(3, func() { a.take(100_000); a.take(700_000); a.reset() }); n != 0 {
		t.Errorf("%g allocations in the steady state", n)
	}
	a.take(1 << 20)
	a.reset()
	a.take(10)
	a.reset()
	if len(a.slabs) != 0 {
		t.Error("memory that is no longer used stays")
	}
}
