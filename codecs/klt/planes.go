package klt

import (
	"context"
	"image"
	"math"
	"sync"

	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/transform"
)

// grayScale is what a grey level is in plane 0: a step there costs a grey picture
// as much as a step of plane 0 costs a coloured one.
var grayScale = float32(math.Sqrt(3))

// middle is subtracted from samples.
const middle = 128

// pad rounds a side up to whole blocks.
func pad(side int) int { return (side + transform.Block - 1) / transform.Block * transform.Block }

// split returns the planes of a picture, padded to whole blocks by repeating its
// edge: three after the colour transform, or one of a grey picture.
func (m *model) split(ctx context.Context, p *picture.Picture) ([]*transform.Plane, error) {
	w, h := p.Width(), p.Height()
	pw, ph := pad(w), pad(h)
	out := make([]*transform.Plane, planes)
	if p.Gray() {
		out = out[:1]
	}
	for i := range out {
		out[i] = transform.NewPlane(pw, ph)
	}
	img := p.RGB8()
	err := inParallel(ctx, ph, func(y int) {
		src := img.Pix[min(y, h-1)*img.Stride:]
		at := y * pw
		for x := range pw {
			s := src[min(x, w-1)*4:]
			if len(out) == 1 {
				out[0].Pix[at+x] = (float32(s[0]) - middle) * grayScale
				continue
			}
			out[0].Pix[at+x], out[1].Pix[at+x], out[2].Pix[at+x] = m.colour.Apply(
				float32(s[0])-middle, float32(s[1])-middle, float32(s[2])-middle)
		}
	})
	return out, err
}

// join is the inverse of split.
func (m *model) join(ctx context.Context, in []*transform.Plane, w, h int) (*picture.Picture, error) {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	err := inParallel(ctx, h, func(y int) {
		dst := img.Pix[y*img.Stride : (y+1)*img.Stride]
		at := y * in[0].Width
		for x := range w {
			d := dst[x*4 : x*4+4 : x*4+4]
			if len(in) == 1 {
				v := sample(in[0].Pix[at+x] / grayScale)
				d[0], d[1], d[2], d[3] = v, v, v, 255
				continue
			}
			r, g, b := m.colour.Invert(in[0].Pix[at+x], in[1].Pix[at+x], in[2].Pix[at+x])
			d[0], d[1], d[2], d[3] = sample(r), sample(g), sample(b), 255
		}
	})
	if err != nil {
		return nil, err
	}
	return picture.New(img, len(in) == 1, false, picture.Source{})
}

// sample rounds to 8 bits.
func sample(v float32) uint8 {
	return uint8(min(max(v+middle+0.5, 0), 255))
}

// span is a range of rows of blocks that is coded on its own.
type span struct{ first, high int }

// sliceRows is the largest slice, in rows of blocks: 512 pixels.
const sliceRows = 64

// spans cuts high rows of blocks into slices of even height.
func spans(high int) []span {
	n := (high + sliceRows - 1) / sliceRows
	out := make([]span, n)
	for i := range out {
		first := high * i / n
		out[i] = span{first, high*(i+1)/n - first}
	}
	return out
}

// analyse returns a slice's coefficients, in steps, from lapped planes.
func (m *model) analyse(ctx context.Context, in []*transform.Plane, s span, step float32) (*coefficients, error) {
	wide, _ := in[0].Blocks()
	out := newCoefficients(len(in), wide*s.high)
	for p, plane := range in {
		var scale [coefs]float32
		for k := range scale {
			scale[k] = 1 / (step * m.steps[p][k])
		}
		err := inParallel(ctx, s.high, func(y int) {
			var block [coefs]float32
			for x := range wide {
				plane.Get(x, s.first+y, &block)
				c := (*[coefs]float32)(out[p][(y*wide+x)*coefs:])
				m.bases[p].Forward(&block, c)
				for k := range c {
					c[k] *= scale[k]
				}
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return &out, nil
}

// synthesise is the inverse of analyse, into planes still to be unlapped.
func (m *model) synthesise(ctx context.Context, in *coefficients, out []*transform.Plane, s span, step float32) error {
	wide, _ := out[0].Blocks()
	for p, plane := range out {
		var scale [coefs]float32
		for k := range scale {
			scale[k] = step * m.steps[p][k]
		}
		err := inParallel(ctx, s.high, func(y int) {
			var block [coefs]float32
			for x := range wide {
				c := (*[coefs]float32)(in[p][(y*wide+x)*coefs:])
				for k := range c {
					c[k] *= scale[k]
				}
				m.bases[p].Inverse(c, &block)
				plane.Set(x, s.first+y, &block)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// lapAll runs the pre- or post-filter over all planes.
func lapAll(in []*transform.Plane, filter func(*transform.Plane)) {
	var wait sync.WaitGroup
	for _, p := range in {
		wait.Go(func() { filter(p) })
	}
	wait.Wait()
}
