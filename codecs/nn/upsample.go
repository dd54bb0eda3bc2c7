package nn

import (
	"fmt"

	"codecworkbench/codecs/nn/kernel"
)

// Upsample doubles both sides with a separable filter of 2t taps,
//
//	y[o] = sum over i of x[i] * Filter[o+t-1-2*i]
//
// along each axis, with the edges replicated. Nearest is the filter 1 1; bilinear, with
// pixel centres at half-integers, is 1/4 3/4 3/4 1/4; a learned one is symmetric
// (Leguay et al., Cool-chic, 2023).
type Upsample struct {
	Name   string // empty where nothing is learned
	Filter []float32
}

// OutChannels changes nothing.
func (l *Upsample) OutChannels(in int) (int, error) { return in, nil }

// Size doubles both sides.
func (l *Upsample) Size(in Size) (Size, error) { return Size{2 * in.H, 2 * in.W, in.C}, nil }

// reach returns the inputs that outputs depend on, also beyond the edges.
func (l *Upsample) reach(out Span) Span {
	t := len(l.Filter) / 2
	// Shifts by 2t keep the division's operands positive.
	return Span{(out.Lo-t+1+2*t)/2 - t, (out.Hi-2+t)/2 + 1}
}

// Needs returns the rows that the filter reaches; beyond the edges it takes the outermost.
func (l *Upsample) Needs(out Span, in Size) Span {
	r := l.reach(out)
	return Span{min(max(r.Lo, 0), in.H-1), max(min(r.Hi, in.H), 1)}
}

// Traits has nothing to ask for.
func (l *Upsample) Traits() Traits { return Traits{} }

// Params returns the filter, if it is learned.
func (l *Upsample) Params() []Param {
	if l.Name == "" {
		return nil
	}
	return []Param{{l.Name + ".weight", []int{len(l.Filter)}, l.Filter}}
}

// Pack does nothing.
func (l *Upsample) Pack() {}

// Compute filters each output row down the columns, then along the row, first for one
// parity of output columns and then for the other.
func (l *Upsample) Compute(w *Worker, dst, src Band, t Tile) {
	c, cols := src.C, l.reach(t.Cols)
	column := w.Floats((cols.Hi - cols.Lo) * c)
	half := w.Floats((t.width() + 1) / 2 * c)
	for y := t.Rows.Lo; y < t.Rows.Hi && !w.stopped(); y++ {
		l.filterColumns(column, src, y, cols)
		out := dst.row(y, t.Cols.Lo, t.width())
		for x := t.Cols.Lo; x < min(t.Cols.Lo+2, t.Cols.Hi); x++ {
			n := (t.Cols.Hi - x + 1) / 2
			sums := half[:n*c]
			clear(sums)
			r := l.reach(Span{x, x + 1})
			for i := r.Lo; i < r.Hi; i++ {
				kernel.AddScaled(sums, l.tap(x, i), column[(i-cols.Lo)*c:][:n*c])
			}
			for i := range n {
				copy(out[(x-t.Cols.Lo+2*i)*c:][:c], sums[i*c:])
			}
		}
	}
}

// filterColumns computes the input's columns cols at output row y; those beyond the edges
// are copies of the outermost.
func (l *Upsample) filterColumns(dst []float32, src Band, y int, cols Span) {
	c := src.C
	inside := Span{min(max(cols.Lo, 0), src.W-1), max(min(cols.Hi, src.W), 1)}
	middle := dst[(inside.Lo-cols.Lo)*c : (inside.Hi-cols.Lo)*c]
	clear(middle)
	r := l.reach(Span{y, y + 1})
	for i := r.Lo; i < r.Hi; i++ {
		row := src.row(min(max(i, 0), src.H-1), inside.Lo, inside.Hi-inside.Lo)
		kernel.AddScaled(middle, l.tap(y, i), row)
	}
	for x := cols.Lo; x < inside.Lo; x++ {
		copy(dst[(x-cols.Lo)*c:], middle[:c])
	}
	for x := inside.Hi; x < cols.Hi; x++ {
		copy(dst[(x-cols.Lo)*c:], middle[len(middle)-c:])
	}
}

// tap returns the weight of input i for output o.
func (l *Upsample) tap(o, i int) float32 {
	return l.Filter[o+len(l.Filter)/2-1-2*i]
}

func newUpsample(b *builder, s LayerSpec) (Layer, error) {
	if err := within(bound{"factor", max(s.Factor, 2), 2, 2}); err != nil {
		return nil, err
	}
	switch s.Mode {
	case "nearest":
		return &Upsample{Filter: []float32{1, 1}}, nil
	case "bilinear":
		return &Upsample{Filter: []float32{0.25, 0.75, 0.75, 0.25}}, nil
	case "separable":
		filter, err := b.tensor(s.Name+".weight", -1)
		if err == nil && (len(filter)%2 != 0 || len(filter) < 2 || len(filter) > 2*maxKernel) {
			err = fmt.Errorf("%s.weight has %d taps, must be even and 2 to %d", s.Name, len(filter), 2*maxKernel)
		}
		return &Upsample{Name: s.Name, Filter: filter}, err
	}
	return nil, fmt.Errorf("unknown mode %q", s.Mode)
}
