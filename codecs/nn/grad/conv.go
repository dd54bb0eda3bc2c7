package grad

import (
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/optim"
)

// conv is a convolution. The gradient of its input is the transposed convolution of the
// output's gradient with the same weights.
type conv struct {
	layer        *nn.Conv
	weight, bias *optim.Param
	back         nn.Op
	turned       *nn.Conv // back, if it has weights of its own
}

func newConvNode(l *nn.Conv, b *builder) *conv {
	own := b.weights(l)
	c := &conv{layer: l, weight: param(own, 0), bias: param(own, 1)}
	if l.Stride > 1 && l.Groups == 1 {
		c.back = &nn.Deconv{
			Name: l.Name, In: l.Out, Out: l.In, Kernel: l.Kernel, Stride: l.Stride, Padding: l.Padding,
			// The input's far rows and columns that the stride did not reach, at most.
			OutPadding: l.Stride - 1, Weight: l.Weight,
		}
		return c
	}
	// An ordinary convolution does as well, with the kernel turned by half a turn and
	// inputs and outputs exchanged; with a stride, of the gradient spread out.
	c.turned = &nn.Conv{
		Name: l.Name, In: l.Out, Out: l.In, Kernel: l.Kernel, Stride: 1, Padding: l.Kernel - 1 - l.Padding, Groups: l.Groups,
		Weight: make([]float32, len(l.Weight)),
	}
	c.back = c.turned
	return c
}

func (c *conv) refresh() {
	c.layer.Pack()
	if c.turned != nil {
		turn(c.turned.Weight, c.layer)
	}
	c.back.Pack()
}

// turn writes a layer's weights [in, out of the group, dy, dx] with dy and dx falling.
func turn(dst []float32, l *nn.Conv) {
	in, out, taps := l.In/l.Groups, l.Out/l.Groups, l.Kernel*l.Kernel
	for o := range l.Out {
		group, within := o/out, o%out
		for i := range in {
			from := l.Weight[(o*in+i)*taps:][:taps]
			to := dst[((group*in+i)*out+within)*taps:][:taps]
			for tap, v := range from {
				to[taps-1-tap] = v
			}
		}
	}
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
	bias positionSums
}

func (o *convOp) backward(t *Tape) {
	o.weights(t)
	l := o.node.layer
	switch {
	case o.x.Grad == nil:
	case o.node.turned == nil:
		o.transposed(t, o.node.back, t.input(o.node.back, o.y.grads(), o.x.H))
	default:
		o.transposed(t, o.node.back, o.spread(t, l.Kernel, l.Stride, l.Padding))
	}
}

// weights adds to the gradients of the weights.
func (o *convOp) weights(t *Tape) {
	l := o.node.layer
	if o.node.weight != nil {
		o.sums = correlation{in: o.in, out: o.y.grads(), kernel: l.Kernel, stride: l.Stride, padding: l.Padding, groups: l.Groups}
		o.sums.sum(t)
		o.sums.add(o.node.weight)
	}
	if o.node.bias != nil {
		o.bias.add(t, o.node.bias.Grad, o.y.Grad, nil)
	}
}

// spread returns the output's gradient as a turned convolution reads it: its positions
// stride apart, and zeros between and around them.
func (o *layerOp) spread(t *Tape, kernel, stride, padding int) nn.Band {
	back := kernel - 1 - padding
	if stride == 1 && back == 0 {
		return o.y.grads()
	}
	// It is as large as the convolution's output would be at stride 1, also where the last
	// step of the stride does not reach the edge.
	size := nn.Size{H: o.x.H + padding - back, W: o.x.W + padding - back, C: o.y.C}
	return t.surround(o.y.grads(), size, nn.Span{Lo: -back, Hi: size.H + back}, back, stride)
}

// deconv is a transposed convolution. The gradient of its input is the convolution of the
// output's gradient with the same weights.
type deconv struct {
	layer        *nn.Deconv
	weight, bias *optim.Param
	back         *nn.Conv
}

func newDeconvNode(l *nn.Deconv, b *builder) node {
	back := &nn.Conv{
		Name: l.Name, In: l.Out, Out: l.In, Kernel: l.Kernel, Stride: l.Stride, Padding: l.Padding, Groups: 1, Weight: l.Weight,
	}
	own := b.weights(l)
	return &deconv{l, param(own, 0), param(own, 1), back}
}

func (d *deconv) refresh() {
	d.layer.Pack()
	d.back.Pack()
}

func (d *deconv) forward(t *Tape, x *Value, level float64) *Value {
	if t.Err() != nil {
		return t.none()
	}
	o := record[deconvOp](t)
	if !o.apply(t, d.layer, x, level, d.weight != nil) {
		return t.none()
	}
	o.node = d
	return o.y
}

type deconvOp struct {
	layerOp
	node *deconv
	sums correlation
	bias positionSums
}

func (o *deconvOp) backward(t *Tape) {
	l := o.node.layer
	grads := t.input(o.node.back, o.y.grads(), o.x.H)
	if o.node.weight != nil {
		o.sums = correlation{in: grads, out: o.x.band(), kernel: l.Kernel, stride: l.Stride, padding: l.Padding, groups: 1}
		o.sums.sum(t)
		o.sums.add(o.node.weight)
	}
	if o.node.bias != nil {
		o.bias.add(t, o.node.bias.Grad, o.y.Grad, nil)
	}
	if o.x.Grad != nil {
		o.transposed(t, o.node.back, grads)
	}
}
