package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// BenchmarkGemmInt runs the integer product, with and without requantisation, and the float
// one of the same shape in turn, on one core, and reports each's best rate and how many
// times faster than float integers are. Rows are taken 42 at a time, as package integer does.
func BenchmarkGemmInt(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 3))
	for _, s := range []struct{ m, runs, run, n int }{
		{384, 1, 32, 256}, {1536, 3, 192, 64}, {1536, 1, 64, 256}, {1536, 1, 96, 96}, {1536, 1, 96, 192}, {1536, 1, 192, 96}, {1536, 3, 384, 128},
	} {
		b.Run(fmt.Sprintf("%dx%dx%d", s.m, s.runs*s.run, s.n), func(b *testing.B) {
			k := s.runs * s.run
			width := s.m + 3
			const stretch = 3 // runs overlap as those of a 3x3 convolution do
			stride := s.run
			if s.runs > 1 {
				stride = s.run / stretch
			}
			size := (width+stretch)*stride*s.runs + s.run + 1
			a := IntMatrix{Data: activations(rng, size), Stride: stride, Runs: s.runs, Run: s.run, RunStride: width * stride}
			f := Matrix{Data: vector(rng, size), Stride: stride, Runs: s.runs, Run: s.run, RunStride: width * stride}
			ints := PackInt(weights(rng, k*s.n), s.runs, s.run, s.n, s.n, 1, make([]int32, s.n))
			floats := Pack(vector(rng, k*s.n), k, s.n, s.n, 1)
			q, err := NewRequantizer(make([]int32, s.n), 40, -32767, 32767, true)
			if err != nil {
				b.Fatal(err)
			}
			const block = 42
			sums, out, c := make([]int32, block*s.n), make([]int16, s.m*s.n), make([]float32, s.m*s.n)
			best := [3]time.Duration{math.MaxInt64, math.MaxInt64, math.MaxInt64}
			runs := [3]func(){
				func() { Gemm(s.m, f, floats, c, s.n, GemmOptions{}) },
				func() { blocks(s.m, block, a, func(rows, _ int, a IntMatrix) { GemmInt(rows, a, ints, sums, s.n) }) },
				func() {
					blocks(s.m, block, a, func(rows, i int, a IntMatrix) {
						GemmInt(rows, a, ints, sums, s.n)
						q.Apply(rows, out[i*s.n:], s.n, sums, s.n)
					})
				},
			}
			for b.Loop() {
				for i, run := range runs {
					start := time.Now()
					run()
					best[i] = min(best[i], time.Since(start))
				}
			}
			products := float64(s.m * k * s.n)
			for i, name := range []string{"float-GMAC/s", "int-GMAC/s", "int+requant-GMAC/s"} {
				b.ReportMetric(products/float64(best[i].Nanoseconds()), name)
			}
			b.ReportMetric(float64(best[0])/float64(best[1]), "int/float")
			b.ReportMetric(float64(best[0])/float64(best[2]), "int+requant/float")
		})
	}
}

// blocks calls f for some rows at a time.
func blocks(m, block int, a IntMatrix, f func(rows, i int, a IntMatrix)) {
	data := a.Data
	for i := 0; i < m; i += block {
		a.Data = data[i*a.Stride:]
		f(min(block, m-i), i, a)
	}
}
