package tiff

import (
	"encoding/binary"
	"math"

	"codecworkbench/codecs/picture/raster"
)

// unpredict undoes the predictor on the rows of a decompressed segment, in place.
func (l *layout) unpredict(b []byte, order binary.ByteOrder) error {
	stride, step := l.rowBytes(), l.perPlane()
	if l.predictor <= 1 || stride == 0 {
		return nil
	}
	switch {
	case l.predictor == 2 && (l.bits == 8 || l.bits == 16 || l.bits == 32):
		for ; len(b) >= stride; b = b[stride:] {
			undiff(b[:stride], step, l.bits, order)
		}
	case l.predictor == 3 && l.sampleFormat == formatFloat:
		scratch := make([]byte, stride)
		for ; len(b) >= stride; b = b[stride:] {
			unfloat(b[:stride], scratch, step, l.bits/8, order)
		}
	default:
		return raster.Unsupported(format, "predictor %d of %d-bit samples", l.predictor, l.bits)
	}
	return nil
}

// undiff adds to each sample the one step before it (TIFF 6.0, section 14).
func undiff(row []byte, step, bits int, order binary.ByteOrder) {
	switch bits {
	case 8:
		for i := step; i < len(row); i++ {
			row[i] += row[i-step]
		}
	case 16:
		for i := 2 * step; i+1 < len(row); i += 2 {
			order.PutUint16(row[i:], order.Uint16(row[i:])+order.Uint16(row[i-2*step:]))
		}
	case 32:
		for i := 4 * step; i+3 < len(row); i += 4 {
			order.PutUint32(row[i:], order.Uint32(row[i:])+order.Uint32(row[i-4*step:]))
		}
	}
}

// unfloat undoes the floating point predictor (Photoshop's Technical Note 3): bytes
// are differences, and lie by significance, the highest first.
func unfloat(row, scratch []byte, step, size int, order binary.ByteOrder) {
	for i := step; i < len(row); i++ {
		row[i] += row[i-step]
	}
	n := len(row) / size
	for i := range n {
		for k := range size {
			to := i*size + k
			if order == binary.ByteOrder(binary.LittleEndian) {
				to = i*size + size - 1 - k
			}
			scratch[to] = row[k*n+i]
		}
	}
	copy(row[:n*size], scratch)
}

// sampler reads the samples of stored rows as numbers in 0..max.
type sampler struct {
	bits, format int
	order        binary.ByteOrder
	max          uint32 // largest value: 2^bits-1 up to 16 bits, otherwise 65535
	clipped      bool   // a floating point or signed sample was out of range
}

func (l *layout) sampler(order binary.ByteOrder) *sampler {
	s := &sampler{bits: l.bits, format: l.sampleFormat, order: order, max: 65535}
	if l.bits <= 16 && l.sampleFormat != formatFloat {
		s.max = 1<<l.bits - 1
	}
	return s
}

// row reads len(dst) samples, step apart in dst, from src. There are enough.
func (s *sampler) row(dst []uint16, step int, src []byte, n int) {
	switch {
	case s.format == formatFloat:
		for i := range n {
			dst[i*step] = s.float(src[i*s.bits/8:])
		}
	case s.format == formatSigned && s.bits > 8:
		for i := range n {
			dst[i*step] = s.signed(src[i*s.bits/8:])
		}
	case s.bits == 8:
		for i, v := range src[:n] {
			dst[i*step] = uint16(v)
		}
	case s.bits == 16:
		for i := range n {
			dst[i*step] = s.order.Uint16(src[2*i:])
		}
	case s.bits == 32:
		for i := range n {
			dst[i*step] = uint16(s.order.Uint32(src[4*i:]) >> 16)
		}
	case s.bits == 64:
		for i := range n {
			dst[i*step] = uint16(s.order.Uint64(src[8*i:]) >> 48)
		}
	default:
		s.packed(dst, step, src, n)
	}
}

// packed reads samples of any other width, which are packed from the highest bit
// down; whole bytes of 24-bit samples follow the byte order.
func (s *sampler) packed(dst []uint16, step int, src []byte, n int) {
	if s.bits == 24 {
		for i := range n {
			b := src[3*i : 3*i+3]
			if s.order == binary.ByteOrder(binary.LittleEndian) {
				dst[i*step] = uint16(b[2])<<8 | uint16(b[1])
			} else {
				dst[i*step] = uint16(b[0])<<8 | uint16(b[1])
			}
		}
		return
	}
	drop := max(0, s.bits-16)
	var acc uint64
	have := 0
	for i := range n {
		for have < s.bits {
			acc = acc<<8 | uint64(src[0])
			src = src[1:]
			have += 8
		}
		have -= s.bits
		dst[i*step] = uint16(acc >> have & (1<<s.bits - 1) >> drop)
	}
}

// float clips a floating point sample to 0..1 and scales it to 16 bits.
func (s *sampler) float(b []byte) uint16 {
	var v float64
	switch s.bits {
	case 16:
		v = half(s.order.Uint16(b))
	case 24:
		v = float24(b, s.order)
	case 32:
		v = float64(math.Float32frombits(s.order.Uint32(b)))
	default:
		v = math.Float64frombits(s.order.Uint64(b))
	}
	if !(v >= 0 && v <= 1) { // NaN too
		s.clipped = true
		if !(v > 0) {
			return 0
		}
		return 65535
	}
	return uint16(v*65535 + 0.5)
}

// half converts IEEE 754 binary16.
func half(h uint16) float64 {
	sign, exp, frac := 1-2*float64(h>>15), int(h>>10&31), float64(h&1023)
	switch exp {
	case 0:
		return sign * math.Ldexp(frac, -24)
	case 31:
		if frac != 0 {
			return math.NaN()
		}
		return math.Inf(int(sign))
	}
	return sign * math.Ldexp(1024+frac, exp-25)
}

// float24 converts Photoshop's 24-bit floats: 1 sign bit, 7 exponent bits, 16 fraction bits.
func float24(b []byte, order binary.ByteOrder) float64 {
	v := uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2])
	if order == binary.ByteOrder(binary.LittleEndian) {
		v = uint32(b[2])<<16 | uint32(b[1])<<8 | uint32(b[0])
	}
	sign, exp, frac := 1-2*float64(v>>23), int(v>>16&127), float64(v&0xffff)
	switch exp {
	case 0:
		return sign * math.Ldexp(frac, -62-16)
	case 127:
		return math.NaN()
	}
	return sign * math.Ldexp(65536+frac, exp-63-16)
}

// signed maps 0..2^(bits-1)-1 to the whole range and clips below 0. Signed 8-bit
// samples never come here: where files say so, they hold unsigned ones.
func (s *sampler) signed(b []byte) uint16 {
	var v, top int64
	if s.bits == 16 {
		v, top = int64(int16(s.order.Uint16(b))), 32767
	} else {
		v, top = int64(int32(s.order.Uint32(b))), 1<<31-1
	}
	if v < 0 {
		s.clipped = true
		return 0
	}
	return uint16((v*int64(s.max) + top/2) / top)
}
