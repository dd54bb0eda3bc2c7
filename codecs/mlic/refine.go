package mlic

import (
	"context"

	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/hyper"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/refine"
)

// predictions are what contexts made of symbols when they were last chosen, for a picture
// whose latents are refined.
type predictions struct {
	*encoder
	prior         hyper.Prior
	means, scales []int16 // [High, Wide, channels]
}

// problem is what refinement has to know. It makes predictions when it is first asked for.
func (e *encoder) problem(p *picture.Picture, y nn.Tensor, prior hyper.Prior) *refine.Problem {
	all := &predictions{encoder: e, prior: prior}
	return &refine.Problem{Picture: p, Layout: e.Layout, Y: y, Level: e.m.Levels.At(e.h.Q), Gain: e.m.Levels.Gain(e.h.Q),
		Lambda: latent.Lambda(e.h.Q), At: all.at, Predict: all.predict, Tables: e.m.scales, Skip: e.skip}
}

// at are the means and scales of a position.
func (p *predictions) at(x, y int) (means, scales []int16) {
	n := p.m.Channels
	at := (y*p.Wide + x) * n
	return p.means[at : at+n], p.scales[at : at+n]
}

// predict goes through the regions of r.
func (p *predictions) predict(ctx context.Context, r latent.Region, choose refine.Choose) error {
	if p.means == nil {
		p.means, p.scales = make([]int16, p.Positions()*p.m.Channels), make([]int16, p.Positions()*p.m.Channels)
	}
	return kernel.Each(ctx, len(p.parts), func(i int) error {
		part := p.parts[i]
		if part.X0 < r.X0 || part.Y0 < r.Y0 || part.X1 > r.X1 || part.Y1 > r.Y1 {
			return nil
		}
		return p.walk(ctx, part, p.prior, func(s *step) error {
			for i, at := range s.at {
				run := func(of []int16) []int16 { return of[i*s.width:][:s.width] }
				choose(at%p.Wide, at/p.Wide, s.first, run(s.means), run(s.scales), run(s.symbols))
				copy(p.means[at*p.m.Channels+s.first:], run(s.means))
				copy(p.scales[at*p.m.Channels+s.first:], run(s.scales))
			}
			return nil
		})
	})
}
