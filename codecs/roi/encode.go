package roi

import (
	"context"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/hyper"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/picture"
)

// encoder compresses one picture.
type encoder struct {
	latent.Layout
	m     *model
	h     latent.Header
	gains *latent.Map // nil: q everywhere
	parts []latent.Region
	meter *latent.Meter
}

func newEncoder(m *model, p *picture.Picture, params codecs.Params, on func(codecs.Progress)) (*encoder, error) {
	e := &encoder{Layout: m.Layout(p.Width(), p.Height()), m: m, h: latent.NewHeader(p, params)}
	if params["prior"] == priorGaussian {
		e.h.Flags |= flagGaussian
	}
	if path := params["mask"]; path != "" {
		weights, err := readMask(path, e.Layout)
		if err != nil {
			return nil, err
		}
		e.gains = newMap(e.h.Q, params.Float("strength"), weights)
	}
	e.parts = e.Regions()
	e.meter = latent.NewMeter(e.High+latent.RegionRows(e.parts), on)
	return e, nil
}

func (e *encoder) encode(ctx context.Context, p *picture.Picture) ([]container.Section, error) {
	w := e.m.spaces.Get().(*hyper.Workspace)
	defer e.m.spaces.Put(w)
	y, err := e.analyse(ctx, w.Analysis, p)
	if err != nil {
		return nil, err
	}
	z, payload, err := e.m.hyper.Encode(ctx, w.HyperAnalysis, y, e.h.Q)
	if err != nil {
		return nil, err
	}
	prior, err := e.m.hyper.Predict(ctx, w.HyperSynthesis, e.m.hyper.Layout(e.Width, e.Height), z)
	if err != nil {
		return nil, err
	}
	out, err := e.m.prior(e.h).Encode(ctx, e.parts, y, prior, e.meter.Tick)
	if err != nil {
		return nil, err
	}
	sections := []container.Section{e.h.Section(), {Kind: sectionZ, Payload: payload}}
	if e.gains != nil {
		sections = append(sections, container.Section{Kind: sectionMap, Payload: writeMap(e.Layout, e.gains)})
	}
	return append(sections, latent.Sections(sectionY, out)...), nil
}

func (e *encoder) analyse(ctx context.Context, s *nn.Session, p *picture.Picture) (nn.Tensor, error) {
	if e.gains == nil {
		return e.m.Analyse(ctx, s, p, e.Layout, e.h.Q, e.meter.Tick)
	}
	return e.m.AnalyseMap(ctx, s, p, e.Layout, e.gains, e.meter.Tick)
}
