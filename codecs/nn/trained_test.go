package nn_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/integer"
	"codecworkbench/codecs/nn/safetensors"
)

// The shipped hyperprior and what PyTorch, and the emulator of the integers, make of it.
const (
	trainedModel   = "../../assets/models/hyperprior/s.safetensors"
	trainedVectors = "testdata/hyperprior-s-vectors.safetensors"
)

// trained reads the shipped model and its test vectors.
func trained(t *testing.T) (*nn.Model, *safetensors.File) {
	t.Helper()
	data, err := os.ReadFile(trainedModel)
	if err != nil {
		t.Fatal(err)
	}
	model, err := nn.ParseModel(data)
	if err != nil {
		t.Fatal(err)
	}
	if data, err = os.ReadFile(trainedVectors); err != nil {
		t.Fatal(err)
	}
	vectors, err := safetensors.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return model, vectors
}

// values reads a tensor [H, W, C].
func values[T safetensors.Number](t *testing.T, f *safetensors.File, dtype safetensors.DType, name string) (shape []int, data []T) {
	t.Helper()
	raw, err := f.Get(name, dtype, -1, -1, -1)
	if err != nil {
		t.Fatal(err)
	}
	if data, err = safetensors.Values[T](raw); err != nil {
		t.Fatal(err)
	}
	return raw.Shape, data
}

// Every network of a checkpoint that the trainer exported gives PyTorch's output to 1e-4
// of its range.
func TestTrainedNetworks(t *testing.T) {
	model, vectors := trained(t)
	var levels map[string]float64
	if err := json.Unmarshal([]byte(vectors.Metadata["levels"]), &levels); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"analysis", "hyper_analysis", "hyper_synthesis", "synthesis"} {
		net, err := model.Network(name)
		if err != nil {
			t.Fatal(err)
		}
		at := name + "/64x128"
		shape, in := values[float32](t, vectors, safetensors.F32, at+"/in")
		wantShape, want := values[float32](t, vectors, safetensors.F32, at+"/out")
		x := nn.Tensor{H: shape[0], W: shape[1], C: shape[2], Data: in}
		y, err := net.Run(t.Context(), nn.NewSession(), x, nn.Options{Level: levels[at]})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal([]int{y.H, y.W, y.C}, wantShape) {
			t.Fatalf("%s: %dx%dx%d, want %v", name, y.H, y.W, y.C, wantShape)
		}
		spread := slices.Max(want) - slices.Min(want)
		for i, v := range want {
			if d := y.Data[i] - v; !(max(d, -d) <= 1e-4*spread) {
				t.Fatalf("%s: number %d is %g, want %g", name, i, y.Data[i], v)
			}
		}
	}
}

// The hyper-synthesis in integers gives exactly what the trainer's emulator gives in 64 bits.
func TestTrainedIntegers(t *testing.T) {
	model, vectors := trained(t)
	net, err := integer.Load(model.File(), "hyper_synthesis")
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	for name := range vectors.Tensors {
		at, ok := strings.CutSuffix(name, "/in")
		if !ok || !strings.HasPrefix(at, "integer/hyper_synthesis/") {
			continue
		}
		cases++
		shape, in := values[int16](t, vectors, safetensors.I16, name)
		_, want := values[int16](t, vectors, safetensors.I16, at+"/out")
		y, err := net.Run(t.Context(), integer.NewSession(), integer.Tensor{H: shape[0], W: shape[1], C: shape[2], Data: in})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(y.Data, want) {
			t.Errorf("%s differs from the emulator's", at)
		}
	}
	if cases < 2 {
		t.Errorf("%d test vectors", cases)
	}
}

// The model's tables of probabilities load: one a rate level and channel of z, one a scale.
func TestTrainedTables(t *testing.T) {
	model, _ := trained(t)
	var lambdas []float64
	if err := json.Unmarshal([]byte(model.Metadata["lambdas"]), &lambdas); err != nil {
		t.Fatal(err)
	}
	spec, err := model.Spec("hyper_synthesis")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int{"z": len(lambdas) * spec[0].In, "sigma": 64} {
		f, err := entropy.LoadFactorized(model.File(), name)
		if err != nil {
			t.Fatal(err)
		}
		if f.Len() != want {
			t.Errorf("%s: %d tables, want %d", name, f.Len(), want)
		}
		for i := range f.Len() {
			if table := f.At(i); table.Width() != entropy.DefaultBits || !table.Escape() {
				t.Fatalf("%s: table %d of %d bits, escape %v", name, i, table.Width(), table.Escape())
			}
		}
	}
}
