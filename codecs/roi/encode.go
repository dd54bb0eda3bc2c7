package roi

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

func (e *encoder) encode(ctx context.Context, p *picture.Picture, r refine.Encoder) ([]container.Section, error) {
	w := e.m.spaces.Get().(*hyper.Workspace)
	defer e.m.spaces.Put(w)
	y, err := e.analyse(ctx, w.Analysis, p)
	if err != nil {
		return nil, err
	}
	k := e.m.prior(e.h)
	job := hyper.Job{Model: e.m.hyper, Coder: k.Coder, Scales: e.m.gaussian.Tables.Len(), Z: e.m.hyper.Layout(e.Width, e.Height), Q: e.h.Q,
		Regions: e.parts, Refine: r, Sections: e.sections, Tick: e.meter.Tick,
		Problem: refine.Problem{Picture: p, Layout: e.Layout, Level: e.m.Levels.At(e.h.Q), Gain: e.m.Levels.Gain(e.h.Q), Lambda: latent.Lambda(e.h.Q),
			Map: e.gains, Levels: e.m.Levels}}
	return job.Encode(ctx, w, y)
}

func (e *encoder) sections(z []byte, y [][]byte) []container.Section {
	out := []container.Section{e.h.Section(), {Kind: sectionZ, Payload: z}}
	if e.gains != nil {
		out = append(out, container.Section{Kind: sectionMap, Payload: writeMap(e.Layout, e.gains)})
	}
	return append(out, latent.Sections(sectionY, y)...)
}

func (e *encoder) analyse(ctx context.Context, s *nn.Session, p *picture.Picture) (nn.Tensor, error) {
	if e.gains == nil {
		return e.m.Analyse(ctx, s, p, e.Layout, e.h.Q, e.meter.Tick)
	}
	return e.m.AnalyseMap(ctx, s, p, e.Layout, e.gains, e.meter.Tick)
}
