package vq

import (
	"context"
	"image"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/picture"
)

// plane is one channel, row by row.
type plane struct {
	w, h int
	v    []float32
}

func newPlane(w, h int) plane { return plane{w, h, make([]float32, w*h)} }

// planes is a picture in the codec's colour space: luma at full size and two chroma
// planes at half size, padded to whole superblocks by repeating the edge.
//
// The colour transform is orthonormal (the three-point DCT across R, G and B), and a
// chroma sample is half the sum of its 2 x 2 pixels, which is orthonormal too: a squared
// error in any plane is a squared error in RGB.
type planes struct {
	gray bool
	p    [3]plane // luma, two chroma; chroma planes are empty if gray
}

const (
	rootThird = 0.57735026919 // 1/sqrt(3)
	rootHalf  = 0.70710678119 // 1/sqrt(2)
	rootSixth = 0.40824829046 // 1/sqrt(6)
)

// padded rounds up to whole superblocks.
func padded(n int) int { return (n + superblock - 1) / superblock * superblock }

// blank makes planes for a picture of width x height pixels.
func blank(width, height int, gray bool) *planes {
	w, h := padded(width), padded(height)
	out := &planes{gray: gray}
	out.p[0] = newPlane(w, h)
	if !gray {
		out.p[1], out.p[2] = newPlane(w/2, h/2), newPlane(w/2, h/2)
	}
	return out
}

// split converts a picture.
func split(ctx context.Context, p *picture.Picture) (*planes, error) {
	out := blank(p.Width(), p.Height(), p.Gray())
	err := kernel.Parallel(ctx, out.p[0].h/2, func() func(int) {
		return func(pair int) { // two rows share a row of chroma
			out.splitRow(p, 2*pair)
			out.splitRow(p, 2*pair+1)
		}
	})
	return out, err
}

// splitRow converts row y of a picture, or its last.
func (s *planes) splitRow(p *picture.Picture, y int) {
	width, w := p.Width(), s.p[0].w
	row := p.RGB8().Pix[4*width*min(y, p.Height()-1):]
	luma := s.p[0].v[y*w : (y+1)*w]
	for x := range luma {
		i := 4 * min(x, width-1)
		r, g, b := float32(row[i]), float32(row[i+1]), float32(row[i+2])
		luma[x] = (r + g + b) * rootThird
		if !s.gray {
			at := y/2*(w/2) + x/2
			s.p[1].v[at] += (r - b) * (rootHalf / 2)
			s.p[2].v[at] += (2*g - r - b) * (rootSixth / 2)
		}
	}
}

// merge converts back, with chroma interpolated linearly between its samples.
func (s *planes) merge(ctx context.Context, width, height int) (*picture.Picture, error) {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	err := kernel.Parallel(ctx, height, func() func(int) {
		var c [2][]float32
		c[0], c[1] = make([]float32, s.p[0].w), make([]float32, s.p[0].w)
		return func(y int) { s.mergeRow(y, &c, img.Pix[y*img.Stride:(y+1)*img.Stride]) }
	})
	if err != nil {
		return nil, err
	}
	return picture.New(img, s.gray, false, picture.Source{})
}

// mergeRow writes row y as RGBA; c has room for a row of both chroma planes, which are
// 0 in a grey picture.
func (s *planes) mergeRow(y int, c *[2][]float32, out []byte) {
	if !s.gray {
		chromaRow(s.p[1], y, c[0])
		chromaRow(s.p[2], y, c[1])
	}
	luma := s.p[0].v[y*s.p[0].w:]
	for x := range len(out) / 4 {
		l := luma[x] * rootThird
		a, b := c[0][x], c[1][x]
		out[4*x] = level(l + a*rootHalf - b*rootSixth)
		out[4*x+1] = level(l + b*(2*rootSixth))
		out[4*x+2] = level(l - a*rootHalf - b*rootSixth)
		out[4*x+3] = 255
	}
}

// level rounds to 8 bits.
func level(v float32) uint8 { return uint8(min(max(v+0.5, 0), 255)) }

// chromaRow interpolates row y of a half-size plane to full width: weights 3/4 and
// 1/4, as samples lie between pixels.
func chromaRow(p plane, y int, out []float32) {
	near := y / 2
	far := near + 1
	if y%2 == 0 {
		far = near - 1
	}
	far = min(max(far, 0), p.h-1)
	a, b := p.v[near*p.w:(near+1)*p.w], p.v[far*p.w:(far+1)*p.w]
	// A sample is twice the mean of its pixels, hence the halves: 3/8 and 1/8.
	at := func(x int) float32 { return a[x]*0.375 + b[x]*0.125 }
	for x := range p.w {
		here := at(x)
		left, right := at(max(x-1, 0)), at(min(x+1, p.w-1))
		out[2*x] = 0.75*here + 0.25*left
		out[2*x+1] = 0.75*here + 0.25*right
	}
}

// block copies a block of a class at (x, y), in samples of its plane.
func (s *planes) block(c class, x, y int, out []float32) {
	n := c.side
	for i := range c.planes {
		p := s.p[c.firstPlane()+i]
		for r := range n {
			copy(out[(i*n+r)*n:(i*n+r+1)*n], p.v[(y+r)*p.w+x:])
		}
	}
}

// firstPlane is 0 for luma classes, 1 for chroma.
func (c class) firstPlane() int { return c.planes - 1 }
