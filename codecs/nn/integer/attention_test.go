package integer

import (
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"codecworkbench/codecs/nn/safetensors"
)

// contextVectors reads what codecs/training/make_context_vectors.py made in 64 bits: numbers
// by case and name, widths of matrices under width/NAME.
func contextVectors(t *testing.T, operation string) map[string]map[string][]int16 {
	t.Helper()
	data, err := os.ReadFile("testdata/contexts.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	f, err := safetensors.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]map[string][]int16{}
	for name, tensor := range f.Tensors {
		parts := strings.Split(name, "/")
		if parts[0] != operation {
			continue
		}
		values, err := safetensors.Values[int16](tensor)
		if err != nil {
			t.Fatal(err)
		}
		if cases[parts[1]] == nil {
			cases[parts[1]] = map[string][]int16{}
		}
		cases[parts[1]][parts[2]] = values
		if len(tensor.Shape) == 2 {
			cases[parts[1]]["width/"+parts[2]] = []int16{int16(tensor.Shape[1])}
		}
	}
	if len(cases) < 3 {
		t.Fatalf("%d cases of %s", len(cases), operation)
	}
	return cases
}

// Attention gives the emulator's integers, in one memory for all sizes.
func TestAttention(t *testing.T) {
	var a Attention
	for name, c := range contextVectors(t, "attention") {
		heads := int(c["heads"][0])
		d, v := int(c["width/key"][0])/heads, int(c["width/value"][0])/heads
		out := make([]int16, len(c["out"]))
		if err := a.Apply(out, c["query"], c["key"], c["value"], heads, d, v); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(out, c["out"]) {
			t.Errorf("%s: %v, want %v", name, out, c["out"])
		}
	}
}

// What attention can't sum in 64 bits, or what does not fit together, is refused.
func TestAttentionRefuses(t *testing.T) {
	var a Attention
	of := func(n int) []int16 { return make([]int16, n) }
	for name, err := range map[string]error{
		"heads":     a.Apply(of(4), of(4), of(4), of(4), 0, 2, 2),
		"values":    a.Apply(of(4), of(4), of(4), of(3), 1, 2, 2),
		"out":       a.Apply(of(5), of(4), of(4), of(4), 1, 2, 2),
		"too many":  a.Apply(of(1), of(1), of(maxAttended+1), of(maxAttended+1), 1, 1, 1),
		"too long":  a.Apply(of(1), of(maxChannels+1), of(maxChannels+1), of(1), 1, maxChannels+1, 1),
		"odd query": a.Apply(of(2), of(3), of(2), of(2), 1, 2, 2),
	} {
		if err == nil {
			t.Errorf("%s: it was taken", name)
		}
	}
	out := []int16{7}
	if err := a.Apply(out, []int16{5}, nil, nil, 1, 1, 1); err != nil || out[0] != 0 {
		t.Errorf("attention to nothing gives %d, %v", out[0], err)
	}
}

// As many of the largest numbers as are allowed do not overflow.
func TestAttentionExtremes(t *testing.T) {
	var a Attention
	const m = maxAttended / 8
	fill := func(n int, v int16) []int16 {
		out := make([]int16, n)
		for i := range out {
			out[i] = v
		}
		return out
	}
	for _, v := range []int16{math.MaxInt16, math.MinInt16} {
		out := make([]int16, 1)
		if err := a.Apply(out, fill(8, math.MaxInt16), fill(8*m, math.MaxInt16), fill(m, v), 1, 8, 1); err != nil {
			t.Fatal(err)
		}
		if out[0] != v {
			t.Errorf("a mean of %d is %d", v, out[0])
		}
	}
}

func TestReweight(t *testing.T) {
	for name, c := range contextVectors(t, "reweight") {
		means, x := make([]int16, len(c["means"])), slices.Clone(c["in"])
		Means(means, x)
		if !slices.Equal(means, c["means"]) {
			t.Errorf("%s: means %v, want %v", name, means, c["means"])
		}
		Reweight(x, c["gate"])
		if !slices.Equal(x, c["out"]) {
			t.Errorf("%s: %v, want %v", name, x, c["out"])
		}
	}
	none := []int16{3}
	Means(none, nil)
	if none[0] != 0 {
		t.Errorf("the mean of nothing is %d", none[0])
	}
}
