package grad

import (
	"math"

	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/nn/optim"
)

// minBeta is the lower bound of GDN's beta under training (Ballé et al., ICLR 2016); that
// of gamma is 0.
const minBeta = 1e-6

// gdn is divisive normalization by n = beta + gamma p, with p = x^2, or |x| if simple.
type gdn struct {
	layer       *nn.GDN
	beta, gamma *optim.Param
	norms, back kernel.Panels // gamma for n = beta + p gamma^T, and for dp = dn gamma
}

func newGDNNode(l *nn.GDN, b *builder) node {
	own := b.weights(l)
	g := &gdn{layer: l, beta: param(own, 0), gamma: param(own, 1)}
	keepAbove(g.beta, minBeta)
	keepAbove(g.gamma, 0)
	return g
}

func (g *gdn) refresh() {
	l := g.layer
	l.Pack()
	g.norms.Repack(l.Gamma, l.Channels, l.Channels, 1, l.Channels)
	g.back.Repack(l.Gamma, l.Channels, l.Channels, l.Channels, 1)
}

func (g *gdn) forward(t *Tape, x *Value, level float64) *Value {
	if t.Err() != nil {
		return t.none()
	}
	o := record[gdnOp](t)
	if !o.apply(t, g.layer, x, level, g.beta != nil) {
		return t.none()
	}
	o.node = g
	return o.y
}

type gdnOp struct {
	layerOp
	node   *gdn
	powers []float32 // p
	norms  []float32 // n, then the gradient by it
	direct []float32 // the gradient by x with n held
	sums   correlation
	bias   positionSums
}

func (o *gdnOp) backward(t *Tape) {
	n := len(o.x.Data)
	o.powers, o.norms, o.direct = t.memory.take(n), t.memory.take(n), t.memory.take(n)
	t.parallel((o.x.H*o.x.W+blockPositions-1)/blockPositions, o)
	if o.x.Grad != nil {
		accumulate(o.x.Grad, o.direct)
	}
	if o.node.beta == nil {
		return
	}
	h, w, c := o.x.H, o.x.W, o.x.C
	o.sums = correlation{in: whole(h, w, c, o.powers), out: whole(h, w, c, o.norms), kernel: 1, stride: 1, groups: 1}
	o.sums.sum(t)
	o.sums.add(o.node.gamma)
	o.bias.add(t, o.node.beta.Grad, o.norms, nil)
}

// piece does a block of positions.
func (o *gdnOp) piece(i int, s *scratch) {
	c := o.x.C
	from, to := i*blockPositions*c, min((i+1)*blockPositions*c, len(o.x.Data))
	x, direct, norms := o.x.Data[from:to], o.direct[from:to], o.norms[from:to]
	o.node.direct(direct, o.powers[from:to], norms, x, o.y.Grad[from:to])
	if o.x.Grad != nil {
		o.node.byNorms(direct, norms, x, s.take(to-from))
	}
}

// direct writes the powers, the gradients by x with n held, and those by n to norms.
func (g *gdn) direct(direct, powers, norms, x, dy []float32) {
	c := g.layer.Channels
	if g.layer.Simple {
		kernel.Abs(powers, x)
	} else {
		kernel.Square(powers, x)
	}
	kernel.Gemm(len(x)/c, rowsOf(powers, c), &g.norms, norms, c, kernel.GemmOptions{Bias: g.layer.Beta})
	g.derive(direct, norms, x, dy)
}

// byNorms adds to the gradients by x what comes through those by n; back is scratch memory.
func (g *gdn) byNorms(sum, norms, x, back []float32) {
	c := g.layer.Channels
	kernel.Gemm(len(x)/c, rowsOf(norms, c), &g.back, back, c, kernel.GemmOptions{})
	for i, v := range x {
		if g.layer.Simple {
			v = float32(math.Copysign(0.5, float64(v)))
		}
		sum[i] += 2 * v * back[i]
	}
}

// derive writes the gradients by x, with n held, to direct and by n to norms, which holds n.
func (g *gdn) derive(direct, norms, x, dy []float32) {
	switch l := g.layer; {
	case l.Simple && l.Inverse: // y = x n
		for i, g := range dy {
			direct[i], norms[i] = g*norms[i], g*x[i]
		}
	case l.Simple: // y = x / n
		for i, g := range dy {
			d := g / norms[i]
			direct[i], norms[i] = d, -d*x[i]/norms[i]
		}
	case l.Inverse: // y = x sqrt(n)
		for i, g := range dy {
			root := float32(math.Sqrt(float64(norms[i])))
			direct[i], norms[i] = g*root, g*x[i]/(2*root)
		}
	default: // y = x / sqrt(n)
		for i, g := range dy {
			d := g / float32(math.Sqrt(float64(norms[i])))
			direct[i], norms[i] = d, -d*x[i]/(2*norms[i])
		}
	}
}

// rowsOf is an ordinary matrix of n columns.
func rowsOf(data []float32, n int) kernel.Matrix {
	return kernel.Matrix{Data: data, Stride: n, Runs: 1, Run: n}
}
