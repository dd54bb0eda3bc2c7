package nn

import (
	"context"
	"fmt"
)

// Network is a list of layers, compiled. It is safe for concurrent use, each caller with a
// Session of its own, while nobody changes its weights.
type Network struct {
	layers []Layer
	plan   *plan
}

// Options of a run.
type Options struct {
	// Level is where modulations stand between their rows, 0 to rows-1; others are clamped.
	Level float64
	// Map, if set, gives modulations a level for each position instead.
	Map *LevelMap
	// Notes are memory for what layers leave for another network's run, as those that package
	// grad makes do; each such layer knows its own by number. Without them, nothing is left.
	Notes []Note
	// Memory bounds the bands between segments, in bytes; 0 is DefaultMemory. At least one
	// strip of the smallest possible height is computed even if it needs more.
	Memory int
	// Workers is the number of cores; 0 is all of them.
	Workers int
}

// Note is what a layer keeps of its whole input: numbers, or their signs (kernel.Signs).
type Note struct {
	Floats []float32
	Signs  []byte
}

// DefaultMemory bounds the activations of a run, in bytes, beside its input and output.
const DefaultMemory = 64 << 20

// NewNetwork makes a network of layers, in order, and packs their weights.
func NewNetwork(layers ...Layer) (*Network, error) {
	if _, err := channelsAfter(layers, 0); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSpec, err)
	}
	p, err := compile(layers)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSpec, err)
	}
	n := &Network{layers: layers, plan: p}
	n.Pack()
	return n, nil
}

// Layers returns the layers, as described.
func (n *Network) Layers() []Layer { return n.layers }

// Params returns all weights in the layers' order.
func (n *Network) Params() []Param { return params(n.layers) }

// Pack brings copies of the weights up to date after the elements of Params have changed.
// Layers that run fused with a neighbour have their copies there: to run one of them in
// another network, Pack that.
func (n *Network) Pack() {
	for _, s := range n.plan.segments {
		for _, node := range s.nodes {
			if node.op != nil {
				node.op.Pack()
			}
		}
	}
}

// Size returns the output's size for an input's, or what does not fit.
func (n *Network) Size(in Size) (Size, error) {
	if err := in.check(); err != nil {
		return Size{}, err
	}
	out, err := sizeAfter(n.layers, in)
	if err != nil {
		return Size{}, err
	}
	return out, out.check()
}

// Run computes the network's output for an input. The result lies in the session's memory,
// until its next run. A run of the same network and size as the session's last allocates
// nothing.
func (n *Network) Run(ctx context.Context, s *Session, in Tensor, o Options) (Tensor, error) {
	if err := s.prepare(n.plan, in.Size(), false, o); err != nil {
		return Tensor{}, err
	}
	size := s.streams[n.plan.output].size
	if count := size.H * size.W * size.C; cap(s.out) < count {
		s.out = make([]float32, count)
	} else {
		s.out = s.out[:count]
	}
	out := Tensor{size.H, size.W, size.C, s.out}
	return out, n.RunTo(ctx, s, out, in, o)
}

// RunTo is Run into out, which must have the output's size and shares no memory with in.
func (n *Network) RunTo(ctx context.Context, s *Session, out, in Tensor, o Options) error {
	if err := in.check(); err != nil {
		return fmt.Errorf("input: %w", err)
	}
	if err := s.prepare(n.plan, in.Size(), false, o); err != nil {
		return err
	}
	if err := out.check(); err != nil {
		return fmt.Errorf("output: %w", err)
	}
	if size := s.streams[n.plan.output].size; size != out.Size() {
		return fmt.Errorf("the output is %s, not %s", size, out.Size())
	}
	s.streams[0].data, s.streams[n.plan.output].data = in.Data, out.Data
	err := s.run(ctx, o)
	s.streams[0].data, s.streams[n.plan.output].data = nil, nil
	return err
}

// RunRows is Run for large pictures, whose input and output should not lie in memory as a
// whole: read fills row y of the input, write takes row y of the output, W*C numbers each,
// which are not theirs to keep. Each row is written once and read at most once, strip by
// strip, and within a strip in any order, from several goroutines at a time.
func (n *Network) RunRows(ctx context.Context, s *Session, in Size, read, write func(y int, row []float32), o Options) error {
	if err := s.prepare(n.plan, in, true, o); err != nil {
		return err
	}
	s.read, s.write = read, write
	err := s.run(ctx, o)
	s.read, s.write = nil, nil
	return err
}
