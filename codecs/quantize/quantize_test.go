package quantize

import (
	"context"
	"math/rand/v2"
	"testing"

	"codecworkbench/codecs/nn/kernel"
)

// cloud draws vectors around a few lines, with noise.
func cloud(seed uint64, n, dim, lines int) []float32 {
	rng := rand.New(rand.NewPCG(seed, 5))
	axes := make([][]float32, lines)
	for i := range axes {
		axes[i] = make([]float32, dim)
		for k := range axes[i] {
			axes[i][k] = float32(rng.NormFloat64())
		}
		normalize(axes[i])
	}
	out := make([]float32, 0, n*dim)
	for range n {
		g := float32(rng.NormFloat64() * 20)
		for _, v := range axes[rng.IntN(lines)] {
			out = append(out, g*v+float32(rng.NormFloat64())*0.5)
		}
	}
	return out
}

func TestTrainFindsLines(t *testing.T) {
	const dim, lines = 16, 32
	x := cloud(1, 6000, dim, lines)
	s, u, err := Train(t.Context(), x, dim, Training{Bits: 5, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if u.Captured < 0.95 || u.Dead > 0 || u.Perplexity < 25 {
		t.Errorf("captured %.3f, dead %d, perplexity %.1f", u.Captured, u.Dead, u.Perplexity)
	}
	again, _, err := Train(t.Context(), x, dim, Training{Bits: 5, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range s.Leaves() {
		if v != again.Leaves()[i] {
			t.Fatal("two trainings with one seed differ")
		}
	}
}

// Longer prefixes keep more energy, and the beam search is close to an exhaustive one.
func TestPrefixesAndSearch(t *testing.T) {
	const dim, bits = 16, 8
	rng := rand.New(rand.NewPCG(3, 3))
	x := make([]float32, 8000*dim)
	for i := range x {
		x[i] = float32(rng.NormFloat64()) * float32(dim-i%dim)
	}
	s, _, err := Train(t.Context(), x, dim, Training{Bits: bits, Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	q, out := NewSearcher(16), make([]Match, len(Levels(bits)))
	levels := Levels(bits)
	kept := make([]float64, len(levels))
	var exhaustive float64
	for i := 0; i < 1000*dim; i += dim {
		v := x[i : i+dim]
		q.Find(s, v, out)
		best := float32(0)
		for c := range 1 << bits {
			best = max(best, square(kernel.Dot(v, s.Codeword(c, bits))))
		}
		exhaustive += float64(best)
		for b, m := range out {
			if g := kernel.Dot(v, s.Codeword(m.Index, levels[b])); g != m.Gain {
				t.Fatalf("level %d: gain %g, codeword gives %g", b, m.Gain, g)
			}
			kept[b] += float64(square(m.Gain))
		}
	}
	for b := 1; b < len(levels); b++ {
		if kept[b] <= kept[b-1] {
			t.Errorf("%d bits keep %.0f, %d keep %.0f", levels[b], kept[b], levels[b-1], kept[b-1])
		}
	}
	if kept[len(kept)-1] < 0.97*exhaustive {
		t.Errorf("beam search keeps %.4f of what exhaustive search does", kept[len(kept)-1]/exhaustive)
	}
}

func TestTrainCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := Train(ctx, cloud(1, 500, 8, 3), 8, Training{Bits: 4}); err != context.Canceled {
		t.Errorf("a cancelled training returned %v", err)
	}
}

func TestTrainWithFewVectors(t *testing.T) {
	for _, n := range []int{0, 1, 3} {
		s, _, err := Train(t.Context(), cloud(1, n, 8, 2), 8, Training{Bits: 4})
		if err != nil {
			t.Fatalf("%d vectors: %v", n, err)
		}
		if len(s.Leaves()) != 16*8 {
			t.Fatalf("%d vectors: %d numbers", n, len(s.Leaves()))
		}
	}
}

func TestNewShapesLimits(t *testing.T) {
	for _, c := range []struct{ dim, bits, words, uses int }{{0, 1, 0, 2}, {4, 0, 4, 1}, {4, 30, 4, 1}, {4, 2, 15, 4}, {4, 2, 16, 3}} {
		if _, err := NewShapes(c.dim, c.bits, make([]float32, c.words), make([]float32, c.uses)); err == nil {
			t.Errorf("%+v was accepted", c)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	rng := rand.New(rand.NewPCG(3, 3))
	words := make([]float32, 4096*64)
	for i := range words {
		words[i] = float32(rng.NormFloat64())
	}
	s, err := Sort(64, 12, words, make([]float32, 4096))
	if err != nil {
		b.Fatal(err)
	}
	q, out := NewSearcher(12), make([]Match, len(Levels(12)))
	for i := 0; b.Loop(); i++ {
		q.Find(s, words[i%4096*64:], out)
	}
}
