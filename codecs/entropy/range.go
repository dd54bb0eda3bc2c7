// Package entropy holds the lossless back end that all codecs share: a range
// coder over integer frequencies, cumulative tables made from models ahead of
// time, and adaptive binary models with logistic mixing.
//
// Everything here is integer arithmetic in a fixed order, so that a file decodes
// to the same symbols on every machine.
package entropy

// The coder keeps 56 bits of low and a range of 48 to 56 bits (Martin, "Range
// encoding", 1979, with carry propagation as in LZMA). Frequencies of up to 24
// bits then cost at most 2^-24 of a symbol's length in rounding.
const (
	stateBits = 56
	topByte   = stateBits - 8 // 48: the range is kept above 1<<topByte
	stateMask = 1<<stateBits - 1

	// MaxBits bounds the logarithm of a total frequency.
	MaxBits = 24
)

// Encoder writes symbols; the zero value is not ready, use NewEncoder.
type Encoder struct {
	low, rng uint64
	cache    byte // last byte not yet certain, for the carry may reach it
	pending  int  // 0xff bytes after cache
	started  bool // cache holds a byte
	out      []byte
}

// NewEncoder returns an encoder with no output yet.
func NewEncoder() *Encoder { return &Encoder{rng: 1 << stateBits} }

// Encode codes an interval of frequencies [start, start+size) out of 1<<bits.
// size must be above 0 and bits at most MaxBits.
func (e *Encoder) Encode(start, size uint32, bits uint) {
	r := e.rng >> bits
	e.low += r * uint64(start)
	if start+size == 1<<bits {
		e.rng -= r * uint64(start) // the last interval takes the rounding
	} else {
		e.rng = r * uint64(size)
	}
	for e.rng < 1<<topByte {
		e.shift()
		e.rng <<= 8
	}
}

// EncodeBit codes one bit; p1 is the probability of a 1 in 1/65536, 1 to 65535.
func (e *Encoder) EncodeBit(bit int, p1 uint32) {
	r := (e.rng >> 16) * uint64(p1)
	if bit != 0 {
		e.rng = r
	} else {
		e.low += r
		e.rng -= r
	}
	for e.rng < 1<<topByte {
		e.shift()
		e.rng <<= 8
	}
}

// EncodeRaw codes the low n bits of v at exactly n bits, n up to 24.
func (e *Encoder) EncodeRaw(v uint32, n uint) {
	if n > 0 {
		e.Encode(v, 1, n)
	}
}

// shift moves the top byte of low out, resolving a carry into earlier bytes.
func (e *Encoder) shift() {
	if top := byte(e.low >> topByte); e.low>>stateBits != 0 || top != 0xff {
		carry := byte(e.low >> stateBits)
		if e.started {
			e.out = append(e.out, e.cache+carry)
		}
		for ; e.pending > 0; e.pending-- {
			e.out = append(e.out, 0xff+carry)
		}
		e.cache, e.started = top, true
	} else {
		e.pending++
	}
	e.low = e.low << 8 & stateMask
}

// Bytes ends the stream and returns it, as short as the interval allows: the
// decoder reads zeros past the end.
func (e *Encoder) Bytes() []byte {
	// The value in [low, low+rng) with the most zero bits at its end.
	for n := uint(stateBits); n > 0; n-- {
		mask := uint64(1)<<n - 1
		if v := (e.low + mask) &^ mask; v < e.low+e.rng {
			e.low = v
			break
		}
	}
	for range stateBits/8 + 1 {
		e.shift()
	}
	if e.started {
		e.out = append(e.out, e.cache)
		for ; e.pending > 0; e.pending-- {
			e.out = append(e.out, 0xff)
		}
	}
	n := len(e.out)
	for n > 0 && e.out[n-1] == 0 {
		n--
	}
	return e.out[:n]
}

// Decoder reads what an Encoder wrote. It never fails: on damaged input it returns
// wrong symbols, so containers carry checksums.
type Decoder struct {
	code, rng uint64 // code is the stream's value minus low
	in        []byte
	pos       int
}

// NewDecoder starts on data, which it does not copy.
func NewDecoder(data []byte) *Decoder {
	d := &Decoder{rng: 1 << stateBits, in: data}
	for range stateBits / 8 {
		d.code = d.code<<8 | d.next()
	}
	return d
}

func (d *Decoder) next() uint64 {
	if d.pos < len(d.in) {
		d.pos++
		return uint64(d.in[d.pos-1])
	}
	d.pos++
	return 0
}

// Overrun reports how many bytes past the end were read beyond those that an
// intact stream may need; above 0 means that the stream was cut.
func (d *Decoder) Overrun() int { return max(d.pos-len(d.in)-stateBits/8, 0) }

// Frequency returns where the coming symbol lies in 0..1<<bits-1. Consume must
// follow with the symbol's interval.
func (d *Decoder) Frequency(bits uint) uint32 {
	return uint32(min(d.code/(d.rng>>bits), 1<<bits-1))
}

// Consume removes the interval [start, start+size) out of 1<<bits.
func (d *Decoder) Consume(start, size uint32, bits uint) {
	r := d.rng >> bits
	d.code -= r * uint64(start)
	if start+size == 1<<bits {
		d.rng -= r * uint64(start)
	} else {
		d.rng = r * uint64(size)
	}
	for d.rng < 1<<topByte {
		d.rng <<= 8
		d.code = d.code<<8 | d.next()
	}
}

// DecodeBit reads one bit coded with the same p1.
func (d *Decoder) DecodeBit(p1 uint32) int {
	r := (d.rng >> 16) * uint64(p1)
	bit := 1
	if d.code < r {
		d.rng = r
	} else {
		d.code -= r
		d.rng -= r
		bit = 0
	}
	for d.rng < 1<<topByte {
		d.rng <<= 8
		d.code = d.code<<8 | d.next()
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
