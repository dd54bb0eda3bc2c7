package jpeg

import (
	"fmt"
	"image"
)

// Coefficients is a file decoded up to its quantized DCT coefficients.
type Coefficients struct {
	Config
	Components []CoefficientPlane
	Truncated  bool
	Notes      []string
}

// CoefficientPlane is one component's blocks.
type CoefficientPlane struct {
	ID               byte
	H, V             int // sampling factors
	BlocksX, BlocksY int
	// Quant is the quantization table, row by row; row is vertical frequency.
	Quant [64]uint16
	// Coefs holds 64 quantized coefficients a block, row by row, blocks row by row.
	Coefs []int16
	// Bits is how many entropy-coded bits each block took, over all scans; nil for
	// arithmetic coding. Restart markers and stuffing are not counted.
	Bits []int32
}

// Block returns the coefficients of the block in column x and row y.
func (p *CoefficientPlane) Block(x, y int) *[64]int16 {
	return (*[64]int16)(p.Coefs[64*(y*p.BlocksX+x):])
}

func newCoefficients(d *decoder, s *blockStore) *Coefficients {
	f := d.frame
	out := &Coefficients{Truncated: d.truncated, Notes: d.notes}
	out.Config = f.config()
	for i := range f.comps {
		c := &f.comps[i]
		p := CoefficientPlane{ID: c.id, H: c.h, V: c.v, BlocksX: c.blocksX, BlocksY: c.blocksY}
		if c.quant != nil {
			p.Quant = *c.quant
		}
		p.Coefs = make([]int16, 0, 64*c.blocksX*c.blocksY)
		for y := range c.blocksY {
			at := y * c.stride
			p.Coefs = append(p.Coefs, s.coefs[i][64*at:64*(at+c.blocksX)]...)
			if s.bits[i] != nil {
				p.Bits = append(p.Bits, s.bits[i][at:at+c.blocksX]...)
			}
		}
		out.Components = append(out.Components, p)
	}
	return out
}

// DecodeEdited decodes a file whose quantized coefficients edit may change before they
// become pixels. Blocks that a damaged or progressive file never got are not smoothed.
func DecodeEdited(data []byte, edit func(*Coefficients)) (*Image, error) {
	d := decoder{data: data}
	store, err := d.decodeStore()
	if err != nil {
		return nil, err
	}
	if len(d.frame.comps) == 2 {
		return nil, fmt.Errorf("jpeg: %w: 2 components, whose meaning no rule gives", ErrUnsupported)
	}
	c := newCoefficients(&d, store)
	edit(c)
	for i := range c.Components {
		store.put(i, &d.frame.comps[i], &c.Components[i])
	}
	d.out = image.NewNRGBA(image.Rect(0, 0, d.frame.width, d.frame.height))
	d.renderAll(store, nil)
	d.noteDamage()
	return &Image{Pix: d.out, Gray: len(d.frame.comps) == 1, Truncated: d.truncated, Notes: d.notes,
		ICC: d.assembleICC(), EXIF: d.exif}, nil
}

// put takes a component's coefficients back.
func (s *blockStore) put(i int, c *component, p *CoefficientPlane) {
	for y := range p.BlocksY {
		at := y * c.stride
		copy(s.coefs[i][64*at:], p.Coefs[64*y*p.BlocksX:64*(y+1)*p.BlocksX])
		for x := range p.BlocksX {
			b, mask := p.Block(x, y), uint64(0)
			for k, natural := range ZigZag {
				if b[natural] != 0 {
					mask |= 1 << k
				}
			}
			s.nonzero[i][at+x] = mask
		}
	}
}
