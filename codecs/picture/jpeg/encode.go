package jpeg

import (
	"context"
	"fmt"
	"image"
)

// Subsampling is how much smaller than luma the chroma planes of a file are.
type Subsampling uint8

// The subsamplings that Encode writes.
const (
	Sampling420 Subsampling = iota // half the width, half the height
	Sampling422                    // half the width
	Sampling444                    // full size
)

// String returns the usual name, such as "4:2:0".
func (s Subsampling) String() string {
	return [...]string{"4:2:0", "4:2:2", "4:4:4"}[min(s, Sampling444)]
}

// factors returns luma's sampling factors; chroma's are 1.
func (s Subsampling) factors() (h, v int) {
	switch s {
	case Sampling420:
		return 2, 2
	case Sampling422:
		return 2, 1
	}
	return 1, 1
}

// EncodeOptions steer Encode.
type EncodeOptions struct {
	// Quality is libjpeg's scale, 1 to 100: it scales the standard's tables.
	Quality     int
	Subsampling Subsampling
	// Gray writes one component, taken from the red channel.
	Gray bool
	// Optimize computes Huffman tables for the picture instead of writing the
	// standard's: smaller files, the same pixels.
	Optimize bool
}

// Encode writes a baseline JFIF file. Alpha is ignored. The bytes equal those of
// libjpeg-turbo's cjpeg -baseline with the accurate integer DCT.
func Encode(ctx context.Context, img *image.NRGBA, o EncodeOptions) ([]byte, error) {
	b := img.Rect
	if b.Dx() < 1 || b.Dy() < 1 || b.Dx() > MaxSide || b.Dy() > MaxSide {
		return nil, fmt.Errorf("jpeg: a picture of %d x %d pixels; the format takes 1 to %d a side", b.Dx(), b.Dy(), MaxSide)
	}
	if o.Quality < 1 || o.Quality > 100 {
		return nil, fmt.Errorf("jpeg: quality %d is outside 1 to 100", o.Quality)
	}
	e := newEncoder(img, o)
	if err := e.transform(ctx); err != nil {
		return nil, err
	}
	e.huff = standardCodes()
	if o.Optimize {
		e.optimize()
	}
	e.writeHeaders()
	return e.writeScan(), nil
}

// QuantTable returns the quantization table that Encode uses for a quality of 1 to
// 100, row by row: the standard's scaled by libjpeg's rule and limited to a byte.
func QuantTable(quality int, chroma bool) [64]uint16 {
	scale := 200 - 2*quality
	if quality < 50 {
		scale = 5000 / max(quality, 1)
	}
	which := 0
	if chroma {
		which = 1
	}
	var t [64]uint16
	for i, v := range standardQuant[which] {
		t[i] = uint16(min(max((int(v)*scale+50)/100, 1), 255))
	}
	return t
}

// encoder holds one picture's way to a file.
type encoder struct {
	img   *image.NRGBA
	o     EncodeOptions
	f     frame
	quant [2]quantizer
	// Per component: zigzag-ordered quantized blocks, and for each block a bit set of
	// the coefficients that are not 0.
	coefs [3][]int16
	masks [3][]uint64
	specs [4]huffSpec
	huff  [4]codeTable
	out   []byte
}

func newEncoder(img *image.NRGBA, o EncodeOptions) *encoder {
	e := &encoder{img: img, o: o, specs: standardTables}
	f := &e.f
	f.width, f.height, f.precision = img.Rect.Dx(), img.Rect.Dy(), 8
	if o.Gray {
		f.comps = []component{{id: 1, h: 1, v: 1}}
		f.hMax, f.vMax = 1, 1
	} else {
		f.hMax, f.vMax = o.Subsampling.factors()
		f.comps = []component{{id: 1, h: f.hMax, v: f.vMax}, {id: 2, h: 1, v: 1, tq: 1}, {id: 3, h: 1, v: 1, tq: 1}}
	}
	f.layOut()
	for i := range f.comps {
		c := &f.comps[i]
		n := c.stride * c.rows
		e.coefs[i], e.masks[i] = make([]int16, 64*n), make([]uint64, n)
	}
	e.quant[0] = newQuantizer(QuantTable(o.Quality, false))
	e.quant[1] = newQuantizer(QuantTable(o.Quality, true))
	return e
}

// writeHeaders writes everything up to the entropy-coded data.
func (e *encoder) writeHeaders() {
	f := &e.f
	e.out = append(e.out, 0xFF, mSOI)
	// JFIF 1.01, square pixels, no thumbnail.
	e.segment(mAPP0, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0)
	tables := min(len(f.comps), 2)
	for i := range tables {
		body := []byte{byte(i)}
		for _, at := range ZigZag {
			body = append(body, byte(e.quant[i].step[at]))
		}
		e.segment(mDQT, body...)
	}
	sof := []byte{8, byte(f.height >> 8), byte(f.height), byte(f.width >> 8), byte(f.width), byte(len(f.comps))}
	sos := []byte{byte(len(f.comps))}
	for _, c := range f.comps {
		sof = append(sof, c.id, byte(c.h<<4|c.v), byte(c.tq))
		sos = append(sos, c.id, byte(c.tq<<4|c.tq))
	}
	e.segment(mSOF0, sof...)
	for i := range 2 * tables {
		body := append([]byte{byte(i&1<<4 | i>>1)}, e.specs[i].counts[:]...)
		e.segment(mDHT, append(body, e.specs[i].symbols...)...)
	}
	e.segment(mSOS, append(sos, 0, 63, 0)...)
}

func (e *encoder) segment(m byte, body ...byte) {
	n := len(body) + 2
	e.out = append(e.out, 0xFF, m, byte(n>>8), byte(n))
	e.out = append(e.out, body...)
}
