package latent

import (
	"context"
	"errors"
	"fmt"

	"codecworkbench/codecs/entropy"
)

// regionPixels is the largest region, in pixels a side.
const regionPixels = 512

// Layout is the geometry of a grid of latents over a picture. The grid ends with the first
// position that covers the picture's last pixels.
type Layout struct {
	Width, Height int // of the picture, in pixels
	Scale         int // pixels that a position covers along each side
	Wide, High    int // of the grid, in positions
}

// NewLayout is the layout of a picture at a scale of 1 or more.
func NewLayout(width, height, scale int) Layout {
	return Layout{width, height, scale, ceilDiv(width, scale), ceilDiv(height, scale)}
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

// Positions is their number.
func (l Layout) Positions() int { return l.Wide * l.High }

// Region is a rectangle of positions that is coded on its own: X0 to X1-1, Y0 to Y1-1.
type Region struct{ X0, Y0, X1, Y1 int }

// Regions divides the grid, row by row, into as few parts of at most 512 pixels a side as
// there can be, all about as large.
func (l Layout) Regions() []Region {
	side := max(regionPixels/l.Scale, 1)
	across, down := ceilDiv(l.Wide, side), ceilDiv(l.High, side)
	out := make([]Region, 0, across*down)
	for j := range down {
		for i := range across {
			out = append(out, Region{l.Wide * i / across, l.High * j / down, l.Wide * (i + 1) / across, l.High * (j + 1) / down})
		}
	}
	return out
}

// RegionRows is the number of rows of all regions, which is what encoders and decoders
// report progress by.
func RegionRows(regions []Region) int {
	n := 0
	for _, r := range regions {
		n += r.Y1 - r.Y0
	}
	return n
}

// Each visits the positions row by row. It ends early if ctx does, or with ErrDamaged if in,
// the decoder that is read from meanwhile, runs out; encoders give nil. After each row,
// tick is called.
func (r Region) Each(ctx context.Context, in *entropy.Decoder, tick func(), visit func(x, y int)) error {
	for y := r.Y0; y < r.Y1; y++ {
		for x := r.X0; x < r.X1; x++ {
			visit(x, y)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if in != nil && in.Overrun() > 0 {
			return fmt.Errorf("%w: a section ends too early", ErrDamaged)
		}
		tick()
	}
	return nil
}

// Whole is the grid as one region, for what is coded in one piece.
func (l Layout) Whole() Region { return Region{0, 0, l.Wide, l.High} }

// ErrDamaged marks a stream that no encoder wrote like that.
var ErrDamaged = errors.New("damaged file")
