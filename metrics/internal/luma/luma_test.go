package luma

import (
	"image"
	"math"
	"testing"
)

// TestRow compares every formula with its definition in floating point.
func TestRow(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 64, 3))
	for i := range img.Pix {
		img.Pix[i] = uint8(i * 7919 >> 3)
	}
	copy(img.Pix[img.Stride+4*5:], []uint8{255, 255, 255, 255, 0, 0, 0, 255})
	for kind, formula := range map[Kind]func(r, g, b float64) float64{
		Y:   func(r, g, b float64) float64 { return 0.299*r + 0.587*g + 0.114*b },
		Y8:  func(r, g, b float64) float64 { return math.Floor((299*r+587*g+114*b)/1000 + 0.5) },
		YS8: func(r, g, b float64) float64 { return math.Round(16 + (65.481*r+128.553*g+24.966*b)/255) },
	} {
		wide, narrow := make([]float64, 40), make([]float32, 40)
		Row(kind, wide, img, 5, 1)
		Row(kind, narrow, img, 5, 1)
		counts := make([]int32, 40)
		Counts(kind, counts, img, 5, 1)
		for i := range wide {
			px := img.Pix[img.Stride+4*(5+i):]
			want := formula(float64(px[0]), float64(px[1]), float64(px[2]))
			if math.Abs(wide[i]-want) > 1e-12 || math.Abs(float64(narrow[i])-want) > 2e-5 {
				t.Errorf("%s of %v: got %v and %v, want %v", kind, px[:3], wide[i], narrow[i], want)
			}
			if steps := float64(kind.Steps()); float64(counts[i]) != math.Round(want*steps) {
				t.Errorf("%s of %v: got %d counts, want %v", kind, px[:3], counts[i], want*steps)
			}
		}
	}
}
