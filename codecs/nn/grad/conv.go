package grad

import (
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/optim"
)

// conv is a convolution. The gradient of its input is a convolution too, of the output's
// gradient, spread out by the stride, with the kernel turned by half a turn and inputs and
// outputs exchanged.
type conv struct {
	layer        *nn.Conv
	weight, bias *optim.Param
	back         *nn.Conv
}

func newConvNode(l *nn.Conv, b *builder) node {
	back := &nn.Conv{
		Name: l.Name, In: l.Out, Out: l.In, Kernel: l.Kernel, Stride: 1, Padding: l.Kernel - 1 - l.Padding, Groups: l.Groups,
		Weight: make([]float32, len(l.Weight)),
	}
	return &conv{l, b.param(l.Name+".weight", l.Weight), b.param(l.Name+".bias", l.Bias), back}
}

func (c *conv) refresh() {
	c.layer.Pack()
	l := c.layer
	in, out, taps := l.In/l.Groups, l.Out/l.Groups, l.Kernel*l.Kernel
	for o := range l.Out {
		group, within := o/out, o%out
		for i := range in {
			from := l.Weight[(o*in+i)*taps:][:taps]
			to := c.back.Weight[((group*in+i)*out+within)*taps:][:taps]
			for tap, v := range from {
				to[taps-1-tap] = v
			}
		}
	}
	c.back.Pack()
}

func (c *conv) forward(t *Tape, x *Value, level float64) *Value {
	if t.Err() != nil {
		return t.none()
	}
	o := record[convOp](t)
	if !o.apply(t, c.layer, x, level, c.weight != nil) {
		return t.none()
	}
	o.node = c
	return o.y
}

type convOp struct {
	layerOp
	node *conv
	sums correlation
}

func (o *convOp) backward(t *Tape) {
	l := o.node.layer
	if o.node.weight != nil {
		o.sums = correlation{in: o.in, out: o.y.grads(), kernel: l.Kernel, stride: l.Stride, padding: l.Padding, groups: l.Groups}
		o.sums.sum(t)
		o.sums.addWeights(o.node.weight)
		if o.node.bias != nil {
			o.sums.addBias(o.node.bias)
		}
	}
	if o.x.Grad != nil {
		o.transposed(t, o.node.back, o.spread(t, l.Kernel, l.Stride, l.Padding))
	}
}

// spread returns the output's gradient as the transpose of a convolution reads it: its
// positions stride apart, and zeros between and around them.
func (o *layerOp) spread(t *Tape, kernel, stride, padding int) nn.Band {
	back := kernel - 1 - padding
	if stride == 1 && back == 0 {
		return o.y.grads()
	}
	// The transpose's input is as large as the convolution's output would be at stride 1,
	// also where the last step of the stride does not reach the edge.
	size := nn.Size{H: o.x.H + padding - back, W: o.x.W + padding - back, C: o.y.C}
	return t.surround(o.y.grads(), size, nn.Span{Lo: -back, Hi: size.H + back}, back, stride)
}
