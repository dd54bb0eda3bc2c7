package walloc

import (
	"context"
	"fmt"
	"slices"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn/kernel"
)

// opened is a checked stream.
type opened struct {
	latent.Layout
	s     *codecs.Stream
	m     *model
	h     latent.Header
	coder stage
	parts []latent.Region
	data  latent.Payloads
}

// open checks a stream.
func open(m *model, s *codecs.Stream, h latent.Header) (*opened, error) {
	f := &opened{Layout: m.layout(s.Width, s.Height), s: s, m: m, h: h}
	f.parts = f.Regions()
	f.coder = m.stage(func(c stage) bool {
		return slices.ContainsFunc(s.Sections, func(sec container.Section) bool { return sec.Kind == c.kind })
	})
	var err error
	f.data, err = latent.ReadPayloads(s, f.coder.kind, len(f.parts))
	return f, err
}

// read decodes the symbols; those of lost regions are 0.
func (f *opened) read(ctx context.Context, tick func()) (grid, error) {
	g := grid{f.Layout, make([]int16, f.Positions()*f.m.channels)}
	return g, kernel.Each(ctx, len(f.parts), func(i int) error {
		if f.data.Data[i] == nil {
			return nil
		}
		if err := f.coder.read(ctx, f.data.Data[i], g, f.parts[i], f.h.Q, tick); err != nil {
			return fmt.Errorf("region %d: %w", i, err)
		}
		return nil
	})
}

// Decode reconstructs the picture. UpTo n keeps the first n latents of each place, the
// strongest ones before training. Off may name "latents", which leaves the average picture.
// An Edit sets the symbol of channel Part at X, Y. Where a region is damaged, its latents
// are 0, and a warning says so.
func (f *opened) Decode(ctx context.Context, o codecs.DecodeOptions) (*codecs.Result, error) {
	meter := latent.NewMeter(f.High+latent.RegionRows(f.parts), o.On)
	g, err := f.read(ctx, meter.Tick)
	if err != nil {
		return nil, err
	}
	if err := f.Edit(g.symbols, f.m.channels, o.Edits); err != nil {
		return nil, err
	}
	f.leaveOut(g.symbols, o)
	p, err := f.m.synthesise(ctx, g, f.h, meter.Tick)
	if err != nil {
		return nil, err
	}
	return &codecs.Result{Picture: p, Warnings: f.data.Warnings("the picture is grey")}, nil
}

// leaveOut zeroes the latents that a decode is to go without, and bounds edited ones.
func (f *opened) leaveOut(symbols []int16, o codecs.DecodeOptions) {
	keep := f.m.channels
	if o.UpTo > 0 {
		keep = min(keep, o.UpTo)
	}
	if slices.Contains(o.Off, nameLatents) {
		keep = 0
	}
	for i, s := range symbols {
		if i%f.m.channels >= keep {
			symbols[i] = 0
		} else {
			symbols[i] = f.m.compander.clamp(int(s))
		}
	}
}
