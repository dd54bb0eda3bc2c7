package nn

import (
	"fmt"
	"math"

	"codecworkbench/codecs/nn/kernel"
)

// GroupNorm gives each group of channels mean 0 and variance 1 (Wu and He, ECCV 2018),
// then scales and shifts each channel. Statistics are taken over blocks of Region x Region
// positions from the top left corner on, smaller at the far edges, so that large pictures
// can run in strips.
type GroupNorm struct {
	Name             string
	Channels, Groups int
	Region           int       // positions a side
	Eps              float64   // added to the variance
	Weight           []float32 // [Channels]
	Bias             []float32 // [Channels]
}

// OutChannels is Channels.
func (l *GroupNorm) OutChannels(in int) (int, error) { return l.Channels, wantChannels(in, l.Channels) }

// Size changes nothing.
func (l *GroupNorm) Size(in Size) (Size, error) { return in, wantChannels(in.C, l.Channels) }

// Needs returns the rows of whole blocks.
func (l *GroupNorm) Needs(out Span, in Size) Span {
	return Grain{Step: l.Region}.cover(out, in.H)
}

// cover widens a span to lattice lines, but not beyond 0 and n.
func (g Grain) cover(s Span, n int) Span {
	return Span{max(0, g.down(s.Lo)), min(n, g.up(s.Hi))}
}

// Traits ask for whole blocks.
func (l *GroupNorm) Traits() Traits { return Traits{Grain: Grain{Step: l.Region}} }

// Params returns the scale and the shift.
func (l *GroupNorm) Params() []Param { return affineParams(l.Name, l.Weight, l.Bias) }

// Pack does nothing.
func (l *GroupNorm) Pack() {}

// Compute goes block by block.
func (l *GroupNorm) Compute(w *Worker, dst, src Band, t Tile) {
	for y := t.Rows.Lo; y < t.Rows.Hi; y += l.Region {
		for x := t.Cols.Lo; x < t.Cols.Hi; x += l.Region {
			block := Tile{Span{y, min(y+l.Region, t.Rows.Hi)}, Span{x, min(x+l.Region, t.Cols.Hi)}}
			if !w.stopped() {
				l.block(w, dst, src, block)
			}
		}
	}
}

// block normalizes one block. Sums are taken row by row, each channel's for itself.
func (l *GroupNorm) block(w *Worker, dst, src Band, t Tile) {
	c, size := l.Channels, l.Channels/l.Groups
	mark := w.mark()
	defer w.release(mark)
	mean, scale, shift := w.Floats(c), w.Floats(c), w.Floats(c)
	n := float64(t.positions() * size)
	clear(mean)
	sums := l.sums(w, src, t, mean, false)
	for i := range mean {
		mean[i] = float32(sums[i/size] / n)
	}
	squares := l.sums(w, src, t, mean, true)
	for i := range mean {
		scale[i] = float32(float64(l.Weight[i]) / math.Sqrt(squares[i/size]/n+l.Eps))
		shift[i] = l.Bias[i] - mean[i]*scale[i]
	}
	for y := t.Rows.Lo; y < t.Rows.Hi && !w.stopped(); y++ {
		for x := t.Cols.Lo; x < t.Cols.Hi; x++ {
			kernel.Normalize(dst.row(y, x, 1), src.row(y, x, 1), 0, 1, scale, shift)
		}
	}
}

// sums returns, by group, the sum of a tile's elements, or of their squared distances from
// the channels' centers. A row is summed up in float32, the rows in float64.
func (l *GroupNorm) sums(w *Worker, src Band, t Tile, center []float32, squares bool) []float64 {
	if len(w.sums) < l.Groups {
		w.sums = make([]float64, l.Groups)
	}
	sums := w.sums[:l.Groups]
	clear(sums)
	row, distance := w.Floats(l.Channels), w.Floats(l.Channels)
	for y := t.Rows.Lo; y < t.Rows.Hi && !w.stopped(); y++ {
		clear(row)
		for x := t.Cols.Lo; x < t.Cols.Hi; x++ {
			v := src.row(y, x, 1)
			if !squares {
				kernel.Add(row, row, v)
				continue
			}
			kernel.Sub(distance, v, center)
			kernel.MulAdd(row, distance, distance)
		}
		for i, v := range row {
			sums[i*l.Groups/l.Channels] += float64(v)
		}
	}
	return sums
}

func newGroupNorm(b *builder, s LayerSpec) (Layer, error) {
	if err := within(bound{"groups", s.Groups, 1, max(s.Channels, 1)}, bound{"region", s.Region, 1, maxRegion}); err != nil {
		return nil, err
	}
	if s.Channels%s.Groups != 0 {
		return nil, fmt.Errorf("%d groups do not divide %d channels", s.Groups, s.Channels)
	}
	weight, bias, err := newAffine(b, s)
	if err != nil {
		return nil, err
	}
	return &GroupNorm{Name: s.Name, Channels: s.Channels, Groups: s.Groups, Region: s.Region, Eps: max(s.Eps, 0), Weight: weight, Bias: bias}, nil
}
