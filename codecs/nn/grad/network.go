package grad

import (
	"fmt"

	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/optim"
)

// Network is a network of package nn as a differentiable function. Its weights are nn's
// own, which an optimiser changes in place. It is for one tape at a time.
type Network struct {
	chain  chain
	params []*optim.Param
}

// node is a layer: forward records it.
type node interface {
	forward(t *Tape, x *Value, level float64) *Value
	// refresh brings copies of weights up to date.
	refresh()
}

// New makes a network trainable. After each change of weights call Refresh; before the
// nn.Network runs by itself again, call its Pack.
func New(net *nn.Network) (*Network, error) {
	b := &builder{}
	c, err := b.chain(net.Layers())
	if err != nil {
		return nil, err
	}
	n := &Network{chain: c, params: b.params}
	n.Refresh()
	return n, nil
}

// Params returns the weights under training, in the layers' order.
func (n *Network) Params() []*optim.Param { return n.params }

// Refresh brings packed copies of the weights up to date after a step of an optimiser.
func (n *Network) Refresh() { n.chain.refresh() }

// Forward runs the network on x, at level 0 of its modulations.
func (n *Network) Forward(t *Tape, x *Value) *Value { return n.ForwardAt(t, x, 0) }

// ForwardAt runs the network on x; modulations stand at a level, 0 to rows-1, others are
// clamped.
func (n *Network) ForwardAt(t *Tape, x *Value, level float64) *Value {
	return n.chain.forward(t, x, level)
}

// chain is layers one after the other.
type chain []node

func (c chain) forward(t *Tape, x *Value, level float64) *Value {
	for _, n := range c {
		x = n.forward(t, x, level)
	}
	return x
}

func (c chain) refresh() {
	for _, n := range c {
		n.refresh()
	}
}

// residual is x + body(x).
type residual struct{ body chain }

func (r *residual) forward(t *Tape, x *Value, level float64) *Value {
	return t.Add(x, r.body.forward(t, x, level))
}

func (r *residual) refresh() { r.body.refresh() }

// builder makes nodes of layers.
type builder struct {
	frozen bool
	params []*optim.Param
}

func (b *builder) chain(layers []nn.Layer) (chain, error) {
	c := make(chain, len(layers))
	for i, l := range layers {
		var err error
		if c[i], err = b.node(l); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// node makes one layer's node: the one list of layers that have a derivative.
func (b *builder) node(layer nn.Layer) (node, error) {
	switch l := layer.(type) {
	case *nn.Residual:
		body, err := b.chain(l.Body)
		return &residual{body}, err
	case *nn.Conv:
		return newConvNode(l, b), nil
	case *nn.Deconv:
		return newDeconvNode(l, b), nil
	case *nn.Depthwise:
		return newDepthwiseNode(l, b), nil
	case *nn.GDN:
		return newGDNNode(l, b), nil
	case *nn.LayerNorm:
		return newNormNode(l, b.weights(l), 1, 1, l.Eps, l.Weight), nil
	case *nn.GroupNorm:
		return newNormNode(l, b.weights(l), l.Groups, l.Region, l.Eps, l.Weight), nil
	case *nn.WindowAttention:
		return newAttentionNode(l, b), nil
	case *nn.Upsample:
		return newUpsampleNode(l, b), nil
	case *nn.Modulate:
		return newModulateNode(l, b), nil
	case *nn.Activation:
		return newActivationNode(l)
	case *nn.Shuffle:
		return &permutation{forwards: l, back: &nn.Unshuffle{Factor: l.Factor}}, nil
	case *nn.Unshuffle:
		return &permutation{forwards: l, back: &nn.Shuffle{Factor: l.Factor}}, nil
	}
	return nil, fmt.Errorf("no derivative of a layer of type %T", layer)
}
