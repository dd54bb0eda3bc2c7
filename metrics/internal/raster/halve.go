package raster

import (
	"context"

	"codecworkbench/codecs/nn/kernel"
)

// Planes is an RGB in memory.
type Planes struct {
	Width, Height int
	Pix           [3][]float32 // row by row
}

// Size implements RGB.
func (p *Planes) Size() (width, height int) { return p.Width, p.Height }

// Read implements RGB.
func (p *Planes) Read(dst *[3][]float32, x, y int) {
	for c, row := range dst {
		copy(row, p.Pix[c][y*p.Width+x:(y+1)*p.Width])
	}
}

// halveRows is how many rows of the result one piece of Halve makes.
const halveRows = 16

// Halve takes the means of 2x2 pixels; at the edge of an odd side, of the one or two
// that there are. The result's sides are half, rounded up.
func Halve(ctx context.Context, src RGB) (*Planes, error) {
	width, height := src.Size()
	out := &Planes{Width: (width + 1) / 2, Height: (height + 1) / 2}
	for c := range out.Pix {
		out.Pix[c] = make([]float32, out.Width*out.Height)
	}
	err := kernel.Parallel(ctx, (out.Height+halveRows-1)/halveRows, func() func(int) {
		var upper, lower, whole [3][]float32 // whole: the row with its last pixel twice
		for c := range 3 {
			whole[c] = make([]float32, 2*out.Width)
			upper[c], lower[c] = whole[c][:width], make([]float32, width)
		}
		return func(piece int) {
			for y := piece * halveRows; y < min((piece+1)*halveRows, out.Height); y++ {
				src.Read(&upper, 0, 2*y)
				src.Read(&lower, 0, min(2*y+1, height-1))
				for c := range 3 {
					kernel.Add(upper[c], upper[c], lower[c])
					whole[c][len(whole[c])-1] = upper[c][width-1]
					halveRow(out.Pix[c][y*out.Width:][:out.Width], whole[c])
				}
			}
		}
	})
	return out, err
}

// halveRow takes the means of two and two sums of two pixels.
func halveRow(dst, sums []float32) {
	sums = sums[:2*len(dst)]
	for i := range dst {
		two := sums[2*i : 2*i+2 : 2*i+2]
		dst[i] = 0.25 * (two[0] + two[1])
	}
}
