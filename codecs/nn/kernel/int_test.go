package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// eachInt runs a test with every implementation of the integer kernels that the machine
// has, and says which it lacks.
func eachInt(t *testing.T, test func(t *testing.T, k *intImplementation)) {
	before := intKernels
	defer func() { intKernels = before }()
	for _, name := range []string{"vnni", "avx512", "avx2", "portable"} {
		t.Run(name, func(t *testing.T) {
			i := slices.IndexFunc(intImplementations, func(k intImplementation) bool { return k.name == name })
			if i < 0 {
				t.Skipf("this processor, or this build, has no %s", name)
			}
			intKernels = &intImplementations[i]
			test(t, intKernels)
		})
	}
}

// rounds returns how many random cases a test tries; emulated processors are slow.
func rounds() int {
	if testing.Short() {
		return 40
	}
	return 400
}

// fill draws a vector of one of three kinds: any value, small ones, only extremes.
func fill[T int8 | int16 | int32](rng *rand.Rand, n int, low, high T) []T {
	v := make([]T, n)
	kind := rng.IntN(3)
	for i := range v {
		switch r := rng.Int64N(int64(high) - int64(low) + 1); kind {
		case 0:
			v[i] = T(int64(low) + r)
		case 1:
			v[i] = T(r % 3)
		default:
			v[i] = []T{low, high}[r&1]
		}
	}
	return v
}

func activations(rng *rand.Rand, n int) []int16 {
	return fill[int16](rng, n, math.MinInt16, math.MaxInt16)
}

func weights(rng *rand.Rand, n int) []int8 { return fill[int8](rng, n, math.MinInt8, math.MaxInt8) }

// untouched marks elements that a kernel must leave alone.
const untouched = 12345

// canvas returns n marks, and more behind them that must stay too.
func canvas[T int16 | int32](n int) []T {
	return slices.Repeat([]T{untouched}, n+64)
}

// The product is the sum modulo 2^32, with extreme inputs too, for every shape, and
// nothing between or behind the rows of C is written.
func TestGemmInt(t *testing.T) {
	eachInt(t, func(t *testing.T, _ *intImplementation) {
		rng := rand.New(rand.NewPCG(1, 2))
		for range rounds() {
			m, n, runs, run := shape(rng)
			if err := checkGemmInt(rng, m, n, runs, run); err != nil {
				t.Fatalf("%d x %d, %d runs of %d: %v", m, n, runs, run, err)
			}
		}
	})
}

func checkGemmInt(rng *rand.Rand, m, n, runs, run int) error {
	k := runs * run
	a := IntMatrix{Stride: 1 + rng.IntN(2*run), Runs: runs, Run: run, RunStride: rng.IntN(3 * run)}
	a.Data = activations(rng, (m-1)*a.Stride+(runs-1)*a.RunStride+run+run%2)
	flat, bias := weights(rng, k*n), fill[int32](rng, n, math.MinInt32, math.MaxInt32)
	b := PackInt(flat, runs, run, n, n, 1, bias)
	ldc := n + rng.IntN(5)
	c := canvas[int32]((m-1)*ldc + n)
	GemmInt(m, a, b, c[:(m-1)*ldc+n], ldc)
	for at, got := range c {
		i, j := at/ldc, at%ldc
		want := int32(untouched)
		if i < m && j < n {
			want = bias[j]
			for e := range k {
				want += int32(a.Data[i*a.Stride+e/run*a.RunStride+e%run]) * int32(flat[e*n+j])
			}
		}
		if got != want {
			return fmt.Errorf("element %d, %d: %d, want %d", i, j, got, want)
		}
	}
	return nil
}

// A transposed matrix packs to the same panels.
func TestPackIntStrides(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	const runs, run, n = 3, 7, 37
	b := weights(rng, runs*run*n)
	transposed := make([]int8, len(b))
	for k := range runs * run {
		for j := range n {
			transposed[j*runs*run+k] = b[k*n+j]
		}
	}
	bias := make([]int32, n)
	if !slices.Equal(PackInt(b, runs, run, n, n, 1, bias).data, PackInt(transposed, runs, run, n, 1, runs*run, bias).data) {
		t.Error("panels differ")
	}
}

// Requantisation is its formula, at the limits of every operand too.
func TestRequantize(t *testing.T) {
	eachInt(t, func(t *testing.T, _ *intImplementation) {
		rng := rand.New(rand.NewPCG(3, 2))
		for range rounds() {
			rows, n := 1+rng.IntN(9), 1+rng.IntN(70)
			multiplier := fill[int32](rng, n, 0, math.MaxInt32)
			shift := uint(MinShift + rng.IntN(MaxShift-MinShift+1))
			low, high := int16(-1-rng.IntN(32768)), int16(rng.IntN(32768))
			leaky := rng.IntN(2) == 0
			q, err := NewRequantizer(multiplier, shift, low, high, leaky)
			if err != nil {
				t.Fatal(err)
			}
			accStride, dstStride := n+rng.IntN(5), n+rng.IntN(5)
			acc := fill[int32](rng, (rows-1)*accStride+n, math.MinInt32, math.MaxInt32)
			dst := canvas[int16]((rows-1)*dstStride + n)
			q.Apply(rows, dst[:(rows-1)*dstStride+n], dstStride, acc, accStride)
			for at, got := range dst {
				i, j := at/dstStride, at%dstStride
				want := int64(untouched)
				if i < rows && j < n {
					want = requantized(acc[i*accStride+j], multiplier[j], shift, low, high, leaky)
				}
				if int64(got) != want {
					t.Fatalf("%d rows of %d, shift %d, row %d, channel %d: %d, want %d", rows, n, shift, i, j, got, want)
				}
			}
		}
	})
}

// requantized is the formula in 64 bits throughout.
func requantized(sum, multiplier int32, shift uint, low, high int16, leaky bool) int64 {
	v := (int64(sum)*int64(multiplier) + 1<<(shift-1)) >> shift
	v = min(max(v, int64(low)), int64(high))
	if leaky && v < 0 {
		v = (v + 4) >> 3
	}
	return v
}

func TestRequantizerRefuses(t *testing.T) {
	for name, q := range map[string]func() (*Requantizer, error){
		"small shift":         func() (*Requantizer, error) { return NewRequantizer([]int32{1}, 31, -1, 1, false) },
		"large shift":         func() (*Requantizer, error) { return NewRequantizer([]int32{1}, 63, -1, 1, false) },
		"negative multiplier": func() (*Requantizer, error) { return NewRequantizer([]int32{1, -1}, 32, -1, 1, false) },
		"empty range":         func() (*Requantizer, error) { return NewRequantizer([]int32{1}, 32, 1, -1, false) },
	} {
		if _, err := q(); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// LeakyReLU is an eighth, rounded to the nearest with halves up, for every input.
func TestIntLeakyReLU(t *testing.T) {
	for v := math.MinInt16; v <= math.MaxInt16; v++ {
		x := []int16{int16(v)}
		want := v
		if v < 0 {
			want = int(math.Floor(float64(v)/8 + 0.5))
		}
		if LeakyReLU(x, x); int(x[0]) != want {
			t.Fatalf("%d gives %d, want %d", v, x[0], want)
		}
	}
}

func TestIntSum(t *testing.T) {
	eachInt(t, func(t *testing.T, _ *intImplementation) {
		rng := rand.New(rand.NewPCG(4, 2))
		for range rounds() {
			n := 1 + rng.IntN(90)
			s := IntSum{A: int16(rng.IntN(32768)), Shift: uint(rng.IntN(31)), Low: int16(-1 - rng.IntN(32768)), High: int16(rng.IntN(32768))}
			s.B = int16(rng.IntN(32768 - int(s.A)))
			if err := s.Check(32768, 32768); err != nil {
				t.Fatal(err)
			}
			a, b := activations(rng, n), activations(rng, n)
			dst := canvas[int16](n)
			s.Add(dst[:n], a, b)
			for i, got := range dst {
				want := int64(untouched)
				if i < n {
					want = int64(a[i])*int64(s.A) + int64(b[i])*int64(s.B) + 1<<s.Shift>>1
					want = min(max(want>>s.Shift, int64(s.Low)), int64(s.High))
				}
				if int64(got) != want {
					t.Fatalf("%+v, element %d of %d: %d, want %d", s, i, n, got, want)
				}
			}
			inPlace := slices.Clone(a)
			if s.Add(inPlace, inPlace, b); !slices.Equal(inPlace, dst[:n]) {
				t.Fatal("in place it differs")
			}
		}
	})
}

func TestIntSumCheck(t *testing.T) {
	for name, s := range map[string]IntSum{
		"large":    {A: 32767, B: 32767, Shift: 30, High: 1},
		"shift":    {A: 1, B: 1, Shift: 31, High: 1},
		"negative": {A: -1, B: 1, High: 1},
		"empty":    {A: 1, B: 1, Low: 1},
	} {
		if s.Check(32767, 32767) == nil {
			t.Errorf("%s: %+v was taken", name, s)
		}
	}
}

func TestIntDepthwise(t *testing.T) {
	eachInt(t, func(t *testing.T, _ *intImplementation) {
		rng := rand.New(rand.NewPCG(5, 2))
		for range rounds() {
			pixels, taps, channels := 1+rng.IntN(20), 1+rng.IntN(26), 1+rng.IntN(70)
			stride, accStride := rng.IntN(2*channels), channels+rng.IntN(5)
			w, bias := weights(rng, taps*channels), fill[int32](rng, channels, math.MinInt32, math.MaxInt32)
			offsets := make([]int, taps)
			for i := range offsets {
				offsets[i] = rng.IntN(500)
			}
			a := activations(rng, (pixels-1)*stride+slices.Max(offsets)+channels)
			acc := canvas[int32]((pixels-1)*accStride + channels)
			PackIntDepthwise(w, taps, channels, bias).Apply(pixels, acc[:(pixels-1)*accStride+channels], accStride, a, stride, offsets)
			for at, got := range acc {
				i, c := at/accStride, at%accStride
				want := int32(untouched)
				if i < pixels && c < channels {
					want = bias[c]
					for k, o := range offsets {
						want += int32(a[i*stride+o+c]) * int32(w[k*channels+c])
					}
				}
				if got != want {
					t.Fatalf("%d pixels, %d taps, %d channels, pixel %d, channel %d: %d, want %d", pixels, taps, channels, i, c, got, want)
				}
			}
		}
	})
}

// Slices that are too short are refused before anything is touched.
func TestIntRefuses(t *testing.T) {
	b := PackInt(make([]int8, 15), 1, 5, 3, 3, 1, make([]int32, 3))
	a := IntMatrix{Data: make([]int16, 11), Stride: 5, Runs: 1, Run: 5}
	q, err := NewRequantizer([]int32{1, 2}, 40, -9, 9, false)
	if err != nil {
		t.Fatal(err)
	}
	d := PackIntDepthwise(make([]int8, 8), 4, 2, make([]int32, 2))
	for name, call := range map[string]func(){
		"short a":          func() { GemmInt(3, a, b, make([]int32, 9), 3) },
		"nothing behind a": func() { GemmInt(2, IntMatrix{a.Data[:10], 5, 1, 5, 0}, b, make([]int32, 9), 3) },
		"short c":          func() { GemmInt(2, a, b, make([]int32, 5), 3) },
		"other runs":       func() { GemmInt(1, IntMatrix{a.Data, 5, 5, 1, 1}, b, make([]int32, 9), 3) },
		"short b":          func() { PackInt(make([]int8, 14), 1, 5, 3, 3, 1, make([]int32, 3)) },
		"short bias":       func() { PackInt(make([]int8, 15), 1, 5, 3, 3, 1, make([]int32, 2)) },
		"short sums":       func() { q.Apply(2, make([]int16, 4), 2, make([]int32, 3), 2) },
		"short result":     func() { q.Apply(2, make([]int16, 3), 2, make([]int32, 4), 2) },
		"offsets":          func() { d.Apply(1, make([]int32, 2), 2, make([]int16, 9), 1, []int{0, 1, 2}) },
		"offset outside":   func() { d.Apply(1, make([]int32, 2), 2, make([]int16, 9), 1, []int{0, 1, 2, 8}) },
		"depthwise sums":   func() { d.Apply(2, make([]int32, 3), 2, make([]int16, 9), 1, []int{0, 1, 2, 3}) },
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
