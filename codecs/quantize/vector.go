package quantize

import "math"

// Dot returns the inner product of two vectors; b is at least as long as a.
func Dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32
	for len(a) >= 4 && len(b) >= 4 {
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
		a, b = a[4:], b[4:]
	}
	for i, v := range a {
		s0 += v * b[i]
	}
	return s0 + s1 + (s2 + s3)
}

// AddScaled adds k times src to dst, element by element.
func AddScaled(dst []float32, k float32, src []float32) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] += k * src[i]
	}
}

// normalize scales v to length 1 and reports whether it had one.
func normalize(v []float32) bool {
	n := float64(Dot(v, v))
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
