package fsim

import (
	"context"

	"codecworkbench/codecs/nn/kernel"
)

// transform is the discrete Fourier transform of planes of one size, by rows and
// columns.
type transform struct{ width, height int }

func newTransform(width, height int) *transform { return &transform{width, height} }

// forward writes the transform of a plane to dst.
func (t *transform) forward(ctx context.Context, dst []complex128, plane []float64) error {
	err := t.rows(ctx, dst, (*lines).forward, func(row []complex128, y int) {
		for x, v := range plane[y*t.width:][:t.width] {
			row[x] = complex(v, 0)
		}
	})
	if err != nil {
		return err
	}
	return t.columns(ctx, dst, (*lines).forward, 1)
}

// inverse writes to dst the plane whose transform fill gives, row by row.
func (t *transform) inverse(ctx context.Context, dst []complex128, fill func(row []complex128, y int)) error {
	if err := t.rows(ctx, dst, (*lines).inverse, fill); err != nil {
		return err
	}
	return t.columns(ctx, dst, (*lines).inverse, 1/float64(t.width*t.height))
}

// rows transforms the rows that fill gives.
func (t *transform) rows(ctx context.Context, dst []complex128, do func(*lines), fill func(row []complex128, y int)) error {
	plan := newPlan(t.width)
	return kernel.Parallel(ctx, (t.height+batch-1)/batch, func() func(int) {
		l := newLines(plan)
		row := make([]complex128, t.width)
		return func(piece int) {
			y0, y1 := piece*batch, min((piece+1)*batch, t.height)
			for y := y0; y < y1; y++ {
				fill(row, y)
				for x, v := range row {
					l.x[x*batch+y-y0] = v
				}
			}
			do(l)
			for y := y0; y < y1; y++ {
				out := dst[y*t.width : (y+1)*t.width]
				for x := range out {
					out[x] = l.x[x*batch+y-y0]
				}
			}
		}
	})
}

// columns transforms the columns of dst in place and multiplies the result by scale.
func (t *transform) columns(ctx context.Context, dst []complex128, do func(*lines), scale float64) error {
	plan := newPlan(t.height)
	return kernel.Parallel(ctx, (t.width+batch-1)/batch, func() func(int) {
		l := newLines(plan)
		return func(piece int) {
			x := piece * batch
			n := min(batch, t.width-x)
			for y := range t.height {
				copy(l.x[y*batch:][:n], dst[y*t.width+x:])
			}
			do(l)
			for y := range t.height {
				out := dst[y*t.width+x:][:n]
				for i, v := range l.x[y*batch:][:n] {
					out[i] = complex(real(v)*scale, imag(v)*scale)
				}
			}
		}
	})
}
