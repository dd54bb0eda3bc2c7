package mlic

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

// opened is a checked stream.
type opened struct {
	layout
	s     *codecs.Stream
	m     *model
	h     latent.Header
	on    contexts
	z     []byte
	parts []latent.Region
	y     latent.Payloads
}

// open checks a stream.
func open(m *model, s *codecs.Stream, h latent.Header) (*opened, error) {
	section, err := hyper.Payload(s, sectionZ)
	if err != nil {
		return nil, err
	}
	on, z, err := splitContexts(section)
	if err != nil {
		return nil, err
	}
	f := &opened{layout: m.layout(s.Width, s.Height), s: s, m: m, h: h, on: on, z: z}
	f.parts = f.Regions()
	f.y, err = latent.ReadPayloads(s, sectionY, len(f.parts))
	return f, err
}

// latents is a decoded file before synthesis. The prior lies in a workspace.
type latents struct {
	z     []int16
	prior hyper.Prior
	// Of y, [High, Wide, channels]:
	symbols []int16
	means   []int16 // in 1/meanUnit
	scales  []int16
}

// read decodes z and the first passes of each region; the symbols of the others are 0, as
// those of lost regions are, and with no pass at all contexts have nothing to say.
func (f *opened) read(ctx context.Context, w *workspace, passes int, tick func()) (*latents, error) {
	z, p, err := f.m.hyper.Read(ctx, w.HyperSynthesis, f.hyper, f.z, f.h.Q)
	if err != nil {
		return nil, err
	}
	n := f.Positions() * f.m.Channels
	out := &latents{z, p, make([]int16, n), make([]int16, n), make([]int16, n)}
	err = kernel.Each(ctx, len(f.parts), func(i int) error {
		if err := f.readRegion(ctx, i, passes, out, tick); err != nil {
			return fmt.Errorf("region %d: %w", i, err)
		}
		return nil
	})
	return out, err
}

// readRegion decodes the first passes of a region.
func (f *opened) readRegion(ctx context.Context, i, passes int, out *latents, tick func()) error {
	on := f.on
	if f.y.Data[i] == nil || passes == 0 {
		on, passes = noContexts, 0
	}
	in := entropy.NewDecoder(f.y.Data[i])
	w := f.m.walkers.Get().(*walker)
	defer f.m.walkers.Put(w)
	return w.walk(ctx, f.m, f.Layout, f.parts[i], out.prior, on, func(s *step) error {
		if s.pass < passes {
			f.readPass(in, s)
			if in.Overrun() > 0 {
				return fmt.Errorf("%w: a section ends too early", latent.ErrDamaged)
			}
		}
		for k, at := range s.at {
			to := at*f.m.Channels + s.first
			copy(out.symbols[to:], s.symbols[k*s.width:][:s.width])
			copy(out.means[to:], s.means[k*s.width:][:s.width])
			copy(out.scales[to:], s.scales[k*s.width:][:s.width])
		}
		tick()
		return nil
	})
}

// readPass decodes the symbols of a pass.
func (f *opened) readPass(in *entropy.Decoder, s *step) {
	for j, scale := range s.scales {
		if f.on.has(skipping) && f.m.skip[scale] {
			continue
		}
		s.symbols[j] = int16(latent.Clamp(f.m.scales.At(int(scale)).Decode(in)))
	}
}

// Decode reconstructs the picture. UpTo 1 reads z alone, UpTo 1+n the first n passes too, two
// for each slice; what is left is taken to be at its mean. Off may name "y", which reads z
// alone, and "z", which leaves the means out: a picture of what y adds to them. An Edit sets
// the symbol of channel Part at X, Y, after everything is decoded. Where a region of y is
// damaged, its latents are what z expects, and a warning says so.
func (f *opened) Decode(ctx context.Context, o codecs.DecodeOptions) (*codecs.Result, error) {
	w := f.m.spaces.Get().(*workspace)
	defer f.m.spaces.Put(w)
	meter := latent.NewMeter(f.High+len(f.parts)*f.m.passes(), o.On)
	passes := f.m.passes()
	switch {
	case slices.Contains(o.Off, nameY):
		passes = 0
	case o.UpTo > 0:
		passes = min(o.UpTo-1, passes)
	}
	l, err := f.read(ctx, w, passes, meter.Tick)
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
	read := func(y int, row []float32) {
		at := y * len(row)
		s, mu := l.symbols[at:at+len(row)], l.means[at:at+len(row)]
		for i := range row {
			row[i] = float32(s[i])*step + float32(mu[i])*unit
		}
	}
	return f.m.Synthesise(ctx, w.Synthesis, f.Layout, f.h, read, tick)
}
