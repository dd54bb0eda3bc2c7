package factorized

import (
	"context"

	"codecworkbench/codecs/container"
	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/shell"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/refine"
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

// compress encodes a picture.
func compress(ctx context.Context, j shell.Job[*model]) ([]container.Section, error) {
	m, h, p := j.Model, j.Header, j.Picture
	e := &encoder{Layout: m.Layout(p.Width(), p.Height()), m: m, h: h, row: m.Levels.Row(h.Q, m.y.Rows)}
	e.parts = e.Regions()
	e.meter = latent.NewMeter(e.High+latent.RegionRows(e.parts), j.Refine.On())
	w := e.m.spaces.Get().(*nn.Session)
	defer e.m.spaces.Put(w)
	y, err := e.m.Analyse(ctx, w, p, e.Layout, e.h.Q, e.meter.Tick)
	if err != nil {
		return nil, err
	}
	code := func(ctx context.Context) ([]container.Section, error) {
		out := make([][]byte, len(e.parts))
		err := kernel.Each(ctx, len(e.parts), func(i int) error {
			var err error
			out[i], err = e.region(ctx, e.parts[i], y)
			return err
		})
		return append([]container.Section{e.h.Section()}, latent.Sections(sectionY, out)...), err
	}
	j.Refine.Decoder = m.refiner
	if err := j.Refine.Improve(ctx, e.problem(p, y), code); err != nil {
		return nil, err
	}
	return code(ctx)
}

// problem is what refinement has to know: means of 0, and a table for each channel.
func (e *encoder) problem(p *picture.Picture, y nn.Tensor) *refine.Problem {
	means, numbers, tables := make([]int16, e.m.Channels), make([]int16, e.m.Channels), make([]*entropy.Table, e.m.Channels)
	for c := range tables {
		numbers[c], tables[c] = int16(c), e.m.y.At(e.row, c)
	}
	return &refine.Problem{Picture: p, Layout: e.Layout, Y: y, Level: e.m.Levels.At(e.h.Q), Gain: e.m.Levels.Gain(e.h.Q),
		Lambda: latent.Lambda(e.h.Q), At: func(_, _ int) ([]int16, []int16) { return means, numbers },
		Tables: entropy.NewFactorized(tables), Skip: make([]bool, len(tables))}
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
