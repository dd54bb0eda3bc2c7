package integer

import (
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"

	"codecworkbench/codecs/nn/safetensors"
)

// convFile is a model file with one 1x1 convolution "c" of the given weights, bias 0 and
// multiplier 1.
func convFile(in, out int, weight int8, bias int32) *safetensors.File {
	w, b, m := make([]int8, in*out), make([]int32, out), make([]int32, out)
	for i := range w {
		w[i] = weight
	}
	for i := range b {
		b[i], m[i] = bias, 1
	}
	return &safetensors.File{Tensors: map[string]safetensors.Tensor{
		"c.weight":     safetensors.Of(w, out, in, 1, 1),
		"c.bias":       safetensors.Of(b, out),
		"c.multiplier": safetensors.Of(m, out),
	}}
}

func convSpec(in, out, bits int) Spec {
	return Spec{InputSpec{in, bits}, []LayerSpec{{Op: "conv", Name: "c", In: in, Out: out, Kernel: 1, Shift: 40, Bits: 15}}}
}

// The bound is sharp: 2^31 - 1 is taken, one more is refused.
func TestOverflow(t *testing.T) {
	const in = 516 // 127 * 32767 * 516 is 2147315022
	rest := int32(1<<31 - 1 - 127*32767*in)
	for _, c := range []struct {
		weight int8
		bias   int32
		fits   bool
	}{
		{127, rest, true}, {-127, rest, true}, {127, -rest, true},
		{127, rest + 1, false}, {-127, -rest - 1, false}, {-128, 0, false},
	} {
		_, err := Build(convSpec(in, 2, 15), convFile(in, 2, c.weight, c.bias))
		if c.fits && err != nil || !c.fits && !errors.Is(err, ErrOverflow) {
			t.Errorf("weights %d, bias %d: %v", c.weight, c.bias, err)
		}
	}
	if _, err := Build(convSpec(1<<12, 2, 12), convFile(1<<12, 2, 127, 0)); err != nil {
		t.Errorf("12 bits: %v", err)
	}
	if _, err := Build(convSpec(1, 1, 12), convFile(1, 1, 0, -1<<31)); !errors.Is(err, ErrOverflow) {
		t.Errorf("the lowest bias: %v", err)
	}
}

// At the bound, the sums of extreme inputs are right.
func TestExtremes(t *testing.T) {
	const in = 516
	f := convFile(in, 33, 127, 0)
	spec := convSpec(in, 33, 15)
	spec.Layers[0].Shift = 47 // 2^31 to 2^15 at a multiplier of 2^31
	m := make([]int32, 33)
	for i := range m {
		m[i] = 1<<31 - 1
	}
	f.Tensors["c.multiplier"] = safetensors.Of(m, 33)
	n, err := Build(spec, f)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []int16{-32768, 32767} {
		x := Tensor{1, 13, in, make([]int16, 13*in)}
		for i := range x.Data {
			x.Data[i] = v
		}
		out, err := n.Run(t.Context(), NewSession(), x)
		if err != nil {
			t.Fatal(err)
		}
		sum := int64(127*32767) * in
		if v < 0 {
			sum = -sum
		}
		want := int16((sum*(1<<31-1) + 1<<46) >> 47)
		for i, got := range out.Data {
			if got != want {
				t.Fatalf("inputs of %d, output %d: %d, want %d", v, i, got, want)
			}
		}
	}
}

// Descriptions that make no network are refused with what is wrong.
func TestBuildRefuses(t *testing.T) {
	residual := func(s LayerSpec) func(*Spec) {
		return func(spec *Spec) {
			s.Op, s.Body = "residual", spec.Layers
			spec.Layers = []LayerSpec{s}
		}
	}
	after := func(s LayerSpec) func(*Spec) {
		return func(spec *Spec) { spec.Layers = append(spec.Layers, s) }
	}
	first := func(change func(s *LayerSpec)) func(*Spec) {
		return func(spec *Spec) { change(&spec.Layers[0]) }
	}
	for want, change := range map[string]func(*Spec){
		"input bits is 16":          func(s *Spec) { s.Input.Bits = 16 },
		"input channels is 0":       func(s *Spec) { s.Input.Channels = 0 },
		"in is 4":                   func(s *Spec) { s.Input.Channels = 5 },
		"bits is 11":                first(func(s *LayerSpec) { s.Bits = 11 }),
		"bits is 16":                first(func(s *LayerSpec) { s.Bits = 16 }),
		"shift of 31":               first(func(s *LayerSpec) { s.Shift = 31 }),
		"shift of 63":               first(func(s *LayerSpec) { s.Shift = 63 }),
		"pad is 1":                  first(func(s *LayerSpec) { s.Pad = 1 }),
		"2 groups":                  first(func(s *LayerSpec) { s.Groups = 2 }),
		"kernel is 0":               first(func(s *LayerSpec) { s.Kernel = 0 }),
		"c.weight is I8":            first(func(s *LayerSpec) { s.Kernel = 3 }),
		"d.weight is missing":       first(func(s *LayerSpec) { s.Name = "d" }),
		"used twice":                func(s *Spec) { s.Layers = append(s.Layers, s.Layers...) },
		"unknown operation \"gdn\"": after(LayerSpec{Op: "gdn"}),
		"factor is 0":               after(LayerSpec{Op: "shuffle"}),
		"divided by 9":              after(LayerSpec{Op: "shuffle", Factor: 3}),
		"channels is 8100": func(s *Spec) {
			after(LayerSpec{Op: "unshuffle", Factor: 9})(s)
			after(LayerSpec{Op: "unshuffle", Factor: 5})(s)
		},
		"groups is 0":             after(LayerSpec{Op: "softmax", Shift: 9}),
		"3 groups":                after(LayerSpec{Op: "softmax", Groups: 3, Shift: 9}),
		"shift is 47":             after(LayerSpec{Op: "softmax", Groups: 1, Shift: 47}),
		"first is 4":              after(LayerSpec{Op: "scale_index", First: 4, Levels: 64}),
		"levels is 0":             after(LayerSpec{Op: "scale_index", First: 2}),
		"lie outside a table":     after(LayerSpec{Op: "table", Name: "t", InBits: 14, Bits: 15}),
		"2^b + 1 are expected":    after(LayerSpec{Op: "table", Name: "c.odd", InBits: 15, Bits: 15}),
		"beyond 12 bits":          after(LayerSpec{Op: "table", Name: "c.table", InBits: 15, Bits: 12}),
		"factors -1":              residual(LayerSpec{Bits: 15, Factors: [2]int16{-1, 1}}),
		"does not fit 32 bits":    residual(LayerSpec{Bits: 15, Factors: [2]int16{32767, 32767}, Shift: 30}),
		"or is empty":             after(LayerSpec{Op: "residual", Bits: 15, Factors: [2]int16{1, 1}}),
		"nest more than":          func(s *Spec) { s.Layers = nest(maxDepth+1, s.Layers) },
		"more than 256 layers":    func(s *Spec) { s.Layers = append(s.Layers, make([]LayerSpec, maxLayers)...) },
		"turns 4 channels into 8": func(s *Spec) { s.Layers[0].Out = 8; residual(LayerSpec{Bits: 15, Factors: [2]int16{1, 1}})(s) },
		"more than 16777216 weights": func(s *Spec) {
			s.Input.Channels = 64
			first(func(l *LayerSpec) { l.In, l.Out, l.Kernel = 64, maxChannels, 15 })(s)
		},
		"negative: a multiplier of -": func(s *Spec) { s.Layers[0].Name = "n" },
	} {
		spec := convSpec(4, 4, 15)
		f := convFile(4, 4, 1, 0)
		if strings.HasPrefix(want, "turns") {
			f = convFile(4, 8, 1, 0)
		}
		f.Tensors["c.odd"] = safetensors.Of(make([]int16, 6), 6)
		f.Tensors["c.table"] = safetensors.Of([]int16{0, 4096, 0}, 3)
		for _, part := range []string{".weight", ".bias"} {
			f.Tensors["n"+part] = f.Tensors["c"+part]
		}
		f.Tensors["n.multiplier"] = safetensors.Of([]int32{1, 1, -1, 1}, 4)
		change(&spec)
		_, err := Build(spec, f)
		if err == nil {
			t.Errorf("%s: it was taken", want)
			continue
		}
		if !errors.Is(err, ErrSpec) || !strings.Contains(err.Error(), strings.TrimPrefix(want, "negative: ")) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

// nest puts layers into so many residual branches.
func nest(depth int, layers []LayerSpec) []LayerSpec {
	for range depth {
		layers = []LayerSpec{{Op: "residual", Bits: 15, Factors: [2]int16{1, 1}, Body: layers}}
	}
	return layers
}

func TestLoadRefuses(t *testing.T) {
	for want, text := range map[string]string{
		"has no n":           `{}`,
		"unexpected EOF":     `{"n":`,
		"unknown field":      `{"n":{"input":{"channels":1,"bits":12},"layers":[{"op":"relu","slope":1}]}}`,
		"something follows":  `{} {}`,
		"cannot unmarshal":   `{"n":{"input":{"channels":"1"}}}`,
		"a description of 1": strings.Repeat(" ", maxSpecBytes+1),
	} {
		_, err := Load(&safetensors.File{Metadata: map[string]string{MetadataKey: text}}, "n")
		if !errors.Is(err, ErrSpec) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := Load(&safetensors.File{}, "n"); !errors.Is(err, ErrSpec) {
		t.Errorf("no metadata: %v", err)
	}
}

// A file either makes a network that runs, or is refused; nothing is taken for granted.
func FuzzLoad(f *testing.F) {
	file := vectors(f)
	var specs map[string]json.RawMessage
	if err := json.Unmarshal([]byte(file.Metadata[MetadataKey]), &specs); err != nil {
		f.Fatal(err)
	}
	for name, spec := range specs {
		one := &safetensors.File{Metadata: map[string]string{MetadataKey: `{"n":` + string(spec) + `}`}, Tensors: maps.Clone(file.Tensors)}
		maps.DeleteFunc(one.Tensors, func(key string, _ safetensors.Tensor) bool {
			return !strings.Contains(string(spec), `"`+strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(key, ".weight"), ".bias"), ".multiplier")+`"`)
		})
		data, err := one.Marshal()
		if err != nil {
			f.Fatal(err)
		}
		if len(data) < 4096 || name == "hyper_tiny" {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := safetensors.Parse(data)
		if err != nil {
			return
		}
		n, err := Load(file, "n")
		if err != nil {
			return
		}
		channels, largest := n.Channels()
		x := Tensor{2, 3, channels, make([]int16, 6*channels)}
		for i := range x.Data {
			x.Data[i] = int16(i * largest)
		}
		if out, err := n.Run(t.Context(), NewSession(), x); err == nil && len(out.Data) != out.H*out.W*out.C {
			t.Errorf("%dx%dx%d in %d numbers", out.H, out.W, out.C, len(out.Data))
		}
	})
}
