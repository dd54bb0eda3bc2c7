package metrics

import (
	"image"

	"codecworkbench/metrics/internal/luma"
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
