package hyperprior

import (
	"context"
	"slices"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/hyper"
	"codecworkbench/codecs/picture"
)

// opened is a checked stream.
type opened struct {
	layout
	s     *codecs.Stream
	m     *model
	h     latent.Header
	side  []byte // the payload of z
	parts []latent.Region
	y     latent.Payloads
}

// open checks a stream.
func open(m *model, s *codecs.Stream, h latent.Header) (*opened, error) {
	z, err := hyper.Payload(s, sectionZ)
	if err != nil {
		return nil, err
	}
	f := &opened{layout: m.layout(s.Width, s.Height), s: s, m: m, h: h, side: z}
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
	z, p, err := f.m.hyper.Read(ctx, w.HyperSynthesis, f.z, f.side, f.h.Q)
	if err != nil {
		return nil, err
	}
	payloads := f.y.Data
	if !y {
		payloads = make([][]byte, len(f.parts))
	}
	symbols, err := f.m.coder.Decode(ctx, f.Layout, f.parts, payloads, p, tick)
	return &latents{z, p, symbols}, err
}

// Decode reconstructs the picture. UpTo 1 reads z alone, whose means then are the latents.
// Off may name "y", which does the same, and "z", which leaves the means out: a picture
// of what y adds to them. An Edit sets the symbol of channel Part at X, Y. Where a
// region of y is damaged, its latents are the means, and a warning says so.
func (f *opened) Decode(ctx context.Context, o codecs.DecodeOptions) (*codecs.Result, error) {
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
		unit = step / hyper.MeanUnit
	}
	n := f.m.Channels
	read := func(y int, row []float32) {
		for x := range f.Wide {
			l.prior.Latents(x, y, l.symbols[(y*f.Wide+x)*n:][:n], step, unit, row[x*n:])
		}
	}
	return f.m.Synthesise(ctx, w.Synthesis, f.Layout, f.h, read, tick)
}
