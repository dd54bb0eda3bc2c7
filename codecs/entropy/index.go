package entropy

import mathbits "math/bits"

// slot is an adaptive probability found by the hash of a context.
type slot struct {
	p     uint32 // of a 1, in 1/fullScale
	check uint16 // part of the hash, against collisions
	n     uint16 // bits seen, up to slowLimit; 0: free
}

// slotRate is the rate after n bits, in 1/65536: 1/(n+1.5). A context that is seen
// again mostly repeats itself, which makes this better than a Bit's 1/(n+2).
var slotRate = func() (r [slowLimit + 1]int32) {
	for n := range r {
		r[n] = int32(2 << 16 / (2*n + 3))
	}
	return r
}()

// IndexCoder is an adaptive model of symbols 0..2^k-1 in several contexts at once,
// such as a vector quantizer's index map given the indices to the left, above, and
// a level up. Symbols are coded from the most significant bit down; for each bit
// every context's model gives a probability, and a Mixer combines them. It helps when
// codewords are sorted so that similar ones share their upper bits.
//
// Encoder and decoder make one each with the same arguments and give the same
// contexts; a context may be any function of what is decoded already.
type IndexCoder struct {
	// Prior, where set, is a static distribution of the coming symbol that takes part in
	// the mix: 2^k entries from 0, no escape. It may change from symbol to symbol.
	Prior *Table

	k     uint
	mask  uint64
	order []Bit  // without context, by node of the bit tree
	table []slot // of all contexts
	mixer *Mixer

	hash []uint64 // of the current symbol's contexts
	at   []int    // the contexts' slots for the current bit; ^i: slot i is to be replaced
	tag  []uint16
}

// Bounds on an IndexCoder's memory.
const (
	MaxContexts  = 16
	MaxTableBits = 24
	minTableBits = 4
)

// NewIndexCoder returns a model of symbols of the given bits (up to MaxTreeBits) in
// a number of contexts (up to MaxContexts). They share a table of 2^tableBits slots of
// 8 bytes (up to MaxTableBits): a slot for each context value and node that occurs,
// so about contexts x symbols x bits / 4 slots serve a typical map. Arguments out of
// range are brought into it.
func NewIndexCoder(bits, contexts int, tableBits uint) *IndexCoder {
	bits = min(max(bits, 0), MaxTreeBits)
	contexts = min(max(contexts, 0), MaxContexts)
	tableBits = min(max(tableBits, minTableBits), MaxTableBits)
	return &IndexCoder{
		k:     uint(bits),
		mask:  1<<tableBits - 1,
		order: make([]Bit, 1<<bits),
		table: make([]slot, 1<<tableBits),
		mixer: NewMixer(contexts+2, bits),
		hash:  make([]uint64, contexts),
		at:    make([]int, contexts),
		tag:   make([]uint16, contexts),
	}
}

// Encode codes the low k bits of symbol and adapts. Missing contexts count as 0,
// further ones are ignored.
func (c *IndexCoder) Encode(e *Encoder, contexts []uint32, symbol int) {
	c.begin(contexts)
	node := 1
	for depth := range c.k {
		p1 := c.predict(node, depth)
		bit := symbol >> (c.k - 1 - depth) & 1
		e.EncodeBit(bit, p1)
		c.update(node, bit)
		node = node<<1 | bit
	}
}

// Decode reads a symbol and adapts.
func (c *IndexCoder) Decode(d *Decoder, contexts []uint32) int {
	c.begin(contexts)
	node := 1
	for depth := range c.k {
		p1 := c.predict(node, depth)
		bit := d.DecodeBit(p1)
		c.update(node, bit)
		node = node<<1 | bit
	}
	return node - 1<<c.k
}

// Bits estimates the cost of a symbol in bits, without adapting.
func (c *IndexCoder) Bits(contexts []uint32, symbol int) float64 {
	c.begin(contexts)
	sum, node := 0.0, 1
	for depth := range c.k {
		bit := symbol >> (c.k - 1 - depth) & 1
		sum += bitCost(bit, c.predict(node, depth))
		c.mixer.drop()
		node = node<<1 | bit
	}
	return sum
}

// begin hashes the contexts of the coming symbol.
func (c *IndexCoder) begin(contexts []uint32) {
	for i := range c.hash {
		v := uint64(i + 1)
		if i < len(contexts) {
			v |= uint64(contexts[i]) << 8
		}
		c.hash[i] = scramble(v)
	}
}

// scramble is the finalizer of SplitMix64: every input bit reaches every output bit.
func scramble(v uint64) uint64 {
	v = (v ^ v>>30) * 0xbf58476d1ce4e5b9
	v = (v ^ v>>27) * 0x94d049bb133111eb
	return v ^ v>>31
}

// predict mixes the probability of a 1 at a node of the bit tree.
func (c *IndexCoder) predict(node int, depth uint) uint32 {
	for i, h := range c.hash {
		h = (h + uint64(node)) * 0x9e3779b97f4a7c15
		place, tag := int(h>>32&c.mask), uint16(h>>16)
		c.tag[i] = tag
		switch a, b := &c.table[place], &c.table[place^1]; {
		case a.n > 0 && a.check == tag:
			c.at[i] = place
			c.mixer.Add(a.p1(), confidence(a.n))
		case b.n > 0 && b.check == tag:
			c.at[i] = place ^ 1
			c.mixer.Add(b.p1(), confidence(b.n))
		default: // new: the one seen less often makes room
			if b.n < a.n {
				place ^= 1
			}
			c.at[i] = ^place
			c.mixer.Add(1<<(ProbBits-1), 0)
		}
	}
	own := &c.order[node]
	c.mixer.Add(own.P1(), confidence(uint16(own.n)))
	c.mixer.Add(c.prior(node, depth), 0)
	return c.mixer.Mix(int(depth))
}

// prior returns the probability of a 1 at a node under the static distribution.
func (c *IndexCoder) prior(node int, depth uint) uint32 {
	if c.Prior == nil || len(c.Prior.cum) != 1<<c.k+1 {
		return 1 << (ProbBits - 1)
	}
	span := c.k - depth
	low := (node - 1<<depth) << span
	start, middle, end := c.Prior.cum[low], c.Prior.cum[low+1<<(span-1)], c.Prior.cum[low+1<<span]
	return clampP1(int32(uint64(end-middle) << ProbBits / uint64(end-start)))
}

// update tells all models which bit came after predict.
func (c *IndexCoder) update(node, bit int) {
	for i, place := range c.at {
		if place < 0 {
			place = ^place
			c.table[place] = slot{p: half, check: c.tag[i]}
		}
		c.table[place].update(bit)
	}
	c.order[node].Update(bit)
	c.mixer.Update(bit)
}

// p1 returns the probability of a 1 in 1/65536, 1 to 65535.
func (s *slot) p1() uint32 { return clampP1(int32(s.p >> (22 - ProbBits))) }

func (s *slot) update(bit int) {
	delta := int64(bit)*fullScale - int64(s.p)
	s.p = uint32(int64(s.p) + delta*int64(slotRate[min(s.n, slowLimit)])>>16)
	s.n = min(s.n+1, slowLimit)
}

// confidence is the level of a model that saw n bits: 0, 1, 2, 3, 4.., 8.., 16.., 32...
func confidence(n uint16) int {
	switch {
	case n < 4:
		return int(n)
	case n >= 32:
		return Confidences - 1
	}
	return mathbits.Len16(n) + 1
}
