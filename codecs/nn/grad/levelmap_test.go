package grad

import (
	"context"
	"testing"

	"codecworkbench/codecs/nn"
)

// Gradients by the input through modulations by a map are those of differences; gains
// themselves are not trained by maps.
func TestForwardMap(t *testing.T) {
	net := operations(t)["s8_tiny_synthesis"]
	frozen, err := Frozen(net)
	if err != nil {
		t.Fatal(err)
	}
	const h, w = 3, 4
	c := channelsOf(net, h, w)
	levels := &nn.LevelMap{H: h, W: w, Levels: []float64{0, 0.3, 1}, Index: []uint8{0, 1, 2, 2, 1, 0, 0, 1, 2, 2, 2, 0}}
	x, tape := random(4, h*w*c, 1), NewTape()
	back := make([]float32, len(x))
	pass := func(grad []float32) *Scalar {
		tape.Reset(context.Background())
		y := frozen.ForwardMap(tape, tape.Leaf(h, w, c, x, grad), levels)
		return tape.Dot(y, random(5, len(y.Data), 1))
	}
	mustBackward(t, tape, pass(back))
	differences(t, "input", x, back, 1e-2, 2e-3, func() float64 { return pass(nil).Value })

	want, err := net.Run(t.Context(), nn.NewSession(), nn.Tensor{H: h, W: w, C: c, Data: x}, nn.Options{Map: levels})
	if err != nil {
		t.Fatal(err)
	}
	tape.Reset(context.Background())
	got := frozen.ForwardMap(tape, tape.Input(h, w, c, x), levels)
	for i, v := range got.Data {
		if d := v - want.Data[i]; d > 1e-5 || d < -1e-5 {
			t.Fatalf("element %d is %g, nn gives %g", i, v, want.Data[i])
		}
	}

	free, err := New(net)
	if err != nil {
		t.Fatal(err)
	}
	for name, run := range map[string]func(x *Value) *Value{
		"trained gains": func(x *Value) *Value { return free.ForwardMap(tape, x, levels) },
		"a wrong map":   func(x *Value) *Value { return frozen.ForwardMap(tape, x, &nn.LevelMap{H: 1, W: 1}) },
	} {
		tape.Reset(context.Background())
		if run(tape.Input(h, w, c, x)); tape.Err() == nil {
			t.Errorf("%s are taken", name)
		}
	}
}
