package entropy

import (
	"fmt"
	"math"
	"math/bits"
)

// DefaultBits is the usual logarithm of a table's total: 16 bits cost 0.014 % on
// Gaussian latents against exact probabilities.
const DefaultBits = 16

// Limits that keep every value within 32 bits.
const (
	maxExcess = 1<<30 - 2 // how far a value may lie outside an escape table
	maxFirst  = 1 << 29   // of a table's first value, either sign
	maxTable  = 1 << 16   // entries
)

// lookupBits is the logarithm of the number of buckets of a table's symbol search.
const lookupBits = 8

// Table is a static distribution over the integers First..Last, as cumulative
// frequencies out of 1<<Width. With an escape, every other integer can be coded
// too, at a price. A Table is immutable and safe for concurrent use.
type Table struct {
	first  int
	width  uint
	escape bool
	cum    []uint32 // one more than entries; cum[0] = 0, the last is 1<<width
	bucket []uint16 // entry that holds the first frequency of each bucket, then the last entry
	shift  uint     // frequency to bucket
	cost   []float32
}

// NewTable makes a table whose entry i has the frequencies cum[i] to cum[i+1]-1 out
// of 1<<width and stands for the value first+i; with escape, the last entry stands
// for all other values. cum must rise strictly from 0 to 1<<width; it is copied.
func NewTable(cum []uint32, first int, width uint, escape bool) (*Table, error) {
	entries := len(cum) - 1
	switch {
	case width < 1 || width > MaxBits:
		return nil, fmt.Errorf("table of %d-bit frequencies: 1 to %d bits are allowed", width, MaxBits)
	case entries < 1 || entries > maxTable:
		return nil, fmt.Errorf("table of %d entries: 1 to %d are allowed", entries, maxTable)
	case escape && entries < 2:
		return nil, fmt.Errorf("table holds nothing but its escape")
	case first < -maxFirst || first > maxFirst:
		return nil, fmt.Errorf("table starts at %d, outside +-%d", first, maxFirst)
	case cum[0] != 0 || cum[entries] != 1<<width:
		return nil, fmt.Errorf("table runs from %d to %d, expected 0 to %d", cum[0], cum[entries], 1<<width)
	}
	t := &Table{first: first, width: width, escape: escape, cum: append([]uint32(nil), cum...), cost: make([]float32, entries)}
	for i := range entries {
		if cum[i+1] <= cum[i] {
			return nil, fmt.Errorf("table's entry %d has no frequency: %d to %d", i, cum[i], cum[i+1])
		}
		t.cost[i] = float32(float64(width) - math.Log2(float64(cum[i+1]-cum[i])))
	}
	t.index()
	return t, nil
}

// index fills the buckets of the symbol search.
func (t *Table) index() {
	t.shift = t.width - min(t.width, lookupBits)
	n := 1 << (t.width - t.shift)
	t.bucket = make([]uint16, n+1)
	entry := 0
	for b := range n {
		for t.cum[entry+1] <= uint32(b)<<t.shift {
			entry++
		}
		t.bucket[b] = uint16(entry)
	}
	t.bucket[n] = uint16(len(t.cost) - 1)
}

// First returns the lowest value that needs no escape.
func (t *Table) First() int { return t.first }

// Last returns the highest value that needs no escape.
func (t *Table) Last() int { return t.first + t.symbols() - 1 }

// Width returns the logarithm of the total frequency.
func (t *Table) Width() uint { return t.width }

// Escape reports whether values outside First..Last can be coded.
func (t *Table) Escape() bool { return t.escape }

// Cum returns the cumulative frequencies, which must not be changed: entry i, the
// value First+i, has Cum()[i] to Cum()[i+1]-1, and the escape comes last.
func (t *Table) Cum() []uint32 { return t.cum }

// symbols is the number of values without escape.
func (t *Table) symbols() int {
	if t.escape {
		return len(t.cost) - 1
	}
	return len(t.cost)
}

// Clamp returns the value that a decoder gets for v: v itself where the table or
// its escape can code it, else the nearest that can be coded.
func (t *Table) Clamp(v int) int {
	if t.escape {
		return min(max(v, t.first-1-maxExcess), t.first+t.symbols()+maxExcess)
	}
	return min(max(v, t.first), t.Last())
}

// Encode codes v; a value that the table can't code is clamped (see Clamp).
func (t *Table) Encode(e *Encoder, v int) {
	if i := uint(v) - uint(t.first); i < uint(t.symbols()) {
		e.Encode(t.cum[i], t.cum[i+1]-t.cum[i], t.width)
		return
	}
	v = t.Clamp(v)
	if !t.escape {
		t.Encode(e, v)
		return
	}
	i := len(t.cost) - 1
	e.Encode(t.cum[i], t.cum[i+1]-t.cum[i], t.width)
	if v < t.first {
		e.EncodeRaw(1, 1)
		encodeExpGolomb(e, uint32(t.first-1-v))
	} else {
		e.EncodeRaw(0, 1)
		encodeExpGolomb(e, uint32(v-t.first-t.symbols()))
	}
}

// Decode reads a value.
func (t *Table) Decode(d *Decoder) int {
	f := d.Frequency(t.width)
	b := f >> t.shift
	i, end := int(t.bucket[b]), int(t.bucket[b+1])
	for end-i > 8 {
		if mid := int(uint(i+end+1) / 2); t.cum[mid] <= f {
			i = mid
		} else {
			end = mid - 1
		}
	}
	for t.cum[i+1] <= f {
		i++
	}
	d.Consume(t.cum[i], t.cum[i+1]-t.cum[i], t.width)
	if i < t.symbols() {
		return t.first + i
	}
	if d.DecodeRaw(1) == 1 {
		return t.first - 1 - int(decodeExpGolomb(d))
	}
	return t.first + t.symbols() + int(decodeExpGolomb(d))
}

// Bits estimates the cost of v in bits, for an encoder's decisions and for maps;
// what a file takes is only known from the file.
func (t *Table) Bits(v int) float64 {
	if i := uint(v) - uint(t.first); i < uint(t.symbols()) {
		return float64(t.cost[i])
	}
	v = t.Clamp(v)
	if !t.escape {
		return float64(t.cost[v-t.first])
	}
	excess := uint32(v - t.first - t.symbols())
	if v < t.first {
		excess = uint32(t.first - 1 - v)
	}
	return float64(t.cost[len(t.cost)-1]) + 2*float64(bits.Len32(excess+1))
}

// Entropy returns the expected cost in bits a symbol of a source that follows the
// table, the numbers after an escape not counted.
func (t *Table) Entropy() float64 {
	sum := 0.0
	for i, c := range t.cost {
		sum += float64(c) * float64(t.cum[i+1]-t.cum[i])
	}
	return sum / float64(uint64(1)<<t.width)
}

// encodeExpGolomb codes v, at most maxExcess, in 2 floor(log2(v+1)) + 1 bits (Exp-Golomb of order 0).
func encodeExpGolomb(e *Encoder, v uint32) {
	v++
	n := uint(bits.Len32(v)) - 1
	for range n {
		e.EncodeRaw(1, 1)
	}
	e.EncodeRaw(0, 1)
	encodeLong(e, v, n)
}

// decodeExpGolomb reads what encodeExpGolomb wrote; damaged input saturates.
func decodeExpGolomb(d *Decoder) uint32 {
	n := uint(0)
	for n < 30 && d.DecodeRaw(1) == 1 {
		n++
	}
	return min((1<<n|decodeLong(d, n))-1, maxExcess)
}

// encodeLong codes the low n bits of v, n up to 32.
func encodeLong(e *Encoder, v uint32, n uint) {
	if n > 16 {
		e.EncodeRaw(v>>16, n-16)
		n = 16
	}
	e.EncodeRaw(v, n)
}

// decodeLong reads n bits written by encodeLong.
func decodeLong(d *Decoder, n uint) uint32 {
	if n > 16 {
		high := d.DecodeRaw(n - 16)
		return high<<16 | d.DecodeRaw(16)
	}
	return d.DecodeRaw(n)
}
