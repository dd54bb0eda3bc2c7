package factorized

import (
	"context"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/picture"
)

// encoder compresses one picture.
type encoder struct {
	latent.Layout
	m     *model
	h     latent.Header
	row   int // of tables
	parts []latent.Region
	meter *latent.Meter
}

func newEncoder(m *model, p *picture.Picture, h latent.Header, on func(codecs.Progress)) *encoder {
	e := &encoder{Layout: m.Layout(p.Width(), p.Height()), m: m, h: h, row: m.Levels.Row(h.Q, m.y.Rows)}
	e.parts = e.Regions()
	e.meter = latent.NewMeter(e.High+latent.RegionRows(e.parts), on)
	return e
}

func (e *encoder) encode(ctx context.Context, p *picture.Picture) ([]container.Section, error) {
	w := e.m.spaces.Get().(*nn.Session)
	defer e.m.spaces.Put(w)
	y, err := e.m.Analyse(ctx, w, p, e.Layout, e.h.Q, e.meter.Tick)
	if err != nil {
		return nil, err
	}
	out := make([][]byte, len(e.parts))
	err = kernel.Each(ctx, len(e.parts), func(i int) error {
		var err error
		out[i], err = e.region(ctx, e.parts[i], y)
		return err
	})
	return append([]container.Section{e.h.Section()}, latent.Sections(sectionY, out)...), err
}

// region codes the latents of one region.
func (e *encoder) region(ctx context.Context, r latent.Region, y nn.Tensor) ([]byte, error) {
	out := entropy.NewEncoder()
	err := r.Each(ctx, nil, e.meter.Tick, func(x, row int) {
		for c, v := range y.Data[(row*y.W+x)*y.C:][:y.C] {
			e.m.y.At(e.row, c).Encode(out, latent.Clamp(latent.Nearest(v)))
		}
	})
	return out.Bytes(), err
}
