package vq

import (
	"codecworkbench/codecs/nn/kernel"
	"context"
)

// surface interpolates a gw x gh grid of means smoothly (Catmull-Rom) to meanSide times
// the size and calls f with every row, from all cores; rows of the same grid row come
// from one goroutine, in order. f must not keep the row.
func surface(ctx context.Context, means []float32, gw, gh int, f func(y int, row []float32)) error {
	w := gw * meanSide
	wide := make([]float32, gh*w) // interpolated along rows only
	err := kernel.Parallel(ctx, gh, func() func(int) {
		return func(y int) { spline(means[y*gw:(y+1)*gw], wide[y*w:(y+1)*w]) }
	})
	if err != nil {
		return err
	}
	at := func(y int) []float32 {
		y = min(max(y, 0), gh-1)
		return wide[y*w : (y+1)*w]
	}
	return kernel.Parallel(ctx, gh, func() func(int) {
		row := make([]float32, w)
		return func(y int) {
			for k := range meanSide {
				first := y - 2 + k/(meanSide/2)
				blendRows(&taps[k], at(first), at(first+1), at(first+2), at(first+3), row)
				f(y*meanSide+k, row)
			}
		}
	})
}

// taps are the weights of the four nearest means for the samples of one block.
var taps = func() (t [meanSide][4]float32) {
	for i := range t {
		// Samples before the block's middle lie between the mean to the left and its own.
		f := (float64(i) + 0.5) / meanSide
		f -= 0.5
		if f < 0 {
			f++
		}
		t[i] = [4]float32{
			float32(-0.5*f + f*f - 0.5*f*f*f),
			float32(1 - 2.5*f*f + 1.5*f*f*f),
			float32(0.5*f + 2*f*f - 1.5*f*f*f),
			float32(-0.5*f*f + 0.5*f*f*f),
		}
	}
	return t
}()

// spline interpolates values to meanSide times as many.
func spline(in, out []float32) {
	at := func(i int) float32 { return in[min(max(i, 0), len(in)-1)] }
	for i := range in {
		a, b, c, d, e := at(i-2), at(i-1), at(i), at(i+1), at(i+2)
		part := out[i*meanSide : (i+1)*meanSide]
		for k := range meanSide / 2 {
			w := &taps[k]
			part[k] = w[0]*a + w[1]*b + w[2]*c + w[3]*d
		}
		for k := meanSide / 2; k < meanSide; k++ {
			w := &taps[k]
			part[k] = w[0]*b + w[1]*c + w[2]*d + w[3]*e
		}
	}
}

// blendRows adds up four rows by weight.
func blendRows(w *[4]float32, a, b, c, d, out []float32) {
	a, b, c, d = a[:len(out)], b[:len(out)], c[:len(out)], d[:len(out)]
	for x := range out {
		out[x] = w[0]*a[x] + w[1]*b[x] + w[2]*c[x] + w[3]*d[x]
	}
}
