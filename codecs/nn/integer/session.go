package integer

import (
	"context"
	"fmt"
	"runtime"

	"codecworkbench/codecs/nn/kernel"
)

// Session is the memory that runs need. It serves one run at a time, of any network, and
// grows to what the largest took.
type Session struct {
	buffers []buffer
	sizes   []size // of the values
	workers []worker
	team    kernel.Team
	piece   func(worker, i int) // of the node that runs; made once
	serial  bool

	// Of the node that runs:
	op             operation
	dst, src, skip *buffer
}

// worker is one core's scratch memory.
type worker struct {
	acc     []int32
	offsets [maxKernel * maxKernel]int
}

// sums returns memory for n sums.
func (w *worker) sums(n int) []int32 {
	if cap(w.acc) < n {
		w.acc = make([]int32, n)
	}
	return w.acc[:n]
}

// NewSession returns an empty session.
func NewSession() *Session {
	s := new(Session)
	s.piece = func(worker, i int) { s.op.do(&s.workers[worker], s.dst, s.src, s.skip, i) }
	return s
}

// NewSerialSession returns an empty session whose runs take one core, for callers that share
// out the work themselves.
func NewSerialSession() *Session {
	s := NewSession()
	s.serial = true
	return s
}

// cores is how many a run uses.
func (s *Session) cores() int {
	if s.serial {
		return 1
	}
	return runtime.GOMAXPROCS(0)
}

// Run computes the network's output, which lies in the session's memory until its next
// run. All cores share the work, but for serial
// sessions. The input's magnitudes are clamped to the network's range.
// A cancelled run returns ctx's error, and no output.
func (n *Network) Run(ctx context.Context, s *Session, in Tensor) (Tensor, error) {
	if in.C != n.in.Channels || in.H < 0 || in.W < 0 || in.H > maxSide || in.W > maxSide || len(in.Data) != in.H*in.W*in.C {
		return Tensor{}, fmt.Errorf("input of %dx%dx%d in %d numbers: the network takes %d channels", in.H, in.W, in.C, len(in.Data), n.in.Channels)
	}
	if len(s.buffers) < n.used {
		s.buffers = append(s.buffers, make([]buffer, n.used-len(s.buffers))...)
	}
	if err := s.measure(n, size{in.H, in.W, in.C}); err != nil {
		return Tensor{}, err
	}
	if n := s.cores(); len(s.workers) != n {
		s.workers = make([]worker, n)
	}
	n.enter(s.shape(n, 0), in)
	for i := range n.nodes {
		if err := s.run(ctx, n, i); err != nil {
			return Tensor{}, err
		}
	}
	out := &s.buffers[n.slots[len(n.nodes)]]
	return Tensor{out.h, out.w, out.c, out.data[:out.h*out.w*out.c]}, nil
}

// run computes a node.
func (s *Session) run(ctx context.Context, n *Network, i int) error {
	node := n.nodes[i]
	s.op, s.dst, s.src, s.skip = node.op, s.shape(n, i+1), &s.buffers[n.slots[node.src]], nil
	if node.skip >= 0 {
		s.skip = &s.buffers[n.slots[node.skip]]
	}
	return s.team.Do(ctx, len(s.workers), node.op.pieces(s.src.size, s.dst.size), s.piece)
}

// measure finds every tensor's size, before memory is taken for any.
func (s *Session) measure(n *Network, in size) error {
	if err := in.check(n.pads[0]); err != nil {
		return fmt.Errorf("input: %w", err)
	}
	s.sizes = append(s.sizes[:0], in)
	for i, node := range n.nodes {
		out, err := node.op.resize(s.sizes[node.src])
		if err == nil {
			err = out.check(n.pads[i+1])
		}
		if err != nil {
			return fmt.Errorf("%s: %w", node.label, err)
		}
		if node.skip >= 0 && s.sizes[node.skip] != out {
			return fmt.Errorf("%s: the body turns %s into %s, which cannot be added", node.label, s.sizes[node.skip], out)
		}
		s.sizes = append(s.sizes, out)
	}
	return nil
}

// shape prepares the buffer of a value.
func (s *Session) shape(n *Network, value int) *buffer {
	b := &s.buffers[n.slots[value]]
	b.shape(s.sizes[value], n.pads[value])
	return b
}

// enter copies the input, clamped.
func (n *Network) enter(dst *buffer, in Tensor) {
	largest := int16(1<<n.in.Bits - 1)
	for y := range in.H {
		row := dst.row(y)
		for i, v := range in.Data[y*in.W*in.C:][:len(row)] {
			row[i] = min(max(v, -largest), largest)
		}
	}
}
