package png

import (
	"image"

	"codecworkbench/codecs/picture/raster"
)

// expander turns unfiltered rows into 8-bit RGBA.
type expander struct {
	pix   *image.NRGBA
	h     header
	table [256][4]uint8 // colours of indices, and of grey samples up to 8 bits
	key   [3]uint32     // the transparent colour, of grey16 and RGB
	keyed bool

	entries int // of the palette; 256 without one
	strays  int // pixels whose index is beyond it
}

func newExpander(f *file, pix *image.NRGBA) *expander {
	e := &expander{pix: pix, h: f.header, entries: 256}
	switch {
	case f.colour == typePalette:
		e.entries = len(f.palette) / 3
		for i := range e.table {
			e.table[i] = [4]uint8{0, 0, 0, 255} // indices beyond the palette are black, as in libpng
			if 3*i+2 < len(f.palette) {
				copy(e.table[i][:3], f.palette[3*i:])
			}
			if i < len(f.trns) {
				e.table[i][3] = f.trns[i]
			}
		}
	case f.colour == typeGray && f.depth <= 8:
		for v, g := range raster.Scaler(1<<f.depth - 1) {
			e.table[v] = [4]uint8{g, g, g, 255}
		}
		if len(f.trns) == 2 {
			if v := int(f.trns[0])<<8 | int(f.trns[1]); v < 1<<f.depth {
				e.table[v][3] = 0
			}
		}
	case f.colour == typeGray && len(f.trns) == 2, f.colour == typeRGB && len(f.trns) == 6:
		e.keyed = true
		for i := range len(f.trns) / 2 {
			e.key[i] = uint32(f.trns[2*i])<<8 | uint32(f.trns[2*i+1])
		}
	}
	return e
}

// row expands n pixels of one row to x, x+dx, ... in row y.
func (e *expander) row(src []byte, x, y, dx, n int) {
	dst := e.pix.Pix[y*e.pix.Stride+4*x:]
	step := 4 * dx
	switch {
	case e.h.depth == 16:
		e.row16(src, dst, step, n)
	case e.h.colour == typeGray || e.h.colour == typePalette:
		depth := e.h.depth
		mask := byte(1<<depth - 1)
		for i := range n {
			bit := i * depth
			v := src[bit>>3] >> (8 - depth - bit&7) & mask
			copy(dst[i*step:i*step+4], e.table[v][:])
			if int(v) >= e.entries {
				e.strays++
			}
		}
	case e.h.colour == typeGrayAlpha:
		for i := range n {
			g := src[2*i]
			d := dst[i*step : i*step+4]
			d[0], d[1], d[2], d[3] = g, g, g, src[2*i+1]
		}
	case e.h.colour == typeRGBA:
		for i := range n {
			copy(dst[i*step:i*step+4], src[4*i:4*i+4])
		}
	default:
		e.rowRGB(src, dst, step, n)
	}
}

func (e *expander) rowRGB(src, dst []byte, step, n int) {
	for i := range n {
		s, d := src[3*i:3*i+3], dst[i*step:i*step+4]
		d[0], d[1], d[2] = s[0], s[1], s[2]
		if e.keyed && uint32(s[0]) == e.key[0] && uint32(s[1]) == e.key[1] && uint32(s[2]) == e.key[2] {
			d[3] = 0
		}
	}
}

// row16 rounds 16-bit samples. The transparent colour is compared before rounding.
func (e *expander) row16(src, dst []byte, step, n int) {
	channels := e.h.channels()
	colours := channels
	if e.h.colour == typeGrayAlpha || e.h.colour == typeRGBA {
		colours--
	}
	for i := range n {
		d := dst[i*step : i*step+4]
		s := src[2*channels*i : 2*channels*(i+1)]
		clear := e.keyed
		for c := range colours {
			v := uint32(s[2*c])<<8 | uint32(s[2*c+1])
			d[c] = raster.Round16(v)
			clear = clear && v == e.key[c]
		}
		if colours == 1 {
			d[1], d[2] = d[0], d[0]
		}
		if colours < channels {
			d[3] = raster.Round16(uint32(s[2*colours])<<8 | uint32(s[2*colours+1]))
		} else if clear {
			d[3] = 0
		}
	}
}
