package grad

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"testing"

	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/optim"
	"codecworkbench/codecs/nn/safetensors"
)

// operations reads the networks that nn's own tests compare with PyTorch, one an
// operation, and their weights; most have a smooth function in place of the leaky ReLU, for
// central differences.
func operations(t testing.TB) map[string]*nn.Network { return readOperations(t, true) }

// originals are operations as they are.
func originals(t testing.TB) map[string]*nn.Network { return readOperations(t, false) }

func readOperations(t testing.TB, smooth bool) map[string]*nn.Network {
	t.Helper()
	data, err := os.ReadFile("../testdata/ops.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	file, err := safetensors.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	var specs map[string]json.RawMessage
	if err := json.Unmarshal([]byte(file.Metadata["networks"]), &specs); err != nil {
		t.Fatal(err)
	}
	nets := map[string]*nn.Network{}
	for name, text := range specs {
		if smooth && name != "leaky_relu" {
			text = bytes.ReplaceAll(text, []byte(`"leaky_relu"`), []byte(`"silu"`))
		}
		spec, err := nn.ParseSpec(text)
		if err != nil {
			t.Fatal(err)
		}
		nets[name], err = nn.Build(spec, func(name string, shape ...int) ([]float32, error) {
			tensor, err := file.Get(name, safetensors.F32, shape...)
			if err != nil {
				return nil, err
			}
			return safetensors.Floats(tensor)
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			delete(nets, name)
		}
	}
	return nets
}

// sizes are those of an operation's test inputs.
var sizes = [][2]int{{1, 1}, {3, 5}, {9, 7}, {16, 24}}

// channelsOf finds how many channels a network takes.
func channelsOf(net *nn.Network, h, w int) int {
	for c := 1; c <= 256; c++ {
		if _, err := net.Size(nn.Size{H: h, W: w, C: c}); err == nil {
			if c < 4 && len(net.Params()) == 0 {
				continue // any number will do; take enough
			}
			return c
		}
	}
	return 0
}

// TestOperations checks the forward pass of every operation against nn, and its gradients
// by input and by weights against central differences.
func TestOperations(t *testing.T) {
	nets := operations(t)
	for _, name := range slices.Sorted(maps.Keys(nets)) {
		t.Run(name, func(t *testing.T) {
			done := 0
			for _, size := range sizes {
				c := channelsOf(nets[name], size[0], size[1])
				out, err := nets[name].Size(nn.Size{H: size[0], W: size[1], C: c})
				if err == nil && out.H*out.W < 1<<14 { // more would only take time
					checkNetwork(t, nets[name], size[0], size[1], c)
					done++
				}
			}
			if done == 0 {
				t.Error("no size fits")
			}
		})
	}
}

// testLevel is where modulations stand in tests.
const testLevel = 1.25

func checkNetwork(t *testing.T, inner *nn.Network, h, w, c int) {
	t.Helper()
	net, err := New(inner)
	if err != nil {
		t.Fatal(err)
	}
	x := random(uint64(h), h*w*c, 1.4)
	for i, v := range x { // away from the kinks at 0
		x[i] += float32(math.Copysign(0.1, float64(v)))
	}
	gx := make([]float32, len(x))
	tape := NewTape()
	var weights []float32
	pass := func() (*Value, *Scalar) {
		tape.Reset(context.Background())
		net.Refresh()
		y := net.ForwardAt(tape, tape.Leaf(h, w, c, x, gx), testLevel)
		if weights == nil {
			weights = random(99, len(y.Data), 1)
		}
		return y, tape.Dot(y, weights)
	}
	y, loss := pass()
	if tape.Err() != nil {
		t.Fatal(tape.Err())
	}
	want, err := inner.Run(context.Background(), nn.NewSession(), nn.Tensor{H: h, W: w, C: c, Data: x}, nn.Options{Level: testLevel})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range want.Data {
		if math.Abs(float64(v-y.Data[i])) > 1e-5*(1+math.Abs(float64(v))) {
			t.Fatalf("%d x %d: element %d is %g here and %g in nn", h, w, i, y.Data[i], v)
		}
	}
	mustBackward(t, tape, loss)
	grads := [][]float32{slices.Clone(gx)}
	for _, p := range net.Params() {
		grads = append(grads, slices.Clone(p.Grad))
	}
	value := func() float64 { _, loss := pass(); return loss.Value }
	differences(t, "input", x, grads[0], 0.01, 4e-3, value)
	for i, p := range net.Params() {
		if h*w == 1 {
			break // most taps see nothing but padding
		}
		differences(t, p.Name, p.Data, grads[i+1], 0.01, 4e-3, value)
	}
}

// TestConvolutions checks what the test file lacks: groups with a stride, strides wider
// than the kernel, more padding than half of it, more positions than a block.
func TestConvolutions(t *testing.T) {
	for i, c := range []struct {
		layer nn.LayerSpec
		h, w  int
	}{
		{nn.LayerSpec{Op: "conv", In: 4, Out: 6, Kernel: 3, Stride: 2, Pad: 1, Groups: 2}, 7, 6},
		{nn.LayerSpec{Op: "conv", In: 6, Out: 3, Kernel: 5, Stride: 3, Pad: 1, Groups: 3}, 9, 10},
		{nn.LayerSpec{Op: "conv", In: 3, Out: 4, Kernel: 2, Stride: 3}, 8, 7},
		{nn.LayerSpec{Op: "conv", In: 2, Out: 4, Kernel: 4, Stride: 1, Pad: 3}, 5, 4},
		{nn.LayerSpec{Op: "conv", In: 3, Out: 4, Kernel: 1, Stride: 2}, 5, 8},
		{nn.LayerSpec{Op: "conv", In: 2, Out: 3, Kernel: 3, Stride: 1, Pad: 1}, 41, 67},
		{nn.LayerSpec{Op: "conv", In: 3, Out: 100, Kernel: 1, Stride: 1}, 4, 90},
		{nn.LayerSpec{Op: "conv", In: 4, Out: 4, Kernel: 4, Stride: 3, Pad: 2, Groups: 4}, 8, 9},
		{nn.LayerSpec{Op: "deconv", In: 3, Out: 2, Kernel: 2, Stride: 3, OutPad: 2}, 4, 5},
		{nn.LayerSpec{Op: "deconv", In: 2, Out: 3, Kernel: 5, Stride: 2, Pad: 4, OutPad: 1}, 6, 7},
		{nn.LayerSpec{Op: "deconv", In: 2, Out: 3, Kernel: 3, Stride: 1, Pad: 1}, 30, 20},
	} {
		t.Run(fmt.Sprintf("%+v", c.layer), func(t *testing.T) {
			c.layer.Name = "c"
			seed := uint64(100 * i)
			net, err := nn.Build([]nn.LayerSpec{c.layer}, func(_ string, shape ...int) ([]float32, error) {
				n := 1
				for _, d := range shape {
					n *= d
				}
				seed++
				return random(seed, n, 0.7), nil
			})
			if err != nil {
				t.Fatal(err)
			}
			checkNetwork(t, net, c.h, c.w, c.layer.In)
		})
	}
}

// Under training, beta, gamma and gains stay where nn accepts them, however hard the
// optimiser pushes.
func TestBoundedWeights(t *testing.T) {
	for name, lower := range map[string][]float32{"gdn": {minBeta, 0}, "igdn1": {minBeta, 0}, "modulate": {minGain}} {
		inner := operations(t)[name]
		net, err := New(inner)
		if err != nil {
			t.Fatal(err)
		}
		adam, err := optim.NewAdam(net.Params(), optim.AdamOptions{})
		if err != nil {
			t.Fatal(err)
		}
		c := channelsOf(inner, 3, 5)
		x, tape := random(1, 3*5*c, 1), NewTape()
		weights := random(2, 3*5*c, 1)
		for range 60 {
			optim.Zero(net.Params())
			tape.Reset(context.Background())
			mustBackward(t, tape, tape.Dot(net.ForwardAt(tape, tape.Input(3, 5, c, x), testLevel), weights))
			adam.Step(0.1)
			net.Refresh()
		}
		for i, p := range net.Params() {
			if least := slices.Min(p.Data); least != lower[i] {
				t.Errorf("%s: %s falls to %g, expected its bound %g", name, p.Name, least, lower[i])
			}
		}
	}
}
