package hyperprior

import (
	"context"
	"fmt"
	"slices"

	"codecworkbench/codecs"
	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/hyper"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/picture"
)

// opened is a stream with its header read and checked.
type opened struct {
	layout
	m     *model
	h     latent.Header
	side  []byte // the payload of z
	parts []latent.Region
	y     latent.Payloads
}

// open checks a stream and finds its model.
func (c *Codec) open(s *codecs.Stream) (*opened, error) {
	h, err := latent.ReadHeader(s)
	if err != nil {
		return nil, err
	}
	z, ok := s.Section(sectionZ, 0)
	if !ok {
		return nil, fmt.Errorf("%w: its section z, without which nothing can be read, is missing or damaged", latent.ErrDamaged)
	}
	m, err := c.models.Find(s.Model)
	if err != nil {
		return nil, err
	}
	f := &opened{layout: m.layout(s.Width, s.Height), m: m, h: h, side: z}
	f.parts = f.Regions()
	f.y, err = latent.ReadPayloads(s, sectionY, len(f.parts))
	return f, err
}

// latents is a decoded file before synthesis. The prior lies in a workspace.
type latents struct {
	z       []int16
	prior   hyper.Prior
	symbols []int16 // of y, [High, Wide, channels]
}

// read decodes z and, with y set, y; all symbols of y are 0 else.
func (f *opened) read(ctx context.Context, w *workspace, y bool, tick func()) (*latents, error) {
	z, err := f.m.hyper.Decode(ctx, f.z, f.side, f.h.Q)
	if err != nil {
		return nil, fmt.Errorf("section z: %w", err)
	}
	p, err := f.m.hyper.Predict(ctx, w.hyper, f.z, z)
	if err != nil {
		return nil, err
	}
	out := &latents{z, p, make([]int16, f.Positions()*f.m.Channels)}
	err = kernel.Each(ctx, len(f.parts), func(i int) error {
		if f.y.Data[i] == nil || !y {
			return nil
		}
		if err := f.readRegion(ctx, i, p, out.symbols, tick); err != nil {
			return fmt.Errorf("region %d: %w", i, err)
		}
		return nil
	})
	return out, err
}

// readRegion decodes the symbols of a region.
func (f *opened) readRegion(ctx context.Context, i int, p hyper.Prior, symbols []int16, tick func()) error {
	in, n := entropy.NewDecoder(f.y.Data[i]), f.m.Channels
	return f.parts[i].Each(ctx, in, tick, func(x, y int) {
		_, scales := p.At(x, y)
		out := symbols[(y*f.Wide+x)*n:][:n]
		for c, scale := range scales {
			if !f.m.skip[scale] {
				out[c] = int16(latent.Clamp(f.m.scales.At(int(scale)).Decode(in)))
			}
		}
	})
}

func (f *opened) decode(ctx context.Context, o codecs.DecodeOptions) (*codecs.Result, error) {
	w := f.m.spaces.Get().(*workspace)
	defer f.m.spaces.Put(w)
	meter := latent.NewMeter(f.High+latent.RegionRows(f.parts), o.On)
	l, err := f.read(ctx, w, o.UpTo != 1 && !slices.Contains(o.Off, nameY), meter.Tick)
	if err != nil {
		return nil, err
	}
	if err := f.Edit(l.symbols, f.m.Channels, o.Edits); err != nil {
		return nil, err
	}
	p, err := f.synthesise(ctx, w, l, !slices.Contains(o.Off, nameZ), meter.Tick)
	if err != nil {
		return nil, err
	}
	return &codecs.Result{Picture: p, Warnings: f.y.Warnings("the picture is blurred")}, nil
}

// synthesise makes the picture from the symbols and, with means set, the means.
func (f *opened) synthesise(ctx context.Context, w *workspace, l *latents, means bool, tick func()) (*picture.Picture, error) {
	step := 1 / f.m.Levels.Gain(f.h.Q)
	unit := float32(0)
	if means {
		unit = step / meanUnit
	}
	n := f.m.Channels
	read := func(y int, row []float32) {
		for x := range f.Wide {
			mu, _ := l.prior.At(x, y)
			s, d := l.symbols[(y*f.Wide+x)*n:][:n], row[x*n:][:n]
			for c := range d {
				d[c] = float32(s[c])*step + float32(mu[c])*unit
			}
		}
	}
	return f.m.Synthesise(ctx, w.synthesis, f.Layout, f.h, read, tick)
}
