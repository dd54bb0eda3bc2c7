package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// A weighted sum of rows against float64, at every length around the blocks', with few and
// many rows, overlapping and not; a part of it has the bits of the whole.
func TestBlend(t *testing.T) {
	each(t, func(t *testing.T, impl *implementation) {
		rng := rand.New(rand.NewPCG(6, 6))
		for n := range 150 {
			for _, taps := range []int{0, 1, 2, 5, 33} {
				src := vector(rng, n+taps)
				w := vector(rng, taps)
				var rows [][]float32
				for k := range taps {
					rows = append(rows, src[k:])
				}
				dst, intact := guarded(rng, n)
				impl.blend(dst, rows, w, 0.5)
				if !intact() {
					t.Fatalf("%d elements: wrote beside them", n)
				}
				for i, got := range dst {
					want, magnitude := 0.5, 0.5
					for k, f := range w {
						want += float64(f) * float64(rows[k][i])
						magnitude += math.Abs(float64(f) * float64(rows[k][i]))
					}
					if !(math.Abs(float64(got)-want) <= 1e-6*magnitude) {
						t.Fatalf("element %d of %d, %d rows: got %g, want %g", i, n, taps, got, want)
					}
				}
				if n < 2 || taps == 0 {
					continue
				}
				first := rng.IntN(n - 1)
				part := make([]float32, rng.IntN(n-first))
				for k := range rows {
					rows[k] = rows[k][first:]
				}
				impl.blend(part, rows, w, 0.5)
				for i, got := range part {
					if got != dst[first+i] {
						t.Fatalf("%d of %d elements from %d on: element %d is %g, in the whole %g", len(part), n, first, i, got, dst[first+i])
					}
				}
			}
		}
	})
}

func BenchmarkBlend(b *testing.B) {
	rng := rand.New(rand.NewPCG(7, 7))
	for _, impl := range implementations {
		for _, n := range []int{100, 256, 768} {
			for _, taps := range []int{9, 33} {
				src, w, dst := vector(rng, n+taps), vector(rng, taps), make([]float32, n)
				var rows [][]float32
				for k := range taps {
					rows = append(rows, src[k:])
				}
				b.Run(fmt.Sprintf("%s/%dx%d", impl.name, taps, n), func(b *testing.B) {
					for b.Loop() {
						impl.blend(dst, rows, w, 0)
					}
					b.ReportMetric(float64(taps)*float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GMAC/s")
				})
			}
		}
	}
}
