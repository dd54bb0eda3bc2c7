package entropy

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestLogisticCurves(t *testing.T) {
	for x := -stretchMax; x <= stretchMax; x++ {
		want := 65536 / (1 + math.Exp(-float64(x)/stretchOne))
		if got := float64(curves.squash(int32(x))); math.Abs(got-want) > 1 {
			t.Fatalf("squash(%d) is %g, want %g", x, got, want)
		}
	}
	for p := uint32(1); p < 65536; p++ {
		// Rounding to a logistic value and back may cost no more than this.
		q := float64(curves.squash(curves.stretch(p)))
		if math.Abs(q-float64(p)) > 1+0.005*min(float64(p), 65536-float64(p))+8 {
			t.Fatalf("squash(stretch(%d)) is %g", p, q)
		}
	}
}

// markov draws symbols where each depends on the last: with probability stay the
// symbol that next gives, else one at random.
type markov struct {
	rng  *rand.Rand
	n    int
	stay float64
	next []int
	last int
}

func newMarkov(seed uint64, n int, stay float64) *markov {
	m := &markov{rng: rand.New(rand.NewPCG(seed, 20)), n: n, stay: stay}
	m.next = m.rng.Perm(n)
	return m
}

func (m *markov) draw() int {
	if m.rng.Float64() < m.stay {
		m.last = m.next[m.last]
	} else {
		m.last = m.rng.IntN(m.n)
	}
	return m.last
}

// entropy is the conditional entropy in bits a symbol.
func (m *markov) entropy() float64 {
	hit := m.stay + (1-m.stay)/float64(m.n)
	miss := (1 - m.stay) / float64(m.n)
	return -hit*math.Log2(hit) - float64(m.n-1)*miss*math.Log2(miss)
}

func TestIndexCoderApproachesConditionalEntropy(t *testing.T) {
	for _, c := range []struct {
		bits  int
		stay  float64
		n     int
		bound float64 // over the conditional entropy, with the cost of learning
	}{
		{4, 0, 100_000, 1.01}, // order 0: nothing to learn from the past
		{4, 0.8, 100_000, 1.03},
		{6, 0.9, 100_000, 1.05},
		{8, 0.95, 100_000, 1.20}, // 65,280 free probabilities
	} {
		source := newMarkov(1, 1<<c.bits, c.stay)
		e := NewEncoder()
		coder := NewIndexCoder(c.bits, 2, 20)
		last, older := 0, 0
		for range c.n {
			v := source.draw()
			coder.Encode(e, []uint32{uint32(last), uint32(older)}, v)
			last, older = v, last
		}
		got, want := 8*float64(len(e.Bytes()))/float64(c.n), source.entropy()
		t.Logf("%d bits, stay %.2f: %.4f bits a symbol, conditional entropy %.4f (%.3f)", c.bits, c.stay, got, want, got/want)
		if got > want*c.bound {
			t.Errorf("%d bits, stay %g: %.4f bits a symbol, conditional entropy %.4f", c.bits, c.stay, got, want)
		}
	}
}

// field makes an index map whose entries resemble their neighbours.
func field(seed uint64, width, height, bits int) []int {
	rng := rand.New(rand.NewPCG(seed, 21))
	out := make([]int, width*height)
	top := float64(int(1)<<bits - 1)
	smooth := make([]float64, width*height)
	for y := range height {
		for x := range width {
			i := y*width + x
			v := rng.Float64()
			if x > 0 && y > 0 {
				v = (smooth[i-1]+smooth[i-width])/2 + 0.12*rng.NormFloat64()
			}
			smooth[i] = min(max(v, 0), 1)
			out[i] = int(math.Round(smooth[i] * top))
		}
	}
	return out
}

func neighbours(index []int, width, i int) []uint32 {
	left, up := uint32(0), uint32(0)
	if i%width > 0 {
		left = 1 + uint32(index[i-1])
	}
	if i >= width {
		up = 1 + uint32(index[i-width])
	}
	return []uint32{left, up, left<<16 | up}
}

func TestIndexCoderRoundTrip(t *testing.T) {
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 22))
		k := rng.IntN(13)
		width, height := 1+rng.IntN(60), 1+rng.IntN(60)
		index := field(seed, width, height, k)
		tableBits := rng.UintN(18)
		contexts := rng.IntN(5)
		var prior *Table
		if k > 0 && seed%2 == 0 {
			prior = randomTable(t, rng, 1<<k, 20, false)
		}
		e := NewEncoder()
		coder := NewIndexCoder(k, contexts, tableBits)
		coder.Prior = prior
		estimate := 0.0
		for i, v := range index {
			estimate += coder.Bits(neighbours(index, width, i), v)
			coder.Encode(e, neighbours(index, width, i), v)
		}
		data := e.Bytes()
		if got := 8 * float64(len(data)); math.Abs(got-estimate) > 64+estimate*0.001 {
			t.Errorf("seed %d: %.0f bits written, %.0f estimated", seed, got, estimate)
		}
		d := NewDecoder(data)
		coder = NewIndexCoder(k, contexts, tableBits)
		coder.Prior = prior
		got := make([]int, len(index))
		for i, want := range index {
			if got[i] = coder.Decode(d, neighbours(got, width, i)); got[i] != want {
				t.Fatalf("seed %d: index %d is %d, want %d", seed, i, got[i], want)
			}
		}
	}
}

func TestIndexCoderUsesContext(t *testing.T) {
	index := field(1, 96, 64, 8)
	size := func(contexts int) int {
		e, coder := NewEncoder(), NewIndexCoder(8, contexts, 18)
		for i, v := range index {
			coder.Encode(e, neighbours(index, 96, i), v)
		}
		return len(e.Bytes())
	}
	none, all := size(0), size(3)
	t.Logf("%d indices: %d bytes without context, %d with", len(index), none, all)
	if float64(all) > 0.96*float64(none) {
		t.Errorf("context saves too little: %d bytes without, %d with", none, all)
	}
}

func TestIndexCoderUsesThePrior(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 23))
	prior := randomTable(t, rng, 256, 16, false)
	noise := make([]byte, 4000)
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	const n = 1000
	d := NewDecoder(noise)
	e, coder := NewEncoder(), NewIndexCoder(8, 0, 4)
	coder.Prior = prior
	for range n {
		coder.Encode(e, nil, prior.Decode(d))
	}
	got := 8 * float64(len(e.Bytes())) / n
	t.Logf("%.3f bits a symbol, entropy %.3f", got, prior.Entropy())
	if got > prior.Entropy()*1.13 {
		t.Errorf("%.3f bits a symbol over the first %d, entropy of the prior %.3f", got, n, prior.Entropy())
	}
}

// TestMixerBeatsItsInputs mixes two models that are each right half of the time.
func TestMixerBeatsItsInputs(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 24))
	m := NewMixer(2, 2)
	apm := NewAPM(2)
	var mixed, refined, single float64
	const n = 50_000
	for range n {
		which := rng.IntN(2)
		p := [2]uint32{1 + rng.Uint32N(65535), 1 + rng.Uint32N(65535)}
		bit := 0
		if rng.Uint32N(65536) < p[which] {
			bit = 1
		}
		m.Add(p[0], 7)
		m.Add(p[1], 7)
		p1 := m.Mix(which)
		mixed += bitCost(bit, p1)
		refined += bitCost(bit, apm.Refine(p1, which))
		single += bitCost(bit, p[0])
		apm.Update(bit)
		m.Update(bit)
	}
	ideal := 1 / (2 * math.Ln2) // the mean entropy over uniform p
	t.Logf("bits a flag: ideal %.4f, mixed %.4f, with APM %.4f, first model %.4f", ideal, mixed/n, refined/n, single/n)
	if mixed/n > ideal*1.01 || refined/n > ideal*1.02 {
		t.Errorf("ideal %.4f, mixed %.4f, refined %.4f", ideal, mixed/n, refined/n)
	}
}

func FuzzIndexDecode(f *testing.F) {
	f.Add([]byte{1, 2, 3}, 5, 2, uint(6))
	f.Add([]byte{0xff, 0, 0xff}, 16, -1, uint(99))
	f.Fuzz(func(t *testing.T, data []byte, bits, contexts int, tableBits uint) {
		coder := NewIndexCoder(bits, contexts, min(tableBits, 12))
		d := NewDecoder(data)
		last := 0
		for range 100 {
			last = coder.Decode(d, []uint32{uint32(last)})
			if last < 0 || last >= 1<<MaxTreeBits {
				t.Fatalf("symbol %d", last)
			}
		}
	})
}

func BenchmarkIndexCoder(b *testing.B) {
	index := field(2, 192, 128, 10)
	run := func(b *testing.B, code func(c *IndexCoder, ctx []uint32, v int)) {
		ctx := make([][]uint32, len(index))
		for i := range index {
			ctx[i] = neighbours(index, 192, i)
		}
		coder := NewIndexCoder(10, 3, 18)
		for b.Loop() {
			for i, v := range index {
				code(coder, ctx[i], v)
			}
		}
		reportMsymbols(b, len(index))
	}
	b.Run("encode", func(b *testing.B) {
		e := NewEncoder()
		run(b, func(c *IndexCoder, ctx []uint32, v int) { c.Encode(e, ctx, v) })
	})
	b.Run("decode", func(b *testing.B) {
		d := NewDecoder(nil)
		run(b, func(c *IndexCoder, ctx []uint32, v int) { c.Decode(d, ctx) })
	})
}
