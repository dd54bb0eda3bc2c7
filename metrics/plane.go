package metrics

import (
	"context"
	"image"

	"codecworkbench/metrics/internal/luma"

	"codecworkbench/codecs/nn/kernel"
)

// A plane is one channel of a picture, read a row at a time so that no metric
// needs a floating-point copy of a whole large picture. Samples are on 0..255.
type plane interface {
	size() (width, height int)
	// read fills dst with the samples of row y from column x on.
	read(dst []float64, x, y int)
}

// channel is R, G or B (0, 1, 2) of a picture.
type channel struct {
	img *image.NRGBA
	c   int
}

func (p channel) size() (int, int) { return p.img.Rect.Dx(), p.img.Rect.Dy() }

func (p channel) read(dst []float64, x, y int) {
	pix := p.img.Pix[y*p.img.Stride+4*x+p.c:]
	for i := range dst {
		dst[i] = float64(pix[4*i])
	}
}

// lumaPlane is the brightness of a picture.
type lumaPlane struct {
	img  *image.NRGBA
	kind luma.Kind
}

func (p lumaPlane) size() (int, int) { return p.img.Rect.Dx(), p.img.Rect.Dy() }

func (p lumaPlane) read(dst []float64, x, y int) { luma.Row(p.kind, dst, p.img, x, y) }

// samples is a plane in memory, in float32: means of 2^k integer samples are exact
// in it, and Y is rounded by less than 1e-5.
type samples struct {
	width, height int
	v             []float32 // row by row
}

func (p *samples) size() (int, int) { return p.width, p.height }

func (p *samples) read(dst []float64, x, y int) {
	row := p.v[y*p.width+x:][:len(dst)]
	for i, v := range row {
		dst[i] = float64(v)
	}
}

// planePair is the same channel of the reference and of the distorted picture.
type planePair struct{ ref, dist plane }

// colourPairs returns R, G and B, or the one channel that there is where both pictures
// are grey.
func colourPairs(p *Pair) []planePair {
	a, b := p.ref.RGB8(), p.dist.RGB8()
	pairs := []planePair{{channel{a, 0}, channel{b, 0}}}
	for c := 1; c < 3 && !p.Gray(); c++ {
		pairs = append(pairs, planePair{channel{a, c}, channel{b, c}})
	}
	return pairs
}

// lumaPair returns the brightness, which is the sample of grey pictures but for YS8.
func lumaPair(p *Pair, kind luma.Kind) planePair {
	a, b := p.ref.RGB8(), p.dist.RGB8()
	if p.Gray() && kind != luma.YS8 {
		return planePair{channel{a, 0}, channel{b, 0}}
	}
	return planePair{lumaPlane{a, kind}, lumaPlane{b, kind}}
}

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
