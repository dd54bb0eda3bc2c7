package grad

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// random returns n numbers from -size to size.
func random(seed uint64, n int, size float64) []float32 {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]float32, n)
	for i := range out {
		out[i] = float32((2*r.Float64() - 1) * size)
	}
	return out
}

// numeric is the derivative of loss by *x by central differences of fourth order.
func numeric(x *float32, step float32, loss func() float64) float64 {
	at := *x
	value := func(h float32) (where, f float64) {
		*x = at + h
		defer func() { *x = at }()
		return float64(*x), loss()
	}
	p1, f1 := value(step)
	m1, g1 := value(-step)
	p2, f2 := value(2 * step)
	m2, g2 := value(-2 * step)
	return (4*(f1-g1)/(p1-m1) - (f2-g2)/(p2-m2)) / 3
}

// differences compares gradients with central differences at up to 24 elements: at most
// tolerance of the largest apart. loss runs a forward pass.
func differences(t *testing.T, name string, data, grad []float32, step float32, tolerance float64, loss func() float64) {
	t.Helper()
	at := rand.New(rand.NewPCG(3, uint64(len(data)))).Perm(len(data))
	at = at[:min(len(at), 24)]
	want := make([]float64, len(at))
	largest := 0.0
	for k, i := range at {
		want[k] = numeric(&data[i], step, loss)
		largest = max(largest, math.Abs(want[k]))
	}
	if largest == 0 {
		t.Fatalf("%s: all differences are zero: nothing is tested", name)
	}
	for k, i := range at {
		if e := math.Abs(want[k] - float64(grad[i])); !(e <= tolerance*largest) {
			t.Errorf("%s: gradient %d is %.7g, differences give %.7g (largest %.3g)", name, i, grad[i], want[k], largest)
			return
		}
	}
}

// unary checks an element-wise operation at the given points.
func unary(t *testing.T, name string, data []float32, step float32, f func(*Tape, *Value) *Value) {
	t.Helper()
	tape, grad, weights := NewTape(), make([]float32, len(data)), random(7, len(data), 1)
	pass := func() *Scalar {
		tape.Reset(context.Background())
		return tape.Dot(f(tape, tape.Leaf(1, 1, len(data), data, grad)), weights)
	}
	if err := tape.Backward(pass()); err != nil {
		t.Fatal(err)
	}
	got := append([]float32(nil), grad...)
	differences(t, name, data, got, step, 1e-3, func() float64 { return pass().Value })
}

func mustBackward(t *testing.T, tape *Tape, loss *Scalar) {
	t.Helper()
	if err := tape.Backward(loss); err != nil {
		t.Fatal(err)
	}
}
