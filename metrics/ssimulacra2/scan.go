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
// on the picture alone, not on the machine.
const (
	tileWidth  = 512
	tileHeight = 128
	rowLength  = tileWidth + 2*radius
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

// errors are the terms of one channel along a row; nil those that were not asked for.
type rowErrors [terms][]float32

// scale is one scale of a comparison.
type scale struct {
	ref, dist raster.RGB
	need      [channels][terms]bool
}

func (s *scale) tiles() (columns, lines int) {
	width, height := s.ref.Size()
	return (width + tileWidth - 1) / tileWidth, (height + tileHeight - 1) / tileHeight
}

// scan computes the terms that are needed and hands them out by channel and row, tile by
// tile: e[t][i] belongs to pixel (x+i, y). use is called from several goroutines, but
// from one at a time for a given tile; e is valid during the call alone.
func (s *scale) scan(ctx context.Context, use func(tile, channel, x, y int, e *rowErrors)) error {
	width, height := s.ref.Size()
	columns, lines := s.tiles()
	return kernel.Parallel(ctx, columns*lines, func() func(int) {
		w := newWorker(s)
		return func(tile int) {
			column, line := tile%columns, tile/columns
			x0, x1 := width*column/columns, width*(column+1)/columns
			y0, y1 := height*line/lines, height*(line+1)/lines
			for y := y0 - radius; y < y1+radius; y++ {
				w.read(x0-radius, y, x1-x0+2*radius)
				if y < y0+radius {
					continue
				}
				for c, need := range s.need {
					if e, any := w.compare(c, need, y-radius, x1-x0); any {
						use(tile, c, x0, y-radius, e)
					}
				}
			}
		}
	})
}

// A worker holds one goroutine's scratch memory (about 300 KB).
type worker struct {
	*scale
	// ring holds the last rows of every channel's moments, row y at y modulo taps.
	ring [channels][moments][taps][]float32
	rows [taps][]float32 // a column of the ring, oldest first
	rgb  [2][3][]float32
	tmp  [6][]float32
	// blurred are the moments around one row.
	blurred [moments][]float32
	errors  rowErrors
}

func newWorker(s *scale) *worker {
	w := &worker{scale: s}
	n := channels*int(moments)*taps + 2*3 + len(w.tmp) + int(moments) + int(terms)
	memory := make([]float32, n*rowLength)
	next := func() []float32 {
		row := memory[:rowLength:rowLength]
		memory = memory[rowLength:]
		return row
	}
	for c := range w.ring {
		for m := range w.ring[c] {
			for k := range w.ring[c][m] {
				w.ring[c][m][k] = next()
			}
		}
	}
	for c := range 3 {
		w.rgb[0][c], w.rgb[1][c] = next(), next()
	}
	for _, rows := range [][][]float32{w.tmp[:], w.blurred[:], w.errors[:]} {
		for i := range rows {
			rows[i] = next()
		}
	}
	return w
}

// slot is where the ring keeps a row, from -radius on.
func slot(y int) int { return (y + taps) % taps }

// read puts row y, n pixels from column x on, into the ring: XYB of both pictures and
// what is blurred besides; zeros outside the pictures.
func (w *worker) read(x, y, n int) {
	width, height := w.ref.Size()
	left := max(-x, 0)
	right := min(width-x, n)
	for picture, src := range []raster.RGB{w.ref, w.dist} {
		var dst, rgb [3][]float32
		for c := range dst {
			whole := w.ring[c][picture][slot(y)][:n]
			if y < 0 || y >= height {
				clear(whole)
			} else {
				clear(whole[:left])
				clear(whole[right:])
			}
			dst[c], rgb[c] = whole[left:right], w.rgb[picture][c][:right-left]
		}
		if y >= 0 && y < height {
			src.Read(&rgb, x+left, y)
			xyb(&dst, &rgb, (*[3][]float32)(w.tmp[:]))
		}
	}
	for c := range w.ring {
		if !w.need[c][ssimTerm] {
			continue
		}
		ref, dist := w.ring[c][refMoment][slot(y)][:n], w.ring[c][distMoment][slot(y)][:n]
		differ, square := w.ring[c][differMoment][slot(y)][:n], w.ring[c][squareMoment][slot(y)][:n]
		kernel.Sub(differ, ref, dist)
		kernel.Square(differ, differ)
		kernel.Square(square, ref)
		kernel.MulAdd(square, dist, dist)
	}
}

// compare computes the terms of a channel along row y of the tile, of n pixels; false
// if none is needed.
func (w *worker) compare(c int, need [terms]bool, y, n int) (*rowErrors, bool) {
	edges := need[artifactTerm] || need[lostTerm]
	if !edges && !need[ssimTerm] {
		return nil, false
	}
	e := &rowErrors{}
	w.blur(c, refMoment, y, n)
	w.blur(c, distMoment, y, n)
	if edges {
		all := w.edges(c, y, n)
		if need[artifactTerm] {
			e[artifactTerm] = w.errors[artifactTerm][:n]
			kernel.AtLeast(e[artifactTerm], all, 0)
		}
		if need[lostTerm] {
			e[lostTerm] = w.errors[lostTerm][:n]
			kernel.AtMost(e[lostTerm], all, 0)
			kernel.Abs(e[lostTerm], e[lostTerm])
		}
	}
	if need[ssimTerm] {
		w.blur(c, differMoment, y, n)
		w.blur(c, squareMoment, y, n)
		e[ssimTerm] = w.structure(n)
	}
	return e, true
}

// blur computes one moment around row y.
func (w *worker) blur(c int, m moment, y, n int) {
	for k := range w.rows {
		w.rows[k] = w.ring[c][m][slot(y-radius+k)]
	}
	column := w.tmp[0][:n+2*radius]
	kernel.Blend(column, w.rows[:], blur, 0)
	for k := range w.rows {
		w.rows[k] = column[k:]
	}
	w.blurred[m] = w.blurred[m][:n]
	kernel.Blend(w.blurred[m], w.rows[:], blur, 0)
}

// edges compares how far pixels stand out from their surroundings: with r and d their
// distances from the mean there, (1+d)/(1+r) - 1, above 0 for what the distorted picture
// has more of. It reads the blurred pictures.
func (w *worker) edges(c, y, n int) []float32 {
	at := slot(y)
	r, d := w.tmp[0][:n], w.tmp[1][:n]
	kernel.Sub(r, w.ring[c][refMoment][at][radius:], w.blurred[refMoment])
	kernel.Abs(r, r)
	kernel.Sub(d, w.ring[c][distMoment][at][radius:], w.blurred[distMoment])
	kernel.Abs(d, d)
	kernel.Sub(d, d, r)
	kernel.Offset(r, r, 1)
	kernel.Div(d, d, r)
	return d
}

// structure is 1 - SSIM where that is above 0, with the squared difference of the means,
// q, in the place of SSIM's luminance term:
//
//	1 - (1-q) (2 cov + c2) / (var + c2) = q + u - q u  with  u = (var - 2 cov) / (var + c2)
//
// where var is the sum of both variances. var - 2 cov is the variance of the difference,
// which is computed as such: nothing cancels where the pictures are nearly the same. It
// reads and overwrites what is blurred.
func (w *worker) structure(n int) []float32 {
	ref, dist, u := w.blurred[refMoment], w.blurred[distMoment], w.blurred[differMoment]
	q, below, out := w.tmp[0][:n], w.tmp[1][:n], w.errors[ssimTerm][:n]
	kernel.Sub(q, ref, dist)
	kernel.Square(q, q)
	kernel.Square(ref, ref)
	kernel.Square(dist, dist)
	kernel.Blend(below, [][]float32{w.blurred[squareMoment], ref, dist}, []float32{1, -1, -1}, c2)
	kernel.Sub(u, u, q)
	kernel.Div(u, u, below)
	kernel.Mul(below, q, u)
	kernel.Blend(out, [][]float32{q, u, below}, []float32{1, 1, -1}, 0)
	kernel.AtLeast(out, out, 0)
	return out
}
