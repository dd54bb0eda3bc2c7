package grad

import (
	"context"
	"fmt"
)

// Value is a tensor on a tape: H rows of W positions of C channels, channels fastest.
// It is valid until the tape's next Reset.
type Value struct {
	H, W, C int
	// Data is the value, H*W*C elements.
	Data []float32
	// Grad is, after Backward, the derivative of the loss by each element of Data. It
	// is nil where nothing that is trained lies behind the value.
	Grad []float32
}

// Scalar is a loss or a part of one, kept in float64.
type Scalar struct {
	Value float64
	grad  float64
}

// op is one step of a forward pass. backward reads the gradients of its outputs and
// adds to those of its inputs.
type op interface{ backward(t *Tape) }

// Tape records a forward pass and runs it backwards. Its memory is kept between
// iterations: once a second iteration of the same shape has run, further ones allocate
// nothing. A Tape is for one goroutine at a time; it uses all cores itself.
//
// The first error (a wrong shape, a cancelled context) sticks until Reset: operations
// after it do nothing and return values without elements, and Backward returns it.
type Tape struct {
	team    team
	ctx     context.Context
	err     error
	memory  arena // values and what operations keep for the way back
	grads   arena // gradients of values, all zero when Backward starts
	values  pool[Value]
	scalars pool[Scalar]
	ops     []op
	used    int
	adding  addition // that runs
}

// NewTape returns an empty tape. Reset must be called before each forward pass.
func NewTape() *Tape { return &Tape{ctx: context.Background()} }

// Reset forgets what was recorded and starts a new forward pass, which ends early when
// ctx is cancelled. All values of the last pass become invalid.
func (t *Tape) Reset(ctx context.Context) {
	t.ctx, t.err = ctx, nil
	t.memory.reset()
	t.grads.reset()
	t.values.used, t.scalars.used, t.used = 0, 0, 0
}

// Err returns the first error since Reset.
func (t *Tape) Err() error {
	if t.err == nil {
		t.err = t.ctx.Err()
	}
	return t.err
}

// fail notes an error, unless there is one already.
func (t *Tape) fail(format string, a ...any) {
	if t.Err() == nil {
		t.err = fmt.Errorf(format, a...)
	}
}

// Input puts data on the tape, in place and without a gradient: a picture, a target.
func (t *Tape) Input(h, w, c int, data []float32) *Value {
	return t.Leaf(h, w, c, data, nil)
}

// Leaf puts data on the tape, in place. Backward adds its gradient to grad, which has
// the same length; nil asks for none. Latents that are optimised are leaves.
func (t *Tape) Leaf(h, w, c int, data, grad []float32) *Value {
	if h < 1 || w < 1 || c < 1 || len(data) != h*w*c || grad != nil && len(grad) != len(data) {
		t.fail("a value of %d x %d x %d with %d elements and %d gradients", h, w, c, len(data), len(grad))
		return t.none()
	}
	v := t.values.next()
	*v = Value{H: h, W: w, C: c, Data: data, Grad: grad}
	return v
}

// none is what operations return after an error.
func (t *Tape) none() *Value {
	v := t.values.next()
	*v = Value{}
	return v
}

// value makes an operation's output; wanted says whether it has a gradient.
func (t *Tape) value(h, w, c int, wanted bool) *Value {
	v := t.values.next()
	*v = Value{H: h, W: w, C: c, Data: t.memory.take(h * w * c)}
	if wanted {
		v.Grad = t.grads.take(h * w * c)
	}
	return v
}

// like is a value of x's shape, with a gradient where x has one.
func (t *Tape) like(x *Value) *Value { return t.value(x.H, x.W, x.C, x.Grad != nil) }

// scalar makes a loss.
func (t *Tape) scalar(v float64) *Scalar {
	s := t.scalars.next()
	*s = Scalar{Value: v}
	return s
}

// sameShape reports whether two values have one shape, and fails otherwise.
func (t *Tape) sameShape(what string, a, b *Value) bool {
	if t.Err() != nil {
		return false
	}
	if a.H != b.H || a.W != b.W || a.C != b.C {
		t.fail("%s: shapes %d x %d x %d and %d x %d x %d differ", what, a.H, a.W, a.C, b.H, b.W, b.C)
		return false
	}
	return true
}

// Backward sets the gradients of all values that loss depends on and adds to those of
// leaves and parameters; after an error these are of no use. It may be called once a
// forward pass.
func (t *Tape) Backward(loss *Scalar) error {
	if t.Err() != nil {
		return t.err
	}
	t.grads.clear()
	loss.grad = 1
	for i := t.used - 1; i >= 0; i-- {
		if o, ok := t.ops[i].(interface{ idle() bool }); ok && o.idle() {
			continue
		}
		// What an operation takes on its way back, it needs no longer.
		memory, grads := t.memory.mark(), t.grads.mark()
		t.ops[i].backward(t)
		t.memory.release(memory)
		t.grads.release(grads)
		if t.Err() != nil {
			return t.err
		}
	}
	return nil
}

// record returns the next operation of a type, for the caller to fill. Where the last
// pass had the same type at this place, it is that one with all its scratch memory.
func record[T any, P interface {
	*T
	op
}](t *Tape) P {
	if t.used < len(t.ops) {
		if p, ok := t.ops[t.used].(P); ok {
			t.used++
			return p
		}
		t.ops = t.ops[:t.used]
	}
	p := P(new(T))
	t.ops = append(t.ops, p)
	t.used++
	return p
}
