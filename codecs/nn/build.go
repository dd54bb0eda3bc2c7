package nn

import (
	"fmt"
	"slices"
)

// Limits of a description, so that a hostile one costs little.
const (
	maxSpecBytes = 1 << 20
	maxLayers    = 2048
	maxDepth     = 8
	maxChannels  = 8192
	maxKernel    = 32 // of stride, factor and padding too
	maxRegion    = 1024
	maxPacked    = 1 << 26 // numbers, of weights packed for matrix products
)

// Tensors finds a weight by its name and shape; -1 in shape matches any length. It
// returns an error that names the tensor if there is none, or one of another shape. The
// layer keeps the slice.
type Tensors func(name string, shape ...int) ([]float32, error)

// constructor makes a layer from its description.
type constructor func(b *builder, s LayerSpec) (Layer, error)

// constructors lists the operations: a new layer is a file with its type and its
// constructor, and a line here.
func constructors() map[string]constructor {
	return map[string]constructor{
		"conv":             newConv,
		"linear":           newLinear,
		"unshuffle":        newUnshuffle,
		"shuffle":          newShuffle,
		"deconv":           newDeconv,
		"gdn":              newGDN,
		"layer_norm":       newLayerNorm,
		"group_norm":       newGroupNorm,
		"window_attention": newWindowAttention,
		"upsample":         newUpsample,
		"modulate":         newModulate,
		"residual":         newResidual,
		"leaky_relu":       newActivation,
		"relu":             newActivation,
		"gelu":             newActivation,
		"silu":             newActivation,
		"sigmoid":          newActivation,
		"tanh":             newActivation,
	}
}

// Build makes a network from its description and its weights.
func Build(spec []LayerSpec, tensors Tensors) (*Network, error) {
	b := &builder{tensors: tensors, constructors: constructors(), used: map[string]bool{}}
	layers, err := b.list(spec)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSpec, err)
	}
	return NewNetwork(layers...)
}

// builder holds what the constructors share.
type builder struct {
	tensors      Tensors
	constructors map[string]constructor
	used         map[string]bool
	packed       int // numbers
	layers       int
	depth        int
}

// list makes a list of layers.
func (b *builder) list(spec []LayerSpec) ([]Layer, error) {
	if b.layers += len(spec); b.layers > maxLayers {
		return nil, fmt.Errorf("more than %d layers", maxLayers)
	}
	if b.depth++; b.depth > maxDepth {
		return nil, fmt.Errorf("residual branches nest more than %d deep", maxDepth)
	}
	defer func() { b.depth-- }()
	layers := make([]Layer, len(spec))
	for i, s := range spec {
		construct, ok := b.constructors[s.Op]
		if !ok {
			return nil, fmt.Errorf("layer %d: unknown operation %q; a newer version may know it", i, s.Op)
		}
		var err error
		if layers[i], err = construct(b, s); err != nil {
			return nil, fmt.Errorf("layer %d (%s %s): %w", i, s.Op, s.Name, err)
		}
	}
	return layers, nil
}

// tensor returns a weight, which no other layer may use.
func (b *builder) tensor(name string, shape ...int) ([]float32, error) {
	if b.used[name] {
		return nil, fmt.Errorf("tensor %s is used twice", name)
	}
	b.used[name] = true
	data, err := b.tensors(name, shape...)
	if err != nil {
		return nil, err
	}
	for i, v := range data {
		if v-v != 0 { // infinite or not a number
			return nil, fmt.Errorf("element %d of tensor %s is %g", i, name, v)
		}
	}
	return data, nil
}

// positive returns a tensor all of whose elements are above 0.
func (b *builder) positive(name string, shape ...int) ([]float32, error) {
	data, err := b.tensor(name, shape...)
	if err == nil && len(data) > 0 && slices.Min(data) <= 0 {
		err = fmt.Errorf("tensor %s has the element %g, must be above 0", name, slices.Min(data))
	}
	return data, err
}

// pack counts a matrix of weights, whose columns are padded to full registers.
func (b *builder) pack(parts, rows, columns int) error {
	if b.packed += parts * rows * roundUp(columns, 2*panelWidth); b.packed > maxPacked {
		return fmt.Errorf("its weights take more than %d MiB when packed", maxPacked>>18)
	}
	return nil
}

// bias returns NAME.bias, or nil where the description has none.
func (b *builder) bias(s LayerSpec, n int) ([]float32, error) {
	if s.Bias != nil && !*s.Bias {
		return nil, nil
	}
	return b.tensor(s.Name+".bias", n)
}

// bound is a number of a description with its limits.
type bound struct {
	name          string
	value, lo, hi int
}

// within checks numbers against their limits.
func within(bounds ...bound) error {
	for _, v := range bounds {
		if v.value < v.lo || v.value > v.hi {
			return fmt.Errorf("%s is %d, must be %d to %d", v.name, v.value, v.lo, v.hi)
		}
	}
	return nil
}
