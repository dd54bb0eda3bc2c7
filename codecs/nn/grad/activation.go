package grad

import (
	"fmt"
	"math"

	"codecworkbench/codecs/nn"
)

// activation is an element-wise function of nn with its derivative.
type activation struct {
	layer      *nn.Activation
	derivative func(dx, dy, x, y []float32, k constants)
	k          constants
}

// derivatives lists those of nn's activations.
func derivatives() map[string]func(dx, dy, x, y []float32, k constants) {
	return map[string]func(dx, dy, x, y []float32, k constants){
		"leaky_relu": leakyDerivative,
		"relu":       leakyDerivative, // of slope 0
		"gelu":       ofInput(geluDerivative),
		"silu":       ofInput(siluDerivative),
		"sigmoid": func(dx, dy, _, y []float32, _ constants) {
			for i, g := range dy {
				dx[i] += g * y[i] * (1 - y[i])
			}
		},
		"tanh": func(dx, dy, _, y []float32, _ constants) {
			for i, g := range dy {
				dx[i] += g * (1 - y[i]*y[i])
			}
		},
	}
}

// leakyDerivative looks the factor up by sign, because a branch on activations is one that
// processors can't foresee.
func leakyDerivative(dx, dy, x, _ []float32, k constants) {
	factor := [2]float32{1, float32(k.a)}
	dx, dy = dx[:len(x)], dy[:len(x)]
	for i, v := range x {
		dx[i] += dy[i] * factor[(math.Float32bits(v)-1)>>31]
	}
}

func ofInput(f func(x float64) float64) func(dx, dy, x, y []float32, k constants) {
	return func(dx, dy, x, _ []float32, _ constants) {
		for i, g := range dy {
			dx[i] += g * float32(f(float64(x[i])))
		}
	}
}

func geluDerivative(x float64) float64 {
	return math.Erfc(-x/math.Sqrt2)/2 + x*math.Exp(-x*x/2-lnRoot2Pi)
}

func siluDerivative(x float64) float64 {
	s := sigmoid(x)
	return s * (1 + x*(1-s))
}

func newActivationNode(l *nn.Activation) (node, error) {
	f, ok := derivatives()[l.Op]
	if !ok {
		return nil, fmt.Errorf("no derivative of the activation %q", l.Op)
	}
	return &activation{l, f, constants{a: float64(l.Slope)}}, nil
}

func (a *activation) refresh() {}

func (a *activation) forward(t *Tape, x *Value, level float64) *Value {
	if t.Err() != nil {
		return t.none()
	}
	o := record[activationOp](t)
	if !o.apply(t, a.layer, x, level, false) {
		return t.none()
	}
	o.node = a
	return o.y
}

type activationOp struct {
	layerOp
	node *activation
}

func (o *activationOp) backward(t *Tape) {
	if o.x.Grad != nil {
		t.parallel(chunks(len(o.x.Data)), (*activationBackward)(o))
	}
}

type activationBackward activationOp

func (o *activationBackward) piece(i int, _ *scratch) {
	from, to := span(i, len(o.x.Data))
	o.node.derivative(o.x.Grad[from:to], o.y.Grad[from:to], o.x.Data[from:to], o.y.Data[from:to], o.node.k)
}
