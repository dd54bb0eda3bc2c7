package refine

import (
	"context"
	"math"
	"slices"

	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn"
)

const (
	// probeWide is the side, in positions, of the part of a window that is looked at.
	probeWide = 16
	// leastCurve bounds channels' curvatures from below, as a share of their mean.
	leastCurve = 1e-3
)

// probe is a part of a window that curvatures are estimated on.
type probe struct {
	h, w     int          // positions
	levels   *nn.LevelMap // theirs, where there is a map
	in, back []float32    // what the synthesis reads, and derivatives by it
	unit     []float32    // by position, as the state's
	weights  []float32    // of squared errors, by position
	seed     uint64
}

// tensor is what the synthesis reads.
func (p *probe) tensor(channels int) nn.Tensor {
	return nn.Tensor{H: p.h, W: p.w, C: channels, Data: p.in}
}

// sign draws -1 or 1.
func (p *probe) sign() float32 {
	p.seed = p.seed*6364136223846793005 + 1442695040888963407
	return float32(int(p.seed>>63)*2 - 1)
}

// curvatures finds how J's error bends along each channel, on average over the positions of
// the window's middle. The error is a sum of squares, so its Hessian is about 2 J'J with J
// the synthesis' Jacobian.
func (s *state) curvatures(ctx context.Context) error {
	c := s.d.channels
	p := &probe{h: min(high(s.outer), probeWide), w: min(wide(s.outer), probeWide), seed: 1}
	top, left := (high(s.outer)-p.h)/2, (wide(s.outer)-p.w)/2
	p.in, p.back = make([]float32, p.h*p.w*c), make([]float32, p.h*p.w*c)
	for y := range p.h {
		at := (top+y)*wide(s.outer) + left
		copy(p.in[y*p.w*c:(y+1)*p.w*c], s.in[at*c:])
		p.unit = append(p.unit, s.unit[at:at+p.w]...)
		weight := s.weigher(s.p, s.outer.Y0+top+y, 1)
		for x := range p.w {
			p.weights = append(p.weights, weight(s.outer.X0+left+x))
		}
	}
	x0, y0 := s.outer.X0+left, s.outer.Y0+top
	p.levels = crop(s.p, latent.Region{X0: x0, Y0: y0, X1: x0 + p.w, Y1: y0 + p.h})
	var err error
	if s.alone, err = s.diagonal(ctx, p); err != nil {
		return err
	}
	s.curve, err = s.coupled(ctx, p)
	return err
}

// diagonal is the curvature along each channel alone: the squares of the derivatives of
// random signs times the pixels have the diagonal of J'J as their mean.
func (s *state) diagonal(ctx context.Context, p *probe) ([]float32, error) {
	err := s.backward(ctx, p.tensor(s.d.channels), p.levels, p.back, func(_ context.Context, out []float32) error {
		for i := range out {
			s.pixels[i] = p.sign() * float32(math.Sqrt(float64(p.weight(i, s.d.scale))))
		}
		return nil
	})
	squares, mean := p.squares(s.d.channels)
	k := 2 * float64(s.errK)
	alone := make([]float32, s.d.channels)
	for i, v := range squares {
		alone[i] = float32(max(k*max(v, leastCurve*mean), 1e-9))
	}
	return alone, err
}

// coupled is what a step should expect of each channel up to a common factor: latents that
// show in the same pixels bend the error together, some channels more than others. Were all
// latents measured in units in which each one's curvature is 1, a random change of all of
// them would change the gradient by the norm of each one's row of the Hessian, which is 1
// for those that are alone; steps are to be the smaller by it.
func (s *state) coupled(ctx context.Context, p *probe) ([]float32, error) {
	c := s.d.channels
	in := p.tensor(c)
	moved := in
	moved.Data = slices.Clone(p.in)
	for i := range moved.Data {
		moved.Data[i] += p.sign() / float32(math.Sqrt(float64(s.alone[i%c]))) * p.unit[i/c]
	}
	out, err := s.pass.Run(ctx, moved, nn.Options{Level: s.p.Level, Map: p.levels})
	if err != nil {
		return nil, err
	}
	there := slices.Clone(out.Data)
	err = s.backward(ctx, in, p.levels, p.back, func(_ context.Context, here []float32) error {
		for i, v := range there {
			s.pixels[i] = (v - here[i]) * p.weight(i, s.d.scale)
		}
		return nil
	})
	squares, _ := p.squares(c)
	k := 2 * float64(s.errK)
	curve := make([]float32, c)
	for i, v := range squares {
		norm := math.Sqrt(v/float64(s.alone[i])) * k
		curve[i] = s.alone[i] * float32(max(norm, 1))
	}
	return curve, err
}

// weight is that of the sample with a number, of positions of scale pixels a side.
func (p *probe) weight(i, scale int) float32 {
	pixel, width := i/3, p.w*scale
	return p.weights[pixel/width/scale*p.w+pixel%width/scale]
}

// squares are the means of the squared derivatives by latents, by channel and of all.
func (p *probe) squares(channels int) (by []float64, mean float64) {
	by = make([]float64, channels)
	share := 1 / float64(p.h*p.w)
	for i, v := range p.back {
		d := float64(v) * float64(p.unit[i/channels])
		by[i%channels] += d * d * share
	}
	for _, v := range by {
		mean += v / float64(channels)
	}
	return by, mean
}
