package ssimulacra2

import (
	"context"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/metrics/internal/raster"
)

// The blur's kernel, a Gaussian of sigma 1.5 made of three cosines (Charalampidis,
// Recursive Implementation of the Gaussian Filter Using Truncated Cosine Functions, IEEE
// TSP 2016). Outside the picture there are zeros, and what they take is not made up for.
var blur = []float32{
	0.0094143678, 0.0360111147, 0.1093353728, 0.2129285920, 0.2646211055,
	0.2129285920, 0.1093353728, 0.0360111147, 0.0094143678,
}

const (
	taps   = 9
	radius = taps / 2
)

// Work is done in tiles, whose intermediate rows fit into the second-level cache. They
// also are the pieces of the parallel work and of the sums, so that the result depends
// on the picture alone, not on the machine. With its surroundings, a row is whole blocks
// of kernel.Blend's.
const (
	rowLength  = 512
	tileWidth  = rowLength - 2*radius
	tileHeight = 128
)

// c2 keeps SSIM's quotient from 0/0.
const c2 = 0.0009

// A plane that is blurred.
type moment int

const (
	refMoment    moment = iota
	distMoment          // the distorted picture
	differMoment        // the square of their difference
	squareMoment        // the sum of their squares
	moments
)

// rowErrors are the terms of one channel along a row; nil those that are not needed.
type rowErrors [terms][]float32

// scale is one scale of a comparison.
type scale struct {
	ref, dist raster.RGB
	rows      [channels]int // of weights
	need      [channels][terms]bool
}

func (s *scale) tiles() (columns, lines int) {
	width, height := s.ref.Size()
	return (width + tileWidth - 1) / tileWidth, (height + tileHeight - 1) / tileHeight
}

// scan computes the terms that are needed and hands them out by channel and row, tile by
// tile: e[t][i] belongs to pixel (x+i, y). use is called from several goroutines, but
// from one at a time for a given tile; e is valid during the call and may be changed.
func (s *scale) scan(ctx context.Context, use func(tile, channel, x, y int, e *rowErrors)) error {
	width, height := s.ref.Size()
	columns, lines := s.tiles()
	return kernel.Parallel(ctx, columns*lines, func() func(int) {
		w := newWorker(s)
		return func(tile int) {
			x0, y0 := tile%columns*tileWidth, tile/columns*tileHeight
			n, y1 := min(tileWidth, width-x0), min(y0+tileHeight, height)
			for y := y0 - radius; y < y1+radius; y++ {
				w.read(x0-radius, y, n+2*radius)
				if y < y0+radius {
					continue
				}
				for c := range s.need {
					if w.compare(c, y-radius, n) {
						use(tile, c, x0, y-radius, &w.errors)
					}
				}
			}
		}
	})
}

// A worker holds one goroutine's scratch memory (about 250 KB).
type worker struct {
	*scale
	rings    [channels][moments]*raster.Ring // the last rows; nil what is not needed
	rgb, xyb [3][]float32                    // of the part of a row that lies in the picture
	tmp      [3][]float32
	blurred  [moments][]float32 // around one row
	column   []float32          // blurred down the columns alone
	along    [][]float32        // the same, as the filter along the row takes it
	memory   [terms][]float32   // of errors
	errors   rowErrors
}

func newWorker(s *scale) *worker {
	w := &worker{scale: s, column: make([]float32, rowLength)}
	w.along = raster.Shifts(w.column, taps)
	for c := range w.rings {
		for m := range w.rings[c] {
			if moment(m) < differMoment || s.need[c][ssimTerm] {
				w.rings[c][m] = raster.NewRing(taps, rowLength)
			}
		}
	}
	for _, rows := range [][][]float32{w.rgb[:], w.tmp[:], w.blurred[:], w.memory[:]} {
		for i := range rows {
			rows[i] = make([]float32, rowLength)
		}
	}
	return w
}

// read puts row y, n pixels from column x on, into the rings: XYB of both pictures and
// what is blurred besides; zeros outside the pictures.
func (w *worker) read(x, y, n int) {
	width, height := w.ref.Size()
	left, right := max(-x, 0), min(width-x, n)
	if y < 0 || y >= height {
		left, right = n, n
	}
	for picture, src := range [2]raster.RGB{w.ref, w.dist} {
		for c := range w.rgb {
			whole := w.rings[c][picture].Row(y)[:n]
			clear(whole[:left])
			clear(whole[right:])
			w.xyb[c], w.rgb[c] = whole[left:right], w.rgb[c][:right-left]
		}
		if left < right {
			src.Read(&w.rgb, x+left, y)
			xyb(&w.xyb, &w.rgb, &w.tmp)
		}
	}
	for c := range w.rings {
		if !w.need[c][ssimTerm] {
			continue
		}
		ref, dist := w.rings[c][refMoment].Row(y)[:n], w.rings[c][distMoment].Row(y)[:n]
		differ, square := w.rings[c][differMoment].Row(y)[:n], w.rings[c][squareMoment].Row(y)[:n]
		kernel.Sub(differ, ref, dist)
		kernel.Square(differ, differ)
		kernel.Square(square, ref)
		kernel.MulAdd(square, dist, dist)
	}
}

// compare computes the terms of a channel along row y of the tile, of n pixels; false
// if none is needed.
func (w *worker) compare(c, y, n int) bool {
	need := w.need[c]
	edges := need[artifactTerm] || need[lostTerm]
	if !edges && !need[ssimTerm] {
		return false
	}
	for t := range w.errors {
		w.errors[t] = nil
		if need[t] {
			w.errors[t] = w.memory[t][:n]
		}
	}
	w.blur(c, refMoment, y, n)
	w.blur(c, distMoment, y, n)
	if edges {
		w.edges(c, y, n)
	}
	if need[ssimTerm] {
		w.blur(c, differMoment, y, n)
		w.blur(c, squareMoment, y, n)
		w.structure(n)
	}
	return true
}

// blur computes one moment around row y.
func (w *worker) blur(c int, m moment, y, n int) {
	w.blurred[m] = w.blurred[m][:n]
	kernel.Blend(w.column[:n+2*radius], w.rings[c][m].Around(y, radius), blur, 0)
	kernel.Blend(w.blurred[m], w.along, blur, 0)
}

// edges compares how far pixels stand out from their surroundings: with r and d their
// distances from the mean there, (1+d)/(1+r) - 1 is above 0 for what the distorted
// picture has more of, below 0 for what it has lost.
func (w *worker) edges(c, y, n int) {
	r, d := w.tmp[0][:n], w.tmp[1][:n]
	kernel.Sub(r, w.rings[c][refMoment].Row(y)[radius:], w.blurred[refMoment])
	kernel.Abs(r, r)
	kernel.Sub(d, w.rings[c][distMoment].Row(y)[radius:], w.blurred[distMoment])
	kernel.Abs(d, d)
	kernel.Sub(d, d, r)
	kernel.Offset(r, r, 1)
	kernel.Div(d, d, r)
	if e := w.errors[artifactTerm]; e != nil {
		kernel.AtLeast(e, d, 0)
	}
	if e := w.errors[lostTerm]; e != nil {
		kernel.AtMost(e, d, 0)
		kernel.Abs(e, e)
	}
}

// structure is 1 - SSIM where that is above 0, with the squared difference of the means,
// q, in the place of SSIM's luminance term:
//
//	1 - (1-q) (2 cov + c2) / (var + c2) = q + u - q u  with  u = (var - 2 cov) / (var + c2)
//
// where var is the sum of both variances. var - 2 cov is the variance of the difference,
// which is computed as such: nothing cancels where the pictures are nearly the same. It
// overwrites what is blurred.
func (w *worker) structure(n int) {
	ref, dist, u := w.blurred[refMoment], w.blurred[distMoment], w.blurred[differMoment]
	q, below, out := w.tmp[0][:n], w.tmp[1][:n], w.errors[ssimTerm]
	kernel.Sub(q, ref, dist)
	kernel.Square(q, q)
	kernel.Sub(u, u, q)
	kernel.Square(ref, ref)
	kernel.Square(dist, dist)
	kernel.Add(ref, ref, dist)
	kernel.Sub(below, w.blurred[squareMoment], ref)
	kernel.Offset(below, below, c2)
	kernel.Div(u, u, below)
	kernel.Add(out, q, u)
	kernel.Mul(q, q, u)
	kernel.Sub(out, out, q)
	kernel.AtLeast(out, out, 0)
}
