package integer

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// Session is the memory that runs need. It serves one run at a time, of any network, and
// grows to what the largest took.
type Session struct {
	buffers []buffer
	sizes   []size // of the values
	workers []worker
	bodies  []func() // what the workers but the first one do, made once

	// Of the node that runs:
	ctx            context.Context
	op             operation
	dst, src, skip *buffer
	next, end      atomic.Int64
	wait           sync.WaitGroup
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
func NewSession() *Session { return new(Session) }

// Run computes the network's output, which lies in the session's memory until its next
// run. All cores share the work. The input's magnitudes are clamped to the network's range.
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
	s.hire(runtime.GOMAXPROCS(0))
	s.ctx = ctx
	defer func() { s.ctx = nil }()
	n.enter(s.shape(n, 0), in)
	for i := range n.nodes {
		if err := s.run(n, i); err != nil {
			return Tensor{}, err
		}
	}
	out := &s.buffers[n.slots[len(n.nodes)]]
	return Tensor{out.h, out.w, out.c, out.data[:out.h*out.w*out.c]}, nil
}

// run computes a node.
func (s *Session) run(n *Network, i int) error {
	node := n.nodes[i]
	s.op, s.dst, s.src, s.skip = node.op, s.shape(n, i+1), &s.buffers[n.slots[node.src]], nil
	if node.skip >= 0 {
		s.skip = &s.buffers[n.slots[node.skip]]
	}
	s.all(node.op.pieces(s.src.size, s.dst.size))
	return s.ctx.Err()
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

// hire makes sure that there are n workers.
func (s *Session) hire(n int) {
	if len(s.workers) == n {
		return
	}
	s.workers = make([]worker, n)
	s.bodies = nil
	for i := 1; i < n; i++ {
		s.bodies = append(s.bodies, func() {
			defer s.wait.Done()
			s.work(&s.workers[i])
		})
	}
}

// all does every piece of the node on all cores.
func (s *Session) all(pieces int) {
	s.next.Store(0)
	s.end.Store(int64(pieces))
	helpers := min(len(s.bodies), pieces-1)
	s.wait.Add(helpers)
	for _, body := range s.bodies[:helpers] {
		go body()
	}
	s.work(&s.workers[0])
	s.wait.Wait()
}

// work does pieces until none is left or the run is cancelled.
func (s *Session) work(w *worker) {
	for s.ctx.Err() == nil {
		i := s.next.Add(1) - 1
		if i >= s.end.Load() {
			return
		}
		s.op.do(w, s.dst, s.src, s.skip, int(i))
	}
}
