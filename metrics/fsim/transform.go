package fsim

import (
	"context"
	"runtime"

	"codecworkbench/codecs/nn/kernel"
)

// transform is the discrete Fourier transform of planes of one size, by rows and
// columns. It serves one goroutine at a time, and keeps scratch memory.
type transform struct {
	width, height    int
	rowSide, colSide side
	team             kernel.Team
}

// side is one of the two directions: its plan, and scratch memory by worker.
type side struct {
	plan    *plan
	workers []*lines
}

func newTransform(width, height int) *transform {
	return &transform{width: width, height: height, rowSide: side{plan: newPlan(width)}, colSide: side{plan: newPlan(height)}}
}

// batches calls do for all batches of n sequences on all cores, with the memory to
// transform them in.
func (t *transform) batches(ctx context.Context, s *side, n int, do func(l *lines, first, end int)) error {
	cores := runtime.GOMAXPROCS(0)
	s.workers = append(s.workers, make([]*lines, max(cores-len(s.workers), 0))...)
	return t.team.Do(ctx, cores, (n+batch-1)/batch, func(worker, i int) {
		if s.workers[worker] == nil {
			s.workers[worker] = newLines(s.plan)
		}
		do(s.workers[worker], i*batch, min((i+1)*batch, n))
	})
}

// forward writes the transform of a plane to dst.
func (t *transform) forward(ctx context.Context, dst []complex128, plane []float64) error {
	err := t.rows(ctx, dst, false, func(row []complex128, y int) {
		for x, v := range plane[y*t.width:][:t.width] {
			row[x] = complex(v, 0)
		}
	})
	if err != nil {
		return err
	}
	return t.columns(ctx, dst, false, 1)
}

// inverse writes to dst the plane whose transform fill gives, row by row.
func (t *transform) inverse(ctx context.Context, dst []complex128, fill func(row []complex128, y int)) error {
	if err := t.rows(ctx, dst, true, fill); err != nil {
		return err
	}
	return t.columns(ctx, dst, true, 1/float64(t.width*t.height))
}

// rows transforms the rows that fill gives.
func (t *transform) rows(ctx context.Context, dst []complex128, inverse bool, fill func(row []complex128, y int)) error {
	return t.batches(ctx, &t.rowSide, t.height, func(l *lines, first, end int) {
		for y := first; y < end; y++ {
			row := dst[y*t.width : (y+1)*t.width]
			fill(row, y)
			for x, v := range row {
				l.x[x*batch+y-first] = v
			}
		}
		l.forward()
		for y := first; y < end; y++ {
			row := dst[y*t.width : (y+1)*t.width]
			for x := range row {
				row[x] = l.x[l.index(x, inverse)+y-first]
			}
		}
	})
}

// columns transforms the columns of dst in place and multiplies the result by scale.
func (t *transform) columns(ctx context.Context, dst []complex128, inverse bool, scale float64) error {
	return t.batches(ctx, &t.colSide, t.width, func(l *lines, first, end int) {
		n := end - first
		for y := range t.height {
			copy(l.x[y*batch:][:n], dst[y*t.width+first:])
		}
		l.forward()
		for y := range t.height {
			row := dst[y*t.width+first:][:n]
			for i, v := range l.x[l.index(y, inverse):][:n] {
				row[i] = complex(real(v)*scale, imag(v)*scale)
			}
		}
	})
}
