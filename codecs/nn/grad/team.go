package grad

import (
	"context"
	"runtime"

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

// team does work on all cores without allocating.
type team struct {
	cores  kernel.Team
	work   work
	memory []*scratch // by worker
	piece  func(worker, i int)
}

// do does n pieces, unless ctx is cancelled.
func (m *team) do(ctx context.Context, n int, w work) {
	workers := max(min(runtime.GOMAXPROCS(0), n), 1)
	for len(m.memory) < workers {
		m.memory = append(m.memory, &scratch{})
	}
	if m.piece == nil {
		m.piece = func(worker, i int) { m.work.piece(i, m.memory[worker]) }
	}
	m.work = w
	// A cancelled context is the tape's error already.
	_ = m.cores.Do(ctx, workers, n, m.piece)
	m.work = nil
}

// parallel does n pieces on all cores.
func (t *Tape) parallel(n int, w work) { t.team.do(t.ctx, n, w) }

// chunk is how many elements of an element-wise operation make a piece.
const chunk = 4096

// chunks is the number of pieces of n elements.
func chunks(n int) int { return (n + chunk - 1) / chunk }

// span is the range of elements of piece i of n.
func span(i, n int) (from, to int) { return i * chunk, min((i+1)*chunk, n) }

// addition adds v to sum.
type addition struct{ sum, v []float32 }

func (a *addition) piece(i int, _ *scratch) {
	from, to := span(i, len(a.v))
	accumulate(a.sum[from:to], a.v[from:to])
}

// accumulate adds v to sum, of one length, on all cores.
func (t *Tape) accumulate(sum, v []float32) {
	t.adding = addition{sum, v}
	t.parallel(chunks(len(v)), &t.adding)
}
