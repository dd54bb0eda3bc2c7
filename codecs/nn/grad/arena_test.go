package grad

import "testing"

// Slices of an arena never overlap while they are in use, and after one round a repeated
// pattern finds everything in one slab.
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
	for i := range 3 {
		round()
		if i > 0 && len(a.slabs) != 1 {
			t.Errorf("round %d used %d slabs", i, len(a.slabs))
		}
		a.reset()
	}
	if n := testing.AllocsPerRun(3, func() { a.take(100_000); a.take(700_000); a.reset() }); n != 0 {
		t.Errorf("%g allocations in the steady state", n)
	}
}
