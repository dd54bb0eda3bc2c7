package mlic

import (
	"context"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/hyper"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/picture"
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

func newEncoder(m *model, p *picture.Picture, h latent.Header, on contexts, report func(codecs.Progress)) *encoder {
	e := &encoder{layout: m.layout(p.Width(), p.Height()), m: m, h: h, on: on, skip: m.skipped(on)}
	e.parts = e.Regions()
	e.meter = latent.NewMeter(e.High+len(e.parts)*m.passes(), report)
	return e
}

func (e *encoder) encode(ctx context.Context, p *picture.Picture, r refine.Encoder) ([]container.Section, error) {
	w := e.m.spaces.Get().(*workspace)
	defer e.m.spaces.Put(w)
	y, err := e.m.Analyse(ctx, w.Analysis, p, e.Layout, e.h.Q, e.meter.Tick)
	if err != nil {
		return nil, err
	}
	search := hyper.Search{Steps: hyper.Steps(r.Iterations), Coder: e.m.base, Scales: e.m.scales.Len(), Fraction: scaleBits,
		Cost: func(ctx context.Context, prior hyper.Prior) (float64, error) {
			return r.Cost(ctx, e.problem(p, y, prior))
		}}
	z, payload, err := e.m.hyper.Encode(ctx, w, e.hyper, y, e.h.Q, search)
	if err != nil {
		return nil, err
	}
	prior, err := e.m.hyper.Predict(ctx, w.HyperSynthesis, e.hyper, z)
	if err != nil {
		return nil, err
	}
	code := func(ctx context.Context) ([]container.Section, error) {
		out := make([][]byte, len(e.parts))
		err := kernel.Each(ctx, len(e.parts), func(i int) error {
			var err error
			out[i], err = e.region(ctx, e.parts[i], y, prior)
			return err
		})
		z := container.Section{Kind: sectionZ, Payload: append([]byte{byte(e.on)}, payload...)}
		return append([]container.Section{e.h.Section(), z}, latent.Sections(sectionY, out)...), err
	}
	if err := r.Improve(ctx, e.problem(p, y, prior), code); err != nil {
		return nil, err
	}
	return code(ctx)
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
