package jpeg

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
