package entropy

import (
	"math"
	"math/bits"
)

// Rates of adaptation: a Bit averages a fast estimate, which follows changes, and a
// slow one, which is exact on stationary data (as in VVC's CABAC). Both begin at
// 1/(n+2) after n bits, which is the Krichevsky-Trofimov estimate.
const (
	fastLimit = 30
	slowLimit = 255
	fullScale = 1 << 22 // probability 1 in a Bit's estimates
	half      = fullScale / 2
)

// reciprocal[n] is 65536/(n+2): the rate after n bits.
var reciprocal = func() (r [slowLimit + 1]int32) {
	for n := range r {
		r[n] = int32(65536 / (n + 2))
	}
	return r
}()

// Bit is an adaptive model of one binary decision. The zero value is ready and
// gives both values the same probability.
type Bit struct {
	// Distances of the estimates of P(1) from one half, in 1/fullScale.
	fast, slow int32
	n          int32 // bits seen, up to slowLimit
}

// P1 returns the probability of a 1 in 1/65536, 1 to 65535.
func (b *Bit) P1() uint32 {
	const down = 22 + 1 - ProbBits
	return clampP1((b.fast + b.slow + 2*half) >> down)
}

// Update tells the model which bit came.
func (b *Bit) Update(bit int) {
	target := int32(-half)
	if bit != 0 {
		target = half
	}
	n := b.n
	b.slow += int32(int64(target-b.slow) * int64(reciprocal[n]) >> 16)
	b.fast += int32(int64(target-b.fast) * int64(reciprocal[min(n, fastLimit)]) >> 16)
	if n < slowLimit {
		b.n = n + 1
	}
}

// Encode codes a bit and adapts.
func (b *Bit) Encode(e *Encoder, bit int) {
	e.EncodeBit(bit, b.P1())
	b.Update(bit)
}

// Decode reads a bit and adapts.
func (b *Bit) Decode(d *Decoder) int {
	bit := d.DecodeBit(b.P1())
	b.Update(bit)
	return bit
}

// Bits estimates the cost of a bit in bits.
func (b *Bit) Bits(bit int) float64 { return bitCost(bit, b.P1()) }

// bitCost is the ideal code length of a bit under p1.
func bitCost(bit int, p1 uint32) float64 {
	if bit == 0 {
		p1 = 1<<ProbBits - p1
	}
	return ProbBits - math.Log2(float64(p1))
}

// clampP1 keeps a probability codable.
func clampP1(p int32) uint32 { return uint32(min(max(p, 1), 1<<ProbBits-1)) }

// Tree is an adaptive model of the symbols 0..2^k-1, coded from the most significant
// bit down, each bit in the context of those above it.
type Tree struct {
	k     uint
	nodes []Bit // node 1 is the root; the children of i are 2i and 2i+1
}

// MaxTreeBits bounds a Tree's and an IndexCoder's symbols.
const MaxTreeBits = 16

// NewTree returns a model of symbols of k bits; k is kept within 0..MaxTreeBits.
func NewTree(k int) *Tree {
	k = min(max(k, 0), MaxTreeBits)
	return &Tree{uint(k), make([]Bit, 1<<k)}
}

// Encode codes the low k bits of symbol and adapts.
func (t *Tree) Encode(e *Encoder, symbol int) {
	node := 1
	for i := t.k; i > 0; i-- {
		bit := symbol >> (i - 1) & 1
		t.nodes[node].Encode(e, bit)
		node = node<<1 | bit
	}
}

// Decode reads a symbol and adapts.
func (t *Tree) Decode(d *Decoder) int {
	node := 1
	for range t.k {
		node = node<<1 | t.nodes[node].Decode(d)
	}
	return node - 1<<t.k
}

// Bits estimates the cost of a symbol in bits.
func (t *Tree) Bits(symbol int) float64 {
	sum, node := 0.0, 1
	for i := t.k; i > 0; i-- {
		bit := symbol >> (i - 1) & 1
		sum += t.nodes[node].Bits(bit)
		node = node<<1 | bit
	}
	return sum
}

// golombMax is the longest number that Golomb codes, in bits of v+1.
const golombMax = 32

// Golomb is an adaptive model of non-negative numbers (Exp-Golomb of order 0 with
// modelled bits): the length of v+1 in unary and its two highest free bits adapt,
// the rest is raw. The zero value is ready.
type Golomb struct {
	length [golombMax]Bit
	high   [golombMax][3]Bit // by length: the first free bit, then the second by the first
}

// Encode codes v, at most 2^32-2 (larger ones are clamped), and adapts.
func (g *Golomb) Encode(e *Encoder, v uint32) {
	v = min(v, math.MaxUint32-1) + 1
	n := uint(bits.Len32(v)) - 1
	for i := range n {
		g.length[i].Encode(e, 1)
	}
	if n < golombMax-1 {
		g.length[n].Encode(e, 0)
	}
	node, left := 0, n
	for left > 0 && node < 3 {
		left--
		bit := int(v >> left & 1)
		g.high[n][node].Encode(e, bit)
		node = 2*node + 1 + bit
	}
	encodeLong(e, v, left)
}

// Decode reads a number and adapts.
func (g *Golomb) Decode(d *Decoder) uint32 {
	n := uint(0)
	for n < golombMax-1 && g.length[n].Decode(d) == 1 {
		n++
	}
	v, node, left := uint32(1), 0, n
	for left > 0 && node < 3 {
		left--
		bit := g.high[n][node].Decode(d)
		v = v<<1 | uint32(bit)
		node = 2*node + 1 + bit
	}
	return (v<<left | decodeLong(d, left)) - 1
}
