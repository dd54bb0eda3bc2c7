package grad

import "math"

// Noise returns x plus noise, uniform from -1/2 to below 1/2, in place of rounding in
// training (Ballé et al., ICLR 2017). The noise depends on seed and position alone, so
// that each step should have a seed of its own.
func (t *Tape) Noise(x *Value, seed uint64) *Value {
	return t.mapped(x, &noise, constants{seed: seed})
}

var noise = mapping{
	forward: func(y, x []float32, k constants, at int) {
		for i, v := range x {
			y[i] = v + uniform(k.seed, uint64(at+i))
		}
	},
	backward: passThrough,
}

// uniform is number i of a sequence over [-1/2, 1/2) (Steele et al., SplitMix64, 2014).
func uniform(seed, i uint64) float32 {
	z := mix64(seed) + (i+1)*0x9e3779b97f4a7c15
	return float32(mix64(z)>>40)*(1.0/(1<<24)) - 0.5
}

func mix64(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// GaussianNoise returns x plus normal noise of a standard deviation, as seed and position
// decide: with SoftRound on both sides, the proxy of codecs that are fitted to one picture
// (Cool-chic).
func (t *Tape) GaussianNoise(x *Value, deviation float64, seed uint64) *Value {
	return t.mapped(x, &gaussianNoise, constants{a: deviation, seed: seed})
}

var gaussianNoise = mapping{
	forward: func(y, x []float32, k constants, at int) {
		for i, v := range x {
			// Box and Muller, of one pair the cosine.
			u, angle := uniform(k.seed, uint64(2*(at+i))), uniform(k.seed, uint64(2*(at+i)+1))
			radius := math.Sqrt(-2 * math.Log(0.5-float64(u)))
			y[i] = v + float32(k.a*radius*math.Cos(2*math.Pi*float64(angle)))
		}
	},
	backward: passThrough,
}

// Round returns x rounded to the nearest integer, halves to even, with the gradient of
// the identity (straight-through).
func (t *Tape) Round(x *Value) *Value { return t.mapped(x, &rounding, constants{}) }

var rounding = mapping{
	forward: func(y, x []float32, _ constants, _ int) {
		for i, v := range x {
			y[i] = float32(math.RoundToEven(float64(v)))
		}
	},
	backward: passThrough,
}

// Clamp returns x limited to low..high. Its gradient is that of the identity
// everywhere if straight, so that a picture that is white all over can still learn; else
// it is zero outside, except where a descent leads back in.
func (t *Tape) Clamp(x *Value, low, high float64, straight bool) *Value {
	if straight {
		return t.mapped(x, &clampStraight, constants{a: low, b: high})
	}
	return t.mapped(x, &clampInward, constants{a: low, b: high})
}

var clampStraight = mapping{forward: clampForward, backward: passThrough}

var clampInward = mapping{
	forward: clampForward,
	backward: func(dx, dy, x, _ []float32, k constants) {
		low, high := float32(k.a), float32(k.b)
		for i, g := range dy {
			if (x[i] >= low || g < 0) && (x[i] <= high || g > 0) {
				dx[i] += g
			}
		}
	},
}

func clampForward(y, x []float32, k constants, _ int) {
	low, high := float32(k.a), float32(k.b)
	for i, v := range x {
		y[i] = min(max(v, low), high)
	}
}

// Temperatures that soft rounding takes: at 0.02 it is a stair, at 10 the identity.
const (
	minTemperature = 0.02
	maxTemperature = 10
)

// SoftRound returns a smooth stair through the integers and the halves between them,
// floor(x) + 1/2 + tanh(r/T) / (2 tanh(1/(2T))) with r = x - floor(x) - 1/2, which nears
// rounding as the temperature T falls (Agustsson and Theis, NeurIPS 2020, with alpha = 1/T).
// T lies between 0.02 and 10.
func (t *Tape) SoftRound(x *Value, temperature float64) *Value {
	if !t.warm(temperature) {
		return t.none()
	}
	return t.mapped(x, &softRound, constants{a: temperature})
}

// SoftRoundInverse returns the x whose SoftRound is given. Its derivative is steep near
// integers at low temperatures, at most about T exp(1/T).
func (t *Tape) SoftRoundInverse(x *Value, temperature float64) *Value {
	if !t.warm(temperature) {
		return t.none()
	}
	return t.mapped(x, &softInverse, constants{a: temperature})
}

func (t *Tape) warm(temperature float64) bool {
	if !(temperature >= minTemperature && temperature <= maxTemperature) {
		t.fail("soft rounding at temperature %g: %g to %g is allowed", temperature, minTemperature, float64(maxTemperature))
	}
	return t.Err() == nil
}

var softRound = mapping{
	forward: func(y, x []float32, c constants, _ int) {
		k, rise := 1/c.a, 0.5/math.Tanh(0.5/c.a)
		for i, v := range x {
			low := math.Floor(float64(v))
			y[i] = float32(low + 0.5 + rise*math.Tanh(k*(float64(v)-low-0.5)))
		}
	},
	backward: func(dx, dy, x, _ []float32, c constants) {
		k, rise := 1/c.a, 0.5/math.Tanh(0.5/c.a)
		for i, g := range dy {
			v := float64(x[i])
			th := math.Tanh(k * (v - math.Floor(v) - 0.5))
			dx[i] += g * float32(k*rise*(1-th*th))
		}
	},
}

var softInverse = mapping{
	forward: func(y, x []float32, c constants, _ int) {
		k := 2 * math.Tanh(0.5/c.a)
		for i, v := range x {
			low := math.Floor(float64(v))
			r := c.a * math.Atanh(k*(float64(v)-low-0.5))
			y[i] = float32(low + 0.5 + min(max(r, -0.5), 0.5))
		}
	},
	backward: func(dx, dy, x, _ []float32, c constants) {
		k := 2 * math.Tanh(0.5/c.a)
		steepest := c.a * k * math.Pow(math.Cosh(0.5/c.a), 2) // at the integers
		for i, g := range dy {
			v := float64(x[i])
			u := k * (v - math.Floor(v) - 0.5)
			dx[i] += g * float32(min(c.a*k/((1-u)*(1+u)), steepest))
		}
	},
}

// Gumbel returns a point between the integers on both sides of x, drawn so that as the
// temperature T falls it nears one of them, mostly the nearer: stochastic Gumbel annealing
// of latents (Yang, Bamler and Mandt, NeurIPS 2020), with the log-odds
// (atanh(r) - atanh(1-r)) / T of the upper one, r = x - floor(x). Seed and position decide
// the draw. T lies between 0.02 and 10; start at 0.5 and end near 0.1.
func (t *Tape) Gumbel(x *Value, temperature float64, seed uint64) *Value {
	if !t.warm(temperature) {
		return t.none()
	}
	return t.mapped(x, &gumbel, constants{a: temperature, seed: seed})
}

// gumbelEdge keeps the distances from both integers within atanh's reach.
const gumbelEdge = 1e-5

var gumbel = mapping{
	forward: func(y, x []float32, k constants, at int) {
		for i, v := range x {
			low := math.Floor(float64(v))
			r := min(max(float64(v)-low, gumbelEdge), 1-gumbelEdge)
			odds := math.Log(r*(1+r)/((1-r)*(2-r))) / (2 * k.a)
			// The difference of two Gumbel variables is logistic.
			u := float64(uniform(k.seed, uint64(at+i))) + 0.5 + 1.0/(1<<25)
			y[i] = float32(low + sigmoid((odds+math.Log(u/(1-u)))/k.a))
		}
	},
	backward: func(dx, dy, x, y []float32, k constants) {
		for i, g := range dy {
			low := math.Floor(float64(x[i]))
			r, w := float64(x[i])-low, float64(y[i])-low
			if r < gumbelEdge || r > 1-gumbelEdge {
				continue
			}
			slope := (1/(1-r*r) + 1/(r*(2-r))) / (k.a * k.a)
			dx[i] += g * float32(w*(1-w)*slope)
		}
	},
}
