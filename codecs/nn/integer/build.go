package integer

import (
	"fmt"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/nn/safetensors"
)

// Limits of a description, so that a hostile one costs little.
const (
	maxLayers   = 256
	maxDepth    = 4 // of residual branches
	maxChannels = 4096
	maxKernel   = 15 // of stride and factor too
	minBits     = 12
	maxBits     = 15
	maxWeights  = 16 << 20 // of a network, packed
)

// Network is a network ready to run. It is immutable and safe for concurrent use.
type Network struct {
	in    InputSpec
	nodes []node
	pads  []int // of every value; value 0 is the input, value i+1 is node i's output
	slots []int // of every value: which of a session's buffers holds it
	used  int   // slots
	out   int   // channels
}

// Channels returns how many channels the input has, and its largest magnitude.
func (n *Network) Channels() (channels, largest int) { return n.in.Channels, 1<<n.in.Bits - 1 }

// Outputs returns how many channels the output has.
func (n *Network) Outputs() int { return n.out }

// node is an operation on values.
type node struct {
	op        operation
	label     string
	src, skip int // values; skip is that of a residual sum, else -1
}

// operation is a layer, or a few that run as one.
type operation interface {
	// resize returns the size of the output.
	resize(in size) (size, error)
	// pieces returns into how many pieces the work is divided.
	pieces(in, out size) int
	// do does a piece; skip is nil but for sums.
	do(w *worker, dst, src, skip *buffer, piece int)
	// pad returns how much padding the source must have.
	pad() int
}

// Build makes a network from its description and the file's tensors.
func Build(spec Spec, file *safetensors.File) (*Network, error) {
	b := &builder{file: file, net: &Network{in: spec.Input}, used: map[string]bool{}}
	err := within(bound{"input channels", spec.Input.Channels, 1, maxChannels}, bound{"input bits", spec.Input.Bits, 1, maxBits})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSpec, err)
	}
	b.channels, b.largest = spec.Input.Channels, 1<<spec.Input.Bits-1
	if err := b.list(spec.Layers); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSpec, err)
	}
	b.net.schedule()
	b.net.out = b.channels
	return b.net, nil
}

// builder goes through a description and knows the tensor between two layers.
type builder struct {
	file     *safetensors.File
	net      *Network
	used     map[string]bool // tensors
	weights  int
	layers   int
	depth    int
	value    int // number of the tensor
	channels int
	largest  int // magnitude
}

// list adds layers, some of which the convolution before them takes in.
func (b *builder) list(spec []LayerSpec) error {
	if b.layers += len(spec); b.layers > maxLayers {
		return fmt.Errorf("more than %d layers", maxLayers)
	}
	if b.depth++; b.depth > maxDepth+1 {
		return fmt.Errorf("residual branches nest more than %d deep", maxDepth)
	}
	defer func() { b.depth-- }()
	for i := 0; i < len(spec); {
		taken, err := b.layer(spec[i:])
		if err != nil {
			return fmt.Errorf("layer %d (%s %s): %w", i, spec[i].Op, spec[i].Name, err)
		}
		i += taken
	}
	return nil
}

// layer adds the first layer and returns how many it took.
func (b *builder) layer(spec []LayerSpec) (int, error) {
	s := spec[0]
	switch s.Op {
	case "conv":
		return b.conv(spec)
	case "residual":
		return 1, b.residual(s)
	case "leaky_relu", "relu":
		b.add(activation{leaky: s.Op == "leaky_relu"}, s.Op)
		return 1, nil
	case "shuffle", "unshuffle":
		return 1, b.shuffle(s)
	case "table":
		return 1, b.table(s)
	case "softmax":
		return 1, b.softmax(s)
	case "scale_index":
		return 1, b.scaleIndex(s)
	}
	return 0, fmt.Errorf("unknown operation %q; a newer version may know it", s.Op)
}

// add appends a node that reads the last value.
func (b *builder) add(op operation, label string) {
	b.net.nodes = append(b.net.nodes, node{op: op, label: label, src: b.value, skip: -1})
	b.value = len(b.net.nodes)
}

func (b *builder) residual(s LayerSpec) error {
	if err := outBits(s.Bits); err != nil {
		return err
	}
	skip, channels, largest := b.value, b.channels, b.largest
	if err := b.list(s.Body); err != nil {
		return err
	}
	if b.channels != channels || b.value == skip {
		return fmt.Errorf("its body turns %d channels into %d, or is empty", channels, b.channels)
	}
	limit := int16(1<<s.Bits - 1)
	op := sum{IntSum: kernel.IntSum{A: s.Factors[0], B: s.Factors[1], Shift: s.Shift, Low: -limit, High: limit}}
	if err := op.Check(largest, b.largest); err != nil {
		return fmt.Errorf("%w: %w", ErrOverflow, err)
	}
	b.add(op, "sum")
	b.net.nodes[len(b.net.nodes)-1].skip = skip
	b.largest = int(limit)
	return nil
}

// outBits checks a range.
func outBits(bits int) error { return within(bound{"bits", bits, minBits, maxBits}) }

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

// tensor reads a tensor that no other layer may use.
func tensor[T safetensors.Number](b *builder, name string, dtype safetensors.DType, shape ...int) ([]T, error) {
	if b.used[name] {
		return nil, fmt.Errorf("tensor %s is used twice", name)
	}
	b.used[name] = true
	t, err := b.file.Get(name, dtype, shape...)
	if err != nil {
		return nil, err
	}
	return safetensors.Values[T](t)
}

// schedule gives every value the padding that its readers want, and memory that nothing
// else needs while it lives.
func (n *Network) schedule() {
	values := len(n.nodes) + 1
	n.pads, n.slots = make([]int, values), make([]int, values)
	last := make([]int, values) // node that reads the value last
	for i, node := range n.nodes {
		n.pads[node.src] = max(n.pads[node.src], node.op.pad())
		last[node.src] = i
		if node.skip >= 0 {
			last[node.skip] = i
		}
	}
	var busy []int // by slot: the last node that reads what it holds
	for v := range values {
		// Node v-1 writes value v while it reads others.
		slot := 0
		for slot < len(busy) && busy[slot] >= v-1 {
			slot++
		}
		if slot == len(busy) {
			busy = append(busy, 0)
		}
		busy[slot], n.slots[v] = last[v], slot
	}
	n.used = len(busy)
}
