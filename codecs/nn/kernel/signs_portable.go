package kernel

import "math"

func signsPortable(signs []byte, x []float32) {
	for i := range signs {
		b := uint32(0)
		for k, v := range x[8*i:][:8] {
			b |= math.Float32bits(v) >> 31 << k
		}
		signs[i] = byte(b)
	}
}

// leakyBySignsPortable looks the factor up, because a branch on activations is one that
// processors can't foresee.
func leakyBySignsPortable(dst, x []float32, signs []byte, slope float32) {
	factor := [2]float32{1, slope}
	for i, b := range signs {
		from, to := x[8*i:][:8], dst[8*i:][:8]
		for k, v := range from {
			to[k] = v * factor[b>>k&1]
		}
	}
}
