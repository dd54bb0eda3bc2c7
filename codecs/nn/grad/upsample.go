package grad

import (
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/nn/optim"
)

// upsample doubles both sides, down the columns first, then along the rows:
//
//	y[o] = sum over i of x[i] * filter[o+t-1-2*i]   i clamped to the input
type upsample struct {
	layer  *nn.Upsample
	filter *optim.Param
}

func newUpsampleNode(l *nn.Upsample, b *builder) node {
	return &upsample{l, param(b.weights(l), 0)}
}

func (u *upsample) refresh() {}

func (u *upsample) forward(t *Tape, x *Value, level float64) *Value {
	if t.Err() != nil {
		return t.none()
	}
	o := record[upsampleOp](t)
	if !o.apply(t, u.layer, x, level, u.filter != nil) {
		return t.none()
	}
	o.node = u
	return o.y
}

type upsampleOp struct {
	layerOp
	node  *upsample
	tall  []float32 // the gradient after the columns: [2H, W, C]
	parts []float32 // the filter's gradient of each output row, along rows, then down columns
}

func (o *upsampleOp) backward(t *Tape) {
	taps := len(o.node.layer.Filter)
	o.tall = t.memory.take(o.y.H * o.x.W * o.x.C)
	o.parts = t.memory.take(o.y.H * taps)
	t.parallel(o.y.H, (*upsampleRows)(o))
	if o.node.filter != nil {
		for i := range o.y.H {
			accumulate(o.node.filter.Grad, o.parts[i*taps:(i+1)*taps])
		}
	}
	if o.x.Grad != nil {
		t.parallel(chunks(o.x.W*o.x.C), (*upsampleColumns)(o))
	}
}

// inputs returns the inputs that an output depends on, also those beyond the edges.
func (o *upsampleOp) inputs(out int) (lo, hi int) {
	t := len(o.node.layer.Filter) / 2
	return (out+t+1)/2 - t, (out + t - 1) / 2
}

// tap returns the index of the weight of input i for an output.
func (o *upsampleOp) tap(out, i int) int { return out + len(o.node.layer.Filter)/2 - 1 - 2*i }

// upsampleRows takes one output row back to the input's width.
type upsampleRows upsampleOp

func (r *upsampleRows) piece(y int, s *scratch) {
	o := (*upsampleOp)(r)
	c, n, filter := o.x.C, o.x.W*o.x.C, o.node.layer.Filter
	tall, dy := o.tall[y*n:(y+1)*n], o.y.Grad[y*2*n:(y+1)*2*n]
	clear(tall)
	for x := range o.y.W {
		lo, hi := o.inputs(x)
		for i := lo; i <= hi; i++ {
			at := min(max(i, 0), o.x.W-1) * c
			kernel.AddScaled(tall[at:at+c], filter[o.tap(x, i)], dy[x*c:(x+1)*c])
		}
	}
	if o.node.filter != nil {
		o.filterGradient(y, s.take(n), dy, tall)
	}
}

// filterGradient is that of output row y: of both passes of the filter, as the row's taps
// down the columns, column its sum, and then along the row.
func (o *upsampleOp) filterGradient(y int, column, dy, tall []float32) {
	c, n, filter := o.x.C, o.x.W*o.x.C, o.node.layer.Filter
	part := o.parts[y*len(filter) : (y+1)*len(filter)]
	clear(part)
	clear(column)
	lo, hi := o.inputs(y)
	for i := lo; i <= hi; i++ {
		row := o.x.Data[min(max(i, 0), o.x.H-1)*n:][:n]
		kernel.AddScaled(column, filter[o.tap(y, i)], row)
		part[o.tap(y, i)] += kernel.Dot(tall, row)
	}
	for x := range o.y.W {
		lo, hi := o.inputs(x)
		for i := lo; i <= hi; i++ {
			at := min(max(i, 0), o.x.W-1) * c
			part[o.tap(x, i)] += kernel.Dot(dy[x*c:(x+1)*c], column[at:at+c])
		}
	}
}

// upsampleColumns takes some elements of all rows back to the input's height.
type upsampleColumns upsampleOp

func (u *upsampleColumns) piece(k int, _ *scratch) {
	o := (*upsampleOp)(u)
	n := o.x.W * o.x.C
	from, to := span(k, n)
	for y := range o.y.H {
		lo, hi := o.inputs(y)
		for i := lo; i <= hi; i++ {
			row := min(max(i, 0), o.x.H-1) * n
			kernel.AddScaled(o.x.Grad[row+from:row+to], o.node.layer.Filter[o.tap(y, i)], o.tall[y*n+from:y*n+to])
		}
	}
}
