package entropy

import (
	"math"
	"math/rand/v2"
	"testing"
)

// randomTable makes a valid table with some very rare and some common symbols.
func randomTable(t testing.TB, rng *rand.Rand, entries int, width uint, escape bool) *Table {
	p := make([]float64, entries)
	for i := range p {
		p[i] = math.Exp(8 * rng.NormFloat64() / 3)
	}
	cum, err := Quantize(p, width)
	if err != nil {
		t.Fatal(err)
	}
	table, err := NewTable(cum, rng.IntN(2000)-1000, width, escape)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestTableRoundTrip(t *testing.T) {
	for seed := range uint64(150) {
		rng := rand.New(rand.NewPCG(seed, 2))
		width := 1 + rng.UintN(MaxBits)
		escape := rng.IntN(2) == 0
		entries := min(1+rng.IntN(1+rng.IntN(3000)), 1<<width)
		if escape {
			entries = max(entries, 2)
		}
		table := randomTable(t, rng, entries, width, escape)
		values := make([]int, rng.IntN(500))
		e := NewEncoder()
		for i := range values {
			values[i] = table.First() + rng.IntN(table.Last()-table.First()+1)
			if escape && rng.IntN(8) == 0 {
				values[i] += (1 - 2*rng.IntN(2)) * int(rng.Int32N(1<<(1+rng.UintN(30))))
			}
			table.Encode(e, values[i])
		}
		data := e.Bytes()
		d := NewDecoder(data)
		for i, want := range values {
			if got := table.Decode(d); got != want {
				t.Fatalf("seed %d (%d entries of %d bits): value %d is %d, want %d", seed, entries, width, i, got, want)
			}
		}
		if d.Overrun() != 0 {
			t.Fatalf("seed %d: overrun on an intact stream", seed)
		}
	}
}

func TestTableClampsWithoutEscape(t *testing.T) {
	table, err := NewTable([]uint32{0, 100, 300, 65536}, -1, 16, false)
	if err != nil {
		t.Fatal(err)
	}
	e := NewEncoder()
	in, out := []int{-5, -1, 0, 1, 2, math.MaxInt, math.MinInt}, []int{-1, -1, 0, 1, 1, 1, -1}
	for _, v := range in {
		table.Encode(e, v)
	}
	d := NewDecoder(e.Bytes())
	for i, want := range out {
		if got := table.Decode(d); got != want || table.Clamp(in[i]) != want {
			t.Errorf("%d decodes to %d and clamps to %d, want %d", in[i], got, table.Clamp(in[i]), want)
		}
	}
}

func TestTableEscapesAtTheEndsOfTheRange(t *testing.T) {
	table, err := NewTable([]uint32{0, 65000, 65536}, -maxFirst, 16, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []int{math.MinInt, math.MaxInt, -maxFirst - 1 - maxExcess, -maxFirst + 1 + maxExcess, -maxFirst, 0} {
		e := NewEncoder()
		table.Encode(e, v)
		if got := table.Decode(NewDecoder(e.Bytes())); got != table.Clamp(v) {
			t.Errorf("%d decodes to %d, clamps to %d", v, got, table.Clamp(v))
		}
	}
}

func TestNewTableRefuses(t *testing.T) {
	cases := map[string]func() (*Table, error){
		"no entry":      func() (*Table, error) { return NewTable([]uint32{0}, 0, 16, false) },
		"nil":           func() (*Table, error) { return NewTable(nil, 0, 16, false) },
		"zero width":    func() (*Table, error) { return NewTable([]uint32{0, 1}, 0, 0, false) },
		"too wide":      func() (*Table, error) { return NewTable([]uint32{0, 1 << 25}, 0, 25, false) },
		"start not 0":   func() (*Table, error) { return NewTable([]uint32{1, 65536}, 0, 16, false) },
		"wrong total":   func() (*Table, error) { return NewTable([]uint32{0, 65535}, 0, 16, false) },
		"falling":       func() (*Table, error) { return NewTable([]uint32{0, 9, 8, 65536}, 0, 16, false) },
		"no frequency":  func() (*Table, error) { return NewTable([]uint32{0, 9, 9, 65536}, 0, 16, false) },
		"escape alone":  func() (*Table, error) { return NewTable([]uint32{0, 65536}, 0, 16, true) },
		"first too low": func() (*Table, error) { return NewTable([]uint32{0, 65536}, math.MinInt, 16, false) },
	}
	for name, f := range cases {
		if _, err := f(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestTableOverhead measures what files take beyond -log2 of the true probability.
func TestTableOverhead(t *testing.T) {
	for _, c := range []struct {
		name string
		cdf  CDF
	}{{"Gaussian", GaussianCDF}, {"Laplace", LaplaceCDF}} {
		for _, scale := range []float64{0.3, 0.7, 1.5, 4, 20} {
			tables, err := ScaleTables(c.cdf, []float64{scale}, 1e-6, 400, DefaultBits)
			if err != nil {
				t.Fatal(err)
			}
			table := tables.At(0)
			rng := rand.New(rand.NewPCG(3, 3))
			e := NewEncoder()
			ideal := 0.0
			for range 300_000 {
				v := int(math.Round(sample(rng, c.name) * scale))
				// The escape's own probability is not the source's: left out on both sides.
				if v < table.First() || v > table.Last() {
					continue
				}
				x := math.Abs(float64(v))
				ideal -= math.Log2(c.cdf((0.5-x)/scale) - c.cdf((-0.5-x)/scale))
				table.Encode(e, v)
			}
			over := 100 * (8*float64(len(e.Bytes()))/ideal - 1)
			t.Logf("%-8s scale %4.1f: %.4f %% over -log2 p", c.name, scale, over)
			if over > 0.1 {
				t.Errorf("%s of scale %g: overhead %.4f %%, at most 0.1 %% is promised", c.name, scale, over)
			}
		}
	}
}

func sample(rng *rand.Rand, name string) float64 {
	if name == "Gaussian" {
		return rng.NormFloat64()
	}
	return rng.ExpFloat64() * float64(2*rng.IntN(2)-1)
}

// TestTableBits compares the estimate with what the coder writes.
func TestTableBits(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	table := randomTable(t, rng, 300, 18, true)
	e := NewEncoder()
	estimate := 0.0
	for range 20_000 {
		v := table.First() + rng.IntN(420) - 60
		estimate += table.Bits(v)
		table.Encode(e, v)
	}
	if got := 8 * float64(len(e.Bytes())); math.Abs(got/estimate-1) > 0.001 {
		t.Errorf("%.0f bits written, %.0f estimated", got, estimate)
	}
}

func TestQuantizeIsOptimal(t *testing.T) {
	// Exhaustive search over all ways to split a small total.
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 5))
		p := make([]float64, 3)
		sum := 0.0
		for i := range p {
			p[i] = math.Pow(rng.Float64(), 4)
			if rng.IntN(5) == 0 {
				p[i] = 0
			}
			sum += p[i]
		}
		if sum == 0 {
			continue
		}
		const width, total = 5, 32
		cum, err := Quantize(p, width)
		if err != nil {
			t.Fatal(err)
		}
		length := func(f ...int) (bits float64) {
			for i, f := range f {
				bits -= p[i] * math.Log2(float64(f)/total)
			}
			return bits
		}
		best := math.Inf(1)
		for a := 1; a < total-1; a++ {
			for b := 1; a+b < total; b++ {
				best = min(best, length(a, b, total-a-b))
			}
		}
		got := length(int(cum[1]), int(cum[2]-cum[1]), int(cum[3]-cum[2]))
		if got > best+1e-12 {
			t.Errorf("seed %d: %v costs %.9f bits, %.9f is possible (p %v)", seed, cum, got, best, p)
		}
	}
}

func TestQuantizeRefuses(t *testing.T) {
	for name, p := range map[string][]float64{
		"empty": nil, "negative": {1, -1}, "NaN": {math.NaN()}, "infinite": {math.Inf(1)}, "all zero": {0, 0},
		"too many": make([]float64, 17),
	} {
		if _, err := Quantize(p, 4); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if cum, err := Quantize([]float64{0, 0, 1e-300}, 4); err != nil || len(cum) != 4 || cum[3] != 16 {
		t.Errorf("tiny probabilities: %v, %v", cum, err)
	}
}

// FuzzTableDecode reads values of an arbitrary stream: no panic, no value that the
// table can't code.
func FuzzTableDecode(f *testing.F) {
	f.Add([]byte{}, uint64(1))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, uint64(2))
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		rng := rand.New(rand.NewPCG(seed, 6))
		table := randomTable(t, rng, 2+rng.IntN(100), 8+rng.UintN(17), rng.IntN(2) == 0)
		d := NewDecoder(data)
		for range 200 {
			if v := table.Decode(d); table.Clamp(v) != v {
				t.Fatalf("decoded %d, which the table can't code", v)
			}
		}
	})
}

func benchValues(b *testing.B, width uint) (*Table, []int, []byte) {
	tables, err := ScaleTables(LaplaceCDF, []float64{3}, 1e-4, 200, width)
	if err != nil {
		b.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(7, 7))
	values := make([]int, 100_000)
	e := NewEncoder()
	for i := range values {
		values[i] = int(math.Round(sample(rng, "Laplace") * 3))
		tables.At(0).Encode(e, values[i])
	}
	return tables.At(0), values, e.Bytes()
}

func reportMsymbols(b *testing.B, n int) {
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Msymbols/s")
}

func BenchmarkTable(b *testing.B) {
	for _, c := range []struct {
		name  string
		width uint
	}{{"16-bit", 16}, {"wide", 24}} {
		table, values, data := benchValues(b, c.width)
		b.Run(c.name+"/encode", func(b *testing.B) {
			for b.Loop() {
				e := NewEncoder()
				for _, v := range values {
					table.Encode(e, v)
				}
			}
			reportMsymbols(b, len(values))
		})
		b.Run(c.name+"/decode", func(b *testing.B) {
			for b.Loop() {
				d := NewDecoder(data)
				for range values {
					table.Decode(d)
				}
			}
			reportMsymbols(b, len(values))
		})
	}
}
