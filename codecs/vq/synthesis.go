package vq

import (
	"context"
	"slices"

	"codecworkbench/codecs"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/quantize"
)

// decoding says how much of a stream to show.
type decoding struct {
	upTo                                int // index bits; 0: all
	noMeans, noLuma, noChroma, noFilter bool
}

// sectionNames are the kinds of section for people, and for DecodeOptions.Off. filterPart
// is no section but can be switched off alike.
var sectionNames = map[byte]string{
	sectionHeader: "header", sectionMeans: "means", sectionLuma: "luma indices", sectionChroma: "chroma indices",
}

const filterPart = "filter"

// plan reads the options.
func plan(o codecs.DecodeOptions) (d decoding) {
	off := func(name string) bool { return slices.Contains(o.Off, name) }
	d.noMeans, d.noFilter = off(sectionNames[sectionMeans]), off(filterPart)
	d.noLuma, d.noChroma = off(sectionNames[sectionLuma]), off(sectionNames[sectionChroma])
	if o.UpTo > 0 && o.UpTo < progressiveSteps {
		d.upTo = progressiveBits(o.UpTo)
		d.noLuma, d.noChroma = d.noLuma || o.UpTo == 1, d.noChroma || o.UpTo == 1
	}
	return d
}

// synthesis makes the picture that the symbols stand for.
func synthesis(ctx context.Context, m *Model, c *coded, d decoding) (*planes, error) {
	out, edges, err := paint(ctx, m, c, d)
	if err != nil || m.Filters == nil || d.noFilter {
		return out, err
	}
	return out, m.Filters.restore(ctx, out, edges, c)
}

// paint adds up surfaces and codewords. edges marks, for luma and chroma, the samples
// along the borders of blocks.
func paint(ctx context.Context, m *Model, c *coded, d decoding) (out *planes, edges [2][]uint8, err error) {
	st := c.steps()
	out = blank(c.width, c.height, c.gray)
	for i := range c.planes() {
		if d.noMeans {
			break
		}
		g, p := c.means[i], out.p[i]
		err := surface(ctx, g.values(st.mean[i]), g.w, g.h, func(y int, row []float32) { copy(p.v[y*p.w:], row) })
		if err != nil {
			return nil, edges, err
		}
	}
	for kind := range edges {
		edges[kind] = make([]uint8, len(out.p[kind].v))
	}
	off := [2]bool{d.noLuma, d.noChroma}
	across, down := c.superblocks()
	err = kernel.Parallel(ctx, down, func() func(int) {
		p := &painter{model: m, out: out, edges: edges, upTo: d.upTo}
		return func(row int) {
			for x := range across {
				for kind, trees := range c.trees {
					if trees == nil || off[kind] {
						continue
					}
					p.step = st.gain[kind]
					walk(trees[row*across+x], kind*firstChroma, x*superblock>>kind, row*superblock>>kind, p.block)
				}
			}
		}
	})
	return out, edges, err
}

// painter adds codewords to planes.
type painter struct {
	model  *Model
	out    *planes
	edges  [2][]uint8
	step   float32
	upTo   int // index bits; 0: all
	coef   [quantize.MaxDim]float32
	pixels [maxSide * maxSide]float32
}

func (p *painter) block(cls, x, y int, n *node) {
	c := classTable[cls]
	if n.n > 0 {
		coef := p.coef[:c.dim()]
		clear(coef)
		for _, w := range n.words[:n.n] {
			p.word(cls, w, coef)
		}
		for i := range c.planes {
			p.add(cls, p.out.p[c.firstPlane()+i], coef[i*c.kept:(i+1)*c.kept], x, y)
		}
	}
	if !n.split {
		p.outline(c, x, y)
	}
}

// word adds a codeword to coefficients, or what a coarser codebook makes of it.
func (p *painter) word(cls int, w word, coef []float32) {
	book := p.model.Books[cls]
	shape := book.Codeword(int(w.index), int(w.bits))
	gain := float32(w.gain) * p.step
	if p.upTo > 0 && p.upTo < int(w.bits) {
		coarse := book.Codeword(int(w.index)>>(int(w.bits)-p.upTo), p.upTo)
		gain *= kernel.Dot(shape, coarse)
		shape = coarse
	}
	kernel.AddScaled(coef, gain, shape)
}

// outline marks the border of a block.
func (p *painter) outline(c class, x, y int) {
	w := p.out.p[c.firstPlane()].w
	e := p.edges[c.firstPlane()]
	for i := range c.side {
		e[y*w+x+i] = 1
		e[(y+c.side-1)*w+x+i] = 1
		e[(y+i)*w+x] = 1
		e[(y+i)*w+x+c.side-1] = 1
	}
}

// add adds the inverse transform of coefficients to a plane.
func (p *painter) add(cls int, to plane, coef []float32, x, y int) {
	side := classTable[cls].side
	b := p.pixels[:side*side]
	clear(b)
	transforms[cls].inverse(coef, b, 1)
	for r := range side {
		line := to.v[(y+r)*to.w+x:]
		for i, v := range b[r*side : (r+1)*side] {
			line[i] += v
		}
	}
}
