package grad

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
)

func TestElementwise(t *testing.T) {
	x := random(1, 60, 3)
	unary(t, "affine", x, 0.1, func(t *Tape, v *Value) *Value { return t.Affine(v, -1.5, 2) })
	unary(t, "exp", x, 0.01, func(t *Tape, v *Value) *Value { return t.Exp(v) })
	unary(t, "square", x, 0.1, func(t *Tape, v *Value) *Value { return t.Multiply(v, v) })
	unary(t, "double", x, 0.1, func(t *Tape, v *Value) *Value { return t.Add(v, v) })
	other := random(2, 60, 2)
	unary(t, "product", x, 0.1, func(t *Tape, v *Value) *Value { return t.Multiply(t.Input(1, 1, 60, other), v) })
	unary(t, "channels", x, 0.1, func(t *Tape, v *Value) *Value {
		return t.Concatenate(t.Channels(v, 20, 60), t.Multiply(t.Channels(v, 0, 20), t.Channels(v, 30, 50)))
	})
	for _, temperature := range []float64{0.1, 0.35, 1, 10} {
		unary(t, "soft round", x, 0.002, func(t *Tape, v *Value) *Value { return t.SoftRound(v, temperature) })
	}
	unary(t, "broadcast", x, 0.1, func(t *Tape, v *Value) *Value {
		y := t.Broadcast(t.Channels(v, 0, 4), 3, 5)
		return t.Multiply(y, t.Input(3, 5, 4, other))
	})
	// Away from integers, where the inverse is steep.
	for i := range x {
		x[i] = float32(math.Floor(float64(x[i]))) + 0.5 + random(3, 60, 0.3)[i]
	}
	for _, temperature := range []float64{0.2, 0.35, 1} {
		unary(t, "soft round's inverse", x, 0.005, func(t *Tape, v *Value) *Value { return t.SoftRoundInverse(v, temperature) })
	}
	for _, temperature := range []float64{0.5, 1, 3} {
		unary(t, "gumbel", x, 0.005, func(t *Tape, v *Value) *Value { return t.Gumbel(v, temperature, 3) })
	}
}

func TestSoftRoundInverts(t *testing.T) {
	x := random(4, 200, 5)
	tape := NewTape()
	for _, temperature := range []float64{0.1, 0.35, 1, 10} {
		tape.Reset(context.Background())
		v := tape.Input(1, 1, 200, x)
		y := tape.SoftRoundInverse(tape.SoftRound(v, temperature), temperature)
		for i, got := range y.Data {
			// Near integers a cold stair is flat, and its values don't tell where x was.
			slope := 0.5 / temperature / math.Tanh(0.5/temperature) / math.Pow(math.Cosh((float64(x[i])-math.Floor(float64(x[i]))-0.5)/temperature), 2)
			if math.Abs(float64(got-x[i])) > 1e-6/slope+1e-6 {
				t.Fatalf("temperature %g: %g comes back as %g", temperature, x[i], got)
			}
		}
	}
	tape.Reset(context.Background())
	y := tape.SoftRound(tape.Input(1, 1, 200, x), 0.02)
	near := 0
	for i, got := range y.Data {
		if math.Abs(float64(got)-math.RoundToEven(float64(x[i]))) < 1e-3 {
			near++
		}
	}
	if near < 150 {
		t.Errorf("at temperature 0.02 only %d of 200 values are near integers", near)
	}
	tape.SoftRound(y, 0)
	if tape.Err() == nil {
		t.Error("temperature 0 passed")
	}
}

func TestStraightThrough(t *testing.T) {
	x := []float32{-2.5, -1.2, 0.4, 0.5, 1.5, 7}
	w := []float32{1, 2, 3, -4, 5, -6}
	tape := NewTape()
	for name, c := range map[string]struct {
		f          func(v *Value) *Value
		want, grad []float32
	}{
		"round": {func(v *Value) *Value { return tape.Round(v) },
			[]float32{-2, -1, 0, 0, 2, 7}, w},
		"straight clamp": {func(v *Value) *Value { return tape.Clamp(v, -1, 1, true) },
			[]float32{-1, -1, 0.4, 0.5, 1, 1}, w},
		// Descent moves against the gradient: below the range a negative one leads in.
		"clamp": {func(v *Value) *Value { return tape.Clamp(v, -1, 1, false) },
			[]float32{-1, -1, 0.4, 0.5, 1, 1}, []float32{0, 0, 3, -4, 5, 0}},
	} {
		tape.Reset(context.Background())
		grad := make([]float32, len(x))
		y := c.f(tape.Leaf(1, 1, len(x), x, grad))
		if !slices.Equal(y.Data, c.want) {
			t.Errorf("%s gives %v, expected %v", name, y.Data, c.want)
		}
		mustBackward(t, tape, tape.Dot(y, w))
		if !slices.Equal(grad, c.grad) {
			t.Errorf("%s has gradient %v, expected %v", name, grad, c.grad)
		}
	}
}

func TestNoise(t *testing.T) {
	const n = 20000
	x, grad := make([]float32, n), make([]float32, n)
	tape := NewTape()
	draw := func(seed uint64) []float32 {
		tape.Reset(context.Background())
		y := tape.Noise(tape.Leaf(1, 1, n, x, grad), seed)
		w := slices.Repeat([]float32{2}, n)
		mustBackward(t, tape, tape.Dot(y, w))
		return slices.Clone(y.Data)
	}
	a, b, c := draw(1), draw(1), draw(2)
	if !slices.Equal(a, b) {
		t.Error("one seed gives two sequences")
	}
	if grad[5] != 6 {
		t.Errorf("gradient %g after three passes of 2", grad[5])
	}
	var sum, squares, both float64
	for i, v := range a {
		if v < -0.5 || v >= 0.5 {
			t.Fatalf("noise of %g", v)
		}
		sum += float64(v)
		squares += float64(v) * float64(v)
		both += float64(v) * float64(c[i])
	}
	// Standard errors: 0.002 of the mean, 0.0005 of the variance, 0.0006 of the covariance.
	if math.Abs(sum/n) > 0.01 || math.Abs(squares/n-1.0/12) > 0.0025 || math.Abs(both/n) > 0.003 {
		t.Errorf("mean %.4f, variance %.4f (1/12 expected), covariance of two seeds %.4f", sum/n, squares/n, both/n)
	}
	tape.Reset(context.Background())
	checkNormal(t, tape.GaussianNoise(tape.Input(1, 1, n, x), 2, 1).Data)
}

// checkNormal wants about the moments and the tails of deviation 2.
func checkNormal(t *testing.T, values []float32) {
	t.Helper()
	var sum, squares, far float64
	for _, v := range values {
		sum += float64(v)
		squares += float64(v) * float64(v)
		if math.Abs(float64(v)) > 4 {
			far++
		}
	}
	n := float64(len(values))
	if math.Abs(sum/n) > 0.06 || math.Abs(squares/n-4) > 0.2 || math.Abs(far/n-0.0455) > 0.006 {
		t.Errorf("mean %.3f, variance %.3f (4 expected), %.4f beyond two deviations (0.0455 expected)", sum/n, squares/n, far/n)
	}
}

// A cold Gumbel draw lies at one of the integers around, the upper one as often as its
// odds say.
func TestGumbel(t *testing.T) {
	const n, temperature = 20000, 0.3
	x := make([]float32, n)
	tape := NewTape()
	for _, r := range []float64{0.3, 0.5, 0.6} {
		for i := range x {
			x[i] = float32(-3 + r)
		}
		tape.Reset(context.Background())
		up := 0.0
		for _, v := range tape.Gumbel(tape.Input(1, 1, n, x), temperature, 5).Data {
			if v < -3 || v > -2 {
				t.Fatalf("%g for %g", v, -3+r)
			}
			if v > -2.5 {
				up++
			}
		}
		want := sigmoid((math.Atanh(r) - math.Atanh(1-r)) / temperature)
		if math.Abs(up/n-want) > 0.015 {
			t.Errorf("r %g: the upper integer in %.3f of all draws, expected %.3f", r, up/n, want)
		}
	}
}

func TestLosses(t *testing.T) {
	x, y := random(1, 70, 2), random(2, 70, 2)
	gx, gy := make([]float32, 70), make([]float32, 70)
	tape := NewTape()
	pass := func() *Scalar {
		tape.Reset(context.Background())
		a, b := tape.Leaf(5, 7, 2, x, gx), tape.Leaf(5, 7, 2, y, gy)
		return tape.Weighted(3, tape.MSE(a, b), -0.5, tape.MSE(a, tape.Multiply(b, b)))
	}
	loss := pass()
	mustBackward(t, tape, loss)
	var m1, m2 float64
	for i, v := range x {
		m1 += math.Pow(float64(v-y[i]), 2) / 70
		m2 += math.Pow(float64(v-y[i]*y[i]), 2) / 70
	}
	if math.Abs(loss.Value-(3*m1-0.5*m2)) > 1e-5 {
		t.Errorf("loss %g, expected %g", loss.Value, 3*m1-0.5*m2)
	}
	value := func() float64 { return pass().Value }
	dx, dy := slices.Clone(gx), slices.Clone(gy)
	differences(t, "x", x, dx, 0.05, 1e-3, value)
	differences(t, "target", y, dy, 0.05, 1e-3, value)
}

func TestErrorsStick(t *testing.T) {
	tape := NewTape()
	a := tape.Input(2, 2, 3, make([]float32, 12))
	b := tape.Input(2, 3, 2, make([]float32, 12))
	bad := tape.Add(a, b)
	first := tape.Err()
	if first == nil || len(bad.Data) != 0 {
		t.Fatal("two shapes were added")
	}
	// Nothing after an error may panic.
	v := tape.Concatenate(tape.Channels(tape.Exp(bad), 0, 1), a)
	p, _ := NewPrior(3, 1)
	loss := tape.Weighted(1, tape.MSE(v, v), 1, tape.FactorizedBits(v, p))
	loss = tape.Weighted(1, loss, 1, tape.GaussianBits(v, nil, v))
	loss = tape.Weighted(1, loss, 1, tape.Dot(v, nil))
	if err := tape.Backward(loss); !errors.Is(err, first) {
		t.Errorf("backward says %v, the first error was %v", err, first)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	tape.Reset(ctx)
	if err := tape.Backward(tape.MSE(a, a)); !errors.Is(err, context.Canceled) {
		t.Errorf("after a cancel: %v", err)
	}
	tape.Reset(context.Background())
	if tape.Leaf(2, 2, 3, make([]float32, 11), nil); tape.Err() == nil {
		t.Error("a leaf without all its elements passed")
	}
}
