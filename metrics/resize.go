package metrics

import (
	"context"

	"codecworkbench/codecs/nn/kernel"
)

// halveRows is how many rows of the result one piece of halve makes.
const halveRows = 32

// halve takes the mean of 2x2 samples with stride 2, as pytorch-msssim does: an
// axis of odd length gets a zero in front first, which counts in the mean, so its
// first sample is half of what it was.
func halve(ctx context.Context, p plane) (*samples, error) {
	width, height := p.size()
	padX, padY := width%2, height%2
	out := &samples{width: (width + padX) / 2, height: (height + padY) / 2}
	out.v = make([]float32, out.width*out.height)
	err := kernel.Parallel(ctx, (out.height+halveRows-1)/halveRows, func() func(int) {
		// The zero in front of an odd axis stays in sample 0 of both rows.
		top, bottom := make([]float64, width+padX), make([]float64, width+padX)
		return func(piece int) {
			for y := piece * halveRows; y < min((piece+1)*halveRows, out.height); y++ {
				if 2*y < padY {
					clear(top)
				} else {
					p.read(top[padX:], 0, 2*y-padY)
				}
				p.read(bottom[padX:], 0, 2*y-padY+1)
				row := out.v[y*out.width:][:out.width]
				for x := range row {
					row[x] = float32((top[2*x] + top[2*x+1] + bottom[2*x] + bottom[2*x+1]) / 4)
				}
			}
		}
	})
	return out, err
}

// halvePair halves both planes.
func halvePair(ctx context.Context, p planePair) (planePair, error) {
	ref, err := halve(ctx, p.ref)
	if err != nil {
		return p, err
	}
	dist, err := halve(ctx, p.dist)
	return planePair{ref, dist}, err
}

// shrinkRows is how many rows of the result one piece of shrink makes.
const shrinkRows = 16

// shrink takes the mean of factor x factor samples at every factor-th one, beyond the
// edge those inside in reverse order: what MATLAB's imfilter(p, ones(factor)/factor^2,
// 'symmetric', 'same') gives there. An even box lies one sample further to the right
// and down. It must not reach further than the picture.
func shrink(ctx context.Context, p plane, factor int) (*samples, error) {
	width, height := p.size()
	out := &samples{width: (width + factor - 1) / factor, height: (height + factor - 1) / factor}
	out.v = make([]float32, out.width*out.height)
	before := (factor - 1) / 2
	share := 1 / float64(factor*factor)
	err := kernel.Parallel(ctx, (out.height+shrinkRows-1)/shrinkRows, func() func(int) {
		row := make([]float64, width)
		sums := make([]float64, before+width+factor) // with a border
		inside := sums[before : before+width]
		return func(piece int) {
			for y := piece * shrinkRows; y < min((piece+1)*shrinkRows, out.height); y++ {
				clear(sums)
				for i := range factor {
					p.read(row, 0, reflect(y*factor-before+i, height))
					for x, v := range row {
						inside[x] += v
					}
				}
				for i := range before {
					sums[i] = inside[before-1-i]
				}
				for i := range min(factor, width) {
					sums[before+width+i] = inside[width-1-i]
				}
				for x := range out.width {
					sum := 0.
					for _, v := range sums[x*factor : (x+1)*factor] {
						sum += v
					}
					out.v[y*out.width+x] = float32(sum * share)
				}
			}
		}
	})
	return out, err
}

// shrinkPair shrinks both planes, if there is anything to do.
func shrinkPair(ctx context.Context, p planePair, factor int) (planePair, error) {
	if factor == 1 {
		return p, nil
	}
	ref, err := shrink(ctx, p.ref, factor)
	if err != nil {
		return p, err
	}
	dist, err := shrink(ctx, p.dist, factor)
	return planePair{ref, dist}, err
}

// reflect returns which of n samples stands in for sample i beyond the edge.
func reflect(i, n int) int {
	if i < 0 {
		return -1 - i
	}
	return min(i, 2*n-1-i)
}

// bordered is a plane with so many samples of 0 more on every side.
type bordered struct {
	plane
	border int
}

func (p bordered) size() (int, int) {
	width, height := p.plane.size()
	return width + 2*p.border, height + 2*p.border
}

func (p bordered) read(dst []float64, x, y int) {
	clear(dst)
	width, height := p.plane.size()
	x, y = x-p.border, y-p.border
	first, last := max(0, -x), min(len(dst), width-x)
	if y >= 0 && y < height && first < last {
		p.plane.read(dst[first:last], x+first, y)
	}
}
