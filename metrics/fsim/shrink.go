package fsim

import (
	"context"
	"image"
	"math"

	"codecworkbench/codecs/nn/kernel"
)

// usualSide is the smaller side that pictures are shrunk to, about.
const usualSide = 256

// grid is how a picture is shrunk: sample i is the mean over step pixels from
// i*step-before on, where those beyond the picture count as zeros.
type grid struct{ step, before, width, height int }

func newGrid(width, height int) grid {
	step := max(int(math.Round(float64(min(width, height))/usualSide)), 1)
	return grid{step, (step - 1) / 2, (width + step - 1) / step, (height + step - 1) / step}
}

// planes are a shrunk picture's brightness and colour differences in YIQ, for R, G
// and B on 0..255, row by row.
type planes struct {
	grid
	y, i, q []float64
}

// shrink sums R, G and B in integers and converts the means.
func shrink(ctx context.Context, img *image.NRGBA, g grid) (*planes, error) {
	n := g.width * g.height
	p := &planes{g, make([]float64, n), make([]float64, n), make([]float64, n)}
	err := kernel.Parallel(ctx, g.height, func() func(int) {
		sums := make([][3]uint32, g.width)
		return func(row int) {
			clear(sums)
			top := row*g.step - g.before
			for y := max(top, 0); y < min(top+g.step, img.Rect.Dy()); y++ {
				g.sum(sums, img.Pix[y*img.Stride:][:4*img.Rect.Dx()])
			}
			p.convert(row, sums)
		}
	})
	return p, err
}

// sum adds a row of pixels to the sums of the samples that they belong to.
func (g grid) sum(sums [][3]uint32, pix []uint8) {
	for i := range sums {
		left := i*g.step - g.before
		var r, green, b uint32
		for px := pix[4*max(left, 0) : min(4*(left+g.step), len(pix))]; len(px) >= 4; px = px[4:] {
			r += uint32(px[0])
			green += uint32(px[1])
			b += uint32(px[2])
		}
		sums[i][0] += r
		sums[i][1] += green
		sums[i][2] += b
	}
}

// convert turns sums of R, G and B into a row of the planes.
func (p *planes) convert(row int, sums [][3]uint32) {
	area := float64(p.step * p.step)
	for x, s := range sums {
		r, g, b := float64(s[0])/area, float64(s[1])/area, float64(s[2])/area
		at := row*p.width + x
		p.y[at] = 0.299*r + 0.587*g + 0.114*b
		p.i[at] = 0.596*r - 0.274*g - 0.322*b
		p.q[at] = 0.211*r - 0.523*g + 0.312*b
	}
}

// flat reports whether Y is the same everywhere.
func (p *planes) flat() bool {
	for _, v := range p.y {
		if v != p.y[0] {
			return false
		}
	}
	return true
}
