package jpeg

import (
	"bytes"
	"fmt"
)

// frame is a parsed frame header with the picture's geometry.
type frame struct {
	width, height int
	precision     int
	progressive   bool
	arithmetic    bool
	comps         []component
	hMax, vMax    int
	mcusX, mcusY  int // of an interleaved scan
}

// component is one colour component of the frame.
type component struct {
	id    byte
	h, v  int // sampling factors, 1..4
	tq    int // quantization table number
	quant *[64]uint16

	width, height    int // samples
	blocksX, blocksY int // blocks that hold samples
	stride, rows     int // blocks, padded to whole MCUs
}

// Widest sampling factor and most components that the format allows in a scan.
const (
	maxSampling   = 4
	maxComponents = 4
)

// newFrame returns a frame of a marker's kind.
func newFrame(m byte) (*frame, error) {
	switch m {
	case mSOF0, mSOF1:
		return &frame{}, nil
	case mSOF2:
		return &frame{progressive: true}, nil
	case mSOF9:
		return &frame{arithmetic: true}, nil
	case mSOFA:
		return &frame{arithmetic: true, progressive: true}, nil
	case 0xC3, 0xCB:
		return nil, fmt.Errorf("%w: lossless (SOF%d); convert it with another program first", ErrUnsupported, m-mSOF0)
	}
	return nil, fmt.Errorf("%w: hierarchical (SOF%d)", ErrUnsupported, m-mSOF0)
}

// parseFrame reads a frame header (T.81 section B.2.2). The height may still be 0:
// resolveHeight settles it.
func parseFrame(m byte, b []byte) (*frame, error) {
	f, err := newFrame(m)
	if err != nil {
		return nil, err
	}
	if len(b) < 6 {
		return nil, fmt.Errorf("%w: short frame header", ErrDamaged)
	}
	f.precision = int(b[0])
	f.height = int(b[1])<<8 | int(b[2])
	f.width = int(b[3])<<8 | int(b[4])
	n := int(b[5])
	switch {
	case f.precision != 8 && f.precision != 12:
		return nil, fmt.Errorf("%w: %d bits a sample; 8 and 12 are read", ErrUnsupported, f.precision)
	case n < 1 || n > maxComponents:
		return nil, fmt.Errorf("%w: %d components; at most %d are read", ErrUnsupported, n, maxComponents)
	case len(b) < 6+3*n:
		return nil, fmt.Errorf("%w: short frame header", ErrDamaged)
	case f.width == 0:
		return nil, fmt.Errorf("%w: the width is 0", ErrDamaged)
	}
	f.comps = make([]component, n)
	for i := range f.comps {
		c := &f.comps[i]
		if err := c.parse(b[6+3*i:]); err != nil {
			return nil, err
		}
		if n == 1 {
			c.h, c.v = 1, 1 // sampling is relative: a lone component has none
		}
		f.hMax, f.vMax = max(f.hMax, c.h), max(f.vMax, c.v)
	}
	return f, f.checkSize()
}

func (c *component) parse(b []byte) error {
	c.id, c.h, c.v, c.tq = b[0], int(b[1]>>4), int(b[1]&15), int(b[2])
	if c.h < 1 || c.h > maxSampling || c.v < 1 || c.v > maxSampling {
		return fmt.Errorf("%w: sampling factors %d x %d, the format has 1 to 4", ErrDamaged, c.h, c.v)
	}
	if c.tq > 3 {
		return fmt.Errorf("%w: quantization table number %d, the format ends at 3", ErrDamaged, c.tq)
	}
	return nil
}

func (f *frame) config() Config {
	return Config{Width: f.width, Height: f.height, Components: len(f.comps),
		Progressive: f.progressive, Arithmetic: f.arithmetic, Precision: f.precision}
}

func (f *frame) checkSize() error {
	if f.width > MaxSide || f.height > MaxSide || int64(f.width)*int64(f.height) > MaxPixels {
		return fmt.Errorf("%w: %d x %d pixels; at most %d a side and %d megapixels are read",
			ErrTooLarge, f.width, f.height, MaxSide, MaxPixels/1_000_000)
	}
	return nil
}

// resolveHeight finds the height of a frame that leaves it to a DNL segment
// behind the first scan (T.81 section B.2.5), and lays the frame out. rest
// starts at the first scan header.
func (f *frame) resolveHeight(rest []byte) error {
	if f.height == 0 {
		// Entropy-coded data can't hold these four bytes: a 0xFF in it is followed by 0.
		i := bytes.Index(rest, []byte{0xFF, mDNL, 0, 4})
		if i < 0 || len(rest) < i+6 {
			return fmt.Errorf("%w: the height is 0 and no DNL segment gives it", ErrDamaged)
		}
		f.height = int(rest[i+4])<<8 | int(rest[i+5])
		if f.height == 0 {
			return fmt.Errorf("%w: the height is 0", ErrDamaged)
		}
		if err := f.checkSize(); err != nil {
			return err
		}
	}
	f.layOut()
	return nil
}

// layOut computes the geometry from size and sampling factors.
func (f *frame) layOut() {
	f.mcusX = ceilDiv(f.width, 8*f.hMax)
	f.mcusY = ceilDiv(f.height, 8*f.vMax)
	for i := range f.comps {
		c := &f.comps[i]
		c.width = ceilDiv(f.width*c.h, f.hMax)
		c.height = ceilDiv(f.height*c.v, f.vMax)
		c.blocksX, c.blocksY = ceilDiv(c.width, 8), ceilDiv(c.height, 8)
		c.stride, c.rows = f.mcusX*c.h, f.mcusY*c.v
	}
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }
