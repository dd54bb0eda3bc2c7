package grad

import (
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/nn/optim"
)

// correlation is the gradient of a convolution's weights, the correlation of its input
// with the gradient of its output:
//
//	dW[o, dy, dx, i] = sum over y, x of out[y, x, o] * in[y*stride+dy, x*stride+dx, i]
//
// as matrix products. A transposed convolution's weights have it with input and output in
// each other's place. Positions are shared out in at most maxParts parts, whatever the
// number of cores; the parts' sums are added in order.
type correlation struct {
	in      nn.Band // with its padding
	out     nn.Band // dense
	kernel  int
	stride  int
	padding int
	groups  int

	perPart int       // blocks of positions
	rows    int       // outputs of a piece
	strips  int       // pieces a part and row of the kernel
	parts   []float32 // of each part [out, dy, dx, in of the group]
	size    int       // of a part
}

const (
	maxParts = 8
	// blockPositions is how many positions one product takes: the packed input of so many
	// stays in the cache.
	blockPositions = 256
	// stripRows is how many outputs a piece takes where there are few parts.
	stripRows = 48
)

// sum computes all parts.
func (c *correlation) sum(t *Tape) {
	blocks := (c.positions() + blockPositions - 1) / blockPositions
	c.perPart = (blocks + maxParts - 1) / maxParts
	n := (blocks + c.perPart - 1) / c.perPart
	c.rows = c.out.C
	if n < maxParts/2 && c.kernel == 1 && c.groups == 1 {
		c.rows = stripRows
	}
	c.strips = (c.out.C + c.rows - 1) / c.rows
	c.size = c.out.C * c.kernel * c.kernel * (c.in.C / c.groups)
	c.parts = t.memory.take(n * c.size)
	t.parallel(n*c.kernel*c.strips, c)
}

func (c *correlation) positions() int { return c.out.H * c.out.W }

// piece sums up one part's row of the kernel, for some outputs.
func (c *correlation) piece(i int, s *scratch) {
	strip, dy, part := i%c.strips, i/c.strips%c.kernel, i/c.strips/c.kernel
	columns, depth := c.kernel*(c.in.C/c.groups), c.kernel*c.kernel*(c.in.C/c.groups)
	to := c.parts[part*c.size+dy*columns : (part+1)*c.size]
	first := part * c.perPart * blockPositions
	end := min(first+c.perPart*blockPositions, c.positions())
	for p := first; p < end; p += blockPositions {
		n := min(blockPositions, end-p)
		o := kernel.GemmOptions{Accumulate: p > first}
		for g := range c.groups {
			c.pack(s, p, n, dy, g)
			from := g*(c.out.C/c.groups) + strip*c.rows
			rows := min(c.rows, c.out.C-strip*c.rows)
			if c.groups > 1 {
				rows = c.out.C / c.groups
			}
			a := kernel.Matrix{Data: c.out.Data[p*c.out.C+from:], Stride: 1, Runs: n, Run: 1, RunStride: c.out.C}
			kernel.Gemm(rows, a, &s.panels, to[from*depth:], depth, o)
		}
	}
}

// pack packs what n positions from p on see under row dy of the kernel of one group.
func (c *correlation) pack(s *scratch, p, n, dy, g int) {
	in, w := c.in.C/c.groups, c.out.W
	if c.kernel == 1 && c.stride == 1 && c.padding == 0 && c.in.Stride == w*c.in.C {
		s.panels.Repack(c.in.Data[p*c.in.C+g*in:], n, in, c.in.C, 1)
		return
	}
	columns := c.kernel * in
	rows := s.take(n * columns)
	for i := range n {
		y, x := (p+i)/w*c.stride-c.padding+dy, (p+i)%w*c.stride-c.padding
		from, to := c.in.Data[c.in.At(y, x)+g*in:], rows[i*columns:(i+1)*columns]
		if c.groups == 1 {
			copy(to, from)
			continue
		}
		for dx := range c.kernel {
			copy(to[dx*in:(dx+1)*in], from[dx*c.in.C:])
		}
	}
	s.panels.Repack(rows, n, columns, columns, 1)
}

// add adds the sums to a gradient laid out as [out, in of the group, dy, dx].
func (c *correlation) add(to *optim.Param) {
	sum := c.parts[:c.size]
	for from := c.size; from < len(c.parts); from += c.size {
		accumulate(sum, c.parts[from:from+c.size])
	}
	taps, in := c.kernel*c.kernel, c.in.C/c.groups
	if taps == 1 {
		accumulate(to.Grad, sum)
		return
	}
	for o := range c.out.C {
		from, grad := sum[o*taps*in:(o+1)*taps*in], to.Grad[o*taps*in:(o+1)*taps*in]
		for tap := range taps {
			for i, v := range from[tap*in : (tap+1)*in] {
				grad[i*taps+tap] += v
			}
		}
	}
}
