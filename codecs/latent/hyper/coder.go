package hyper

import (
	"context"
	"fmt"
	"slices"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/kernel"
)

// MeanUnit is one step of y in the means that the hyper-synthesis gives.
const MeanUnit = 64

// Coder codes latents by means and scales, each without regard to the others: what is coded
// is the rounded distance from the mean, by the table of the scale.
type Coder struct {
	Tables *entropy.Factorized
	// Skip tells of each table that its symbols are not coded, but taken to be 0.
	Skip []bool

	first []int // by channel: number of its table of scale 0
}

// NewCoder makes a coder of tables; first is the number of each channel's table of scale 0,
// the other scales' follow it.
func NewCoder(tables *entropy.Factorized, first []int) *Coder {
	return &Coder{tables, latent.Skips(tables), first}
}

// Table is the number of a channel's table for a scale.
func (c *Coder) Table(channel int, scale int16) int { return c.first[channel] + int(scale) }

// At returns the function that gives a position's means and the numbers of its tables.
func (c *Coder) At(l latent.Layout, p Prior) func(x, y int) (means, tables []int16) {
	if slices.Max(c.first) == 0 {
		return p.At
	}
	n := len(c.first)
	all := make([]int16, l.Positions()*n)
	for i := range l.Positions() {
		_, scales := p.At(i%l.Wide, i/l.Wide)
		for channel, scale := range scales {
			all[i*n+channel] = int16(c.Table(channel, scale))
		}
	}
	return func(x, y int) (means, tables []int16) {
		means, _ = p.At(x, y)
		return means, all[(y*l.Wide+x)*n:][:n]
	}
}

// Encode codes all regions of y; tick is called for each row of one, from any goroutine.
func (c *Coder) Encode(ctx context.Context, regions []latent.Region, y nn.Tensor, p Prior, tick func()) ([][]byte, error) {
	out := make([][]byte, len(regions))
	return out, kernel.Each(ctx, len(regions), func(i int) error {
		var err error
		out[i], err = c.encode(ctx, regions[i], y, p, tick)
		return err
	})
}

func (c *Coder) encode(ctx context.Context, r latent.Region, y nn.Tensor, p Prior, tick func()) ([]byte, error) {
	out := entropy.NewEncoder()
	err := r.Each(ctx, nil, tick, func(x, row int) {
		means, scales := p.At(x, row)
		values := y.Data[(row*y.W+x)*y.C:][:y.C]
		for i, scale := range scales {
			t := c.Table(i, scale)
			if c.Skip[t] {
				continue
			}
			// To the nearest: rounding towards the mean where that saves bits gained 0.5 % at
			// best on validation photos, at a small price, and lost at a larger one.
			s := latent.Nearest(values[i] - float32(means[i])/MeanUnit)
			c.Tables.At(t).Encode(out, latent.Clamp(s))
		}
	})
	return out.Bytes(), err
}

// Decode reads the symbols of all regions, [High, Wide, channels]; those of a region without
// payload (nil) are 0.
func (c *Coder) Decode(ctx context.Context, l latent.Layout, regions []latent.Region, payloads [][]byte, p Prior, tick func()) ([]int16, error) {
	out := make([]int16, l.Positions()*len(c.first))
	return out, kernel.Each(ctx, len(regions), func(i int) error {
		if payloads[i] == nil {
			return nil
		}
		if err := c.decode(ctx, l, regions[i], payloads[i], p, out, tick); err != nil {
			return fmt.Errorf("region %d: %w", i, err)
		}
		return nil
	})
}

func (c *Coder) decode(ctx context.Context, l latent.Layout, r latent.Region, payload []byte, p Prior, symbols []int16, tick func()) error {
	in, n := entropy.NewDecoder(payload), len(c.first)
	return r.Each(ctx, in, tick, func(x, y int) {
		_, scales := p.At(x, y)
		out := symbols[(y*l.Wide+x)*n:][:n]
		for i, scale := range scales {
			if t := c.Table(i, scale); !c.Skip[t] {
				out[i] = int16(latent.Clamp(c.Tables.At(t).Decode(in)))
			}
		}
	})
}

// Latents writes a position's latents, symbol times step plus mean times unit, to dst.
func (p Prior) Latents(x, y int, symbols []int16, step, unit float32, dst []float32) {
	means, _ := p.At(x, y)
	means, dst = means[:len(symbols)], dst[:len(symbols)]
	for i, s := range symbols {
		dst[i] = float32(s)*step + float32(means[i])*unit
	}
}
