package bmp

import (
	"encoding/binary"
	"fmt"
	"image"
	"math/bits"

	"codecworkbench/codecs/picture/raster"
)

// row returns the y of the n-th row in the file.
func (h *header) row(n int) int {
	if h.topDown {
		return n
	}
	return h.height - 1 - n
}

// colours returns the palette filled up with black to 256 entries.
func (h *header) colours() *[256][4]uint8 {
	var t [256][4]uint8
	for i := range t {
		t[i][3] = 255
		if i < len(h.palette) {
			copy(t[i][:3], h.palette[i][:])
		}
	}
	return &t
}

// decodePlain reads uncompressed pixels and bit fields.
func (h *header) decodePlain(data []byte, limit raster.Limit) (*raster.Image, error) {
	stride := (h.width*h.bits + 31) / 32 * 4
	used := (h.width*h.bits + 7) / 8 // the padding of the last row may be missing
	if need := stride*(h.height-1) + used; len(data) < need {
		return nil, raster.Damaged(format, "it is cut off in row %d of %d", len(data)/stride, h.height)
	}
	var f *fields
	if h.bits == 16 || h.bits == 32 {
		var err error
		if f, err = newFields(h.masks); err != nil {
			return nil, err
		}
	}
	pix, err := raster.New(h.width, h.height, false, limit)
	if err != nil {
		return nil, err
	}
	img := &raster.Image{Pix: pix, Gray: h.bits <= 8 && raster.GrayPalette(h.palette)}
	table := h.colours()
	strays := 0
	for n := range h.height {
		dst := pix.Pix[h.row(n)*pix.Stride:][:4*h.width]
		src := data[n*stride:][:used]
		switch {
		case h.bits <= 8:
			strays += expandIndices(dst, src, h.bits, table, len(h.palette))
		case h.bits == 24:
			for i := 0; i < h.width; i++ {
				d, s := dst[4*i:4*i+3], src[3*i:3*i+3]
				d[0], d[1], d[2] = s[2], s[1], s[0]
			}
		default:
			f.row(dst, src, h.bits)
		}
	}
	if f != nil {
		f.finish(img)
	}
	img.Notes = append(img.Notes, raster.StrayColours(strays)...)
	return img, nil
}

// expandIndices writes the colours of a row of indices and counts those beyond the
// palette's entries.
func expandIndices(dst, src []byte, depth int, table *[256][4]uint8, entries int) (strays int) {
	mask := byte(1<<depth - 1)
	for i := range len(dst) / 4 {
		bit := i * depth
		v := src[bit>>3] >> (8 - depth - bit&7) & mask
		copy(dst[4*i:4*i+4], table[v][:])
		if int(v) >= entries {
			strays++
		}
	}
	return strays
}

// fields takes pixels apart by their masks.
type fields struct {
	shift  [4]int
	max    [4]uint64 // largest value; 0 where a channel is missing
	opaque bool      // there is no alpha mask
	lucid  bool      // a pixel that is not fully transparent was seen
}

func newFields(masks [4]uint32) (*fields, error) {
	f := &fields{opaque: masks[3] == 0}
	for c, m := range masks {
		if m == 0 {
			continue
		}
		f.shift[c] = bits.TrailingZeros32(m)
		f.max[c] = uint64(m >> f.shift[c])
		if f.max[c]&(f.max[c]+1) != 0 {
			return nil, raster.Damaged(format, "its bit mask %#x has gaps", m)
		}
	}
	return f, nil
}

// value returns one channel of a pixel in 0..255, rounded.
func (f *fields) value(c int, v uint32) uint8 {
	m := f.max[c]
	if m == 0 {
		return 0
	}
	return uint8((uint64(v>>f.shift[c])&m*255 + m/2) / m)
}

func (f *fields) row(dst, src []byte, depth int) {
	for i := range len(dst) / 4 {
		var v uint32
		if depth == 16 {
			v = uint32(binary.LittleEndian.Uint16(src[2*i:]))
		} else {
			v = binary.LittleEndian.Uint32(src[4*i:])
		}
		d := dst[4*i : 4*i+4]
		d[0], d[1], d[2] = f.value(0, v), f.value(1, v), f.value(2, v)
		if !f.opaque {
			d[3] = f.value(3, v)
			f.lucid = f.lucid || d[3] != 0
		}
	}
}

// finish sets the depth and takes an alpha channel of nothing but zeros for unused,
// as browsers do.
func (f *fields) finish(img *raster.Image) {
	img.Depth = 8
	for _, m := range f.max {
		img.Depth = max(img.Depth, bits.Len64(m))
	}
	if !f.opaque && !f.lucid {
		for i := 3; i < len(img.Pix.Pix); i += 4 {
			img.Pix.Pix[i] = 255
		}
		img.Notes = append(img.Notes, "the alpha channel is zero everywhere and was ignored")
	}
}

// rle runs through run-length coded pixels.
type rle struct {
	h     *header
	data  []byte
	pix   *image.NRGBA
	table *[256][4]uint8
	x, n  int // position: column, and row in the file's order
	set   int // pixels written

	strays int // pixels whose index is beyond the palette
}

// decodeRLE reads RLE4, RLE8 and RLE24. Pixels that the file skips have the first
// colour of the palette.
func (h *header) decodeRLE(data []byte, limit raster.Limit) (*raster.Image, error) {
	pix, err := raster.New(h.width, h.height, false, limit)
	if err != nil {
		return nil, err
	}
	r := &rle{h: h, data: data, pix: pix, table: h.colours()}
	if h.compression != rle24 {
		for i := 0; i < len(pix.Pix); i += 4 {
			copy(pix.Pix[i:i+4], r.table[0][:])
		}
	}
	if !r.run() && r.n < h.height && !(r.n == h.height-1 && r.x >= h.width) {
		return nil, raster.Damaged(format, "it is cut off in row %d of %d", r.n, h.height)
	}
	img := &raster.Image{Pix: pix, Gray: h.compression != rle24 && raster.GrayPalette(h.palette)}
	img.Notes = raster.StrayColours(r.strays)
	if missing := h.width*h.height - r.set; missing > 0 {
		img.Notes = append(img.Notes, fmt.Sprintf("%d pixels are not in the file and have its first colour", missing))
	}
	return img, nil
}

// run decodes until the end marker; it returns false if the data ends before.
func (r *rle) run() bool {
	for r.n < r.h.height {
		if len(r.data) < 2 {
			return false
		}
		count, code := int(r.data[0]), r.data[1]
		switch {
		case count > 0:
			if !r.repeat(count) {
				return false
			}
		case code == 0: // end of row
			r.data = r.data[2:]
			r.x, r.n = 0, r.n+1
		case code == 1: // end of picture
			return true
		case code == 2: // move
			if len(r.data) < 4 {
				return false
			}
			r.x += int(r.data[2])
			r.n += int(r.data[3])
			r.data = r.data[4:]
		default:
			r.data = r.data[2:]
			if !r.literal(int(code)) {
				return false
			}
		}
	}
	return true
}

// repeat writes a run of one colour, or in RLE4 of two in turn.
func (r *rle) repeat(count int) bool {
	if r.h.compression == rle24 {
		if len(r.data) < 4 {
			return false
		}
		c := [4]uint8{r.data[3], r.data[2], r.data[1], 255}
		r.data = r.data[4:]
		for range count {
			r.put(c)
		}
		return true
	}
	v := r.data[1]
	r.data = r.data[2:]
	for i := range count {
		r.putIndex(r.index(v, i))
	}
	return true
}

// index returns the i-th index of a byte: in RLE4 the high half is first.
func (r *rle) index(v byte, i int) byte {
	switch {
	case r.h.compression == rle8:
		return v
	case i%2 == 0:
		return v >> 4
	}
	return v & 15
}

// literal writes count stored pixels, which are padded to 16 bits.
func (r *rle) literal(count int) bool {
	n := (count*r.h.bits + 7) / 8
	padded := (n + 1) &^ 1
	if len(r.data) < n {
		return false
	}
	for i := range count {
		switch r.h.compression {
		case rle24:
			s := r.data[3*i:]
			r.put([4]uint8{s[2], s[1], s[0], 255})
		default:
			r.putIndex(r.index(r.data[i*r.h.bits/8], i))
		}
	}
	r.data = r.data[min(padded, len(r.data)):]
	return true
}

// putIndex writes one pixel by its index.
func (r *rle) putIndex(v byte) {
	if int(v) >= len(r.h.palette) && r.x < r.h.width {
		r.strays++
	}
	r.put(r.table[v])
}

// put writes one pixel; pixels outside the picture are dropped.
func (r *rle) put(c [4]uint8) {
	if r.x < r.h.width {
		copy(r.pix.Pix[r.pix.PixOffset(r.x, r.h.row(r.n)):][:4], c[:])
		r.set++
	}
	r.x++
}
