package vif

import (
	"context"
	"image"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/metrics/internal/luma"
	"codecworkbench/metrics/internal/raster"
)

// A plane is one channel of a picture, on 0..255, read by parts of rows.
type plane interface {
	size() (width, height int)
	// read fills dst with the samples of row y from column x on.
	read(dst []float64, x, y int)
}

// picturePlane is the luma of a picture.
type picturePlane struct {
	img  *image.NRGBA
	kind luma.Kind
}

func (p picturePlane) size() (int, int)             { return p.img.Rect.Dx(), p.img.Rect.Dy() }
func (p picturePlane) read(dst []float64, x, y int) { luma.Row(p.kind, dst, p.img, x, y) }

// samples is a plane in memory, row by row.
type samples struct {
	width, height int
	v             []float64
}

func (p *samples) size() (int, int)             { return p.width, p.height }
func (p *samples) read(dst []float64, x, y int) { copy(dst, p.v[y*p.width+x:]) }

// A window is a separable Gaussian whose weights sum to 1.
type window struct {
	size, radius int
	centre       float64
	// sides are the weights from the edge towards the centre, filled up with zeros
	// to a multiple of sidesAtOnce.
	sides []float64
}

const sidesAtOnce = 4

// newWindow returns the window of an odd side, with a sigma of a fifth of it.
func newWindow(size int) *window {
	w := &window{size: size, radius: size / 2}
	weights := raster.Gaussian(float64(size)/5, w.radius)
	w.sides, w.centre = weights[:w.radius:w.radius], weights[w.radius]
	for len(w.sides)%sidesAtOnce != 0 {
		w.sides = append(w.sides, 0)
	}
	return w
}

// blend writes to dst[i] the weighted sum of rows[0][i], rows[1][i] ... of which
// there are as many as the window's side: shifted views of a row, or rows below one
// another.
func (w *window) blend(dst []float64, rows [][]float64) {
	n := len(dst)
	side := func(k int) (weight float64, before, after []float64) {
		if k >= w.radius { // of weight 0
			return 0, rows[w.radius][:n], rows[w.radius][:n]
		}
		return w.sides[k], rows[k][:n], rows[w.size-1-k][:n]
	}
	for k := 0; k < len(w.sides); k += sidesAtOnce {
		w0, a0, b0 := side(k)
		w1, a1, b1 := side(k + 1)
		w2, a2, b2 := side(k + 2)
		w3, a3, b3 := side(k + 3)
		if k == 0 {
			centre := rows[w.radius][:n]
			for i := range dst {
				dst[i] = w.centre*centre[i] + w0*(a0[i]+b0[i]) + w1*(a1[i]+b1[i]) + w2*(a2[i]+b2[i]) + w3*(a3[i]+b3[i])
			}
			continue
		}
		for i := range dst {
			dst[i] += w0*(a0[i]+b0[i]) + w1*(a1[i]+b1[i]) + w2*(a2[i]+b2[i]) + w3*(a3[i]+b3[i])
		}
	}
}

// decimate writes to dst[i] the weighted sum of src[2i:2i+size].
func (w *window) decimate(dst, src []float64) {
	for i := range dst {
		s := src[2*i : 2*i+w.size]
		sum := w.centre * s[w.radius]
		for k, last := 0, w.size-1; k < w.radius; k++ {
			sum += w.sides[k] * (s[k] + s[last-k])
		}
		dst[i] = sum
	}
}

// halveRows is how many rows of the result one piece of halve makes.
const halveRows = 16

// halve filters a plane where the whole window lies inside it and takes every
// second sample.
func halve(ctx context.Context, p plane, w *window) (plane, error) {
	width, height := p.size()
	out := &samples{width: (width-w.size)/2 + 1, height: (height-w.size)/2 + 1}
	out.v = make([]float64, out.width*out.height)
	pieces := (out.height + halveRows - 1) / halveRows
	err := kernel.Parallel(ctx, pieces, func() func(int) {
		source := make([]float64, width)
		ring := newRing(w.size, out.width)
		return func(piece int) {
			y0 := piece * halveRows
			y1 := min(y0+halveRows, out.height)
			for y := 2 * y0; y < 2*(y1-1)+w.size; y++ {
				p.read(source, 0, y)
				w.decimate(ring.next(), source)
				if top := y - w.size + 1; top >= 2*y0 && top%2 == 0 {
					w.blend(out.v[top/2*out.width:][:out.width], ring.rows)
				}
			}
		}
	})
	return out, err
}

// ring keeps the last rows of a filter that goes down a picture, oldest first.
type ring struct{ rows [][]float64 }

func newRing(rows, width int) ring {
	r := ring{make([][]float64, rows)}
	for i := range r.rows {
		r.rows[i] = make([]float64, width)
	}
	return r
}

// next drops the oldest row and returns its memory as that of the newest.
func (r ring) next() []float64 {
	oldest := r.rows[0]
	copy(r.rows, r.rows[1:])
	r.rows[len(r.rows)-1] = oldest
	return oldest
}
