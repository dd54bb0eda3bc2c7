package nn

import "math"

// Activation is a function of each element.
type Activation struct {
	pointwise
	weightless
	Op    string  // as in LayerSpec: leaky_relu, relu, gelu, silu, sigmoid or tanh
	Slope float32 // of leaky_relu below zero

	apply func(dst, src []float32, slope float32)
}

// activations lists the functions; dst may be src.
func activations() map[string]func(dst, src []float32, slope float32) {
	return map[string]func(dst, src []float32, slope float32){
		"leaky_relu": leakyReLU, "relu": leakyReLU, // of slope 0
		"gelu":    each(func(v float64) float64 { return v / 2 * math.Erfc(-v/math.Sqrt2) }),
		"silu":    each(func(v float64) float64 { return v / (1 + math.Exp(-v)) }),
		"sigmoid": each(func(v float64) float64 { return 1 / (1 + math.Exp(-v)) }),
		"tanh":    each(math.Tanh),
	}
}

func leakyReLU(dst, src []float32, slope float32) {
	for i, v := range src {
		dst[i] = max(v, 0) + slope*min(v, 0)
	}
}

func each(f func(float64) float64) func(dst, src []float32, slope float32) {
	return func(dst, src []float32, _ float32) {
		for i, v := range src {
			dst[i] = float32(f(float64(v)))
		}
	}
}

// Size changes nothing.
func (l *Activation) Size(in Size) (Size, error) { return in, nil }

// Traits allow overwriting the input.
func (l *Activation) Traits() Traits { return Traits{Pointwise: true, InPlace: true} }

// Compute maps row by row.
func (l *Activation) Compute(_ *Worker, dst, src Band, t Tile) {
	for y := t.Rows.Lo; y < t.Rows.Hi; y++ {
		l.apply(dst.row(y, t.Cols.Lo, t.width()), src.row(y, t.Cols.Lo, t.width()), l.Slope)
	}
}

func newActivation(_ *builder, s LayerSpec) (Layer, error) {
	if s.Op != "leaky_relu" {
		s.Slope = 0
	}
	return &Activation{Op: s.Op, Slope: s.Slope, apply: activations()[s.Op]}, nil
}
