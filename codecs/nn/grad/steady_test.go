package grad

import (
	"context"
	"maps"
	"math"
	"runtime"
	"slices"
	"testing"

	"codecworkbench/codecs/nn/optim"
)

// step runs a training step on every network of nn's test file, chained by nothing, and
// returns all gradients, which are those of two passes.
func step(t testing.TB, tape *Tape, nets map[string]*Network, channels map[string]int) []float32 {
	var all []float32
	for _, name := range slices.Sorted(maps.Keys(nets)) {
		net, c := nets[name], channels[name]
		optim.Zero(net.Params())
		x, gx := random(1, 16*24*c, 1), make([]float32, 16*24*c)
		for range 2 {
			tape.Reset(context.Background())
			y := net.ForwardAt(tape, tape.Leaf(16, 24, c, x, gx), testLevel)
			if err := tape.Backward(tape.Dot(y, random(2, len(y.Data), 1))); err != nil {
				t.Fatal(name, err)
			}
		}
		all = append(all, gx...)
		for _, p := range net.Params() {
			all = append(all, p.Grad...)
		}
	}
	return all
}

// trainable makes all test networks trainable that take 16 x 24 positions.
func trainable(t testing.TB) (nets map[string]*Network, channels map[string]int) {
	nets, channels = map[string]*Network{}, map[string]int{}
	for name, inner := range operations(t) {
		c := channelsOf(inner, 16, 24)
		if c == 0 || name == "s8_tiny_synthesis" {
			continue // large, and nothing new in it
		}
		net, err := New(inner)
		if err != nil {
			t.Fatal(err)
		}
		nets[name], channels[name] = net, c
	}
	return nets, channels
}

// Gradients are the same bits on one core and on several, and on a tape that was used.
func TestSameBitsOnAnyCores(t *testing.T) {
	nets, channels := trainable(t)
	tape := NewTape()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	want := step(t, tape, nets, channels)
	for _, cores := range []int{2, 5} {
		runtime.GOMAXPROCS(cores)
		got := step(t, tape, nets, channels)
		for i, v := range want {
			if math.Float32bits(v) != math.Float32bits(got[i]) {
				t.Fatalf("gradient %d is %g on %d cores, %g on one", i, got[i], cores, v)
			}
		}
	}
}

// A second pass over the same weights adds the same gradients again.
func TestGradientsAddUp(t *testing.T) {
	inner := operations(t)["conv3"]
	net, err := New(inner)
	if err != nil {
		t.Fatal(err)
	}
	tape, x := NewTape(), random(1, 5*6*3, 1)
	pass := func() {
		tape.Reset(context.Background())
		y := net.Forward(tape, tape.Input(5, 6, 3, x))
		mustBackward(t, tape, tape.Dot(y, random(2, len(y.Data), 1)))
	}
	pass()
	once := slices.Clone(net.Params()[0].Grad)
	pass()
	for i, v := range net.Params()[0].Grad {
		if math.Abs(float64(v-2*once[i])) > 1e-5 {
			t.Fatalf("gradient %d is %g after two passes, %g after one", i, v, once[i])
		}
	}
}

// A step allocates nothing once shapes repeat.
func TestStepsDoNotAllocate(t *testing.T) {
	m := newAutoencoder(t)
	picture := scenes(t, 1)[0][:64*64*3]
	params := m.params()
	adam, err := optim.NewAdam(params, optim.AdamOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	once := func() {
		m.tape.Reset(ctx)
		loss, _ := m.loss(64, 64, picture, 1)
		if err := m.tape.Backward(loss); err != nil {
			t.Fatal(err)
		}
		adam.Step(1e-3)
		optim.Zero(params)
		m.analysis.Refresh()
		m.synthesis.Refresh()
	}
	for range 3 {
		once()
	}
	if n := testing.AllocsPerRun(20, once); n != 0 {
		t.Errorf("%g allocations a step", n)
	}
	for name, net := range operations(t) {
		c := channelsOf(net, 16, 24)
		if c == 0 || name == "s8_tiny_synthesis" {
			continue
		}
		n, err := New(net)
		if err != nil {
			t.Fatal(err)
		}
		x, gx, tape := random(1, 16*24*c, 1), make([]float32, 16*24*c), NewTape()
		var weights []float32
		once := func() {
			tape.Reset(ctx)
			y := n.ForwardAt(tape, tape.Leaf(16, 24, c, x, gx), testLevel)
			if weights == nil {
				weights = random(2, len(y.Data), 1)
			}
			if err := tape.Backward(tape.Dot(y, weights)); err != nil {
				t.Fatal(err)
			}
		}
		for range 3 {
			once()
		}
		if got := testing.AllocsPerRun(10, once); got != 0 {
			t.Errorf("%s: %g allocations a pass", name, got)
		}
	}
}

func TestCancel(t *testing.T) {
	inner := operations(t)["dwb"]
	net, err := New(inner)
	if err != nil {
		t.Fatal(err)
	}
	c := channelsOf(inner, 16, 24)
	tape, x := NewTape(), random(1, 16*24*c, 1)
	ctx, cancel := context.WithCancel(context.Background())
	tape.Reset(ctx)
	y := net.Forward(tape, tape.Input(16, 24, c, x))
	loss := tape.Dot(y, random(2, len(y.Data), 1))
	cancel()
	if err := tape.Backward(loss); err != context.Canceled {
		t.Errorf("backward after a cancel: %v", err)
	}
	tape.Reset(context.Background())
	y = net.Forward(tape, tape.Input(16, 24, c, x))
	mustBackward(t, tape, tape.Dot(y, random(2, len(y.Data), 1)))
}
