package vq

import (
	"context"

	"codecworkbench/codecs/quantize"
)

// synthesis adds up what the symbols stand for.
func synthesis(ctx context.Context, m *Model, c *coded) (*planes, error) {
	st := c.steps()
	out := blank(c.width, c.height, c.gray)
	for i := range c.planes() {
		surface(c.means[i].values(st.mean[i]), c.means[i].w, c.means[i].h, out.p[i])
	}
	across, down := c.superblocks()
	err := parallel(ctx, down, func() func(int) {
		p := &painter{model: m, out: out}
		return func(row int) {
			for x := range across {
				for kind, trees := range c.trees {
					if trees == nil {
						continue
					}
					p.step = st.gain[kind]
					p.nodes = trees[row*across+x]
					p.block(kind*firstChroma, x*superblock>>kind, row*superblock>>kind)
				}
			}
		}
	})
	return out, err
}

// painter adds codewords to planes.
type painter struct {
	model  *Model
	out    *planes
	step   float32
	nodes  []node
	coef   [quantize.MaxDim]float32
	pixels [maxSide * maxSide]float32
}

func (p *painter) block(cls, x, y int) {
	if len(p.nodes) == 0 {
		return
	}
	n := p.nodes[0]
	p.nodes = p.nodes[1:]
	c := classTable[cls]
	if n.n > 0 {
		coef := p.coef[:c.dim()]
		clear(coef)
		for _, w := range n.words[:n.n] {
			quantize.AddScaled(coef, float32(w.gain)*p.step, p.model.Books[cls].Codeword(int(w.index), int(w.bits)))
		}
		for i := range c.planes {
			p.add(cls, p.out.p[c.firstPlane()+i], coef[i*c.kept:(i+1)*c.kept], x, y)
		}
	}
	if n.split {
		half := c.side / 2
		for i := range 4 {
			p.block(c.child, x+i%2*half, y+i/2*half)
		}
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
