package grad

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"math"
	"os"
	"slices"
	"testing"

	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/safetensors"
)

// operations reads the networks that nn's own tests compare with PyTorch, one an
// operation, and their weights.
func operations(t testing.TB) map[string]*nn.Network {
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
		if name != "leaky_relu" {
			// Central differences need smooth functions.
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
