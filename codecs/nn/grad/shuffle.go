package grad

import "codecworkbench/codecs/nn"

// permutation is a layer that moves elements; its transpose is its inverse.
type permutation struct{ forwards, back nn.Op }

func (p *permutation) refresh() {}

func (p *permutation) forward(t *Tape, x *Value, level float64) *Value {
	if t.Err() != nil {
		return t.none()
	}
	o := record[permutationOp](t)
	if !o.apply(t, p.forwards, x, level, false) {
		return t.none()
	}
	o.back = p.back
	return o.y
}

type permutationOp struct {
	layerOp
	back nn.Op
}

func (o *permutationOp) backward(t *Tape) {
	if o.x.Grad != nil {
		o.transposed(t, o.back, o.y.grads())
	}
}
