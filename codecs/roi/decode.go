package roi

import (
	"context"
	"slices"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/hyper"
	"codecworkbench/codecs/picture"
)

// opened is a stream with its map, checked.
type opened struct {
	s             *codecs.Stream
	latent.Layout               // of y
	z             latent.Layout // of z
	m             *model
	h             latent.Header
	prior         prior
	gains         *latent.Map // nil: q everywhere
	side          []byte      // the payload of z
	parts         []latent.Region
	y             latent.Payloads
}

// open checks a stream.
func open(m *model, s *codecs.Stream, h latent.Header) (*opened, error) {
	side, err := hyper.Payload(s, sectionZ)
	if err != nil {
		return nil, err
	}
	f := &opened{Layout: m.Layout(s.Width, s.Height), z: m.hyper.Layout(s.Width, s.Height), s: s, m: m, h: h, prior: m.prior(h), side: side}
	f.parts = f.Regions()
	if f.y, err = latent.ReadPayloads(s, sectionY, len(f.parts)); err != nil {
		return nil, err
	}
	f.gains, err = readMap(s, f.Layout)
	return f, err
}

// latents is a decoded file before synthesis. The means and scales lie in a workspace.
type latents struct {
	z       []int16
	prior   hyper.Prior
	symbols []int16 // of y, [High, Wide, channels]
}

// read decodes z and, with y set, y; all symbols of y are 0 else.
func (f *opened) read(ctx context.Context, w *hyper.Workspace, y bool, tick func()) (*latents, error) {
	z, p, err := f.m.hyper.Read(ctx, w.HyperSynthesis, f.z, f.side, f.h.Q)
	if err != nil {
		return nil, err
	}
	payloads := f.y.Data
	if !y {
		payloads = make([][]byte, len(f.parts))
	}
	symbols, err := f.prior.Decode(ctx, f.Layout, f.parts, payloads, p, tick)
	return &latents{z, p, symbols}, err
}

// Decode reconstructs the picture. UpTo 1 reads z alone, whose means then are the latents.
// Off may name "y", which does the same, "z", which leaves the means out, and "map", which
// takes every position for one of quality q. An Edit sets the symbol of channel Part at X, Y.
// Where a region of y is damaged, its latents are the means, and a warning says so.
func (f *opened) Decode(ctx context.Context, o codecs.DecodeOptions) (*codecs.Result, error) {
	w := f.m.spaces.Get().(*hyper.Workspace)
	defer f.m.spaces.Put(w)
	meter := latent.NewMeter(f.High+latent.RegionRows(f.parts), o.On)
	l, err := f.read(ctx, w, o.UpTo != 1 && !slices.Contains(o.Off, nameY), meter.Tick)
	if err != nil {
		return nil, err
	}
	if err := f.Edit(l.symbols, f.m.Channels, o.Edits); err != nil {
		return nil, err
	}
	if slices.Contains(o.Off, nameMap) {
		f.gains = nil
	}
	p, err := f.synthesise(ctx, w, l, !slices.Contains(o.Off, nameZ), meter.Tick)
	if err != nil {
		return nil, err
	}
	return &codecs.Result{Picture: p, Warnings: f.y.Warnings("the picture is blurred")}, nil
}

// synthesise makes the picture from the symbols and, with means set, the means.
func (f *opened) synthesise(ctx context.Context, w *hyper.Workspace, l *latents, means bool, tick func()) (*picture.Picture, error) {
	n, unit := f.m.Channels, float32(0)
	if means {
		unit = 1. / hyper.MeanUnit
	}
	step := f.step()
	read := func(y int, row []float32) {
		for x := range f.Wide {
			at := y*f.Wide + x
			s := step(at)
			l.prior.Latents(x, y, l.symbols[at*n:][:n], s, unit*s, row[x*n:])
		}
	}
	if f.gains == nil {
		return f.m.Synthesise(ctx, w.Synthesis, f.Layout, f.h, read, tick)
	}
	return f.m.SynthesiseMap(ctx, w.Synthesis, f.Layout, f.h.Gray, f.gains, read, tick)
}

// step returns what a unit of a position's symbols is worth, by the position's number.
func (f *opened) step() func(at int) float32 {
	if f.gains == nil {
		step := 1 / f.m.Levels.Gain(f.h.Q)
		return func(int) float32 { return step }
	}
	gains := f.gains.Gains(f.m.Levels)
	return func(at int) float32 { return 1 / gains[f.gains.Index[at]] }
}
