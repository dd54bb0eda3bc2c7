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

// box is the weights of a mean of n samples.
func box(n int) []float64 {
	w := make([]float64, n)
	for i := range w {
		w[i] = 1 / float64(n)
	}
	return w
}

// shrinkRows is how many rows of the result one piece of shrink makes.
const shrinkRows = 16

// shrink filters with separable weights at every step-th sample; beyond the edge lie the
// samples inside in reverse order: what MATLAB's imfilter(p, w'*w, 'symmetric', 'same')
// gives there for symmetric weights. An even number of weights reaches one sample
// further to the right and down. They must not reach further than the picture.
func shrink(ctx context.Context, p plane, weights []float64, step int) (*samples, error) {
	width, height := p.size()
	out := &samples{width: (width + step - 1) / step, height: (height + step - 1) / step}
	out.v = make([]float32, out.width*out.height)
	before := (len(weights) - 1) / 2
	err := kernel.Parallel(ctx, (out.height+shrinkRows-1)/shrinkRows, func() func(int) {
		row := make([]float64, width)
		sums := make([]float64, before+width+len(weights)) // with a border
		inside := sums[before : before+width]
		return func(piece int) {
			for y := piece * shrinkRows; y < min((piece+1)*shrinkRows, out.height); y++ {
				clear(inside)
				for i, w := range weights {
					p.read(row, 0, reflect(y*step-before+i, height))
					for x, v := range row {
						inside[x] += w * v
					}
				}
				for i := range before {
					sums[i] = inside[before-1-i]
				}
				for i := range min(len(weights), width) {
					sums[before+width+i] = inside[width-1-i]
				}
				for x := range out.width {
					sum, from := 0., sums[x*step:][:len(weights)]
					for i, w := range weights {
						sum += w * from[i]
					}
					out.v[y*out.width+x] = float32(sum)
				}
			}
		}
	})
	return out, err
}

// shrinkPair shrinks both planes, if there is anything to do.
func shrinkPair(ctx context.Context, p planePair, weights []float64, step int) (planePair, error) {
	if step == 1 {
		return p, nil
	}
	ref, err := shrink(ctx, p.ref, weights, step)
	if err != nil {
		return p, err
	}
	dist, err := shrink(ctx, p.dist, weights, step)
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
