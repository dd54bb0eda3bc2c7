package hyper

import (
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/integer"
	"codecworkbench/codecs/nn/safetensors"
)

// tiny is a file of a model with 8 channels of y and 4 of z.
const tiny = "../../hyperprior/testdata/tiny.safetensors"

func load(t *testing.T, change func(f *safetensors.File)) (*Model, *latent.Backbone, error) {
	t.Helper()
	data, err := os.ReadFile(tiny)
	if err != nil {
		t.Fatal(err)
	}
	f, err := safetensors.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	change(f)
	if data, err = f.Marshal(); err != nil {
		t.Fatal(err)
	}
	file, err := nn.ParseModel(data)
	if err != nil {
		return nil, nil, err
	}
	b, err := latent.LoadBackbone(file)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Load(file, b)
	return m, b, err
}

// What an encoder takes for z is what a decoder reads, whatever y is, and the prediction has
// a place for every latent.
func TestRoundTrip(t *testing.T) {
	m, b, err := load(t, func(*safetensors.File) {})
	if err != nil {
		t.Fatal(err)
	}
	if m.Channels != 4 || m.Scale != 64 {
		t.Fatalf("%d channels, %d pixels a position", m.Channels, m.Scale)
	}
	rng := rand.New(rand.NewPCG(3, 3))
	for _, side := range [][2]int{{1, 1}, {64, 64}, {130, 65}} {
		for _, size := range []float64{1, 1e3, math.Inf(1)} {
			y := latent.NewLayout(side[0], side[1], b.Scale)
			l := m.Layout(side[0], side[1])
			in := nn.NewTensor(4*l.High, 4*l.Wide, b.Channels)
			for i := range in.Data {
				in.Data[i] = float32(size * rng.NormFloat64())
			}
			z, payload, err := m.Encode(t.Context(), NewWorkspace(), l, in, 777, Search{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := m.Decode(t.Context(), l, payload, 777)
			if err != nil || !slices.Equal(got, z) {
				t.Errorf("%v, y up to %g: %v, error %v, want %v", side, size, got, err, z)
			}
			p, err := m.Predict(t.Context(), integer.NewSession(), l, z)
			if err != nil {
				t.Fatal(err)
			}
			means, scales := p.At(y.Wide-1, y.High-1)
			if len(means) != b.Channels || len(scales) != b.Channels || !slices.Equal(slices.Concat(means, scales), p.Both(y.Wide-1, y.High-1)) {
				t.Errorf("%d means and %d scales", len(means), len(scales))
			}
		}
	}
}

func TestDecodeRefusesWhatIsCut(t *testing.T) {
	m, _, err := load(t, func(*safetensors.File) {})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Decode(t.Context(), m.Layout(64, 9000), nil, 0); !errors.Is(err, latent.ErrDamaged) {
		t.Errorf("an empty payload gives %v", err)
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, change := range map[string]func(f *safetensors.File){
		"no integers": func(f *safetensors.File) { delete(f.Metadata, integer.MetadataKey) },
		"no tables":   func(f *safetensors.File) { delete(f.Tensors, "z.cum") },
		"its tables": func(f *safetensors.File) {
			f.Tensors["z.cum"], f.Tensors["z.table"] = f.Tensors["sigma.cum"], f.Tensors["sigma.table"]
		},
		"another network": func(f *safetensors.File) {
			f.Metadata[integer.MetadataKey] = `{"hyper_synthesis":{"input":{"channels":4,"bits":12},"layers":[{"op":"relu"}]}}`
		},
	} {
		if _, _, err := load(t, change); err == nil {
			t.Errorf("%s: it was taken", name)
		}
	}
}
