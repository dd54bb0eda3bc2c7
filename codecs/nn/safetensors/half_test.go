package safetensors

import (
	"math"
	"math/rand/v2"
	"testing"
)

// value computes a half's value from its definition.
func value(h uint16) float64 {
	e, f := int(h>>10&31), float64(h&1023)
	v := math.Ldexp(1024+f, e-25)
	switch e {
	case 0:
		v = math.Ldexp(f, -24)
	case 31:
		v = math.Inf(1)
		if f != 0 {
			v = math.NaN()
		}
	}
	if h>>15 != 0 {
		v = -v
	}
	return v
}

func TestEveryHalf(t *testing.T) {
	for i := range 1 << 16 {
		h := uint16(i)
		got, want := float64(fromHalf(h)), value(h)
		if math.IsNaN(want) {
			if !math.IsNaN(got) || !math.IsNaN(value(toHalf(float32(math.NaN())))) {
				t.Fatalf("%04x is %g, want NaN", h, got)
			}
			continue
		}
		if got != want || math.Signbit(got) != math.Signbit(want) {
			t.Fatalf("%04x is %g, want %g", h, got, want)
		}
		if back := toHalf(fromHalf(h)); back != h {
			t.Fatalf("%04x comes back as %04x", h, back)
		}
	}
}

func TestHalfRoundsToNearestEven(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	check := func(v float32) {
		h := toHalf(v)
		x := math.Abs(float64(v))
		got := math.Abs(value(h))
		if x >= 65520 { // half way from 65504 to 65536
			if !math.IsInf(got, 1) {
				t.Fatalf("%g becomes %g", v, value(h))
			}
			return
		}
		m := h & 0x7fff
		below, above := value(max(m, 1)-1), value(m+1)
		if math.IsInf(above, 1) {
			above = 65536
		}
		d := math.Abs(x - got)
		// Zero has no neighbour below.
		if m > 0 && math.Abs(x-below) < d || math.Abs(x-above) < d ||
			(m > 0 && math.Abs(x-below) == d || math.Abs(x-above) == d) && m&1 == 1 {
			t.Fatalf("%g becomes %g, neighbours %g and %g", v, got, below, above)
		}
	}
	for range 500_000 {
		// Exponents from below the smallest subnormal to above the largest value.
		e := uint32(127 - 28 + rng.IntN(46))
		fraction := rng.Uint32() & (1<<23 - 1)
		if rng.IntN(4) == 0 {
			fraction &^= 1<<uint(rng.IntN(20)) - 1 // ties
		}
		check(math.Float32frombits(rng.Uint32()&(1<<31) | e<<23 | fraction))
	}
	for _, v := range []float32{0, 65504, 65519.996, 65520, 1 << 17, math.MaxFloat32, math.SmallestNonzeroFloat32, 1.0 / (1 << 24), 1.0 / (1 << 25), 1.0 / (1 << 14)} {
		check(v)
	}
}

func TestFloats(t *testing.T) {
	values := []float32{1, -0.5, 65504}
	for _, tensor := range []Tensor{Of(values, 3), Half(values, 3)} {
		got, err := Floats(tensor)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range values {
			if got[i] != v {
				t.Errorf("%s: element %d is %g, want %g", tensor.DType, i, got[i], v)
			}
		}
	}
	if _, err := Floats(Of([]int32{1}, 1)); err == nil {
		t.Error("an I32 tensor read as floating point: no error")
	}
}
