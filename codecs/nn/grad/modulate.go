package grad

import (
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/nn/optim"
)

// minGain keeps trained modulations positive.
const minGain = 1e-4

// modulate scales channels by s = low^(1-part) * high^part, between two rows of gains.
type modulate struct {
	layer *nn.Modulate
	scale *optim.Param
}

func newModulateNode(l *nn.Modulate, b *builder) node {
	m := &modulate{l, param(b.weights(l), 0)}
	keepAbove(m.scale, minGain)
	return m
}

func (m *modulate) refresh() { m.layer.Pack() }

func (m *modulate) forward(t *Tape, x *Value, level float64) *Value {
	if t.Err() != nil {
		return t.none()
	}
	o := record[modulateOp](t)
	if !o.apply(t, m.layer, x, level, m.scale != nil) {
		return t.none()
	}
	o.node = m
	return o.y
}

type modulateOp struct {
	layerOp
	node *modulate
	sums positionSums
}

func (o *modulateOp) backward(t *Tape) {
	l := o.node.layer
	scale := t.memory.take(l.Channels)
	l.At(o.level, scale)
	if o.x.Grad != nil {
		product := t.memory.take(len(o.y.Grad))
		kernel.MulRows(product, o.y.Grad, scale)
		t.accumulate(o.x.Grad, product)
	}
	if o.node.scale != nil {
		by := t.memory.take(l.Channels)
		clear(by)
		o.sums.add(t, by, o.y.Grad, o.x.Data)
		o.rows(by, scale)
	}
}

// rows shares the gradient by the scales out to the two rows that they come from.
func (o *modulateOp) rows(by, scale []float32) {
	l := o.node.layer
	level := min(max(o.level, 0), float64(l.Levels-1))
	low := int(level)
	part := float32(level - float64(low))
	for row, share := range [2]float32{1 - part, part} {
		if share == 0 {
			continue
		}
		at := (low + row) * l.Channels
		for c, g := range by {
			o.node.scale.Grad[at+c] += g * share * scale[c] / l.Scale[at+c]
		}
	}
}
