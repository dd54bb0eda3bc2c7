package jpeg

// renderer turns rows of MCUs, fed from top to bottom, into the picture's pixels.
// It keeps two rows of MCUs of samples: chroma upsampling looks one sample up and down.
type renderer struct {
	d          *decoder
	planes     []plane
	next, end  int // pixel rows to write: from next, below end
	lastMCURow int
	convert    func(dst []uint8, rows [][]uint8)
	rows       [][]uint8
	smooth     *smoother // nil: all coefficients are known
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
			coefs, nonzero := s.coefs[i][64*at:], s.nonzero[i][at:]
			if r.smooth != nil {
				r.smoothRow(i, y, v, dst)
				continue
			}
			for x := range c.blocksX {
				idct((*[64]int16)(coefs[64*x:]), quant, nonzero[x], dst[8*x:], p.stride, extra)
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

// smoothRow transforms estimated blocks: row v of MCU row y of a component.
func (r *renderer) smoothRow(comp, y, v int, dst []uint8) {
	c := r.planes[comp].comp
	rows := r.smooth.blockRows(c, y, v)
	var b [64]int16
	for x := range c.blocksX {
		r.smooth.block(comp, y, &rows, x, &b)
		idct(&b, c.quant, 1<<63, dst[8*x:], r.planes[comp].stride, uint(r.d.frame.precision-8))
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
