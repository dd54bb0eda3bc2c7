package grad

import (
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/nn/optim"
)

// correlation is the gradient of a convolution's weights, the correlation of its input
// with the gradient of its output:
//
//	dW[dy, dx, i, o] = sum over y, x of in[y*stride+dy, x*stride+dx, i] * out[y, x, o]
//
// as matrix products. A transposed convolution's weights have it with input and output in
// each other's place. Rows are shared out in at most maxParts parts, whatever the number
// of cores; the parts' sums are added in order.
type correlation struct {
	in      nn.Band // with its padding
	out     nn.Band
	kernel  int
	stride  int
	padding int
	groups  int

	perPart int
	parts   []float32 // of each part [dy, dx, in of the group, out]
	size    int       // of a part
}

const maxParts = 8

// blockPositions is how many positions of a pointwise layer one product takes.
const blockPositions = 256

// sum computes all parts.
func (c *correlation) sum(t *Tape) {
	if c.pointwise() {
		// One long row of positions, cut into short ones.
		c.flatten(&c.in)
		c.flatten(&c.out)
	}
	blocks := c.blocks()
	c.perPart = (blocks + maxParts - 1) / maxParts
	n := (blocks + c.perPart - 1) / c.perPart
	c.size = c.kernel * c.kernel * (c.in.C / c.groups) * c.out.C
	c.parts = t.memory.take(n * c.size)
	t.parallel(n, c)
}

func (c *correlation) pointwise() bool {
	return c.kernel == 1 && c.stride == 1 && c.padding == 0
}

func (c *correlation) flatten(b *nn.Band) { b.W, b.H = b.W*b.H, 1 }

// blocks is the number of products: of rows, or of runs of positions.
func (c *correlation) blocks() int {
	if c.pointwise() {
		return (c.out.W + blockPositions - 1) / blockPositions
	}
	return c.out.H
}

// piece sums up one part.
func (c *correlation) piece(i int, s *scratch) {
	part := c.parts[i*c.size : (i+1)*c.size]
	clear(part)
	for b := i * c.perPart; b < min((i+1)*c.perPart, c.blocks()); b++ {
		y, x, n := b, 0, c.out.W
		if c.pointwise() {
			y, x = 0, b*blockPositions
			n = min(blockPositions, c.out.W-x)
		}
		c.row(part, y, x, n, c.out.Data[c.out.At(y, x):], s)
	}
}

// row adds the products of n positions of a row, which begin in out.
func (c *correlation) row(weights []float32, y, x, n int, out []float32, s *scratch) {
	in, columns := c.in.C/c.groups, c.out.C/c.groups
	accumulate := kernel.GemmOptions{Accumulate: true}
	for g := range c.groups {
		s.panels.Repack(out[g*columns:], n, columns, c.out.C, 1)
		for dy := range c.kernel {
			// The input's elements under a row of the kernel follow one another; those of
			// one group do so for one column only.
			columnsAtOnce, rows := c.kernel, c.kernel*in
			if c.groups > 1 {
				columnsAtOnce, rows = 1, in
			}
			for dx := 0; dx < c.kernel; dx += columnsAtOnce {
				a := kernel.Matrix{
					Data:   c.in.Data[c.in.At(y*c.stride-c.padding+dy, x*c.stride-c.padding+dx)+g*in:],
					Stride: 1, Runs: n, Run: 1, RunStride: c.stride * c.in.C,
				}
				to := weights[(dy*c.kernel+dx)*in*c.out.C+g*columns:]
				kernel.Gemm(rows, a, &s.panels, to, c.out.C, accumulate)
			}
		}
	}
}

// add adds the sums to a gradient laid out as [out, in of the group, dy, dx].
func (c *correlation) add(to *optim.Param) {
	sum := c.parts[:c.size]
	for from := c.size; from < len(c.parts); from += c.size {
		accumulate(sum, c.parts[from:from+c.size])
	}
	taps, in := c.kernel*c.kernel, c.in.C/c.groups
	for tap := range taps {
		for i := range in {
			at := i*taps + tap
			for _, v := range sum[(tap*in+i)*c.out.C:][:c.out.C] {
				to.Grad[at] += v
				at += in * taps
			}
		}
	}
}
