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

// block normalizes one block. Sums are taken row by row and channel by channel.
func (l *GroupNorm) block(w *Worker, dst, src Band, t Tile) {
	c, size := l.Channels, l.Channels/l.Groups
	shift, scale := w.Floats(c), w.Floats(c)
	n := float64(t.positions() * size)
	for g := range l.Groups {
		group := Span{g * size, (g + 1) * size}
		mean := float32(sumBlock(src, t, group, 0, false) / n)
		root := float32(1 / math.Sqrt(sumBlock(src, t, group, mean, true)/n+l.Eps))
		for i := group.Lo; i < group.Hi; i++ {
			scale[i] = root * l.Weight[i]
			shift[i] = l.Bias[i] - mean*scale[i]
		}
	}
	for y := t.Rows.Lo; y < t.Rows.Hi; y++ {
		for x := t.Cols.Lo; x < t.Cols.Hi; x++ {
			out := dst.row(y, x, 1)
			for i, v := range src.row(y, x, 1) {
				out[i] = v*scale[i] + shift[i]
			}
		}
	}
}

// sumBlock adds up channels over a tile, or the squares of their distances from center,
// position by position.
func sumBlock(b Band, t Tile, channels Span, center float32, squares bool) float64 {
	var sum float64
	for y := t.Rows.Lo; y < t.Rows.Hi; y++ {
		for x := t.Cols.Lo; x < t.Cols.Hi; x++ {
			v := b.row(y, x, 1)[channels.Lo:channels.Hi]
			if squares {
				sum += float64(kernel.SumSquares(v, center))
			} else {
				sum += float64(kernel.Sum(v))
			}
		}
	}
	return sum
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
