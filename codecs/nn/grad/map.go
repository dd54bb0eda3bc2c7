package grad

import "codecworkbench/codecs/nn/kernel"

// mapping is an element-wise function and its derivative. Slices have one length; at is
// the index of the first element.
type mapping struct {
	forward func(y, x []float32, k constants, at int)
	// backward adds dy times the derivative to dx.
	backward func(dx, dy, x, y []float32, k constants)
}

// constants are a mapping's, whatever it calls them.
type constants struct {
	a, b float64
	seed uint64
}

// mapOp is y = f(x).
type mapOp struct {
	x, y *Value
	f    *mapping
	k    constants
}

// mapped records an element-wise function of x.
func (t *Tape) mapped(x *Value, f *mapping, k constants) *Value {
	if t.Err() != nil {
		return t.none()
	}
	o := record[mapOp](t)
	o.x, o.y, o.f, o.k = x, t.like(x), f, k
	t.parallel(chunks(len(x.Data)), (*mapForward)(o))
	return o.y
}

type mapForward mapOp

func (o *mapForward) piece(i int, _ *scratch) {
	from, to := span(i, len(o.x.Data))
	o.f.forward(o.y.Data[from:to], o.x.Data[from:to], o.k, from)
}

func (o *mapOp) backward(t *Tape) {
	if o.x.Grad != nil {
		t.parallel(chunks(len(o.x.Data)), (*mapBackward)(o))
	}
}

type mapBackward mapOp

func (o *mapBackward) piece(i int, _ *scratch) {
	from, to := span(i, len(o.x.Data))
	o.f.backward(o.x.Grad[from:to], o.y.Grad[from:to], o.x.Data[from:to], o.y.Data[from:to], o.k)
}

// passThrough is the derivative 1, also of functions that have another one or none: the
// straight-through estimator (Bengio et al., 2013).
func passThrough(dx, dy, _, _ []float32, _ constants) { accumulate(dx, dy) }

// accumulate adds v to sum, of one length.
func accumulate(sum, v []float32) { kernel.Add(sum, sum, v) }
