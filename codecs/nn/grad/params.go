package grad

import (
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/optim"
)

// weights makes a layer's tensors trainable, in the layer's order; none if frozen.
func (b *builder) weights(l nn.Layer) []*optim.Param {
	if b.frozen {
		return nil
	}
	var own []*optim.Param
	for _, p := range l.Params() {
		own = append(own, &optim.Param{Name: p.Name, Data: p.Data, Grad: make([]float32, len(p.Data))})
	}
	b.params = append(b.params, own...)
	return own
}

// param returns tensor i, nil where the layer is frozen or has no such tensor.
func param(own []*optim.Param, i int) *optim.Param {
	if i >= len(own) {
		return nil
	}
	return own[i]
}

// keepAbove bounds a parameter from below; nil is none.
func keepAbove(p *optim.Param, lower float32) {
	if p != nil {
		p.Bounded, p.Lower = true, lower
	}
}

// positionSums is the sum of a gradient over all positions: that of a bias, or of what
// each channel is scaled by. Parts have fixed sizes and are added in order.
type positionSums struct {
	values  []float32 // [positions, channels]
	factor  []float32 // of the same shape, multiplied with values; nil is 1
	c       int
	perPart int
	parts   []float32
}

// add adds the sums to sum.
func (p *positionSums) add(t *Tape, sum, values, factor []float32) {
	p.values, p.factor, p.c = values, factor, len(sum)
	positions := len(values) / p.c
	p.perPart = (positions + maxParts - 1) / maxParts
	n := (positions + p.perPart - 1) / p.perPart
	p.parts = t.memory.take(n * p.c)
	t.parallel(n, p)
	for i := range n {
		accumulate(sum, p.parts[i*p.c:(i+1)*p.c])
	}
}

func (p *positionSums) piece(i int, _ *scratch) {
	sum := p.parts[i*p.c : (i+1)*p.c]
	clear(sum)
	for at := i * p.perPart * p.c; at < min((i+1)*p.perPart*p.c, len(p.values)); at += p.c {
		if p.factor != nil {
			addProducts(sum, p.values[at:at+p.c], p.factor[at:at+p.c])
		} else {
			accumulate(sum, p.values[at:at+p.c])
		}
	}
}
