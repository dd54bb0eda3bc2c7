package grad

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/kernel"
)

// work is an operation in n independent pieces. Whoever does a piece, the result is the
// same: pieces don't depend on the number of cores, and sums over pieces are taken
// afterwards, in order.
type work interface {
	// piece does piece i with a worker's own scratch memory.
	piece(i int, s *scratch)
}

// scratch is one worker's memory; contents don't last from one piece to the next.
type scratch struct {
	floats []float32
	panels kernel.Panels
	worker nn.Worker
}

// take returns n floats of any contents.
func (s *scratch) take(n int) []float32 {
	s.floats = grow(s.floats, n)
	return s.floats
}

// team does work on all cores without allocating: its goroutines live for one call and
// take what they need from here.
type team struct {
	next    atomic.Int64
	n       int
	ctx     context.Context
	work    work
	helpers []func()
	memory  []*scratch
	wait    sync.WaitGroup
}

// do does n pieces, unless ctx is cancelled.
func (m *team) do(ctx context.Context, n int, w work) {
	workers := min(runtime.GOMAXPROCS(0), n)
	for len(m.memory) < max(workers, 1) {
		s := &scratch{}
		m.memory = append(m.memory, s)
		m.helpers = append(m.helpers, func() { m.run(s); m.wait.Done() })
	}
	m.next.Store(0)
	m.n, m.ctx, m.work = n, ctx, w
	for i := 1; i < workers; i++ {
		m.wait.Add(1)
		go m.helpers[i]()
	}
	m.run(m.memory[0])
	m.wait.Wait()
	m.work = nil
}

func (m *team) run(s *scratch) {
	for m.ctx.Err() == nil {
		i := int(m.next.Add(1)) - 1
		if i >= m.n {
			return
		}
		m.work.piece(i, s)
	}
}

// parallel does n pieces on all cores.
func (t *Tape) parallel(n int, w work) { t.team.do(t.ctx, n, w) }

// chunk is how many elements of an element-wise operation make a piece.
const chunk = 4096

// chunks is the number of pieces of n elements.
func chunks(n int) int { return (n + chunk - 1) / chunk }

// span is the range of elements of piece i of n.
func span(i, n int) (from, to int) { return i * chunk, min((i+1)*chunk, n) }
