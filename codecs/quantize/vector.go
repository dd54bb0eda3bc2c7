package quantize

import (
	"math"

	"codecworkbench/codecs/nn/kernel"
)

// normalize scales v to length 1 and reports whether it had one.
func normalize(v []float32) bool {
	n := float64(kernel.Dot(v, v))
	if n < 1e-20 {
		return false
	}
	k := float32(1 / math.Sqrt(n))
	for i := range v {
		v[i] *= k
	}
	return true
}

// square returns x*x.
func square(x float32) float32 { return x * x }
