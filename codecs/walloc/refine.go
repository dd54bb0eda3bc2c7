package walloc

import (
	"context"
	"fmt"
	"math"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/refine"
	"codecworkbench/codecs/transform"
)

// newRefiner makes what refinement looks through: the synthesis network, and the packets'
// inverse behind it.
func (m *model) newRefiner(f *nn.Model) (*refine.Decoder, error) {
	if n := m.channels * m.contexts.classes; n > math.MaxInt16 {
		return nil, fmt.Errorf("%w: %d tables at a rate level, latents can be refined with %d at most", latent.ErrModel, n, math.MaxInt16)
	}
	d, err := refine.LoadDecoder(f, m.channels)
	if err != nil {
		return nil, err
	}
	return d, d.Then(&refine.Linear{Reach: transform.PacketHalo, Forward: m.unpack, Transposed: m.unpackTransposed})
}

// unpack turns rows of packets into rows of samples.
func (m *model) unpack(ctx context.Context, data []float32, width int) error {
	transform.Unpackets(data, width, m.splits)
	return kernel.Each(ctx, len(data)/width, func(y int) error {
		m.rows.Unpackets(data[y*width:][:width])
		return nil
	})
}

func (m *model) unpackTransposed(ctx context.Context, data []float32, width int) error {
	transform.UnpacketsTransposed(data, width, m.splits)
	return kernel.Each(ctx, len(data)/width, func(y int) error {
		transform.UnpacketsTransposed(data[y*width:][:width], colours, m.splits)
		return nil
	})
}

// predictions are what neighbours made of symbols when they were last chosen, for a picture
// whose latents are refined.
type predictions struct {
	grid
	m             *model
	q             int
	parts         []latent.Region
	means, tables []int16 // [High, Wide, channels]
}

// problem is what refinement has to know of latents y. Their rates are those of our own
// coder, whose predictions are made when they are first asked for.
func (m *model) problem(p *picture.Picture, l latent.Layout, y []float32, q int) *refine.Problem {
	all := &predictions{grid: grid{Layout: l}, m: m, q: q, parts: l.Regions()}
	first := all.first()
	tables := make([]*entropy.Table, m.channels*m.contexts.classes)
	for i := range tables {
		tables[i] = m.contexts.tables.Set.At(first + i)
	}
	return &refine.Problem{Picture: p, Layout: l, Y: nn.Tensor{H: l.High, W: l.Wide, C: m.channels, Data: y}, Level: m.levels.At(q), Gain: m.levels.Gain(q), Values: m.compander.values,
		Lambda: latent.Lambda(q), At: all.at, Predict: all.predict, Tables: entropy.NewFactorized(tables), Skip: make([]bool, len(tables))}
}

// first is the number of the first table of the row for the quality.
func (p *predictions) first() int {
	c := &p.m.contexts
	return p.m.levels.Row(p.q, c.tables.Rows) * c.channels * c.classes
}

// at are the predictions and tables of a position.
func (p *predictions) at(x, y int) (means, tables []int16) {
	n := p.m.channels
	at := (y*p.Wide + x) * n
	return p.means[at : at+n], p.tables[at : at+n]
}

// farthest bounds predictions in the units of refinement, beyond which only models predict that
// are of no use.
const farthest = math.MaxInt16 / refine.MeanUnit

// predict goes through the regions of r.
func (p *predictions) predict(ctx context.Context, r latent.Region, choose refine.Choose) error {
	n := p.m.channels
	if p.means == nil {
		size := p.Positions() * n
		p.symbols, p.means, p.tables = make([]int16, size), make([]int16, size), make([]int16, size)
	}
	first := p.first()
	return kernel.Each(ctx, len(p.parts), func(i int) error {
		part := p.parts[i]
		if part.X0 < r.X0 || part.Y0 < r.Y0 || part.X1 > r.X1 || part.Y1 > r.Y1 {
			return nil
		}
		w := p.m.newWalker(p.grid, part, p.q, func(at, table, prediction int) int {
			mean := min(max(prediction, -farthest), farthest)
			p.means[at], p.tables[at] = int16(mean*refine.MeanUnit), int16(table-first)
			chosen := p.symbols[at : at+1]
			choose(at/n%p.Wide, at/n/p.Wide, at%n, p.means[at:at+1], p.tables[at:at+1], chosen)
			chosen[0] = p.m.compander.clamp(int(chosen[0]) + mean)
			return int(chosen[0]) - prediction
		})
		return part.Each(ctx, nil, func() {}, w.position)
	})
}
