package grad

import "codecworkbench/codecs/nn/kernel"

// MSE returns the mean of (x - target)^2 over all elements. target needs no gradient but
// may have one.
func (t *Tape) MSE(x, target *Value) *Scalar {
	if !t.sameShape("mean squared error", x, target) {
		return t.scalar(0)
	}
	o := record[squaresOp](t)
	o.x, o.target = x, target
	n := len(x.Data)
	o.parts = grow(o.parts, chunks(n))
	t.parallel(len(o.parts), (*squaresForward)(o))
	o.loss = t.scalar(total(o.parts) / float64(n))
	return o.loss
}

type squaresOp struct {
	x, target *Value
	loss      *Scalar
	parts     []float64
}

type squaresForward squaresOp

func (o *squaresForward) piece(i int, _ *scratch) {
	from, to := span(i, len(o.x.Data))
	x, target := o.x.Data[from:to], o.target.Data[from:to]
	sum := 0.0
	for j, v := range x {
		d := float64(v - target[j])
		sum += d * d
	}
	o.parts[i] = sum
}

func (o *squaresOp) backward(t *Tape) {
	t.parallel(chunks(len(o.x.Data)), (*squaresBackward)(o))
}

type squaresBackward squaresOp

func (o *squaresBackward) piece(i int, _ *scratch) {
	from, to := span(i, len(o.x.Data))
	k := float32(2 * o.loss.grad / float64(len(o.x.Data)))
	x, target := o.x.Data[from:to], o.target.Data[from:to]
	if o.x.Grad != nil {
		dx := o.x.Grad[from:to]
		for j, v := range x {
			dx[j] += k * (v - target[j])
		}
	}
	if o.target.Grad != nil {
		dx := o.target.Grad[from:to]
		for j, v := range x {
			dx[j] -= k * (v - target[j])
		}
	}
}

// total sums in order.
func total(parts []float64) float64 {
	sum := 0.0
	for _, v := range parts {
		sum += v
	}
	return sum
}

// Dot returns the sum of x times weights, element by element: its gradient by x is
// weights, so that Backward gives the product of weights with a network's Jacobian.
func (t *Tape) Dot(x *Value, weights []float32) *Scalar {
	if t.Err() != nil {
		return t.scalar(0)
	}
	if len(weights) != len(x.Data) {
		t.fail("dot: %d weights for %d elements", len(weights), len(x.Data))
		return t.scalar(0)
	}
	o := record[dotOp](t)
	o.x, o.weights = x, weights
	o.parts = grow(o.parts, chunks(len(weights)))
	t.parallel(len(o.parts), (*dotForward)(o))
	o.loss = t.scalar(total(o.parts))
	return o.loss
}

type dotOp struct {
	x       *Value
	weights []float32
	loss    *Scalar
	parts   []float64
}

type dotForward dotOp

func (o *dotForward) piece(i int, _ *scratch) {
	from, to := span(i, len(o.weights))
	x, weights := o.x.Data[from:to], o.weights[from:to]
	sum := 0.0
	for j, v := range x {
		sum += float64(v) * float64(weights[j])
	}
	o.parts[i] = sum
}

func (o *dotOp) backward(t *Tape) {
	if o.x.Grad != nil {
		t.parallel(chunks(len(o.weights)), (*dotBackward)(o))
	}
}

type dotBackward dotOp

func (o *dotBackward) piece(i int, _ *scratch) {
	from, to := span(i, len(o.weights))
	kernel.AddScaled(o.x.Grad[from:to], float32(o.loss.grad), o.weights[from:to])
}

// Weighted returns ka*a + kb*b, as in lambda times distortion plus rate.
func (t *Tape) Weighted(ka float64, a *Scalar, kb float64, b *Scalar) *Scalar {
	o := record[weightedOp](t)
	o.a, o.b, o.ka, o.kb = a, b, ka, kb
	o.sum = t.scalar(ka*a.Value + kb*b.Value)
	return o.sum
}

type weightedOp struct {
	a, b, sum *Scalar
	ka, kb    float64
}

func (o *weightedOp) backward(*Tape) {
	o.a.grad += o.ka * o.sum.grad
	o.b.grad += o.kb * o.sum.grad
}
