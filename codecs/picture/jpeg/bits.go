package jpeg

import (
	"bytes"
	"encoding/binary"
)

// segmentPad is how many zero bytes follow an unstuffed segment, so that eight
// bytes can be loaded at once anywhere in it.
const segmentPad = 8

// entropySegment copies the entropy-coded bytes from d.pos up to the next marker
// into buf, with stuffed zeros (FF 00 -> FF) removed and segmentPad zeros added,
// and moves d.pos to the marker. cut reports that the data ends without one.
func (d *decoder) entropySegment(buf []byte) (seg []byte, cut bool) {
	seg = buf[:0]
	if d.restart == 0 && cap(seg) < len(d.data)-d.pos+segmentPad {
		seg = make([]byte, 0, len(d.data)-d.pos+segmentPad)
	}
	for {
		rest := d.data[d.pos:]
		i := bytes.IndexByte(rest, 0xFF)
		if i < 0 {
			seg = append(seg, rest...)
			d.pos = len(d.data)
			return append(seg, make([]byte, segmentPad)...), true
		}
		seg = append(seg, rest[:i]...)
		j := i + 1
		for j < len(rest) && rest[j] == 0xFF { // fill bytes
			j++
		}
		if j == len(rest) {
			d.pos = len(d.data)
			return append(seg, make([]byte, segmentPad)...), true
		}
		if rest[j] != 0 {
			d.pos += j - 1
			return append(seg, make([]byte, segmentPad)...), false
		}
		seg = append(seg, 0xFF)
		d.pos += j + 1
	}
}

// bitReader reads a segment from the most significant bit on. Beyond its end it
// delivers zeros, as libjpeg does; overread tells.
type bitReader struct {
	buf []byte // with segmentPad zeros at the end
	pos int    // of the next byte to load
	acc uint64 // the next bits, left-aligned
	n   uint   // how many of them are valid
}

func (r *bitReader) reset(seg []byte) { *r = bitReader{buf: seg} }

// refill makes at least 56 bits valid.
func (r *bitReader) refill() {
	if r.pos+8 <= len(r.buf) {
		r.acc |= binary.BigEndian.Uint64(r.buf[r.pos:]) >> r.n
	}
	r.pos += int(63-r.n) >> 3
	r.n |= 56
}

// bits reads count bits, 0..16.
func (r *bitReader) bits(count uint) int {
	if r.n < count {
		r.refill()
	}
	v := r.acc >> 1 >> (63 - count)
	r.acc <<= count
	r.n -= count
	return int(v)
}

// bit reads one bit.
func (r *bitReader) bit() bool {
	if r.n == 0 {
		r.refill()
	}
	b := int64(r.acc) < 0
	r.acc <<= 1
	r.n--
	return b
}

// used returns how many bits were read.
func (r *bitReader) used() int { return r.pos*8 - int(r.n) }

// overread reports whether more bits were read than the segment holds.
func (r *bitReader) overread() bool { return r.used() > (len(r.buf)-segmentPad)*8 }

// extend maps the size low bits of v to the signed value they stand for (T.81
// section F.2.2.1): a leading 0 means negative. size is 1..16.
func extend(v int32, size uint) int32 {
	// All ones where the leading bit is 0; then v - (2^size - 1).
	negative := v>>(size-1) - 1
	return v + negative&(-1<<size+1)
}
