package jpeg

import "encoding/binary"

// renderer turns rows of MCUs, fed from top to bottom, into the picture's pixels.
// It keeps two rows of MCUs of samples: chroma upsampling looks one sample up and down.
type renderer struct {
	d          *decoder
	planes     []plane
	next, end  int // pixel rows to write: from next, below end
	lastMCURow int
	convert    func(dst []uint8, rows [][]uint8)
	rows       [][]uint8
}

// plane holds a component's samples of two rows of MCUs: sample row y at ring
// row y modulo 16 v.
type plane struct {
	comp   *component
	pix    []uint8
	stride int // bytes
	ring   int // rows
	up     upsampler
	buf    []uint8 // one upsampled row
}

// newRenderer writes the pixels of MCU rows first to end-1. Fed rows must start
// one above, where there is one, and end one below.
func newRenderer(d *decoder, first, end int) *renderer {
	f := d.frame
	r := &renderer{d: d, next: first * 8 * f.vMax, end: min(end*8*f.vMax, f.height), lastMCURow: f.mcusY - 1}
	for i := range f.comps {
		c := &f.comps[i]
		p := plane{comp: c, stride: 8 * c.stride, ring: 16 * c.v}
		p.pix = make([]uint8, p.stride*p.ring)
		p.up = chooseUpsampler(c, f)
		if p.up != nil {
			p.buf = make([]uint8, 8*f.mcusX*f.hMax)
		}
		r.planes = append(r.planes, p)
	}
	r.rows = make([][]uint8, len(f.comps))
	r.convert = d.converter()
	return r
}

// feed transforms MCU row y, which lies in s behind base MCU rows fewer, and
// writes the pixel rows that can be computed by then.
func (r *renderer) feed(s *blockStore, y, base int) {
	f := r.d.frame
	extra := uint(f.precision - 8)
	for i := range r.planes {
		p := &r.planes[i]
		c := p.comp
		quant := c.quant
		if quant == nil { // no scan held the component: mid grey
			quant = new([64]uint16)
		}
		for v := range c.v {
			by := y*c.v + v
			if by >= c.blocksY {
				break
			}
			at := (by - base*c.v) * c.stride
			dst := p.pix[(by*8%p.ring)*p.stride:]
			coefs, last := s.coefs[i][64*at:], s.last[i][at:]
			for x := range c.blocksX {
				idct((*[64]int16)(coefs[64*x:]), quant, last[x], dst[8*x:], p.stride, extra)
			}
		}
	}
	ready := r.end
	if y < r.lastMCURow {
		// The lowest sample rows still lack their neighbours below.
		ready = min(ready, (y+1)*8*f.vMax-f.vMax)
	}
	for ; r.next < ready; r.next++ {
		r.writeRow(r.next)
	}
}

func (r *renderer) writeRow(y int) {
	f := r.d.frame
	for i := range r.planes {
		p := &r.planes[i]
		if p.up == nil {
			r.rows[i] = p.row(y)[:f.width]
			continue
		}
		p.up(p, y, f)
		r.rows[i] = p.buf[:f.width]
	}
	out := r.d.out
	r.convert(out.Pix[y*out.Stride:y*out.Stride+4*f.width], r.rows)
}

// row returns sample row y, or the nearest one that there is.
func (p *plane) row(y int) []uint8 {
	y = min(max(y, 0), p.comp.height-1) % p.ring
	return p.pix[y*p.stride : y*p.stride+p.stride]
}

// converter chooses the conversion of component samples to RGBA by libjpeg's
// rules: a JFIF segment means YCbCr, an Adobe segment says, ids can spell RGB.
func (d *decoder) converter() func(dst []uint8, rows [][]uint8) {
	c := d.frame.comps
	switch len(c) {
	case 1:
		return grayRow
	case 3:
		rgbIDs := c[0].id == 'R' && c[1].id == 'G' && c[2].id == 'B'
		if !d.jfif && (d.adobe == 0 || d.adobe < 0 && rgbIDs) {
			return rgbRow
		}
		return yccRow
	}
	d.note("CMYK converted to RGB without a colour profile")
	if d.adobe >= 1 {
		return ycckRow
	}
	return cmykRow
}

const opaque = 255 << 24

func grayRow(dst []uint8, rows [][]uint8) {
	for _, v := range rows[0] {
		binary.LittleEndian.PutUint32(dst, uint32(v)*0x010101|opaque)
		dst = dst[4:]
	}
}

func rgbRow(dst []uint8, rows [][]uint8) {
	red := rows[0]
	green, blue := rows[1][:len(red)], rows[2][:len(red)]
	for i, v := range red {
		binary.LittleEndian.PutUint32(dst, uint32(v)|uint32(green[i])<<8|uint32(blue[i])<<16|opaque)
		dst = dst[4:]
	}
}

// Coefficients of the conversion (T.871 section 7) with 16 fraction bits.
const (
	crToR = 91881  // 1.402
	cbToG = -22554 // -0.344136
	crToG = -46802 // -0.714136
	cbToB = 116130 // 1.772
	half  = 1 << 15
)

// yccPixel converts one pixel, rounding as libjpeg does.
func yccPixel(y, cb, cr uint8) (r, g, b uint8) {
	l, u, v := int32(y), int32(cb)-128, int32(cr)-128
	return clamp(l + (crToR*v+half)>>16), clamp(l + (cbToG*u+crToG*v+half)>>16), clamp(l + (cbToB*u+half)>>16)
}

func yccRow(dst []uint8, rows [][]uint8) {
	luma := rows[0]
	cb, cr := rows[1][:len(luma)], rows[2][:len(luma)]
	for i, l := range luma {
		r, g, b := yccPixel(l, cb[i], cr[i])
		binary.LittleEndian.PutUint32(dst, uint32(r)|uint32(g)<<8|uint32(b)<<16|opaque)
		dst = dst[4:]
	}
}

// cmykRow takes samples in Adobe's inverted convention (255: no ink), which is the
// one that CMYK files have in practice.
func cmykRow(dst []uint8, rows [][]uint8) {
	for i := range rows[0] {
		putCMYK(dst[4*i:], rows[0][i], rows[1][i], rows[2][i], rows[3][i])
	}
}

// ycckRow takes CMY stored as YCbCr of its complement, and K.
func ycckRow(dst []uint8, rows [][]uint8) {
	for i := range rows[0] {
		c, m, y := yccPixel(rows[0][i], rows[1][i], rows[2][i])
		putCMYK(dst[4*i:], 255-c, 255-m, 255-y, rows[3][i])
	}
}

func putCMYK(dst []uint8, c, m, y, k uint8) {
	dst[0] = uint8((uint32(c)*uint32(k) + 127) / 255)
	dst[1] = uint8((uint32(m)*uint32(k) + 127) / 255)
	dst[2] = uint8((uint32(y)*uint32(k) + 127) / 255)
	dst[3] = 255
}
