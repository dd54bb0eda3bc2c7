package nlpd

import (
	"context"
	"image"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/metrics/internal/luma"
)

// A plane is luma on 0..1, read by parts of rows.
type plane interface {
	size() (width, height int)
	// read fills dst with the samples of row y from column x on.
	read(dst []float32, x, y int)
}

// picturePlane is the luma of a picture.
type picturePlane struct{ img *image.NRGBA }

func (p picturePlane) size() (int, int) { return p.img.Rect.Dx(), p.img.Rect.Dy() }

func (p picturePlane) read(dst []float32, x, y int) {
	luma.Row(luma.Y, dst, p.img, x, y)
	kernel.Scale(dst, dst, 1./255)
}

// samples is a plane in memory, row by row.
type samples struct {
	width, height int
	v             []float32
}

func (p *samples) size() (int, int)             { return p.width, p.height }
func (p *samples) read(dst []float32, x, y int) { copy(dst, p.row(y)[x:]) }
func (p *samples) row(y int) []float32          { return p.v[y*p.width : (y+1)*p.width] }

// The pyramid's low-pass filter of Burt and Adelson with a = 0.4, separable, is
// outer, inner, middle, inner, outer.
const (
	taps                 = 5
	outer, inner, middle = 0.05, 0.25, 0.4
)

// halveRows is how many rows of the result one piece of halve makes.
const halveRows = 16

// halve filters a plane, mirrored at its borders with the edge sample repeated, and
// takes every second sample from the first on.
func halve(ctx context.Context, p plane) (*samples, error) {
	width, height := p.size()
	out := &samples{width: (width + 1) / 2, height: (height + 1) / 2}
	out.v = make([]float32, out.width*out.height)
	pieces := (out.height + halveRows - 1) / halveRows
	err := kernel.Parallel(ctx, pieces, func() func(int) {
		weights := []float32{outer, inner, middle, inner, outer}
		var ring [taps][]float32 // row y is at y%taps
		for i := range ring {
			ring[i] = make([]float32, width)
		}
		rows := make([][]float32, taps)
		column := make([]float32, width+taps-1)
		return func(piece int) {
			y0, y1 := piece*halveRows, min((piece+1)*halveRows, out.height)
			next := max(2*y0-2, 0)
			for y := y0; y < y1; y++ {
				for ; next <= min(2*y+2, height-1); next++ {
					p.read(ring[next%taps], 0, next)
				}
				for k := range rows {
					rows[k] = ring[mirror(2*y-2+k, height)%taps]
				}
				kernel.Blend(column[2:2+width], rows, weights, 0)
				for _, x := range []int{-2, -1, width, width + 1} {
					column[2+x] = column[2+mirror(x, width)]
				}
				decimate(out.row(y), column)
			}
		}
	})
	return out, err
}

// mirror returns the sample that stands for sample i of n, at most n beyond them.
func mirror(i, n int) int {
	switch {
	case n == 1:
		return 0
	case i < 0:
		return -1 - i
	case i >= n:
		return 2*n - 1 - i
	}
	return i
}

// decimate writes to dst[i] the weighted sum of src[2i:2i+taps].
func decimate(dst, src []float32) {
	for i := range dst {
		s := (*[taps]float32)(src[2*i:])
		dst[i] = outer*(s[0]+s[4]) + inner*(s[1]+s[3]) + middle*s[2]
	}
}
