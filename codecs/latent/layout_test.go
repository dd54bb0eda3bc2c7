package latent

import "testing"

// Regions cover the grid once, and none is larger than 512 pixels.
func TestRegionsCover(t *testing.T) {
	for _, scale := range []int{8, 16, 64} {
		for _, side := range [][2]int{{1, 1}, {513, 512}, {768, 512}, {4096, 3}, {1537, 2049}} {
			l := NewLayout(side[0], side[1], scale)
			seen := make([]int, l.Positions())
			for _, r := range l.Regions() {
				if w, h := r.X1-r.X0, r.Y1-r.Y0; w < 1 || h < 1 || w*scale > 512 || h*scale > 512 {
					t.Errorf("%v at 1/%d: a region of %d x %d", side, scale, w, h)
				}
				if err := r.Each(t.Context(), nil, func() {}, func(x, y int) { seen[y*l.Wide+x]++ }); err != nil {
					t.Fatal(err)
				}
			}
			for i, n := range seen {
				if n != 1 {
					t.Fatalf("%v at 1/%d: position %d lies in %d regions", side, scale, i, n)
				}
			}
			if RegionRows(l.Regions()) < l.High {
				t.Errorf("%v: %d rows in %d", side, RegionRows(l.Regions()), l.High)
			}
		}
	}
}

func TestNearest(t *testing.T) {
	nan := float32(0)
	nan /= nan
	for v, want := range map[float32]int{0.49: 0, 0.5: 1, -0.5: 0, -0.51: -1, 1e30: 1 << 20, -1e30: -1 << 20} {
		if got := Nearest(v); got != want {
			t.Errorf("%g rounds to %d, expected %d", v, got, want)
		}
	}
	if got := Nearest(nan); got != -1<<20 {
		t.Errorf("no number rounds to %d", got)
	}
}
