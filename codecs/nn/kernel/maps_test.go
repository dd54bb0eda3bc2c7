package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// guarded returns n elements with values around them, and a function that tells whether
// those still hold what they did.
func guarded(rng *rand.Rand, n int) (s []float32, intact func() bool) {
	const margin = 40
	all := vector(rng, n+2*margin)
	before := slices.Clone(all)
	return all[margin : margin+n : margin+n], func() bool {
		return slices.Equal(all[:margin], before[:margin]) && slices.Equal(all[margin+n:], before[margin+n:])
	}
}

// same tells whether two results have the same bits, or are both NaN.
func same(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
}

// Every map gives the bits of its portable twin, at every length, in place or not.
func TestMapsAreTheSame(t *testing.T) {
	special := []float32{0, float32(math.Copysign(0, -1)), 1, -1, 0.625, -0.625, 1e-40, -1e-40, 1e-45, 87.5, 88.5, 88.8, 100, -87.5, -90,
		-103.9, -104.5, 3e38, -3e38, float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN())}
	each(t, func(t *testing.T, impl *implementation) {
		rng := rand.New(rand.NewPCG(5, 5))
		for op := range opCount {
			for n := range 70 {
				x, y := vector(rng, n), vector(rng, n)
				for i := range x {
					x[i] *= float32(math.Exp(4 * rng.NormFloat64()))
					if rng.IntN(4) == 0 {
						x[i] = special[rng.IntN(len(special))]
					}
				}
				dst, intact := guarded(rng, n)
				want := slices.Clone(dst)
				var s float32
				if op == opLeaky || op == opScale || op == opOffset || op == opAtLeast || op == opAtMost {
					s = 0.125
				}
				mapPortable(op, want, x, y, s)
				impl.apply(op, dst, x, y, s)
				inPlace := slices.Clone(x)
				if op != opMulAdd {
					impl.apply(op, inPlace, inPlace, y, s)
				} else {
					copy(inPlace, want)
				}
				for i := range want {
					if !same(dst[i], want[i]) || !same(inPlace[i], want[i]) {
						t.Fatalf("map %d of %g, %g: %g, in place %g, want %g", op, x[i], y[i], dst[i], inPlace[i], want[i])
					}
				}
				if !intact() {
					t.Fatalf("map %d wrote beside its %d elements", op, n)
				}
			}
		}
	})
}

func sigmoid64(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func normalCDF64(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// ulp is the distance of the float32 numbers about x.
func ulp(x float64) float64 {
	_, e := math.Frexp(x)
	return math.Ldexp(1, max(e-24, -149))
}

// The stated accuracies hold against float64.
func TestMapsAccuracy(t *testing.T) {
	for _, m := range []struct {
		name      string
		f         func(dst, x []float32)
		want      func(float64) float64
		low, high float64
		ulps      float64 // most, or
		absolute  float64 // most, of max(1, |x|)
	}{
		{"Exp", Exp, math.Exp, -103, 88.7, 1.1, 0},
		{"Log", Log, math.Log, 1e-40, 4, 1, 0},
		{"Log", Log, math.Log, 4, 3e38, 1, 0},
		{"Cbrt", Cbrt, math.Cbrt, -1e37, 1e37, 2, 0},
		{"Cbrt", Cbrt, math.Cbrt, -2, 2, 2, 0},
		{"Cbrt", Cbrt, math.Cbrt, 1e-30, 1e-25, 2, 0},
		{"Tanh", Tanh, math.Tanh, -10, 10, 2, 0},
		{"Sigmoid", Sigmoid, sigmoid64, -87, 30, 3, 0},
		{"SiLU", SiLU, func(x float64) float64 { return x * sigmoid64(x) }, -87, 30, 3, 0},
		{"NormalCDF", NormalCDF, normalCDF64, -12, 9, 0, 2e-7},
		{"NormalCDF", NormalCDF, normalCDF64, -5, 9, 20, 0},
		{"GELU", GELU, func(x float64) float64 { return x * normalCDF64(x) }, -12, 20, 0, 3e-7},
	} {
		n := 1000 * rounds()
		x, y := make([]float32, n), make([]float32, n)
		for i := range x {
			x[i] = float32(m.low + (m.high-m.low)*float64(i)/float64(n-1))
		}
		m.f(y, x)
		worst, worstAbsolute, at := 0.0, 0.0, float32(0)
		for i, v := range x {
			want := m.want(float64(v))
			diff := math.Abs(float64(y[i]) - want)
			if u := diff / ulp(want); u > worst {
				worst, at = u, v
			}
			worstAbsolute = max(worstAbsolute, diff/max(1, math.Abs(float64(v))))
		}
		t.Logf("%s from %g to %g: %.3f ulp at %g, %.3g absolutely", m.name, m.low, m.high, worst, at, worstAbsolute)
		if m.ulps > 0 && !(worst <= m.ulps) {
			t.Errorf("%s: more than %g ulp", m.name, m.ulps)
		}
		if m.absolute > 0 && !(worstAbsolute <= m.absolute) {
			t.Errorf("%s: more than %g", m.name, m.absolute)
		}
	}
}

// The ends of the range are what the documentation says.
func TestMapsSpecialValues(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	for _, c := range []struct {
		name    string
		f       func(dst, x []float32)
		x, want float32
	}{
		{"Exp", Exp, 89, inf}, {"Exp", Exp, inf, inf}, {"Exp", Exp, -104, 0}, {"Exp", Exp, -inf, 0}, {"Exp", Exp, nan, nan}, {"Exp", Exp, 0, 1},
		{"Log", Log, 0, -inf}, {"Log", Log, -1, nan}, {"Log", Log, inf, inf}, {"Log", Log, nan, nan}, {"Log", Log, 1, 0},
		{"Tanh", Tanh, inf, 1}, {"Tanh", Tanh, -inf, -1}, {"Tanh", Tanh, nan, nan}, {"Tanh", Tanh, 0, 0},
		{"Sigmoid", Sigmoid, inf, 1}, {"Sigmoid", Sigmoid, -inf, 0}, {"Sigmoid", Sigmoid, 0, 0.5},
		{"NormalCDF", NormalCDF, inf, 1}, {"NormalCDF", NormalCDF, -inf, 0}, {"NormalCDF", NormalCDF, nan, nan},
	} {
		x := slices.Repeat([]float32{c.x}, 9) // a register and one
		c.f(x, x)
		for _, got := range x {
			if !same(got, c.want) {
				t.Errorf("%s of %g: %g, want %g", c.name, c.x, got, c.want)
			}
		}
	}
}

// Reductions give the same bits, and what a sum in float64 gives.
func TestReductions(t *testing.T) {
	each(t, func(t *testing.T, impl *implementation) {
		rng := rand.New(rand.NewPCG(6, 6))
		for n := strands; n <= 10*strands; n += strands {
			x := vector(rng, n+1)[1:]
			if got, want := impl.sum(x), sumPortable(x); got != want {
				t.Fatalf("sum of %d: %g, want %g", n, got, want)
			}
			if got, want := impl.sumSquares(x, 0.3), sumSquaresPortable(x, 0.3); got != want {
				t.Fatalf("squares of %d: %g, want %g", n, got, want)
			}
			if got, want := impl.max(x), slices.Max(x); got != want {
				t.Fatalf("greatest of %d: %g, want %g", n, got, want)
			}
			w, b := vector(rng, n), vector(rng, n)
			got, intact := guarded(rng, n)
			want := make([]float32, n)
			impl.normalize(got, x, w, b, 0.1, 1.5)
			normalizePortable(want, x, w, b, 0.1, 1.5)
			if !slices.Equal(got, want) || !intact() {
				t.Fatalf("normalized %d: %v, want %v", n, got, want)
			}
		}
	})
}

func TestReductionsOfAnyLength(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for n := 1; n < 140; n++ {
		x := vector(rng, n)
		var sum, squares float64
		for _, v := range x {
			sum += float64(v)
			squares += (float64(v) - 2) * (float64(v) - 2)
		}
		if got := float64(Sum(x)); math.Abs(got-sum) > 1e-5*float64(n) {
			t.Errorf("sum of %d: %g, want %g", n, got, sum)
		}
		if got := float64(SumSquares(x, 2)); math.Abs(got-squares) > 1e-5*squares {
			t.Errorf("squares of %d: %g, want %g", n, got, squares)
		}
		if got, want := Max(x), slices.Max(x); got != want {
			t.Errorf("greatest of %d: %g, want %g", n, got, want)
		}
		x[0] += 200
		Softmax(x, x)
		if got := float64(Sum(x)); math.Abs(got-1) > 1e-5 || x[0] < 0.99 {
			t.Errorf("softmax of %d sums to %g", n, got)
		}
		ones, one, y := slices.Repeat([]float32{2}, n), slices.Repeat([]float32{1}, n), make([]float32, n)
		Normalize(y, ones, 0.5, 2, ones, one)
		MulRows(y, y, ones)
		if slices.Max(y) != 14 || slices.Min(y) != 14 {
			t.Errorf("normalized %d: %v", n, y)
		}
	}
}

func TestMapsAllocateNothing(t *testing.T) {
	x := make([]float32, 99)
	if n := testing.AllocsPerRun(20, func() { Exp(x, x); Softmax(x, x); Normalize(x, x, 0, 1, x, x) }); n != 0 {
		t.Errorf("%g allocations", n)
	}
}

func BenchmarkMaps(b *testing.B) {
	x, y := make([]float32, 4096), make([]float32, 4096)
	for i := range x {
		x[i] = float32(i%97)/10 - 4
	}
	for _, m := range []struct {
		name string
		op   mapOp
	}{
		{"Exp", opExp}, {"Log", opLog}, {"Tanh", opTanh}, {"Sigmoid", opSigmoid}, {"GELU", opGELU}, {"Leaky", opLeaky}, {"Add", opAdd}, {"DivSqrt", opDivSqrt},
	} {
		for i := range implementations {
			impl := &implementations[i]
			b.Run(m.name+"/"+impl.name, func(b *testing.B) {
				b.SetBytes(int64(4 * len(x)))
				for b.Loop() {
					impl.apply(m.op, y, x, x, 0.125)
				}
			})
		}
	}
}
