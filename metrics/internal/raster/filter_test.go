package raster

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// slow filters one axis by the definition; it returns sample i of the result.
func slow(src []float32, weights []float64, border Border, i int) float64 {
	r, n := len(weights)/2, len(src)
	sum, inside, all := 0., 0., 0.
	for k, w := range weights {
		j := i + k - r
		all += w
		for border == Mirror && (j < 0 || j >= n) {
			if j < 0 {
				j = -1 - j
			} else {
				j = 2*n - 1 - j
			}
		}
		if j >= 0 && j < n {
			sum, inside = sum+w*float64(src[j]), inside+w
		}
	}
	if border == Renormalized {
		return sum * all / inside
	}
	return sum
}

func TestFilter(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, border := range []Border{Renormalized, Mirror} {
		for _, taps := range []int{1, 3, 9, 33} {
			weights := make([]float64, taps) // asymmetric, of any sum
			for k := range weights {
				weights[k] = 0.1 + r.Float64()
			}
			f := NewFilter(weights, border)
			if f.Radius() != taps/2 {
				t.Fatalf("radius %d of %d taps", f.Radius(), taps)
			}
			for _, n := range []int{1, 2, 5, 16, 17, 33, 100, 67} {
				t.Run(fmt.Sprint(border, taps, n), func(t *testing.T) { filterBothWays(t, f, weights, n) })
			}
		}
	}
}

func filterBothWays(t *testing.T, f *Filter, weights []float64, n int) {
	src, along, down := make([]float32, n), make([]float32, n), make([]float32, 1)
	for i := range src {
		src[i] = float32(math.Sin(float64(i*i))) + 1
	}
	f.Row(along, src)
	rows := NewRing(2*f.Radius()+2, 1)
	for y, next := 0, 0; y < n; y++ {
		for ; next < min(y+f.Radius()+2, n); next++ {
			rows.Row(next)[0] = src[next]
		}
		f.Column(down, y, n, rows)
		want := slow(src, weights, f.border, y)
		for _, got := range []float32{along[y], down[0]} {
			if math.Abs(float64(got)-want) > 1e-5*want {
				t.Fatalf("sample %d: got %v, want %v", y, got, want)
			}
		}
	}
}

func TestGaussian(t *testing.T) {
	w := Gaussian(1.5, 5)
	sum := 0.
	for k, v := range w {
		sum += v
		if want := w[5] * math.Exp(-float64((k-5)*(k-5))/4.5); math.Abs(v-want) > 1e-15 {
			t.Errorf("weight %d: got %v, want %v", k, v, want)
		}
	}
	if len(w) != 11 || math.Abs(sum-1) > 1e-15 {
		t.Errorf("%d weights, sum %v", len(w), sum)
	}
}
