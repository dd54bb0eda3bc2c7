package hyperprior

import (
	"context"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/hyper"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/refine"
)

// encoder compresses one picture.
type encoder struct {
	layout
	m     *model
	h     latent.Header
	parts []latent.Region
	meter *latent.Meter
}

func newEncoder(m *model, p *picture.Picture, h latent.Header, on func(codecs.Progress)) *encoder {
	e := &encoder{layout: m.layout(p.Width(), p.Height()), m: m, h: h}
	e.parts = e.Regions()
	e.meter = latent.NewMeter(e.High+latent.RegionRows(e.parts), on)
	return e
}

func (e *encoder) encode(ctx context.Context, p *picture.Picture, r refine.Encoder) ([]container.Section, error) {
	w := e.m.spaces.Get().(*workspace)
	defer e.m.spaces.Put(w)
	y, err := e.m.Analyse(ctx, w.Analysis, p, e.Layout, e.h.Q, e.meter.Tick)
	if err != nil {
		return nil, err
	}
	search := hyper.Search{Steps: hyper.Steps(r.Iterations), Coder: e.m.coder, Scales: e.m.scales.Len(),
		Cost: func(ctx context.Context, prior hyper.Prior) (float64, error) {
			return r.Cost(ctx, e.problem(p, y, prior))
		}}
	z, payload, err := e.m.hyper.EncodeBest(ctx, w, e.z, y, e.h.Q, search)
	if err != nil {
		return nil, err
	}
	prior, err := e.m.hyper.Predict(ctx, w.HyperSynthesis, e.z, z)
	if err != nil {
		return nil, err
	}
	code := func(ctx context.Context) ([]container.Section, error) {
		out, err := e.m.coder.Encode(ctx, e.parts, y, prior, e.meter.Tick)
		if err != nil {
			return nil, err
		}
		return append([]container.Section{e.h.Section(), {Kind: sectionZ, Payload: payload}}, latent.Sections(sectionY, out)...), nil
	}
	if err := r.Improve(ctx, e.problem(p, y, prior), code); err != nil {
		return nil, err
	}
	return code(ctx)
}

// problem is what refinement of y has to know.
func (e *encoder) problem(p *picture.Picture, y nn.Tensor, prior hyper.Prior) *refine.Problem {
	return &refine.Problem{Picture: p, Layout: e.Layout, Y: y, Level: e.m.Levels.At(e.h.Q), Gain: e.m.Levels.Gain(e.h.Q),
		Lambda: latent.Lambda(e.h.Q), At: prior.At, Tables: e.m.scales, Skip: e.m.coder.Skip}
}
