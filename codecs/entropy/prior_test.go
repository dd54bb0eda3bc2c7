package entropy

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"codecworkbench/codecs/nn/safetensors"
)

func TestFactorizedRoundTrip(t *testing.T) {
	for _, wide := range []bool{false, true} {
		rng := rand.New(rand.NewPCG(1, 30))
		var tables []*Table
		for i := range 20 {
			width := uint(10 + i%7)
			if wide && i == 7 {
				width = 24
			}
			tables = append(tables, randomTable(t, rng, 2+rng.IntN(300), width, i%2 == 0))
		}
		file := &safetensors.File{Tensors: NewFactorized(tables).Tensors("prior")}
		want := safetensors.U16
		if wide {
			want = safetensors.U32
		}
		if got := file.Tensors["prior.cum"].DType; got != want {
			t.Errorf("wide %v: stored as %s", wide, got)
		}
		data, err := file.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		if file, err = safetensors.Parse(data); err != nil {
			t.Fatal(err)
		}
		got, err := LoadFactorized(file, "prior")
		if err != nil {
			t.Fatal(err)
		}
		if got.Len() != len(tables) {
			t.Fatalf("%d tables, want %d", got.Len(), len(tables))
		}
		for i, a := range tables {
			b := got.At(i)
			if !slices.Equal(a.Cum(), b.Cum()) || a.First() != b.First() || a.Last() != b.Last() || a.Width() != b.Width() || a.Escape() != b.Escape() {
				t.Errorf("table %d changed", i)
			}
		}
	}
}

func TestLoadFactorizedRefuses(t *testing.T) {
	cum := safetensors.Of([]uint16{0, 1000}, 2)
	for name, tensors := range map[string]map[string]safetensors.Tensor{
		"missing":   {},
		"no cum":    {"p.table": safetensors.Of([]int32{1, 0, 16, 0}, 1, 4)},
		"too few":   {"p.table": safetensors.Of([]int32{3, 0, 16, 0}, 1, 4), "p.cum": cum},
		"left over": {"p.table": safetensors.Of([]int32{1, 0, 16, 0}, 1, 4), "p.cum": cum},
		"negative":  {"p.table": safetensors.Of([]int32{-1, 0, 16, 0}, 1, 4), "p.cum": cum},
		"width":     {"p.table": safetensors.Of([]int32{2, 0, 40, 0}, 1, 4), "p.cum": cum},
		"total":     {"p.table": safetensors.Of([]int32{2, 0, 9, 0}, 1, 4), "p.cum": cum},
		"flag":      {"p.table": safetensors.Of([]int32{2, 0, 16, 2}, 1, 4), "p.cum": cum},
	} {
		_, err := LoadFactorized(&safetensors.File{Tensors: tensors}, "p")
		if err == nil || !strings.Contains(err.Error(), "p") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestScaleGrid(t *testing.T) {
	g := ScaleGrid(64, 0.11, 256)
	if len(g) != 64 || g[0] != 0.11 || math.Abs(g[63]-256) > 1e-9 || math.Abs(g[1]/g[0]-1.131) > 0.001 {
		t.Errorf("grid from %g (ratio %g) to %g", g[0], g[1]/g[0], g[len(g)-1])
	}
}

// TestScaleTablesGridOverhead codes Gaussian latents whose scale is between the
// grid's: research on 64 nearest levels expects 0.06 %.
func TestScaleTablesGridOverhead(t *testing.T) {
	grid := ScaleGrid(64, 0.11, 64)
	tables, err := ScaleTables(GaussianCDF, grid, 1e-9, 400, DefaultBits)
	if err != nil {
		t.Fatal(err)
	}
	ratio := math.Log(grid[1] / grid[0])
	rng := rand.New(rand.NewPCG(2, 31))
	e := NewEncoder()
	ideal := 0.0
	for range 400_000 {
		sigma := 0.11 * math.Pow(8/0.11, rng.Float64())
		v := int(math.Round(rng.NormFloat64() * sigma))
		x := math.Abs(float64(v))
		ideal -= math.Log2(GaussianCDF((0.5-x)/sigma) - GaussianCDF((-0.5-x)/sigma))
		tables.At(int(math.Round(math.Log(sigma/0.11)/ratio))).Encode(e, v)
	}
	over := 100 * (8*float64(len(e.Bytes()))/ideal - 1)
	t.Logf("64 levels, nearest: %.3f %% over the exact scale", over)
	if over > 0.1 {
		t.Errorf("overhead %.3f %%", over)
	}
}

func TestScaleTablesRefuse(t *testing.T) {
	for name, c := range map[string]struct {
		scale, tail float64
		limit       int
	}{
		"no scale": {0, 1e-6, 10}, "NaN": {math.NaN(), 1e-6, 10}, "no tail": {1, 0, 10}, "limit": {1, 1e-6, 1 << 20}, "negative limit": {1, 1e-6, -1},
	} {
		if _, err := ScaleTables(LaplaceCDF, []float64{c.scale}, c.tail, c.limit, 16); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func FuzzLoadFactorized(f *testing.F) {
	f.Add([]byte{1, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0}, []byte{0, 0})
	f.Fuzz(func(t *testing.T, head, cum []byte) {
		head, cum = head[:len(head)&^15], cum[:len(cum)&^1]
		set, err := LoadFactorized(&safetensors.File{Tensors: map[string]safetensors.Tensor{
			"p.table": {DType: safetensors.I32, Shape: []int{len(head) / 16, 4}, Data: head},
			"p.cum":   {DType: safetensors.U16, Shape: []int{len(cum) / 2}, Data: cum},
		}}, "p")
		if err != nil {
			return
		}
		for i := range set.Len() {
			e := NewEncoder()
			table := set.At(i)
			table.Encode(e, table.Last())
			if got := table.Decode(NewDecoder(e.Bytes())); got != table.Last() {
				t.Fatalf("table %d: %d, want %d", i, got, table.Last())
			}
		}
	})
}
