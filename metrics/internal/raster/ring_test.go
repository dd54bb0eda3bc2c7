package raster

import "testing"

// The last rows come in order, also from above the picture, wherever the ring turns.
func TestRing(t *testing.T) {
	ring := NewRing(5, 3)
	for y := -4; y < 20; y++ {
		for i := range ring.Row(y) {
			ring.Row(y)[i] = float32(10*y + i)
		}
		if y < 0 {
			continue
		}
		for _, radius := range []int{0, 1, 2} {
			rows := ring.Around(y-2, radius)
			if len(rows) != 2*radius+1 {
				t.Fatalf("%d rows", len(rows))
			}
			for k, row := range rows {
				if want := float32(10 * (y - 2 - radius + k)); row[0] != want || row[2] != want+2 {
					t.Fatalf("around %d, radius %d: row %d is %v, want %v", y-2, radius, k, row, want)
				}
			}
		}
	}
}

func TestShifts(t *testing.T) {
	views := Shifts([]float32{0, 1, 2, 3}, 3)
	for k, v := range views {
		if v[0] != float32(k) || len(v) != 4-k {
			t.Errorf("view %d: %v", k, v)
		}
	}
}
