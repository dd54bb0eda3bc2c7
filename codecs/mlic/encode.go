package mlic

import (
	"context"

	"codecworkbench/codecs/container"
	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/hyper"
	"codecworkbench/codecs/latent/shell"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/refine"
)

// encoder compresses one picture.
type encoder struct {
	layout
	m     *model
	h     latent.Header
	on    contexts
	skip  []bool // by scale: not coded, but taken to be the mean
	parts []latent.Region
	meter *latent.Meter
}

// compress encodes a picture.
func compress(ctx context.Context, j shell.Job[*model]) ([]container.Section, error) {
	m, p, on := j.Model, j.Picture, contextsOf(j.Params)
	e := &encoder{layout: m.layout(p.Width(), p.Height()), m: m, h: j.Header, on: on, skip: m.skipped(on)}
	e.parts = e.Regions()
	e.meter = latent.NewMeter(e.High+len(e.parts)*m.passes(), j.Refine.On())
	w := m.spaces.Get().(*workspace)
	defer m.spaces.Put(w)
	y, err := m.Analyse(ctx, w.Analysis, p, e.Layout, e.h.Q, e.meter.Tick)
	if err != nil {
		return nil, err
	}
	j.Refine.Decoder = m.refiner
	job := hyper.Job{Model: m.hyper, Z: e.hyper, Q: e.h.Q, Refine: j.Refine, Code: e.code,
		Search:  hyper.Search{Coder: m.base, Scales: m.scales.Len(), Fraction: scaleBits},
		Problem: func(y nn.Tensor, prior hyper.Prior) *refine.Problem { return e.problem(p, y, prior) },
		Sections: func(z []byte, y [][]byte) []container.Section {
			side := container.Section{Kind: sectionZ, Payload: append([]byte{byte(on)}, z...)}
			return append([]container.Section{e.h.Section(), side}, latent.Sections(sectionY, y)...)
		}}
	return job.Encode(ctx, w, y)
}

// code codes all regions.
func (e *encoder) code(ctx context.Context, y nn.Tensor, prior hyper.Prior) ([][]byte, error) {
	out := make([][]byte, len(e.parts))
	return out, kernel.Each(ctx, len(e.parts), func(i int) error {
		var err error
		out[i], err = e.region(ctx, e.parts[i], y, prior)
		return err
	})
}

// region codes the latents of one region.
func (e *encoder) region(ctx context.Context, r latent.Region, y nn.Tensor, p hyper.Prior) ([]byte, error) {
	out := entropy.NewEncoder()
	err := e.walk(ctx, r, p, func(s *step) error {
		for i, at := range s.at {
			values := y.Data[at*y.C+s.first:][:s.width]
			for c, v := range values {
				j := i*s.width + c
				if e.skip[s.scales[j]] {
					continue
				}
				symbol := latent.Clamp(latent.Nearest(v - float32(s.means[j])/meanUnit))
				s.symbols[j] = int16(symbol)
				e.m.scales.At(int(s.scales[j])).Encode(out, symbol)
			}
		}
		e.meter.Tick()
		return nil
	})
	return out.Bytes(), err
}

// walk goes through the passes of a region.
func (e *encoder) walk(ctx context.Context, r latent.Region, p hyper.Prior, code func(*step) error) error {
	w := e.m.walkers.Get().(*walker)
	defer e.m.walkers.Put(w)
	return w.walk(ctx, e.m, e.Layout, r, p, e.on, code)
}
