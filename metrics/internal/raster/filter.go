package raster

import (
	"math"

	"codecworkbench/codecs/nn/kernel"
)

// Border says what a filter takes for samples beyond the edge of the picture.
type Border int

const (
	Renormalized Border = iota // nothing: the weights of the samples that exist are scaled to the sum of all
	Mirror                     // the samples inside in reverse order, the one at the edge first
)

// mirror returns which of n samples stands in for sample i, which may lie outside.
func mirror(i, n int) int {
	if i %= 2 * n; i < 0 {
		i += 2 * n
	}
	return min(i, 2*n-1-i)
}

// Gaussian returns the 2*radius + 1 weights exp(-i*i / (2 sigma^2)), scaled to sum to 1.
func Gaussian(sigma float64, radius int) []float64 {
	w := make([]float64, 2*radius+1)
	sum := 0.
	for k := range w {
		i := float64(k - radius)
		w[k] = math.Exp(-i * i / (2 * sigma * sigma))
		sum += w[k]
	}
	for k := range w {
		w[k] /= sum
	}
	return w
}

// Filter is one axis of a separable filter: result i is the sum over k of weight k times
// sample i + k - Radius. It has scratch memory, so that every worker needs its own.
type Filter struct {
	weights []float32
	border  Border
	// Of Column where some rows do not exist: those that do, and their weights.
	rows    [][]float32
	partial []float32
	// Of Row, for rows of one length: a row with what stands in for samples beyond its
	// ends, the views of it that begin one sample later each, and what the first and the
	// last results are scaled by.
	padded      []float32
	views       [][]float32
	first, last []float32
}

// NewFilter makes a filter of an odd number of weights.
func NewFilter(weights []float64, border Border) *Filter {
	f := &Filter{border: border, rows: make([][]float32, len(weights)), partial: make([]float32, len(weights))}
	for _, w := range weights {
		f.weights = append(f.weights, float32(w))
	}
	return f
}

// Radius is how far the filter reaches to either side.
func (f *Filter) Radius() int { return len(f.weights) / 2 }

// fit prepares for rows of n samples.
func (f *Filter) fit(n int) {
	r := f.Radius()
	if len(f.padded) == n+2*r {
		return
	}
	f.padded = make([]float32, n+2*r)
	f.views = Shifts(f.padded, len(f.weights))
	f.first, f.last = f.first[:0], f.last[:0]
	if f.border == Renormalized {
		for i := range min(r, n) {
			f.first = append(f.first, f.share(i, n))
		}
		for i := max(n-r, len(f.first)); i < n; i++ {
			f.last = append(f.last, f.share(i, n))
		}
	}
}

// Row filters along a row that begins and ends with the picture. dst has its length.
func (f *Filter) Row(dst, src []float32) {
	n, r := len(dst), f.Radius()
	f.fit(n)
	copy(f.padded[r:], src[:n])
	if f.border == Mirror {
		for i := range r {
			f.padded[i], f.padded[r+n+i] = src[mirror(i-r, n)], src[mirror(n+i, n)]
		}
	}
	kernel.Blend(dst, f.views, f.weights, 0)
	for i, share := range f.first {
		dst[i] *= share
	}
	for i, share := range f.last {
		dst[n-len(f.last)+i] *= share
	}
}

// Column filters down the columns: dst is row y of the result for a picture of that
// height, of which the ring has the rows that exist from y-Radius to y+Radius. They are at
// least as long as dst and do not overlap it.
func (f *Filter) Column(dst []float32, y, height int, rows *Ring) {
	r := f.Radius()
	if y >= r && y+r < height {
		kernel.Blend(dst, rows.Around(y, r), f.weights, 0)
		return
	}
	share := float32(1)
	if f.border == Renormalized {
		share = f.share(y, height)
	}
	n := 0
	for k, w := range f.weights {
		i := y + k - r
		if i < 0 || i >= height {
			if f.border == Renormalized {
				continue
			}
			i = mirror(i, height)
		}
		f.rows[n], f.partial[n] = rows.Row(i), w*share
		n++
	}
	kernel.Blend(dst, f.rows[:n], f.partial[:n], 0)
}

// share is what result i of n is scaled by, because some of its weights fall outside.
func (f *Filter) share(i, n int) float32 {
	r := f.Radius()
	return sum(f.weights) / sum(f.weights[max(r-i, 0):min(r+n-i, len(f.weights))])
}

func sum(weights []float32) float32 {
	total := float32(0)
	for _, w := range weights {
		total += w
	}
	return total
}
