package latent

import (
	"context"

	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/picture"
)

// Map is a quality for each position of y. All that depends on the level then does so
// position by position: the gains of y, and the modulations inside the transforms.
type Map struct {
	Q     []int   // the qualities that occur, in 1/QUnit; at most nn.MaxMapLevels
	Index []uint8 // by position, row by row: which of them
}

// At is the quality of a position, by its number.
func (m *Map) At(i int) int { return m.Q[m.Index[i]] }

// Gains are the levels' Gain, for each of a map's qualities.
func (m *Map) Gains(v Levels) []float32 {
	out := make([]float32, len(m.Q))
	for i, q := range m.Q {
		out[i] = v.Gain(q)
	}
	return out
}

// options are those of the transforms' runs.
func (m *Map) options(v Levels, l Layout) nn.Options {
	levels := make([]float64, len(m.Q))
	for i, q := range m.Q {
		levels[i] = v.At(q)
	}
	return nn.Options{Map: &nn.LevelMap{H: l.High, W: l.Wide, Levels: levels, Index: m.Index}}
}

// AnalyseMap is Analyse with a quality for each position.
func (b *Backbone) AnalyseMap(ctx context.Context, s *nn.Session, p *picture.Picture, l Layout, m *Map, tick func()) (nn.Tensor, error) {
	gains, c := m.Gains(b.Levels), b.Channels
	scale := func(y int, dst, src []float32) {
		for x, i := range m.Index[y*l.Wide:][:l.Wide] {
			kernel.Scale(dst[x*c:(x+1)*c], src[x*c:(x+1)*c], gains[i])
		}
	}
	return b.analyse(ctx, s, p, l, m.options(b.Levels, l), scale, tick)
}

// SynthesiseMap is Synthesise with a quality for each position: read divides each one's
// latents by its own Gain.
func (b *Backbone) SynthesiseMap(ctx context.Context, s *nn.Session, l Layout, gray bool, m *Map, read func(y int, row []float32), tick func()) (*picture.Picture, error) {
	return b.synthesise(ctx, s, l, gray, m.options(b.Levels, l), read, tick)
}
