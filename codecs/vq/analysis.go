package vq

import (
	"context"
	"math"
	"slices"
	"sync"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/nn/kernel"
)

// analysis turns planes into symbols.
func analysis(ctx context.Context, m *Model, l layout, q10 int, src *planes, report func(done, total int)) (*coded, error) {
	c, rest, err := surfaces(ctx, m, l, q10, src)
	if err != nil {
		return nil, err
	}
	st := c.steps()
	across, down := l.superblocks()
	for kind := range c.trees {
		if kind == 0 || !l.gray {
			c.trees[kind] = make([][]node, across*down)
		}
	}
	done, lock := 0, sync.Mutex{}
	err = kernel.Parallel(ctx, down, func() func(row int) {
		luma := newSearcher(m, q10, st.gain[0])
		chroma := newSearcher(m, q10, st.gain[1])
		return func(row int) {
			for x := range across {
				if ctx.Err() != nil {
					return
				}
				c.trees[0][row*across+x] = luma.superblock(rest, 0, x*superblock, row*superblock)
				if !l.gray {
					c.trees[1][row*across+x] = chroma.superblock(rest, firstChroma, x*superblock/2, row*superblock/2)
				}
			}
			if report != nil {
				lock.Lock()
				done++
				report(done, down)
				lock.Unlock()
			}
		}
	})
	return c, err
}

// surfaces quantizes the means and takes their surface away from the planes; rest is
// src with what is left over.
func surfaces(ctx context.Context, m *Model, l layout, q10 int, src *planes) (c *coded, rest *planes, err error) {
	c = &coded{layout: l, q10: q10}
	st := c.steps()
	if err := c.quantizeMeans(ctx, m, src); err != nil {
		return nil, nil, err
	}
	for i := range l.planes() {
		g, p := c.means[i], src.p[i]
		err := surface(ctx, g.values(st.mean[i]), g.w, g.h, func(y int, row []float32) {
			for x, v := range row {
				p.v[y*p.w+x] -= v
			}
		})
		if err != nil {
			return nil, nil, err
		}
	}
	return c, src, nil
}

// backProjections is how often the means are corrected so that the smooth surface,
// not only its control points, has the blocks' means.
const backProjections = 2

// wantedMeans returns control points whose smooth surface has the means of a plane's
// blocks.
func wantedMeans(ctx context.Context, p plane) ([]float32, error) {
	target := meansOf(p)
	w, h := p.w/meanSide, p.h/meanSide
	wanted, got := slices.Clone(target), make([]float32, len(target))
	for range backProjections {
		clear(got)
		err := surface(ctx, wanted, w, h, func(y int, row []float32) { addMeans(got[y/meanSide*w:], row) })
		if err != nil {
			return nil, err
		}
		for i, v := range got {
			wanted[i] += target[i] - v
		}
	}
	return wanted, nil
}

// meanPatience is the part of lambda that bits cost on the coarse to fine lattices:
// errors on coarse ones spoil the predictions of finer ones.
var meanPatience = [meanLevels]float64{0.15, 0.3, 0.45, 0.7, 1, 1}

// quantizeMeans chooses the means of all planes as the decoder will have them.
func (c *coded) quantizeMeans(ctx context.Context, m *Model, src *planes) error {
	st := c.steps()
	var wanted [3][]float32
	for i := range c.planes() {
		c.means[i] = newGrid(src.p[i].w/meanSide, src.p[i].h/meanSide)
		var err error
		if wanted[i], err = wantedMeans(ctx, src.p[i]); err != nil {
			return err
		}
	}
	return kernel.Parallel(ctx, c.slices, func() func(int) {
		return func(s int) {
			coder := meanCoder{io: discard{}, m: m.models(c.q10)}
			for i := range c.planes() {
				part, first := c.sliceGrid(c.means[i], i, s)
				// A mean's error in units of its step, over its block, against a bit.
				worth := float64(st.mean[i]) * float64(st.mean[i]) * meanSide * meanSide / float64(st.lambda)
				coder.pass(i, part, func(at int, predicted int32, level int, cost func(int32) float64) int32 {
					d := float64(wanted[i][first+at])/float64(st.mean[i]) - float64(predicted)/meanUnit
					return cheapest(d, worth/meanPatience[level], cost)
				})
			}
		}
	})
}

// cheapest returns the residual for a difference d (in steps) that minimizes worth
// times the squared error plus its bits.
func cheapest(d, worth float64, cost func(int32) float64) int32 {
	nearest := int32(math.Round(d))
	best, least := int32(0), worth*d*d+cost(0)
	for _, r := range [2]int32{nearest, nearest - int32(sign(nearest > 0)) + int32(sign(nearest < 0))} {
		if r == 0 {
			continue
		}
		e := d - float64(r)
		if v := worth*e*e + cost(r); v < least {
			best, least = r, v
		}
	}
	return best
}

// sliceGrid returns the part of a plane's grid in a slice, sharing its values, and
// where it begins.
func (l layout) sliceGrid(g *grid, plane, slice int) (part *grid, first int) {
	rows := sliceRows / meanSide
	if plane > 0 {
		rows /= 2
	}
	start := slice * rows
	n := min(rows, g.h-start)
	return &grid{g.w, n, g.v[start*g.w : (start+n)*g.w]}, start * g.w
}

// values returns a grid's means in sample values.
func (g *grid) values(step float32) []float32 {
	out := make([]float32, len(g.v))
	for i, v := range g.v {
		out[i] = float32(v) * step / meanUnit
	}
	return out
}

// discard is a bitIO that goes nowhere: for decisions before the real coding.
type discard struct{}

func (discard) bit(v int, _ *entropy.Bit) int             { return v }
func (discard) number(v uint32, _ *entropy.Golomb) uint32 { return v }
func (discard) prob(v int, _ uint32) int                  { return v }
