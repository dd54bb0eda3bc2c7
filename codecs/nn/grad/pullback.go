package grad

import (
	"context"
	"fmt"
	"slices"

	"codecworkbench/codecs/nn"
)

// Pullback takes derivatives back through a network whose weights stay: from those by its
// output to those by its input, for optimising latents. Both ways are networks of package nn
// and run like any, tile by tile; of the way there, no more is kept than derivatives ask for,
// which is a bit for each element before a leaky ReLU, and the element itself before other
// functions and GDN. It is safe for concurrent use.
type Pullback struct {
	forward, back *nn.Network
	notes         int
}

// NewPullback makes the pullback of a network that sees no neighbours other than by
// convolutions of stride 1 and transposed ones. It packs the layers anew, so that the network
// must not run meanwhile.
func NewPullback(net *nn.Network) (*Pullback, error) {
	p := &Pullback{}
	forward, back, err := p.chain(net.Layers())
	if err != nil {
		return nil, err
	}
	if p.forward, err = nn.NewNetwork(forward...); err != nil {
		return nil, err
	}
	p.back, err = nn.NewNetwork(back...)
	return p, err
}

// chain makes the layers of both ways.
func (p *Pullback) chain(layers []nn.Layer) (forward, back []nn.Layer, err error) {
	for _, l := range layers {
		there, home, err := p.layer(l)
		if err != nil {
			return nil, nil, err
		}
		forward, back = append(forward, there), append(back, home)
	}
	slices.Reverse(back)
	return forward, back, nil
}

// layer makes a layer's part of both ways.
func (p *Pullback) layer(l nn.Layer) (there, home nn.Layer, err error) {
	if r, ok := l.(*nn.Residual); ok {
		forward, back, err := p.chain(r.Body)
		return &nn.Residual{Body: forward}, &nn.Residual{Body: back}, err
	}
	n, err := (&builder{frozen: true}).node(l)
	if err != nil {
		return nil, nil, err
	}
	n.refresh()
	switch n := n.(type) {
	case *conv:
		if n.layer.Stride == 1 {
			return l, n.back, nil
		}
	case *depthwise:
		if n.layer.Stride == 1 {
			return l, n.back, nil
		}
	case *deconv:
		return l, n.back, nil
	case *permutation:
		return l, n.back, nil
	case *modulate:
		return l, l, nil // a diagonal is its own transpose
	case *activation:
		p.notes++
		return &noted{n.layer, p.notes - 1}, &activationBack{n.layer, n, p.notes - 1}, nil
	case *gdn:
		p.notes++
		return &noted{n.layer, p.notes - 1}, &gdnBack{n.layer, n, p.notes - 1}, nil
	}
	return nil, nil, fmt.Errorf("no way back through a layer of type %T: it has a stride, or looks at neighbours in its own way", l)
}

// Pass is the memory of runs there and back. It is for one goroutine at a time; the runs use
// all cores.
type Pass struct {
	p             *Pullback
	forward, back *nn.Session
	notes         []nn.Note
	options       nn.Options // of the last run there
}

// NewPass returns empty memory.
func (p *Pullback) NewPass() *Pass {
	return &Pass{p: p, forward: nn.NewSession(), back: nn.NewSession(), notes: make([]nn.Note, p.notes)}
}

// Run computes the network's output alone. It lies in the pass' memory until the next run.
func (s *Pass) Run(ctx context.Context, in nn.Tensor, o nn.Options) (nn.Tensor, error) {
	o.Notes = nil
	return s.p.forward.Run(ctx, s.forward, in, o)
}

// Forward is Run, and keeps what Back needs.
func (s *Pass) Forward(ctx context.Context, in nn.Tensor, o nn.Options) (nn.Tensor, error) {
	if _, err := s.prepare(s.p.forward.Layers(), in.Size()); err != nil {
		return nn.Tensor{}, err
	}
	o.Notes = s.notes
	s.options = o
	return s.p.forward.Run(ctx, s.forward, in, o)
}

// Back writes to in the derivatives by the input of the last Forward, from those by its output.
func (s *Pass) Back(ctx context.Context, in, out nn.Tensor) error {
	return s.p.back.RunTo(ctx, s.back, in, out, s.options)
}

// prepare makes room for notes of layers that get an input.
func (s *Pass) prepare(layers []nn.Layer, in nn.Size) (out nn.Size, err error) {
	for _, l := range layers {
		switch l := l.(type) {
		case *nn.Residual:
			if _, err := s.prepare(l.Body, in); err != nil {
				return in, err
			}
		case *noted:
			l.prepare(&s.notes[l.at], in)
		}
		if in, err = l.Size(in); err != nil {
			return in, err
		}
	}
	return in, nil
}

// noted is a layer without neighbours that keeps what it gets.
type noted struct {
	nn.Op
	at int // number of its note
}

// prepare makes room. Signs do for leaky ReLUs, where rows begin with whole bytes.
func (l *noted) prepare(n *nn.Note, in nn.Size) {
	count := in.H * in.W * in.C
	a, ok := l.Op.(*nn.Activation)
	if ok && (a.Op == "leaky_relu" || a.Op == "relu") && in.C%8 == 0 {
		n.Signs, n.Floats = grow(n.Signs, count/8), nil
		return
	}
	n.Signs, n.Floats = nil, grow(n.Floats, count)
}
