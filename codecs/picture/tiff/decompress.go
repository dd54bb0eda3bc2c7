package tiff

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"io"
	"math/bits"

	"codecworkbench/codecs/picture/fax"
	"codecworkbench/codecs/picture/lzw"
	"codecworkbench/codecs/picture/raster"
)

// unpack decompresses one strip or tile of rows rows to want bytes; the result may
// alias the file.
func (l *layout) unpack(d *directory, stored []byte, rows, want int) ([]byte, error) {
	if l.reversed {
		stored = reverseBits(stored)
	}
	switch l.compression {
	case compressNone:
		return stored[:min(want, len(stored))], nil
	case compressPackBits:
		return unpackBits(stored, want), nil
	case compressLZW:
		o := lzw.Options{LiteralBits: 8, MSB: true, Early: true}
		if len(stored) >= 2 && stored[0] == 0 && stored[1]&1 == 1 { // a clear code in the old bit order
			o = lzw.Options{LiteralBits: 8}
		}
		out, err := lzw.Decode(stored, want, o)
		if err != nil && len(out) < want {
			return nil, raster.Damaged(format, "its LZW codes are broken")
		}
		return out, nil
	case compressDeflate, compressDeflate2:
		return inflate(stored, want)
	case compressHuffman, compressHuffmanW, compressGroup3, compressGroup4:
		return l.unpackFax(d, stored, rows)
	case compressThunder:
		return l.unpackThunder(stored, rows, want)
	case compressNeXT:
		return l.unpackNeXT(stored, rows, want)
	}
	return nil, raster.Unsupported(format, "%s compression", compressionName(l.compression))
}

func compressionName(c int) string {
	names := map[int]string{compressOldJPEG: "old-style JPEG", 9: "JBIG", 10: "JBIG", 34661: "JBIG", 34676: "LogLuv", 34677: "LogLuv",
		34712: "JPEG 2000", 34887: "LERC", 34925: "LZMA", 50000: "Zstandard", 50001: "WebP", 50002: "JPEG XL", 52546: "JPEG XL"}
	if n := names[c]; n != "" {
		return n
	}
	return "unknown"
}

func reverseBits(b []byte) []byte {
	out := make([]byte, len(b))
	for i, v := range b {
		out[i] = bits.Reverse8(v)
	}
	return out
}

func inflate(stored []byte, want int) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(stored))
	if err != nil {
		return nil, raster.Damaged(format, "its Deflate data is broken (%v)", err)
	}
	// A damaged header can ask for far more than there is: grow with what comes.
	var out bytes.Buffer
	out.Grow(min(want, 64+16*len(stored)) + bytes.MinRead)
	if _, err = io.Copy(&out, io.LimitReader(z, int64(want))); err != nil && out.Len() < want &&
		!errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, raster.Damaged(format, "its Deflate data is broken (%v)", err)
	}
	return out.Bytes(), nil
}

// unpackBits decodes Apple's PackBits (TIFF 6.0, section 9).
func unpackBits(src []byte, want int) []byte {
	out := make([]byte, 0, min(want, 128*len(src)))
	for len(src) > 0 && len(out) < want {
		n := int(int8(src[0]))
		src = src[1:]
		switch {
		case n >= 0:
			n = min(n+1, len(src))
			out = append(out, src[:n]...)
			src = src[n:]
		case n == -128 || len(src) == 0:
		default:
			for range 1 - n {
				out = append(out, src[0])
			}
			src = src[1:]
		}
	}
	return out[:min(want, len(out))]
}

// unpackFax decodes bi-level rows to 1 for black, which is 0 in blackIsZero files.
func (l *layout) unpackFax(d *directory, stored []byte, rows int) ([]byte, error) {
	if l.bits != 1 || l.perPlane() != 1 {
		return nil, raster.Damaged(format, "fax coding needs one bit a pixel")
	}
	o := fax.Options{}
	switch l.compression {
	case compressHuffman:
		o.Scheme = fax.HuffmanBytes
	case compressHuffmanW:
		o.Scheme = fax.HuffmanWords
	case compressGroup3:
		o.Scheme = fax.Group3
		o.TwoDim = d.whole(tagT4Options, 0)&1 != 0
	case compressGroup4:
		o.Scheme = fax.Group4
	}
	out, got, broken, err := fax.Decode(stored, l.segW, rows, o)
	l.brokenRows += broken + rows - got
	if err != nil {
		return nil, raster.Damaged(format, "a strip has %d of %d rows (%v)", got, rows, err)
	}
	return out, nil
}

// unpackThunder decodes ThunderScan's 4-bit run-length and difference coding, as
// documented with libtiff's tif_thunder.c.
func (l *layout) unpackThunder(src []byte, rows, want int) ([]byte, error) {
	if l.bits != 4 || l.perPlane() != 1 {
		return nil, raster.Damaged(format, "ThunderScan compression needs 4 bits a pixel")
	}
	out := make([]byte, want)
	row, last := 0, byte(0)
	n := 0
	put := func(v byte) {
		if last = v & 15; n < l.segW && row < rows {
			out[row*l.rowBytes()+n/2] |= last << (4 * (1 - n&1))
		}
		n++
	}
	for _, b := range src {
		v := b & 63
		switch b >> 6 {
		case 0: // run
			for range v {
				put(last)
			}
		case 1: // three 2-bit differences; 2 is none
			for shift := 4; shift >= 0; shift -= 2 {
				if k := v >> shift & 3; k != 2 {
					put(last + [4]byte{0, 1, 0, 255}[k])
				}
			}
		case 2: // two 3-bit differences; 4 is none
			for shift := 3; shift >= 0; shift -= 3 {
				if k := v >> shift & 7; k != 4 {
					put(last + [8]byte{0, 1, 2, 3, 0, 253, 254, 255}[k])
				}
			}
		case 3: // a pixel
			put(v)
		}
		if n >= l.segW {
			n, last = 0, 0
			if row++; row == rows {
				return out, nil
			}
		}
	}
	return out[:row*l.rowBytes()], nil
}

// unpackNeXT decodes NeXT's 2-bit coding, as documented with libtiff's tif_next.c.
func (l *layout) unpackNeXT(src []byte, rows, want int) ([]byte, error) {
	if l.bits != 2 || l.perPlane() != 1 {
		return nil, raster.Damaged(format, "NeXT compression needs 2 bits a pixel")
	}
	stride := l.rowBytes()
	out := bytes.Repeat([]byte{0xff}, want)
	for y := range rows {
		row := out[y*stride : (y+1)*stride]
		if len(src) < 1 {
			return out[:y*stride], nil
		}
		kind := src[0]
		src = src[1:]
		switch kind {
		case 0x00: // a stored row
			if len(src) < stride {
				return out[:y*stride], nil
			}
			copy(row, src)
			src = src[stride:]
		case 0x40: // a stored part of a row
			if len(src) < 4 {
				return out[:y*stride], nil
			}
			at, n := int(binary.BigEndian.Uint16(src)), int(binary.BigEndian.Uint16(src[2:]))
			src = src[4:]
			if len(src) < n || at+n > stride {
				return nil, raster.Damaged(format, "its NeXT data is broken")
			}
			copy(row[at:], src[:n])
			src = src[n:]
		default: // runs of a grey each
			for x := 0; ; {
				for range int(kind & 63) {
					if x < l.segW {
						row[x/4] = row[x/4]&^(3<<(6-2*(x&3))) | kind>>6<<(6-2*(x&3))
					}
					x++
				}
				if x >= l.segW {
					break
				}
				if len(src) < 1 {
					return out[:y*stride], nil
				}
				kind = src[0]
				src = src[1:]
			}
		}
	}
	return out, nil
}
