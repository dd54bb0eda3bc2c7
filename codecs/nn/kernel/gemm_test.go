package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// product is one random product with its reference.
type product struct {
	m, n   int
	a      Matrix
	b      *Panels
	flat   []float32 // B, K x N
	c      []float32
	ldc    int
	o      GemmOptions
	want   []float64 // m x n
	weight []float64 // sums of magnitudes, m x n
}

// newProduct draws the parts of an m x n product with K = runs*run, at odd strides.
func newProduct(rng *rand.Rand, m, n, runs, run int) *product {
	p := &product{m: m, n: n, ldc: n + rng.IntN(5)}
	p.a = Matrix{Stride: 1 + rng.IntN(2*run), Runs: runs, Run: run, RunStride: rng.IntN(3 * run)}
	p.a.Data = vector(rng, (m-1)*p.a.Stride+(runs-1)*p.a.RunStride+run)
	k := runs * run
	p.flat = vector(rng, k*n)
	if rng.IntN(2) == 0 {
		p.b = Pack(p.flat, k, n, n, 1)
	} else {
		transposed := make([]float32, n*(k+1))
		for i := range k {
			for j := range n {
				transposed[j*(k+1)+i] = p.flat[i*n+j]
			}
		}
		p.b = Pack(transposed, k, n, 1, k+1)
	}
	p.c = vector(rng, (m-1)*p.ldc+n)
	switch rng.IntN(3) {
	case 0:
		p.o.Accumulate = true
	case 1:
		p.o.Bias = vector(rng, n)
	}
	p.refer()
	return p
}

// refer computes the product in float64.
func (p *product) refer() {
	p.want, p.weight = make([]float64, p.m*p.n), make([]float64, p.m*p.n)
	for i := range p.m {
		for j := range p.n {
			sum := 0.0
			if p.o.Accumulate {
				sum = float64(p.c[i*p.ldc+j])
			} else if p.o.Bias != nil {
				sum = float64(p.o.Bias[j])
			}
			weight := math.Abs(sum)
			column := p.flat[j:]
			for r := range p.a.Runs {
				for e, a := range p.a.Data[i*p.a.Stride+r*p.a.RunStride:][:p.a.Run] {
					v := float64(a) * float64(column[(r*p.a.Run+e)*p.n])
					sum += v
					weight += math.Abs(v)
				}
			}
			p.want[i*p.n+j], p.weight[i*p.n+j] = sum, weight
		}
	}
}

// verify compares c with the reference, and what lies between its rows with before.
func (p *product) verify(before []float32) error {
	for at, got := range p.c {
		i, j := at/p.ldc, at%p.ldc
		if j >= p.n {
			if got != before[at] {
				return fmt.Errorf("element %d between rows was written", at)
			}
			continue
		}
		want := p.want[i*p.n+j]
		if diff := math.Abs(float64(got) - want); !(diff <= 1e-6*p.weight[i*p.n+j]) {
			return fmt.Errorf("element %d, %d: %g, want %g", i, j, got, want)
		}
	}
	return nil
}

// each runs a test with every implementation, and says which of them this machine lacks.
func each(t *testing.T, run func(t *testing.T, impl *implementation)) {
	for _, name := range []string{"avx512", "avx2", "portable"} {
		t.Run(name, func(t *testing.T) {
			impl := choose(name)
			if impl.name != name {
				t.Skipf("this processor or build has no %s", name)
			}
			run(t, impl)
		})
	}
}

// shape draws a product's shape, odd ones and the edges of tiles among them.
func shape(rng *rand.Rand) (m, n, runs, run int) {
	return 1 + rng.IntN(40), 1 + rng.IntN(70), 1 + rng.IntN(5), 1 + rng.IntN(90)
}

func TestGemm(t *testing.T) {
	each(t, func(t *testing.T, impl *implementation) {
		rng := rand.New(rand.NewPCG(1, 1))
		for range rounds() {
			m, n, runs, run := shape(rng)
			p := newProduct(rng, m, n, runs, run)
			before := slices.Clone(p.c)
			impl.gemm(p.m, p.a, p.b, p.c, p.ldc, p.o)
			if err := p.verify(before); err != nil {
				t.Fatalf("%d x %d, %d runs of %d, accumulate %t: %v", m, n, runs, run, p.o.Accumulate, err)
			}
		}
	})
}

// Products of more rows and more steps of k than a block has.
func TestGemmBlocks(t *testing.T) {
	each(t, func(t *testing.T, impl *implementation) {
		rng := rand.New(rand.NewPCG(5, 1))
		for _, s := range []struct{ m, n, runs, run int }{
			{3, 5, 1, 321}, {7, 17, 1, 1000}, {2, 33, 3, 651}, {5, 9, 40, 31}, {1, 1, 2000, 1}, {333, 20, 1, 320}, {333, 3, 5, 161}, {1, 200, 1, 7},
		} {
			p := newProduct(rng, s.m, s.n, s.runs, s.run)
			before := slices.Clone(p.c)
			impl.gemm(p.m, p.a, p.b, p.c, p.ldc, p.o)
			if err := p.verify(before); err != nil {
				t.Fatalf("%+v, accumulate %t: %v", s, p.o.Accumulate, err)
			}
		}
	})
}

// A row's result does not depend on which rows are computed with it.
func TestGemmRowByRow(t *testing.T) {
	each(t, func(t *testing.T, impl *implementation) {
		rng := rand.New(rand.NewPCG(6, 1))
		p := newProduct(rng, 37, 50, 3, 130)
		one := slices.Clone(p.c)
		impl.gemm(p.m, p.a, p.b, p.c, p.ldc, p.o)
		for i := range p.m {
			a := p.a
			a.Data = a.Data[i*a.Stride:]
			impl.gemm(1, a, p.b, one[i*p.ldc:], p.ldc, p.o)
		}
		if !slices.Equal(one, p.c) {
			t.Error("rows one by one differ from all at once")
		}
	})
}

// Repacking a smaller matrix leaves nothing of the larger one.
func TestRepack(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	p := Pack(vector(rng, 50*90), 50, 90, 90, 1)
	b := vector(rng, 7*3)
	p.Repack(b, 7, 3, 3, 1)
	fresh := Pack(b, 7, 3, 3, 1)
	for i, v := range fresh.data {
		if p.data[i] != v {
			t.Fatalf("element %d is %g, want %g", i, p.data[i], v)
		}
	}
}

// Every implementation packs the same.
func TestPackRows(t *testing.T) {
	each(t, func(t *testing.T, impl *implementation) {
		rng := rand.New(rand.NewPCG(4, 1))
		for rows := range 20 {
			rows, stride := rows+1, rng.IntN(40)
			src := vector(rng, (rows-1)*stride+panelWidth)
			got, intact := guarded(rng, rows*panelWidth)
			impl.packRows(got, src, stride)
			for i, v := range got {
				if want := src[i/panelWidth*stride+i%panelWidth]; v != want {
					t.Fatalf("%d rows, stride %d, element %d: %g, want %g", rows, stride, i, v, want)
				}
			}
			if !intact() {
				t.Fatal("wrote beside the panel")
			}
		}
	})
}

// Slices that are too short are refused before anything is touched.
func TestGemmRefuses(t *testing.T) {
	b := Pack(make([]float32, 12), 4, 3, 3, 1)
	a := Matrix{Data: make([]float32, 8), Stride: 4, Runs: 1, Run: 4}
	for name, call := range map[string]func(){
		"short a":    func() { Gemm(3, a, b, make([]float32, 9), 3, GemmOptions{}) },
		"short c":    func() { Gemm(2, a, b, make([]float32, 5), 3, GemmOptions{}) },
		"small ldc":  func() { Gemm(2, a, b, make([]float32, 9), 2, GemmOptions{}) },
		"short bias": func() { Gemm(2, a, b, make([]float32, 9), 3, GemmOptions{Bias: make([]float32, 2)}) },
		"other k": func() {
			Gemm(1, Matrix{Data: a.Data, Stride: 5, Runs: 1, Run: 5}, b, make([]float32, 9), 3, GemmOptions{})
		},
		"short b":  func() { Pack(make([]float32, 11), 4, 3, 3, 1) },
		"negative": func() { Pack(make([]float32, 12), 4, 3, -3, 1) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was taken", name)
				}
			}()
			call()
		}()
	}
}

func TestGemmAllocatesNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	p := newProduct(rng, 31, 33, 3, 11)
	if n := testing.AllocsPerRun(20, func() { Gemm(p.m, p.a, p.b, p.c, p.ldc, p.o) }); n != 0 {
		t.Errorf("%g allocations", n)
	}
	if n := testing.AllocsPerRun(20, func() { p.b.Repack(p.flat, 33, 33, 33, 1) }); n != 0 {
		t.Errorf("repacking: %g allocations", n)
	}
}

// The products of the codecs' networks, for a 768x512 picture.
var networkShapes = []struct{ m, runs, run, n int }{
	{6144, 1, 192, 96}, {6144, 1, 96, 96}, {6144, 1, 96, 192},
	{1536, 3, 288, 128}, {1536, 1, 128, 384},
	{98304, 5, 15, 128}, {24576, 5, 640, 128}, {6144, 5, 640, 192}, {24576, 1, 128, 128},
}

func BenchmarkGemm(b *testing.B) {
	for i := range implementations {
		impl := &implementations[i]
		for _, s := range networkShapes {
			k := s.runs * s.run
			b.Run(fmt.Sprintf("%s/%dx%dx%d", impl.name, s.m, k, s.n), func(b *testing.B) {
				a := Matrix{Data: make([]float32, s.m*k), Stride: k, Runs: s.runs, Run: s.run, RunStride: s.run}
				panels := Pack(make([]float32, k*s.n), k, s.n, s.n, 1)
				c := make([]float32, s.m*s.n)
				for b.Loop() {
					impl.gemm(s.m, a, panels, c, s.n, GemmOptions{})
				}
				b.ReportMetric(2*float64(s.m)*float64(k)*float64(s.n)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}
