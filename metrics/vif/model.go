package vif

import "math"

// information is what the eye learns of the reference, in nats, from the reference
// itself and from the distorted picture.
type information struct{ reference, distorted float64 }

func (a *information) add(b information) {
	a.reference += b.reference
	a.distorted += b.distorted
}

const (
	// eyeNoise is the variance of the eye's own noise, for samples on 0..255.
	eyeNoise = 2
	// tiny keeps quotients from 0/0: below it a variance counts as none.
	tiny = 1e-10
)

// stats are the weighted means of one row of windows, each with n values.
type stats struct {
	n                int
	x, y, xx, yy, xy [tileWidth]float64
}

// model fits window i: the distorted picture is gain times the reference plus noise
// of variance noise; variance is the reference's.
func (s *stats) model(i int) (variance, gain, noise float64) {
	mx, my := s.x[i], s.y[i]
	sx := max(s.xx[i]-mx*mx, 0)
	sy := max(s.yy[i]-my*my, 0)
	sxy := s.xy[i] - mx*my
	gain = sxy / (sx + tiny)
	noise = sy - gain*sxy
	if sx < tiny {
		sx, gain, noise = 0, 0, sy
	}
	if sy < tiny {
		gain, noise = 0, 0
	}
	if gain < 0 {
		gain, noise = 0, sy
	}
	return sx, gain, max(noise, tiny)
}

// logEvery is how many quotients are multiplied before the logarithm is taken. Each
// is at most 1 + 128*128/2, so that the product stays far from an overflow.
const logEvery = 16

// information sums over the row.
func (s *stats) information() (sum information) {
	for first := 0; first < s.n; first += logEvery {
		reference, distorted := 1., 1.
		for i := first; i < min(first+logEvery, s.n); i++ {
			variance, gain, noise := s.model(i)
			reference *= 1 + variance/eyeNoise
			distorted *= 1 + gain*gain*variance/(noise+eyeNoise)
		}
		sum.reference += math.Log(reference)
		sum.distorted += math.Log(distorted)
	}
	return sum
}

// noDetail is the variance below which a map says that nothing could be lost.
const noDetail = 1e-3

// quotients writes the share of the information that is left at each window.
func (s *stats) quotients(dst []float32) {
	for i := range s.n {
		variance, gain, noise := s.model(i)
		dst[i] = 1
		if variance >= noDetail {
			dst[i] = float32(math.Log1p(gain*gain*variance/(noise+eyeNoise)) / math.Log1p(variance/eyeNoise))
		}
	}
}
