package nn

import (
	"context"
	"crypto/sha256"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"codecworkbench/codecs/nn/safetensors"
)

// stored is a small model file.
func stored(t testing.TB, half bool) ([]byte, *Network) {
	t.Helper()
	spec := analysisS8(8, 12)
	net := build(t, spec)
	f := &safetensors.File{Metadata: map[string]string{"steps": "7"}}
	if err := Store(f, map[string][]LayerSpec{"analysis": spec}, net.Params(), half); err != nil {
		t.Fatal(err)
	}
	data, err := f.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return data, net
}

func TestModelRoundTrip(t *testing.T) {
	for _, half := range []bool{false, true} {
		data, net := stored(t, half)
		m, err := ParseModel(data)
		if err != nil {
			t.Fatal(err)
		}
		if m.Hash != sha256.Sum256(data) || m.Metadata["steps"] != "7" || len(m.Names()) != 1 {
			t.Errorf("hash %x, metadata %v, networks %v", m.Hash, m.Metadata["steps"], m.Names())
		}
		back, err := m.Network("analysis")
		if err != nil {
			t.Fatal(err)
		}
		in := noise(32, 48, 3)
		want, err := net.Run(t.Context(), NewSession(), in, Options{Level: 1.5})
		if err != nil {
			t.Fatal(err)
		}
		got, err := back.Run(t.Context(), NewSession(), in, Options{Level: 1.5})
		if err != nil {
			t.Fatal(err)
		}
		limit := 0.0
		if half {
			limit = 2e-3 // weights have 11 bits
		}
		if d := difference(got, want); d > limit {
			t.Errorf("half %v: off by %g of the range", half, d)
		}
	}
}

func TestModelErrors(t *testing.T) {
	data, _ := stored(t, false)
	m, err := ParseModel(data)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Network("synthesis"); !errors.Is(err, ErrSpec) || !strings.Contains(err.Error(), "analysis") {
		t.Errorf("a network that is not there: %v", err)
	}
	if _, err := ParseModel(data[:len(data)-1]); !errors.Is(err, safetensors.ErrFormat) {
		t.Errorf("a cut file: %v", err)
	}
	delete(m.File().Tensors, "stem.bias")
	if _, err := m.Network("analysis"); err == nil || !strings.Contains(err.Error(), "stem.bias") {
		t.Errorf("a missing tensor: %v", err)
	}
	m.File().Tensors["stem.bias"] = safetensors.Of([]float32{1, 2}, 2)
	if _, err := m.Network("analysis"); err == nil || !strings.Contains(err.Error(), "stem.bias is F32 [2]") {
		t.Errorf("a tensor of another shape: %v", err)
	}
}

// TestBuildErrors wants errors that name the layer and what is wrong.
func TestBuildErrors(t *testing.T) {
	for text, want := range map[string]string{
		`[{"op":"warp"}]`: `layer 0: unknown operation "warp"`,
		`[{"op":"conv","name":"a","in":3,"out":4,"kernel":0}]`:                                                                               "kernel is 0",
		`[{"op":"conv","name":"a","in":3,"out":99999,"kernel":1}]`:                                                                           "out is 99999",
		`[{"op":"conv","name":"a","in":3,"out":4,"kernel":3,"pad":3}]`:                                                                       "pad is 3",
		`[{"op":"conv","name":"a","in":3,"out":4,"kernel":3,"groups":2}]`:                                                                    "groups do not divide",
		`[{"op":"conv","name":"a","in":3,"out":4,"kernel":1},{"op":"conv","name":"b","in":5,"out":4,"kernel":1}]`:                            "takes 5 channels, but gets 4",
		`[{"op":"conv","name":"a","in":4,"out":4,"kernel":1},{"op":"conv","name":"a","in":4,"out":4,"kernel":1}]`:                            "a.weight is used twice",
		`[{"op":"conv","name":"b","in":3,"out":3,"kernel":1},{"op":"residual","body":[{"op":"conv","name":"a","in":3,"out":4,"kernel":1}]}]`: "cannot be added",
		`[{"op":"conv","name":"a","in":3,"out":4,"kernel":1},{"op":"shuffle","factor":4}]`:                                                   "no multiple of 16",
		`[{"op":"residual","body":[{"op":"conv","name":"a","in":3,"out":4,"kernel":1}]}]`:                                                    "takes 3 channels",
		`[{"op":"shuffle","factor":0}]`:                                                      "factor is 0",
		`[{"op":"upsample","mode":"magic"}]`:                                                 `mode "magic"`,
		`[{"op":"window_attention","name":"a","channels":6,"heads":4,"window":4}]`:           "heads do not divide",
		`[{"op":"window_attention","name":"a","channels":6,"heads":2,"window":4,"shift":4}]`: "shift is 4",
		`[{"op":"group_norm","name":"a","channels":6,"groups":4,"region":8}]`:                "groups do not divide",
		`[{"op":"group_norm","name":"a","channels":6,"groups":2,"region":0}]`:                "region is 0",
		`[{"op":"deconv","name":"a","in":3,"out":4,"kernel":4,"stride":2,"out_pad":2}]`:      "out_pad is 2",
		`[{"op":"conv","name":"a","in":3,"out":4,"kernel":1,"colour":"red"}]`:                "unknown field",
		`[{"op":"conv","name":"a","in":8192,"out":1,"kernel":32}]`:                           "more than 256 MiB when packed",
		strings.Repeat(`[{"op":"residual","body":`, 9) + `[]` + strings.Repeat(`}]`, 9):      "nest more than",
		`[` + strings.Repeat(`{"op":"relu"},`, 3000) + `{"op":"relu"}]`:                      "more than 2048 layers",
	} {
		spec, err := ParseSpec([]byte(text))
		if err == nil {
			_, err = Build(spec, random(1))
		}
		if !errors.Is(err, ErrSpec) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: %v, want %q", text, err, want)
		}
	}
}

// TestWeightErrors wants weights that would give no numbers to be refused.
func TestWeightErrors(t *testing.T) {
	for _, c := range []struct {
		text, name string
		value      float32
		want       string
	}{
		{`[{"op":"conv","name":"a","in":3,"out":4,"kernel":1}]`, "a.bias", float32(math.NaN()), "element 1 of tensor a.bias is NaN"},
		{`[{"op":"conv","name":"a","in":3,"out":4,"kernel":1}]`, "a.weight", float32(math.Inf(-1)), "element 1 of tensor a.weight is -Inf"},
		{`[{"op":"gdn","name":"a","channels":3}]`, "a.beta", 0, "tensor a.beta has the element 0, must be above 0"},
		{`[{"op":"gdn","name":"a","channels":3}]`, "a.gamma", -1, "tensor a.gamma has the element -1"},
		{`[{"op":"modulate","name":"a","channels":3}]`, "a.scale", -1, "tensor a.scale has the element -1"},
	} {
		spec, err := ParseSpec([]byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		_, err = Build(spec, func(name string, shape ...int) ([]float32, error) {
			data, err := random(1)(name, shape...)
			if name == c.name {
				data[1] = c.value
			}
			return data, err
		})
		if !errors.Is(err, ErrSpec) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.text, err, c.want)
		}
	}
}

func TestInputErrors(t *testing.T) {
	net := build(t, analysisS8(8, 12))
	s := NewSession()
	for name, in := range map[string]Tensor{
		"empty":    {},
		"channels": noise(16, 16, 4),
		"odd":      noise(17, 16, 3),
		"short":    {16, 16, 3, make([]float32, 5)},
		"giant":    {1 << 30, 1 << 30, 3, nil},
		"negative": {-16, -16, 3, make([]float32, 768)},
	} {
		if _, err := net.Run(t.Context(), s, in, Options{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := net.RunTo(t.Context(), s, NewTensor(3, 3, 12), noise(64, 64, 3), Options{}); err == nil {
		t.Error("an output of another size: no error")
	}
}

// FuzzParseModel builds and runs whatever comes.
func FuzzParseModel(f *testing.F) {
	data, _ := stored(f, true)
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := ParseModel(data)
		if err != nil {
			return
		}
		for _, name := range m.Names() {
			if net, err := m.Network(name); err == nil {
				tryRun(t, net)
			}
		}
	})
}

// FuzzBuild builds networks of any description, with weights of whatever shape they ask
// for up to a limit, and runs them.
func FuzzBuild(f *testing.F) {
	for _, seed := range []string{
		`[{"op":"unshuffle","factor":2},{"op":"conv","name":"a","in":12,"out":8,"kernel":1},{"op":"shuffle","factor":2}]`,
		`[{"op":"deconv","name":"a","in":3,"out":4,"kernel":5,"stride":2,"pad":2,"out_pad":1},{"op":"gdn","name":"b","channels":4,"inverse":true}]`,
		`[{"op":"residual","body":[{"op":"window_attention","name":"a","channels":4,"heads":2,"window":4,"shift":1},{"op":"layer_norm","name":"b","channels":4}]}]`,
		`[{"op":"group_norm","name":"a","channels":4,"groups":2,"region":3},{"op":"upsample","mode":"separable","name":"u"},{"op":"modulate","name":"m","channels":4}]`,
		`[{"op":"conv","name":"a","in":4,"out":4,"kernel":3,"pad":1,"groups":4},{"op":"gelu"}]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		spec, err := ParseSpec(text)
		if err != nil {
			return
		}
		left := 1 << 20
		net, err := Build(spec, func(name string, shape ...int) ([]float32, error) {
			n := 1
			for _, d := range shape {
				if n *= max(d, 1); n > left {
					return nil, errors.New("too large for this test")
				}
			}
			left -= n
			return random(1)(name, shape...)
		})
		if err == nil {
			tryRun(t, net)
		}
	})
}

// tryRun runs a network on a tiny input that fits, if any does, for a moment.
func tryRun(t *testing.T, net *Network) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	for c := 1; c <= 32 && ctx.Err() == nil; c++ {
		if _, err := net.Size(Size{4, 6, c}); err == nil {
			out, err := net.Run(ctx, NewSession(), noise(4, 6, c), Options{Memory: 1, Workers: 1})
			if err == nil && len(out.Data) == 0 {
				t.Error("no output")
			}
		}
	}
}
