package grad

import (
	"slices"

	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/nn/optim"
)

// depthwise is a convolution of each channel alone; its transpose is one as well.
type depthwise struct {
	layer        *nn.Depthwise
	weight, bias *optim.Param
	back         *nn.Depthwise
}

func newDepthwiseNode(l *nn.Depthwise, b *builder) node {
	back := &nn.Depthwise{
		Name: l.Name, Channels: l.Channels, Kernel: l.Kernel, Stride: 1, Padding: l.Kernel - 1 - l.Padding,
		Weight: make([]float32, len(l.Weight)),
	}
	own := b.weights(l)
	return &depthwise{l, param(own, 0), param(own, 1), back}
}

func (d *depthwise) refresh() {
	d.layer.Pack()
	copy(d.back.Weight, d.layer.Weight)
	taps := d.layer.Kernel * d.layer.Kernel
	for kernel := range slices.Chunk(d.back.Weight, taps) {
		slices.Reverse(kernel)
	}
	d.back.Pack()
}

func (d *depthwise) forward(t *Tape, x *Value, level float64) *Value {
	if t.Err() != nil {
		return t.none()
	}
	o := record[depthwiseOp](t)
	if !o.apply(t, d.layer, x, level, d.weight != nil) {
		return t.none()
	}
	o.node = d
	return o.y
}

type depthwiseOp struct {
	layerOp
	node    *depthwise
	perPart int
	parts   []float32 // of each part [dy, dx, channel]
	bias    positionSums
}

func (o *depthwiseOp) backward(t *Tape) {
	l := o.node.layer
	if o.node.weight != nil {
		o.perPart = (o.y.H + maxParts - 1) / maxParts
		n := (o.y.H + o.perPart - 1) / o.perPart
		o.parts = t.memory.take(n * o.partSize())
		t.parallel(n, (*depthwiseWeights)(o))
		o.collect()
		if o.node.bias != nil {
			o.bias.add(t, o.node.bias.Grad, o.y.Grad, nil)
		}
	}
	if o.x.Grad != nil {
		o.transposed(t, o.node.back, o.spread(t, l.Kernel, l.Stride, l.Padding))
	}
}

func (o *depthwiseOp) partSize() int {
	return len(o.node.layer.Weight)
}

// collect adds the parts' sums to the weights' gradient.
func (o *depthwiseOp) collect() {
	taps, c := o.node.layer.Kernel*o.node.layer.Kernel, o.node.layer.Channels
	for part := range slices.Chunk(o.parts, o.partSize()) {
		for tap := range taps {
			for i, v := range part[tap*c : (tap+1)*c] {
				o.node.weight.Grad[i*taps+tap] += v
			}
		}
	}
}

// depthwiseWeights sums up some rows a piece.
type depthwiseWeights depthwiseOp

func (o *depthwiseWeights) piece(i int, _ *scratch) {
	l := o.node.layer
	c, size := l.Channels, (*depthwiseOp)(o).partSize()
	part := o.parts[i*size : (i+1)*size]
	clear(part)
	for y := i * o.perPart; y < min((i+1)*o.perPart, o.y.H); y++ {
		for x := range o.y.W {
			g := o.y.Grad[(y*o.y.W+x)*c:][:c]
			for dy := range l.Kernel {
				in := o.in.Data[o.in.At(y*l.Stride-l.Padding+dy, x*l.Stride-l.Padding):]
				for dx := range l.Kernel {
					addProducts(part[(dy*l.Kernel+dx)*c:][:c], g, in[dx*c:])
				}
			}
		}
	}
}

// addProducts adds a*b to sum, element by element.
func addProducts(sum, a, b []float32) { kernel.MulAdd(sum, a, b) }
