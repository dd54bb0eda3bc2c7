package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Both maps of signs give the bits of their portable twins, and Leaky with its derivative
// agrees with them.
func TestSigns(t *testing.T) {
	each(t, func(t *testing.T, impl *implementation) {
		rng := rand.New(rand.NewPCG(6, 6))
		for n := range 40 {
			x, y := vector(rng, 8*n), vector(rng, 8*n)
			for i := range x {
				switch rng.IntN(9) {
				case 0:
					x[i] = float32(math.Copysign(0, float64(x[i])))
				case 1:
					x[i] = float32(math.Inf(int(math.Copysign(1, float64(x[i])))))
				}
			}
			want, got := make([]byte, n+2), make([]byte, n+2)
			signsPortable(want[1:n+1], x)
			impl.signs(got[1:n+1], x)
			if !slices.Equal(want, got) {
				t.Fatalf("signs of %d: %x, want %x", 8*n, got, want)
			}
			dst, intact := guarded(rng, 8*n)
			impl.leakyBySigns(dst, y, got[1:n+1], 0.125)
			inPlace := slices.Clone(y)
			impl.leakyBySigns(inPlace, inPlace, got[1:n+1], 0.125)
			for i, v := range y {
				if math.Signbit(float64(x[i])) {
					v *= 0.125
				}
				if !same(dst[i], v) || !same(inPlace[i], v) {
					t.Fatalf("%g by the sign of %g: %g, in place %g, want %g", y[i], x[i], dst[i], inPlace[i], v)
				}
			}
			if !intact() {
				t.Fatalf("wrote beside the %d elements", 8*n)
			}
		}
	})
}

func TestSignsRefuseOtherLengths(t *testing.T) {
	for name, call := range map[string]func(){
		"signs": func() { Signs(make([]byte, 2), make([]float32, 15)) },
		"x":     func() { LeakyBySigns(make([]float32, 8), make([]float32, 9), make([]byte, 1), 0) },
		"dst":   func() { LeakyBySigns(make([]float32, 7), make([]float32, 8), make([]byte, 1), 0) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s of another length is taken", name)
				}
			}()
			call()
		}()
	}
}
