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

// noDetail is the information, in nats, below which a map says that nothing could be
// lost.
const noDetail = 5e-4

// at returns the information of window i.
func (s *stats) at(i int) information {
	variance, gain, noise := s.model(i)
	return information{math.Log1p(variance / eyeNoise), math.Log1p(gain * gain * variance / (noise + eyeNoise))}
}
