package entropy

import "math/bits"

// The coder keeps 64 bits of low and a range above 2^48, and moves 16 bits out
// at a time (Martin, "Range encoding", 1979; Schindler's carryless variants are
// not used: a carry runs back into the bytes already written). With totals of at
// most 2^24 the rounding of the range costs at most 2^-24 of a symbol's length.
const (
	minRange  = 1 << 48
	tailBytes = 8 // that the state still holds when the last symbol is coded

	// MaxBits bounds the logarithm of a total frequency.
	MaxBits = 24
	// ProbBits is the precision of a binary probability: p1 is in 1/65536.
	ProbBits = 16
	// MaxRaw bounds the width of EncodeRaw and DecodeRaw.
	MaxRaw = MaxBits
)

// Encoder writes symbols; the zero value is not ready, use NewEncoder.
type Encoder struct {
	low, rng uint64
	out      []byte
}

// NewEncoder returns an encoder with no output yet.
func NewEncoder() *Encoder { return &Encoder{rng: 1<<64 - 1} }

// Encode codes an interval of frequencies [start, start+size) out of 1<<width.
// size must be above 0 and width at most MaxBits.
func (e *Encoder) Encode(start, size uint32, width uint) {
	r := e.rng >> (width & 63)
	below := r * uint64(start)
	if start+size == 1<<(width&31) {
		e.rng -= below // the last interval takes the rounding
	} else {
		e.rng = r * uint64(size)
	}
	low, carry := bits.Add64(e.low, below, 0)
	e.low = low
	if carry != 0 {
		e.carry()
	}
	for e.rng < minRange {
		e.shift()
	}
}

// EncodeBit codes one bit; p1 is the probability of a 1 in 1/65536, 1 to 65535.
func (e *Encoder) EncodeBit(bit int, p1 uint32) {
	r := (e.rng >> ProbBits) * uint64(p1)
	if bit != 0 {
		e.rng = r
	} else {
		low, carry := bits.Add64(e.low, r, 0)
		e.low = low
		e.rng -= r
		if carry != 0 {
			e.carry()
		}
	}
	if e.rng < minRange {
		e.shift()
	}
}

// EncodeRaw codes the low n bits of v at exactly n bits, n up to MaxRaw.
func (e *Encoder) EncodeRaw(v uint32, n uint) {
	if n > 0 {
		e.Encode(v&(1<<n-1), 1, n)
	}
}

// carry adds one to the bytes already written. There is always one that is not
// 0xff: the coded value stays below 1.
func (e *Encoder) carry() {
	for i := len(e.out) - 1; i >= 0; i-- {
		e.out[i]++
		if e.out[i] != 0 {
			return
		}
	}
}

// shift moves the top 16 bits of low out.
func (e *Encoder) shift() {
	e.out = append(e.out, byte(e.low>>56), byte(e.low>>48))
	e.low <<= 16
	e.rng <<= 16
}

// Bytes ends the stream and returns it. The last bytes are cut as far as the
// interval allows: a decoder reads zeros past the end. Nothing may be coded
// after Bytes.
func (e *Encoder) Bytes() []byte {
	// The value in [low, low+rng) with the most zero bits at its end.
	for n := 63; n >= 0; n-- {
		mask := uint64(1)<<n - 1
		v, carry := bits.Add64(e.low, mask, 0)
		v &^= mask
		if v-e.low >= e.rng {
			continue
		}
		if carry != 0 {
			e.carry()
		}
		e.low, e.rng = v, 1
		break
	}
	// Only the tail loses its zeros: Overrun relies on the rest being there.
	for ; e.low != 0; e.low <<= 8 {
		e.out = append(e.out, byte(e.low>>56))
	}
	return e.out
}

// Decoder reads what an Encoder wrote. It never fails: on damaged input it returns
// wrong symbols, so containers carry checksums.
type Decoder struct {
	code, rng uint64 // code is the stream's value minus the encoder's low
	in        []byte
	pos       int // bytes read; past len(in) they were zeros
}

// NewDecoder starts on data, which it does not copy.
func NewDecoder(data []byte) *Decoder {
	d := &Decoder{rng: 1<<64 - 1, in: data}
	for range tailBytes / 2 {
		d.shift()
	}
	d.rng = 1<<64 - 1
	return d
}

// shift takes the next 16 bits in.
func (d *Decoder) shift() {
	if p := d.pos; p+1 < len(d.in) {
		d.code = d.code<<16 | uint64(d.in[p])<<8 | uint64(d.in[p+1])
	} else {
		d.code <<= 16
		if p < len(d.in) {
			d.code |= uint64(d.in[p]) << 8
		}
	}
	d.pos += 2
	d.rng <<= 16
}

// Overrun reports how many bytes past the end were read beyond those that an
// intact stream may need; above 0 means that the stream was cut.
func (d *Decoder) Overrun() int { return max(d.pos-len(d.in)-tailBytes, 0) }

// Frequency returns where the coming symbol lies in 0..1<<width-1. Consume must
// follow with the symbol's interval.
func (d *Decoder) Frequency(width uint) uint32 {
	return uint32(min(d.code/(d.rng>>(width&63)), 1<<(width&31)-1))
}

// Consume removes the interval [start, start+size) out of 1<<width.
func (d *Decoder) Consume(start, size uint32, width uint) {
	r := d.rng >> (width & 63)
	below := r * uint64(start)
	d.code -= below
	if start+size == 1<<(width&31) {
		d.rng -= below
	} else {
		d.rng = r * uint64(size)
	}
	for d.rng < minRange {
		d.shift()
	}
}

// DecodeBit reads one bit coded with the same p1.
func (d *Decoder) DecodeBit(p1 uint32) int {
	r := (d.rng >> ProbBits) * uint64(p1)
	bit := 1
	if d.code < r {
		d.rng = r
	} else {
		d.code -= r
		d.rng -= r
		bit = 0
	}
	if d.rng < minRange {
		d.shift()
	}
	return bit
}

// DecodeRaw reads n bits written by EncodeRaw.
func (d *Decoder) DecodeRaw(n uint) uint32 {
	if n == 0 {
		return 0
	}
	v := d.Frequency(n)
	d.Consume(v, 1, n)
	return v
}
