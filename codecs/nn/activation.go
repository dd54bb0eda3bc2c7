package nn

import "codecworkbench/codecs/nn/kernel"

// Activation is a function of each element.
type Activation struct {
	pointwise
	Op    string  // as in LayerSpec: leaky_relu, relu, gelu, silu, sigmoid or tanh
	Slope float32 // of leaky_relu below zero

	apply func(dst, src []float32, slope float32)
}

// activations lists the functions; dst may be src.
func activations() map[string]func(dst, src []float32, slope float32) {
	return map[string]func(dst, src []float32, slope float32){
		"leaky_relu": kernel.Leaky,
		"relu":       kernel.Leaky, // of slope 0
		"gelu":       slopeless(kernel.GELU),
		"silu":       slopeless(kernel.SiLU),
		"sigmoid":    slopeless(kernel.Sigmoid),
		"tanh":       slopeless(kernel.Tanh),
	}
}

func slopeless(f func(dst, src []float32)) func(dst, src []float32, slope float32) {
	return func(dst, src []float32, _ float32) { f(dst, src) }
}

// OutChannels changes nothing.
func (l *Activation) OutChannels(in int) (int, error) { return in, nil }

// Size changes nothing.
func (l *Activation) Size(in Size) (Size, error) { return in, nil }

// Params returns nothing.
func (l *Activation) Params() []Param { return nil }

// Pack looks the function up.
func (l *Activation) Pack() {
	if l.apply == nil {
		l.apply = activations()[l.Op]
	}
}

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
	return &Activation{Op: s.Op, Slope: s.Slope}, nil
}
