// Package hyper is what codecs with a hyperprior have in common: hyper-latents z, a small
// code from which an integer network predicts what latents y look like (Ballé et al., ICLR
// 2018; its integer network: ICLR 2019).
//
// It reads the networks hyper_analysis (in floats) and hyper_synthesis (in integers) and
// the tables z of a model file, turns y into z and z into a payload and back, and runs the
// hyper-synthesis. What the prediction means is the codec's. For those to which it is a mean
// and a scale for each latent, and nothing else is a context, Coder codes y, Job encodes a
// picture, and Account has the panels.
package hyper

import (
	"context"
	"encoding/json"
	"fmt"

	"codecworkbench/codecs"
	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/integer"
)

// Synthesis is the integer network's name.
const Synthesis = "hyper_synthesis"

// Model is a model's part that deals with z.
type Model struct {
	Channels int // of z
	Scale    int // pixels that a position of z covers along each side

	latents   int         // channels of y
	ratio     int         // positions of y to one of z, along each side
	analysis  *nn.Network // y to z
	synthesis *integer.Network
	tables    latent.Tables // a row a level
	levels    latent.Levels
	slopes    func() slopes // for a Search
}

// Load reads a model file's part and checks that it fits the backbone.
func Load(f *nn.Model, b *latent.Backbone) (*Model, error) {
	m := &Model{latents: b.Channels, levels: b.Levels, slopes: loadSlopes(f)}
	var err error
	if m.analysis, err = f.Network("hyper_analysis"); err != nil {
		return nil, err
	}
	if m.synthesis, err = integer.Load(f.File(), Synthesis); err != nil {
		return nil, err
	}
	if err := m.check(b); err != nil {
		return nil, fmt.Errorf("%w: %w", latent.ErrModel, err)
	}
	if m.tables, err = latent.LoadTables(f.File(), "z", m.Channels); err != nil {
		return nil, err
	}
	if m.tables.Rows != b.Levels.Count {
		return nil, fmt.Errorf("%w: tables of z for %d levels, it has %d", latent.ErrModel, m.tables.Rows, b.Levels.Count)
	}
	return m, nil
}

// check finds the shape of z and checks that the networks fit together.
func (m *Model) check(b *latent.Backbone) error {
	probe := latent.Probe()
	l := b.Layout(probe.W, probe.H)
	z, err := m.analysis.Size(nn.Size{H: l.High, W: l.Wide, C: b.Channels})
	if err != nil {
		return fmt.Errorf("hyper-analysis: %w", err)
	}
	m.Channels, m.Scale = z.C, probe.H/max(z.H, 1)
	m.ratio = m.Scale / b.Scale
	in, _ := m.synthesis.Channels()
	switch {
	case z.C < 1 || z.C > latent.MaxChannels || in != z.C:
		return fmt.Errorf("%d channels of z meet a hyper-synthesis of %d, 1 to %d are allowed", z.C, in, latent.MaxChannels)
	case z.H*m.Scale != probe.H || z.W*m.Scale != probe.W || m.Scale%b.Scale != 0:
		return fmt.Errorf("its hyper-analysis turns %d x %d positions into %d x %d", l.Wide, l.High, z.W, z.H)
	case m.synthesis.Outputs() != 2*b.Channels:
		return fmt.Errorf("its hyper-synthesis gives %d channels for %d latents, expected two for each", m.synthesis.Outputs(), b.Channels)
	}
	return nil
}

// Layout is the geometry of z for a picture's size.
func (m *Model) Layout(width, height int) latent.Layout {
	return latent.NewLayout(width, height, m.Scale)
}

// round is z as a decoder gets it.
func (m *Model) round(v []float32, q int) []int16 {
	z := make([]int16, len(v))
	for i, x := range v {
		z[i] = int16(m.symbol(m.Table(q, i%m.Channels), latent.Nearest(x)))
	}
	return z
}

// write is the payload of z.
func (m *Model) write(z []int16, q int) []byte {
	out := entropy.NewEncoder()
	for i, s := range z {
		m.Table(q, i%m.Channels).Encode(out, int(s))
	}
	return out.Bytes()
}

// Decode reads z from its payload.
func (m *Model) Decode(ctx context.Context, l latent.Layout, payload []byte, q int) ([]int16, error) {
	in := entropy.NewDecoder(payload)
	z := make([]int16, 0, m.Channels)
	err := l.Whole().Each(ctx, in, func() {}, func(_, _ int) {
		for c := range m.Channels {
			t := m.Table(q, c)
			z = append(z, int16(m.symbol(t, t.Decode(in))))
		}
	})
	return z, err
}

// Read decodes z from its payload and runs the hyper-synthesis, whose output lies in the
// session's memory.
func (m *Model) Read(ctx context.Context, s *integer.Session, l latent.Layout, payload []byte, q int) ([]int16, Prior, error) {
	z, err := m.Decode(ctx, l, payload, q)
	if err != nil {
		return nil, Prior{}, fmt.Errorf("section z: %w", err)
	}
	p, err := m.Predict(ctx, s, l, z)
	return z, p, err
}

// Payload finds z in a stream: the section of a kind.
func Payload(s *codecs.Stream, kind byte) ([]byte, error) {
	z, ok := s.Section(kind, 0)
	if !ok {
		return nil, fmt.Errorf("%w: its section z, without which nothing can be read, is missing or damaged", latent.ErrDamaged)
	}
	return z, nil
}

// CheckScales checks that the hyper-synthesis ends with indices into so many scales, whatever
// its weights are.
func (m *Model) CheckScales(f *nn.Model, scales int) error {
	var specs map[string]integer.Spec
	if err := json.Unmarshal([]byte(f.Metadata[integer.MetadataKey]), &specs); err != nil {
		return fmt.Errorf("%w: %w", latent.ErrModel, err)
	}
	layers := specs[Synthesis].Layers
	if len(layers) == 0 {
		return fmt.Errorf("%w: its hyper-synthesis is empty", latent.ErrModel)
	}
	if last := layers[len(layers)-1]; last.Op != "scale_index" || last.First != m.latents || last.Levels > scales {
		return fmt.Errorf("%w: its hyper-synthesis ends with %s from channel %d to %d levels, expected scale_index from %d to at most %d",
			latent.ErrModel, last.Op, last.First, last.Levels, m.latents, scales)
	}
	return nil
}

// Table is the distribution of a channel of z.
func (m *Model) Table(q, channel int) *entropy.Table {
	return m.tables.At(m.levels.Row(q, m.tables.Rows), channel)
}

// symbol is the value of z that a decoder gets for v.
func (m *Model) symbol(t *entropy.Table, v int) int {
	_, largest := m.synthesis.Channels()
	return min(max(t.Clamp(v), -largest), largest)
}

// Predict runs the hyper-synthesis, whose output lies in the session's memory.
func (m *Model) Predict(ctx context.Context, s *integer.Session, l latent.Layout, z []int16) (Prior, error) {
	out, err := m.synthesis.Run(ctx, s, integer.Tensor{H: l.High, W: l.Wide, C: m.Channels, Data: z})
	if err != nil {
		return Prior{}, err
	}
	if out.H != m.ratio*l.High || out.W != m.ratio*l.Wide {
		return Prior{}, fmt.Errorf("%w: its hyper-synthesis turns %d x %d positions into %d x %d, expected %d times as many",
			latent.ErrModel, l.Wide, l.High, out.W, out.H, m.ratio)
	}
	return NewPrior(m.latents, out.W, out.Data), nil
}

// Prior is what z tells of y: by position, one number for each channel, as a rule its mean,
// then another, as a rule its scale.
type Prior struct {
	channels int
	stride   int // elements from a row of positions to the next
	data     []int16
}

// NewPrior is a prediction for rows of so many positions.
func NewPrior(channels, wide int, data []int16) Prior {
	return Prior{channels, 2 * channels * wide, data}
}

// At returns a position's means and scales.
func (p Prior) At(x, y int) (means, scales []int16) {
	both := p.Both(x, y)
	return both[:p.channels], both[p.channels:]
}

// Both returns a position's means, followed by its scales.
func (p Prior) Both(x, y int) []int16 {
	at := y*p.stride + x*2*p.channels
	return p.data[at : at+2*p.channels]
}
