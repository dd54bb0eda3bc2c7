package grad

import (
	"math"

	"codecworkbench/codecs/nn/kernel"
)

// Affine returns scale*x + shift.
func (t *Tape) Affine(x *Value, scale, shift float64) *Value {
	return t.mapped(x, &affine, constants{a: scale, b: shift})
}

var affine = mapping{
	forward: func(y, x []float32, k constants, _ int) {
		a, b := float32(k.a), float32(k.b)
		for i, v := range x {
			y[i] = a*v + b
		}
	},
	backward: func(dx, dy, _, _ []float32, k constants) {
		a := float32(k.a)
		for i, g := range dy {
			dx[i] += a * g
		}
	},
}

// Exp returns e^x, for networks that give the logarithm of a scale; x counts as at most
// 80 and its gradient is zero above.
func (t *Tape) Exp(x *Value) *Value { return t.mapped(x, &exponential, constants{}) }

const maxExponent = 80

var exponential = mapping{
	forward: func(y, x []float32, _ constants, _ int) {
		for i, v := range x {
			y[i] = float32(math.Exp(float64(min(v, maxExponent))))
		}
	},
	backward: func(dx, dy, x, y []float32, _ constants) {
		for i, g := range dy {
			if x[i] <= maxExponent {
				dx[i] += g * y[i]
			}
		}
	},
}

// Add returns a + b, of one shape.
func (t *Tape) Add(a, b *Value) *Value { return t.pair("add", a, b, false) }

// Multiply returns a * b, element by element, of one shape.
func (t *Tape) Multiply(a, b *Value) *Value { return t.pair("multiply", a, b, true) }

// pairOp is y = a+b or y = a*b.
type pairOp struct {
	a, b, y *Value
	product bool
}

func (t *Tape) pair(what string, a, b *Value, product bool) *Value {
	if !t.sameShape(what, a, b) {
		return t.none()
	}
	o := record[pairOp](t)
	o.a, o.b, o.product = a, b, product
	o.y = t.value(a.H, a.W, a.C, a.Grad != nil || b.Grad != nil)
	t.parallel(chunks(len(a.Data)), (*pairForward)(o))
	return o.y
}

type pairForward pairOp

func (o *pairForward) piece(i int, _ *scratch) {
	from, to := span(i, len(o.a.Data))
	a, b, y := o.a.Data[from:to], o.b.Data[from:to], o.y.Data[from:to]
	if o.product {
		kernel.Mul(y, a, b)
		return
	}
	kernel.Add(y, a, b)
}

func (o *pairOp) backward(t *Tape) {
	if o.y.Grad != nil {
		t.parallel(chunks(len(o.y.Data)), (*pairBackward)(o))
	}
}

type pairBackward pairOp

func (o *pairBackward) piece(i int, _ *scratch) {
	from, to := span(i, len(o.y.Data))
	o.side(o.a, o.b, from, to)
	o.side(o.b, o.a, from, to)
}

// side adds to the gradient of one operand.
func (o *pairBackward) side(to, other *Value, from, end int) {
	if to.Grad == nil {
		return
	}
	dx, dy := to.Grad[from:end], o.y.Grad[from:end]
	if !o.product {
		accumulate(dx, dy)
		return
	}
	kernel.MulAdd(dx, dy, other.Data[from:end])
}

// Channels returns channels from to to-1 of x: means and scales come out of one network.
func (t *Tape) Channels(x *Value, from, to int) *Value {
	if t.Err() != nil {
		return t.none()
	}
	if from < 0 || to > x.C || from >= to {
		t.fail("channels %d to %d of %d", from, to-1, x.C)
		return t.none()
	}
	o := record[channelsOp](t)
	o.x, o.from = x, from
	o.y = t.value(x.H, x.W, to-from, x.Grad != nil)
	n := o.y.C
	for i := range x.H * x.W {
		copy(o.y.Data[i*n:(i+1)*n], x.Data[i*x.C+from:])
	}
	return o.y
}

type channelsOp struct {
	x, y *Value
	from int
}

func (o *channelsOp) backward(*Tape) {
	if o.x.Grad == nil {
		return
	}
	n, c := o.y.C, o.x.C
	for i := range o.y.H * o.y.W {
		accumulate(o.x.Grad[i*c+o.from:i*c+o.from+n], o.y.Grad[i*n:(i+1)*n])
	}
}

// Concatenate returns the channels of a and then those of b, of one height and width.
func (t *Tape) Concatenate(a, b *Value) *Value {
	if t.Err() != nil {
		return t.none()
	}
	if a.H != b.H || a.W != b.W {
		t.fail("concatenate: %d x %d and %d x %d positions differ", a.H, a.W, b.H, b.W)
		return t.none()
	}
	o := record[concatenateOp](t)
	o.a, o.b = a, b
	o.y = t.value(a.H, a.W, a.C+b.C, a.Grad != nil || b.Grad != nil)
	n := o.y.C
	for i := range a.H * a.W {
		copy(o.y.Data[i*n:], a.Data[i*a.C:(i+1)*a.C])
		copy(o.y.Data[i*n+a.C:], b.Data[i*b.C:(i+1)*b.C])
	}
	return o.y
}

type concatenateOp struct{ a, b, y *Value }

func (o *concatenateOp) backward(*Tape) {
	o.side(o.a, 0)
	o.side(o.b, o.a.C)
}

func (o *concatenateOp) side(x *Value, from int) {
	if x.Grad == nil {
		return
	}
	n := o.y.C
	for i := range x.H * x.W {
		accumulate(x.Grad[i*x.C:(i+1)*x.C], o.y.Grad[i*n+from:i*n+from+x.C])
	}
}

// Broadcast returns x, of one position, at each of h rows of w positions.
func (t *Tape) Broadcast(x *Value, h, w int) *Value {
	if t.Err() != nil {
		return t.none()
	}
	if x.H != 1 || x.W != 1 || h < 1 || w < 1 {
		t.fail("broadcast of %d x %d positions to %d x %d: only 1 x 1 can be", x.H, x.W, h, w)
		return t.none()
	}
	o := record[broadcastOp](t)
	o.x, o.y = x, t.value(h, w, x.C, x.Grad != nil)
	for at := 0; at < len(o.y.Data); at += x.C {
		copy(o.y.Data[at:], x.Data)
	}
	return o.y
}

type broadcastOp struct {
	x, y *Value
	sums positionSums
}

func (o *broadcastOp) backward(t *Tape) {
	if o.x.Grad != nil {
		o.sums.add(t, o.x.Grad, o.y.Grad, nil)
	}
}
