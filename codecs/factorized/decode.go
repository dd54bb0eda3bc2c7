package factorized

import (
	"context"
	"fmt"
	"slices"

	"codecworkbench/codecs"
	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/kernel"
)

// opened is a checked stream.
type opened struct {
	latent.Layout
	s     *codecs.Stream
	m     *model
	h     latent.Header
	row   int // of tables
	parts []latent.Region
	y     latent.Payloads
}

// open checks a stream.
func open(m *model, s *codecs.Stream, h latent.Header) (*opened, error) {
	f := &opened{Layout: m.Layout(s.Width, s.Height), s: s, m: m, h: h, row: m.Levels.Row(h.Q, m.y.Rows)}
	f.parts = f.Regions()
	var err error
	f.y, err = latent.ReadPayloads(s, sectionY, len(f.parts))
	return f, err
}

// read decodes y, [High, Wide, channels]; with all not set, and where regions are lost, it
// is the likeliest symbols.
func (f *opened) read(ctx context.Context, all bool, tick func()) ([]int16, error) {
	n := f.m.Channels
	symbols, common := make([]int16, f.Positions()*n), make([]int16, n)
	for c := range common {
		common[c] = int16(latent.Clamp(likeliest(f.m.y.At(f.row, c))))
	}
	return symbols, kernel.Each(ctx, len(f.parts), func(i int) error {
		r := f.parts[i]
		if !all || f.y.Data[i] == nil {
			return r.Each(ctx, nil, tick, func(x, y int) { copy(symbols[(y*f.Wide+x)*n:], common) })
		}
		in := entropy.NewDecoder(f.y.Data[i])
		err := r.Each(ctx, in, tick, func(x, y int) {
			out := symbols[(y*f.Wide+x)*n:][:n]
			for c := range out {
				out[c] = int16(latent.Clamp(f.m.y.At(f.row, c).Decode(in)))
			}
		})
		if err != nil {
			return fmt.Errorf("region %d: %w", i, err)
		}
		return nil
	})
}

// Decode reconstructs the picture. An Edit sets the symbol of channel Part at X, Y. Where a
// region is damaged, its latents are the likeliest, and a warning says so; Off may name "y",
// which makes all of them so.
func (f *opened) Decode(ctx context.Context, o codecs.DecodeOptions) (*codecs.Result, error) {
	meter := latent.NewMeter(f.High+latent.RegionRows(f.parts), o.On)
	symbols, err := f.read(ctx, !slices.Contains(o.Off, nameY), meter.Tick)
	if err != nil {
		return nil, err
	}
	if err := f.Edit(symbols, f.m.Channels, o.Edits); err != nil {
		return nil, err
	}
	size, step := f.Wide*f.m.Channels, 1/f.m.Levels.Gain(f.h.Q)
	fill := func(y int, row []float32) {
		for i, s := range symbols[y*size:][:size] {
			row[i] = float32(s) * step
		}
	}
	w := f.m.spaces.Get().(*nn.Session)
	defer f.m.spaces.Put(w)
	p, err := f.m.Synthesise(ctx, w, f.Layout, f.h, fill, meter.Tick)
	if err != nil {
		return nil, err
	}
	return &codecs.Result{Picture: p, Warnings: f.y.Warnings("the picture is flat")}, nil
}
