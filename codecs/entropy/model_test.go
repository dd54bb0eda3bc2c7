package entropy

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestAdaptiveModelsRoundTrip(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 10))
		k := rng.IntN(MaxTreeBits + 1)
		type op struct {
			kind, value int
			golomb      uint32
		}
		ops := make([]op, rng.IntN(2000))
		e := NewEncoder()
		var bit Bit
		var golomb Golomb
		tree := NewTree(k)
		for i := range ops {
			o := op{kind: rng.IntN(3)}
			switch o.kind {
			case 0:
				o.value = min(rng.IntN(20), 1)
				bit.Encode(e, o.value)
			case 1:
				o.value = rng.IntN(1 + rng.IntN(1<<k))
				tree.Encode(e, o.value)
			case 2:
				o.golomb = rng.Uint32() >> rng.IntN(32)
				if o.golomb == math.MaxUint32 {
					o.golomb--
				}
				golomb.Encode(e, o.golomb)
			}
			ops[i] = o
		}
		d := NewDecoder(e.Bytes())
		bit, golomb, tree = Bit{}, Golomb{}, NewTree(k)
		for i, o := range ops {
			var got op
			got.kind = o.kind
			switch o.kind {
			case 0:
				got.value = bit.Decode(d)
			case 1:
				got.value = tree.Decode(d)
			case 2:
				got.golomb = golomb.Decode(d)
			}
			if got != o {
				t.Fatalf("seed %d op %d: %+v, want %+v", seed, i, got, o)
			}
		}
	}
}

func TestGolombClampsTheLargest(t *testing.T) {
	e := NewEncoder()
	var in, out Golomb
	in.Encode(e, math.MaxUint32)
	if got := out.Decode(NewDecoder(e.Bytes())); got != math.MaxUint32-1 {
		t.Errorf("got %d", got)
	}
}

// binaryEntropy is in bits.
func binaryEntropy(p float64) float64 {
	if p <= 0 || p >= 1 {
		return 0
	}
	return -p*math.Log2(p) - (1-p)*math.Log2(1-p)
}

func TestBitApproachesTheEntropy(t *testing.T) {
	for _, p := range []float64{0.5, 0.2, 0.03, 0.001} {
		rng := rand.New(rand.NewPCG(11, 11))
		const n = 200_000
		e := NewEncoder()
		var b Bit
		ones := 0
		for range n {
			bit := 0
			if rng.Float64() < p {
				bit = 1
			}
			ones += bit
			b.Encode(e, bit)
		}
		got := 8 * float64(len(e.Bytes())) / n
		want := binaryEntropy(float64(ones) / n)
		t.Logf("p %.3f: %.5f bits, entropy %.5f", p, got, want)
		if got > want*1.02+0.004 {
			t.Errorf("p %g: %.5f bits a flag, entropy %.5f", p, got, want)
		}
	}
}

func TestBitFollowsAChange(t *testing.T) {
	var b Bit
	for range 10_000 {
		b.Update(0)
	}
	if p := b.P1(); p > 4 {
		t.Errorf("after 10000 zeros P1 is %d/65536", p)
	}
	for range 60 {
		b.Update(1)
	}
	if p := b.P1(); p < 32768 {
		t.Errorf("60 ones later P1 is still %d/65536", p)
	}
}

func TestTreeApproachesTheEntropy(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 12))
	p := make([]float64, 64)
	for i := range p {
		p[i] = math.Exp(rng.NormFloat64() * 2)
	}
	cum, err := Quantize(p, 16)
	if err != nil {
		t.Fatal(err)
	}
	source, err := NewTable(cum, 0, 16, false)
	if err != nil {
		t.Fatal(err)
	}
	// A table's decoder on random bytes draws symbols of its distribution.
	noise := make([]byte, 100_000)
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	d := NewDecoder(noise)
	e, tree := NewEncoder(), NewTree(6)
	const n = 100_000
	estimate := 0.0
	for range n {
		v := source.Decode(d)
		estimate += tree.Bits(v)
		tree.Encode(e, v)
	}
	got := 8 * float64(len(e.Bytes())) / n
	t.Logf("%.4f bits a symbol, entropy %.4f", got, source.Entropy())
	if got > source.Entropy()*1.02 {
		t.Errorf("%.4f bits a symbol, entropy %.4f", got, source.Entropy())
	}
	if math.Abs(estimate/n-got) > 0.001 {
		t.Errorf("estimated %.4f bits a symbol, written %.4f", estimate/n, got)
	}
}

func FuzzAdaptiveDecode(f *testing.F) {
	f.Add([]byte{1, 2, 3})
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, data []byte) {
		d := NewDecoder(data)
		var b Bit
		var g Golomb
		tree := NewTree(5)
		for range 300 {
			b.Decode(d)
			g.Decode(d)
			if v := tree.Decode(d); v < 0 || v > 31 {
				t.Fatalf("symbol %d of 5 bits", v)
			}
		}
	})
}

func BenchmarkBit(b *testing.B) {
	rng := rand.New(rand.NewPCG(13, 13))
	in := make([]int, 100_000)
	e := NewEncoder()
	var m Bit
	for i := range in {
		in[i] = min(rng.IntN(10), 1)
		m.Encode(e, in[i])
	}
	data := e.Bytes()
	b.Run("encode", func(b *testing.B) {
		for b.Loop() {
			e := NewEncoder()
			var m Bit
			for _, v := range in {
				m.Encode(e, v)
			}
		}
		reportMsymbols(b, len(in))
	})
	b.Run("decode", func(b *testing.B) {
		for b.Loop() {
			d := NewDecoder(data)
			var m Bit
			for range in {
				m.Decode(d)
			}
		}
		reportMsymbols(b, len(in))
	})
}
