package vq

import (
	"context"
	"runtime"
	"sync"

	"codecworkbench/codecs/entropy"
)

// analysis turns planes into symbols.
func analysis(ctx context.Context, m *Model, l layout, q10 int, src *planes, report func(done, total int)) (*coded, error) {
	c, rest := surfaces(l, q10, src)
	st := c.steps()
	across, down := l.superblocks()
	for kind := range c.trees {
		if kind == 0 || !l.gray {
			c.trees[kind] = make([][]node, across*down)
		}
	}
	done, lock := 0, sync.Mutex{}
	err := parallel(ctx, down, func() func(row int) {
		luma := newSearcher(m, st.gain[0], st.lambda)
		chroma := newSearcher(m, st.gain[1], st.lambda)
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

// surfaces quantizes the means and returns what their surface leaves over.
func surfaces(l layout, q10 int, src *planes) (*coded, *planes) {
	c := &coded{layout: l, q10: q10}
	st := c.steps()
	rest := blank(l.width, l.height, l.gray)
	for i := range l.planes() {
		c.means[i] = l.quantizeMeans(src.p[i], i, st.mean[i])
		surface(c.means[i].values(st.mean[i]), c.means[i].w, c.means[i].h, rest.p[i])
		for k, v := range src.p[i].v {
			rest.p[i].v[k] = v - rest.p[i].v[k]
		}
	}
	return c, rest
}

// parallel calls work for 0..n-1 on all cores; setup makes each goroutine's function.
func parallel(ctx context.Context, n int, setup func() func(int)) error {
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			work := setup()
			for i := range next {
				if ctx.Err() == nil {
					work(i)
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	return ctx.Err()
}

// deadZone is the part of a step that a mean must differ from its prediction by to
// be coded as the next step.
const deadZone = 0.58

// backProjections is how often the means are corrected so that the smooth surface,
// not only its control points, has the blocks' means.
const backProjections = 2

// quantizeMeans returns the means of a plane's blocks as the decoder will have them.
func (l layout) quantizeMeans(p plane, index int, step float32) *grid {
	target := meansOf(p)
	w, h := p.w/meanSide, p.h/meanSide
	wanted := append([]float32(nil), target...)
	for range backProjections {
		smooth := newPlane(p.w, p.h)
		surface(wanted, w, h, smooth)
		for i, v := range meansOf(smooth) {
			wanted[i] += target[i] - v
		}
	}
	g := newGrid(w, h)
	for s := range l.slices {
		part, first := l.meansOf(g, index, s)
		meanPass(discard{}, part, func(at int, predicted int32) int32 {
			d := float64(wanted[first+at])/float64(step) - float64(predicted)/meanUnit
			if d < 0 {
				return -int32(-d + 1 - deadZone)
			}
			return int32(d + 1 - deadZone)
		})
	}
	return g
}

// meansOf returns the part of a plane's grid in a slice, sharing its values, and where
// it begins.
func (l layout) meansOf(g *grid, plane, slice int) (part *grid, first int) {
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
