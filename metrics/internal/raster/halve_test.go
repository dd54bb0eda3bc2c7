package raster

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
)

// Means over the pixels that exist, by the definition, for every parity of the sides.
func TestHalve(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {1, 2}, {2, 1}, {3, 3}, {8, 6}, {37, 41}, {300, 71}} {
		width, height := size[0], size[1]
		src := Linear(gradient(width, height))
		half, err := Halve(t.Context(), src)
		if err != nil {
			t.Fatal(err)
		}
		lazy := Half(src)
		if half.Width != (width+1)/2 || half.Height != (height+1)/2 {
			t.Fatalf("%d x %d: got %d x %d", width, height, half.Width, half.Height)
		}
		for y := range half.Height {
			got := read(half, half.Width, 0, y)
			from := half.Width / 3
			for c, row := range read(lazy, half.Width-from, from, y) { // a part of a row, not kept
				if !slices.Equal(row, got[c][from:]) {
					t.Fatalf("%d x %d, row %d: %v and %v differ", width, height, y, row, got[c][from:])
				}
			}
			if from > 0 {
				for c, row := range read(lazy, from, 0, y) {
					if !slices.Equal(row, got[c][:from]) {
						t.Fatalf("%d x %d, row %d: %v and %v differ", width, height, y, row, got[c][:from])
					}
				}
			}
			for x := range half.Width {
				for c := range 3 {
					sum, n := 0., 0.
					for v := 2 * y; v < min(2*y+2, height); v++ {
						for u := 2 * x; u < min(2*x+2, width); u++ {
							sum, n = sum+float64(read(src, 1, u, v)[c][0]), n+1
						}
					}
					if want := sum / n; math.Abs(float64(got[c][x])-want) > 1e-6*want {
						t.Fatalf("%d x %d, channel %d at %d, %d: got %v, want %v", width, height, c, x, y, got[c][x], want)
					}
				}
			}
		}
	}
}

func TestHalveStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Halve(ctx, Linear(gradient(8, 8))); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
