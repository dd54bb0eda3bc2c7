package grad

import (
	"math"

	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/optim"
)

// norm is layer or group normalization: blocks of region x region positions and channels
// of one group get mean 0 and variance 1, u = (x-mean) / sqrt(variance+eps), then
// y = weight*u + bias. Layer normalization has one group and blocks of one position.
type norm struct {
	op             nn.Op
	weight, bias   *optim.Param
	groups, region int
	eps            float64
	scale          []float32 // the layer's weights
}

func newNormNode(op nn.Op, own []*optim.Param, groups, region int, eps float64, scale []float32) node {
	return &norm{op, param(own, 0), param(own, 1), groups, region, eps, scale}
}

func (n *norm) refresh() {}

func (n *norm) forward(t *Tape, x *Value, level float64) *Value {
	if t.Err() != nil {
		return t.none()
	}
	o := record[normOp](t)
	if !o.apply(t, n.op, x, level, n.weight != nil) {
		return t.none()
	}
	o.node = n
	return o.y
}

type normOp struct {
	layerOp
	node  *norm
	parts []float32 // of each row of blocks: the gradient by weight, then by bias
}

func (o *normOp) backward(t *Tape) {
	n, c := (o.y.H+o.node.region-1)/o.node.region, o.y.C
	o.parts = t.memory.take(2 * n * c)
	t.parallel(n, o)
	if o.node.weight == nil {
		return
	}
	for i := range n {
		accumulate(o.node.weight.Grad, o.parts[2*i*c:(2*i+1)*c])
		accumulate(o.node.bias.Grad, o.parts[(2*i+1)*c:(2*i+2)*c])
	}
}

// piece does a row of blocks.
func (o *normOp) piece(i int, _ *scratch) {
	c, r := o.y.C, o.node.region
	part := o.parts[2*i*c : (2*i+2)*c]
	clear(part)
	rows := nn.Span{Lo: i * r, Hi: min((i+1)*r, o.y.H)}
	for x := 0; x < o.y.W; x += r {
		for g := range o.node.groups {
			b := normBlock{o.layerOp.x, o.y.Grad, nn.Tile{Rows: rows, Cols: nn.Span{Lo: x, Hi: min(x+r, o.y.W)}}, g * c / o.node.groups, c / o.node.groups}
			b.backward(part[:c], part[c:], o.node.scale, o.node.eps)
		}
	}
}

// normBlock is what shares one mean and variance.
type normBlock struct {
	x       *Value
	dy      []float32
	tile    nn.Tile
	from, n int // channels
}

// each calls f with the elements of each position and their index.
func (b *normBlock) each(f func(x []float32, at int)) {
	for y := b.tile.Rows.Lo; y < b.tile.Rows.Hi; y++ {
		for x := b.tile.Cols.Lo; x < b.tile.Cols.Hi; x++ {
			at := (y*b.x.W+x)*b.x.C + b.from
			f(b.x.Data[at:at+b.n], at)
		}
	}
}

// backward adds to the gradients by weight, bias and x:
//
//	dx = (g - mean(g) - u mean(g u)) / sqrt(variance+eps),  g = weight dy
func (b *normBlock) backward(byWeight, byBias, weight []float32, eps float64) {
	positions := (b.tile.Rows.Hi - b.tile.Rows.Lo) * (b.tile.Cols.Hi - b.tile.Cols.Lo)
	count := float64(positions * b.n)
	sum, squares := 0.0, 0.0
	b.each(func(x []float32, _ int) {
		for _, v := range x {
			sum += float64(v)
		}
	})
	mean := sum / count
	b.each(func(x []float32, _ int) {
		for _, v := range x {
			squares += (float64(v) - mean) * (float64(v) - mean)
		}
	})
	root := 1 / math.Sqrt(squares/count+eps)
	sumG, sumGU := 0.0, 0.0
	b.each(func(x []float32, at int) {
		for i, v := range x {
			u, dy := (float64(v)-mean)*root, b.dy[at+i]
			byWeight[b.from+i] += dy * float32(u)
			byBias[b.from+i] += dy
			g := float64(dy * weight[b.from+i])
			sumG += g
			sumGU += g * u
		}
	})
	if b.x.Grad == nil {
		return
	}
	sumG, sumGU = sumG/count, sumGU/count
	b.each(func(x []float32, at int) {
		for i, v := range x {
			u, g := (float64(v)-mean)*root, float64(b.dy[at+i]*weight[b.from+i])
			b.x.Grad[at+i] += float32((g - sumG - u*sumGU) * root)
		}
	})
}
