package grad

import (
	"context"
	"errors"
	"maps"
	"math"
	"slices"
	"testing"

	"codecworkbench/codecs/nn"
)

// withoutPullback are the test's networks that there is none of.
var withoutPullback = []string{"conv3s2", "conv5s2", "conv4s4", "depthwise3s2", "layer_norm", "group_norm", "group_norm_whole",
	"window_attention", "window_attention_shift", "upsample_nearest", "upsample_bilinear", "upsample_separable",
	"conv5_gdn", "s8_tiny_analysis", "s8_tiny_hyper_analysis"}

// Outputs and derivatives are those of the network and of a tape, in strips of any height, on any
// number of cores.
func TestPullback(t *testing.T) {
	nets := originals(t)
	for _, name := range slices.Sorted(maps.Keys(nets)) {
		t.Run(name, func(t *testing.T) {
			inner, done := nets[name], 0
			p, err := NewPullback(inner)
			if slices.Contains(withoutPullback, name) {
				if err == nil {
					t.Error("there is a pullback")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, size := range [][2]int{{1, 1}, {3, 5}, {8, 10}, {16, 24}, {40, 6}} {
				c := channelsOf(inner, size[0], size[1])
				if out, err := inner.Size(nn.Size{H: size[0], W: size[1], C: c}); err == nil && out.H*out.W < 1<<17 {
					checkPullback(t, inner, p, size[0], size[1], c)
					done++
				}
			}
			if done < 2 {
				t.Errorf("%d sizes fit", done)
			}
		})
	}
}

func checkPullback(t *testing.T, inner *nn.Network, p *Pullback, h, w, c int) {
	t.Helper()
	net, err := New(inner)
	if err != nil {
		t.Fatal(err)
	}
	tape, pass := NewTape(), p.NewPass()
	x, want := random(uint64(h), h*w*c, 1.4), make([]float32, h*w*c)
	tape.Reset(t.Context())
	y := net.ForwardAt(tape, tape.Leaf(h, w, c, x, want), testLevel)
	slope := random(7, len(y.Data), 1)
	mustBackward(t, tape, tape.Dot(y, slope))

	in, got := nn.Tensor{H: h, W: w, C: c, Data: x}, nn.NewTensor(h, w, c)
	var first []float32
	for _, o := range []nn.Options{{}, {Memory: 1, Workers: 3}, {Memory: math.MaxInt, Workers: 1}} {
		o.Level = testLevel
		out, err := pass.Forward(t.Context(), in, o)
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, "output", out.Data, y.Data)
		if alone, err := p.NewPass().Run(t.Context(), in, o); err != nil || !slices.Equal(alone.Data, out.Data) {
			t.Fatalf("%d x %d: a run alone gives another output, or %v", h, w, err)
		}
		if err := pass.Back(t.Context(), got, nn.Tensor{H: y.H, W: y.W, C: y.C, Data: slope}); err != nil {
			t.Fatal(err)
		}
		closeTo(t, "derivative", got.Data, want)
		if first == nil {
			first = slices.Clone(got.Data)
		} else if !slices.Equal(first, got.Data) {
			t.Fatalf("%d x %d, %d workers: other derivatives", h, w, o.Workers)
		}
	}
}

// closeTo compares numbers to a hundred-thousandth of their range.
func closeTo(t *testing.T, what string, got, want []float32) {
	t.Helper()
	largest := 1e-3
	for _, v := range want {
		largest = max(largest, math.Abs(float64(v)))
	}
	for i, v := range want {
		if d := math.Abs(float64(v) - float64(got[i])); !(d <= 1e-5*largest) {
			t.Fatalf("%s %d is %g, expected %g of up to %g", what, i, got[i], v, largest)
		}
	}
}

// Derivatives through modulations by a map of levels are those of differences.
func TestPullbackByMap(t *testing.T) {
	p, err := NewPullback(operations(t)["s8_tiny_synthesis"])
	if err != nil {
		t.Fatal(err)
	}
	const h, w, c = 3, 4, 12
	o := nn.Options{Map: &nn.LevelMap{H: h, W: w, Levels: []float64{0, 0.3, 1}, Index: []uint8{0, 1, 2, 2, 1, 0, 0, 1, 2, 2, 2, 0}}}
	in, back, pass := nn.Tensor{H: h, W: w, C: c, Data: random(4, h*w*c, 1)}, nn.NewTensor(h, w, c), p.NewPass()
	out, err := pass.Forward(t.Context(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	slope := out
	slope.Data = random(5, len(out.Data), 1)
	if err := pass.Back(t.Context(), back, slope); err != nil {
		t.Fatal(err)
	}
	differences(t, "input", in.Data, back.Data, 1e-2, 2e-3, func() float64 {
		out, err := pass.Run(t.Context(), in, o)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for i, v := range out.Data {
			sum += float64(v) * float64(slope.Data[i])
		}
		return sum
	})
}

// A pass refuses what does not fit, and ends when it is cancelled; in its steady state it
// allocates nothing.
func TestPass(t *testing.T) {
	p, err := NewPullback(originals(t)["s8_tiny_synthesis"])
	if err != nil {
		t.Fatal(err)
	}
	const h, w, c = 6, 5, 12
	pass, in, back := p.NewPass(), nn.Tensor{H: h, W: w, C: c, Data: random(4, h*w*c, 1)}, nn.NewTensor(h, w, c)
	if _, err := pass.Forward(t.Context(), nn.NewTensor(h, w, c+1), nn.Options{}); err == nil {
		t.Error("an input of too many channels is taken")
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := pass.Forward(cancelled, in, nn.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled run ends with %v", err)
	}
	both := func() {
		out, err := pass.Forward(context.Background(), in, nn.Options{Level: 1, Workers: 1})
		if err == nil {
			err = pass.Back(context.Background(), back, out)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	both()
	if n := testing.AllocsPerRun(3, both); n > 0 {
		t.Errorf("%g allocations a pass", n)
	}
	if err := pass.Back(t.Context(), back, nn.NewTensor(h, w, 3)); err == nil {
		t.Error("derivatives by another output are taken")
	}
}
