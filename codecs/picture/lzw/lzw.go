// Package lzw decodes the LZW codes of GIF and TIFF files: both bit orders, and both
// rules for when codes grow by a bit. It is more forgiving than compress/lzw: what
// follows the wanted number of bytes is not looked at, a missing first clear code
// or end code does no harm, and a full table stays as it is until it is cleared.
//
// Sources: GIF89a, appendix F; TIFF 6.0, section 13.
package lzw

import "errors"

// Options tell the variants apart.
type Options struct {
	// LiteralBits is the width of an uncompressed symbol, 1 to 11; TIFF: 8.
	LiteralBits int
	// MSB: codes are packed from the highest bit down (TIFF). Otherwise from the lowest up
	// (GIF, and TIFF files of before 1992).
	MSB bool
	// Early: codes grow one code sooner than needed (TIFF, if MSB).
	Early bool
}

// ErrCode marks a code that makes no sense where it stands.
var ErrCode = errors.New("invalid LZW code")

// tableSize is that of a full table: codes have at most 12 bits.
const tableSize = 1 << 12

// decoder holds the strings of the codes as a forest: each is another one and a symbol.
type decoder struct {
	prefix [tableSize]uint16
	suffix [tableSize]byte
	length [tableSize]uint16

	data  []byte
	bits  uint64
	have  int // bits in bits
	msb   bool
	width int // of the next code
}

// read returns the next code, or -1 at the end of the data.
func (d *decoder) read() int {
	for d.have < d.width {
		if len(d.data) == 0 {
			return -1
		}
		if d.msb {
			d.bits = d.bits<<8 | uint64(d.data[0])
		} else {
			d.bits |= uint64(d.data[0]) << d.have
		}
		d.data = d.data[1:]
		d.have += 8
	}
	d.have -= d.width
	mask := uint64(1)<<d.width - 1
	if d.msb {
		return int(d.bits >> d.have & mask)
	}
	code := int(d.bits & mask)
	d.bits >>= d.width
	return code
}

// Decode returns at most limit decoded bytes. It stops without an error at the end
// code and at the end of the data, where the result may be short; at a code that
// makes no sense it returns what came before and ErrCode.
func Decode(data []byte, limit int, o Options) ([]byte, error) {
	d := &decoder{data: data, msb: o.MSB}
	clear := 1 << o.LiteralBits
	for i := range clear {
		d.suffix[i], d.length[i] = byte(i), 1
	}
	early := 0
	if o.Early {
		early = 1
	}
	out := make([]byte, 0, min(limit, 1<<16+8*len(data)))
	next, last := clear+2, -1 // the next free code; the code before
	d.width = o.LiteralBits + 1
	for len(out) < limit {
		code := d.read()
		switch {
		case code < 0 || code == clear+1:
			return out, nil
		case code == clear:
			next, last = clear+2, -1
			d.width = o.LiteralBits + 1
			continue
		case last < 0 && code > clear, code > next, code == next && next == tableSize:
			return out, ErrCode
		}
		if last < 0 {
			out = append(out, byte(code))
			last = code
			continue
		}
		start := len(out)
		if code == next { // the string that this very code completes
			out = d.emit(out, last)
			out = append(out, out[start])
		} else {
			out = d.emit(out, code)
		}
		if next < tableSize {
			d.prefix[next], d.suffix[next], d.length[next] = uint16(last), out[start], d.length[last]+1
			next++
			if next+early == 1<<d.width && d.width < 12 {
				d.width++
			}
		}
		last = code
	}
	return out[:limit], nil
}

// emit appends a code's string.
func (d *decoder) emit(out []byte, code int) []byte {
	n := int(d.length[code])
	start := len(out)
	for cap(out) < start+n {
		out = append(out[:cap(out)], 0)
	}
	out = out[:start+n]
	for i := start + n - 1; i >= start; i-- {
		out[i] = d.suffix[code]
		code = int(d.prefix[code])
	}
	return out
}
