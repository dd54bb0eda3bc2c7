package nn

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"codecworkbench/codecs/nn/safetensors"
)

// vectorTolerance is how far from PyTorch's output ours may be, relative to its range.
const vectorTolerance = 1e-4

// readFile parses a model file of testdata.
func readFile(t testing.TB, name string) *safetensors.File {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	f, err := safetensors.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// tensorsOf finds weights in a file.
func tensorsOf(f *safetensors.File) Tensors {
	return func(name string, shape ...int) ([]float32, error) {
		t, err := f.Get(name, safetensors.F32, shape...)
		if err != nil {
			return nil, err
		}
		return safetensors.Floats(t)
	}
}

// vector reads a tensor [H, W, C].
func vector(t testing.TB, f *safetensors.File, name string) Tensor {
	t.Helper()
	raw, err := f.Get(name, safetensors.F32, -1, -1, -1)
	if err != nil {
		t.Fatal(err)
	}
	data, err := safetensors.Floats(raw)
	if err != nil {
		t.Fatal(err)
	}
	return Tensor{raw.Shape[0], raw.Shape[1], raw.Shape[2], data}
}

// difference returns the largest difference of two tensors relative to the range of want.
func difference(got, want Tensor) float64 {
	if got.Size() != want.Size() {
		return math.Inf(1)
	}
	var worst float64
	for i, v := range want.Data {
		if d := math.Abs(float64(got.Data[i] - v)); d > worst || math.IsNaN(d) {
			worst = d
		}
	}
	spread := float64(slices.Max(want.Data) - slices.Min(want.Data))
	return worst / max(spread, 1e-3)
}

// TestVectors compares every operation with PyTorch.
func TestVectors(t *testing.T) {
	model, vectors := readFile(t, "ops.safetensors"), readFile(t, "ops-vectors.safetensors")
	var levels map[string]float64
	if err := json.Unmarshal([]byte(model.Metadata["levels"]), &levels); err != nil {
		t.Fatal(err)
	}
	specs, err := ParseSpecs([]byte(model.Metadata["networks"]))
	if err != nil {
		t.Fatal(err)
	}
	for name, spec := range specs {
		t.Run(name, func(t *testing.T) {
			net, err := Build(spec, tensorsOf(model))
			if err != nil {
				t.Fatal(err)
			}
			cases := 0
			for key := range vectors.Tensors {
				at, isIn := strings.CutSuffix(key, "/in")
				if !isIn || !strings.HasPrefix(at, name+"/") {
					continue
				}
				cases++
				in, want := vector(t, vectors, key), vector(t, vectors, at+"/out")
				for _, memory := range []int{0, 1} {
					got, err := net.Run(t.Context(), NewSession(), in, Options{Level: levels[at], Memory: memory})
					if err != nil {
						t.Fatal(err)
					}
					if d := difference(got, want); !(d <= vectorTolerance) {
						t.Errorf("%s, %d bytes: off by %.2g of the range", at, memory, d)
					}
				}
			}
			if cases == 0 {
				t.Error("no test vectors")
			}
		})
	}
}
