package hyperprior

import (
	"context"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/hyper"
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
	job := hyper.Job{Model: e.m.hyper, Coder: e.m.coder, Scales: e.m.scales.Len(), Z: e.z, Q: e.h.Q, Regions: e.parts, Refine: r, Tick: e.meter.Tick,
		Problem: refine.Problem{Picture: p, Layout: e.Layout, Level: e.m.Levels.At(e.h.Q), Gain: e.m.Levels.Gain(e.h.Q), Lambda: latent.Lambda(e.h.Q)},
		Sections: func(z []byte, y [][]byte) []container.Section {
			return append([]container.Section{e.h.Section(), {Kind: sectionZ, Payload: z}}, latent.Sections(sectionY, y)...)
		}}
	return job.Encode(ctx, w, y)
}
