package vq

import (
	"context"
	"math"

	"codecworkbench/codecs/entropy"
)

// blockCost is the ideal code length of one block's decisions in bits, as the
// adaptive models gave it.
type blockCost struct {
	class, x, y  int // in samples of its plane
	total, index float64
}

// meter is a bitIO that adds up ideal code lengths and writes nothing.
type meter struct{ bits float64 }

func (m *meter) bit(v int, b *entropy.Bit) int {
	m.bits += b.Bits(v)
	b.Update(v)
	return v
}

func (m *meter) number(v uint32, _ *entropy.Golomb) uint32 {
	// Only gains beyond the modelled ones come here: Exp-Golomb of order 0.
	m.bits += 2*math.Floor(math.Log2(float64(v)+1)) + 1
	return v
}

func (m *meter) prob(v int, p1 uint32) int {
	if v == 0 {
		p1 = 1<<entropy.ProbBits - p1
	}
	m.bits += entropy.ProbBits - math.Log2(float64(p1))
	return v
}

// measure codes the quadtrees once more and says what each block costs.
func (c *coded) measure(ctx context.Context, m *Model) (out [2][]blockCost, err error) {
	for slice := range c.slices {
		var under []cell
		for kind := range c.trees {
			if c.trees[kind] == nil || c.lost[sectionLuma+byte(kind)][slice] {
				continue
			}
			t := c.codeTrees(ctx, &meter{}, m.models(c.q10), m.lengths(), kind, slice, under, func(b blockCost) {
				out[kind] = append(out[kind], b)
			})
			under = t.cells
		}
	}
	return out, ctx.Err()
}
