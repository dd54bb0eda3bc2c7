package nn

import (
	"fmt"
	"math"

	"codecworkbench/codecs/nn/kernel"
)

// Modulate scales each channel by the run's level, for models of variable rate (gain
// units, Cui et al., CVPR 2021): Scale has a row a whole level, and between two rows the
// scale is their geometric interpolation.
type Modulate struct {
	pointwise
	Name     string
	Levels   int
	Channels int
	Scale    []float32 // [Levels, Channels], above 0

	logs []float32
}

// OutChannels is Channels.
func (l *Modulate) OutChannels(in int) (int, error) { return l.Channels, wantChannels(in, l.Channels) }

// Size changes nothing.
func (l *Modulate) Size(in Size) (Size, error) { return in, wantChannels(in.C, l.Channels) }

// Traits allow overwriting the input.
func (l *Modulate) Traits() Traits { return Traits{Pointwise: true, InPlace: true} }

// Params returns the scales.
func (l *Modulate) Params() []Param {
	return []Param{{l.Name + ".scale", []int{l.Levels, l.Channels}, l.Scale}}
}

// Pack takes logarithms.
func (l *Modulate) Pack() {
	if l.logs == nil {
		l.logs = make([]float32, len(l.Scale))
	}
	for i, v := range l.Scale {
		l.logs[i] = float32(math.Log(float64(v)))
	}
}

// At writes the scales at a level to dst, one a channel. Levels outside 0 to Levels-1 are
// clamped.
func (l *Modulate) At(level float64, dst []float32) {
	level = min(max(level, 0), float64(l.Levels-1))
	if math.IsNaN(level) {
		level = 0
	}
	low := int(level)
	part := level - float64(low)
	row := l.logs[low*l.Channels : (low+1)*l.Channels]
	if part == 0 {
		copy(dst, l.Scale[low*l.Channels:(low+1)*l.Channels])
		return
	}
	next := l.logs[(low+1)*l.Channels : (low+2)*l.Channels]
	for i, v := range row {
		dst[i] = float32(math.Exp((1-part)*float64(v) + part*float64(next[i])))
	}
}

// Compute scales position by position.
func (l *Modulate) Compute(w *Worker, dst, src Band, t Tile) {
	if w.Map != nil {
		l.byPosition(w, dst, src, t)
		return
	}
	scale := w.Floats(l.Channels)
	l.At(w.Level, scale)
	for y := t.Rows.Lo; y < t.Rows.Hi; y++ {
		kernel.MulRows(dst.row(y, t.Cols.Lo, t.width()), src.row(y, t.Cols.Lo, t.width()), scale)
	}
}

// byPosition is Compute with a map: runs of positions with the same level at a time.
func (l *Modulate) byPosition(w *Worker, dst, src Band, t Tile) {
	m, c := w.Map, l.Channels
	scales := w.Floats(len(m.Levels) * c)
	var known [MaxMapLevels]bool
	for y := t.Rows.Lo; y < t.Rows.Hi; y++ {
		row := m.Index[y*m.H/dst.H*m.W:][:m.W]
		for x := t.Cols.Lo; x < t.Cols.Hi; {
			field := x * m.W / dst.W
			i := int(row[field])
			for field++; field < m.W && int(row[field]) == i; field++ {
			}
			end := min((field*dst.W+m.W-1)/m.W, t.Cols.Hi)
			scale := scales[i*c : (i+1)*c]
			if !known[i] {
				l.At(m.Levels[i], scale)
				known[i] = true
			}
			kernel.MulRows(dst.row(y, x, end-x), src.row(y, x, end-x), scale)
			x = end
		}
	}
}

func newModulate(b *builder, s LayerSpec) (Layer, error) {
	if err := within(bound{"channels", s.Channels, 1, maxChannels}); err != nil {
		return nil, err
	}
	scale, err := b.positive(s.Name+".scale", -1, s.Channels)
	if err != nil {
		return nil, err
	}
	if len(scale) == 0 {
		return nil, fmt.Errorf("%s.scale has no rows", s.Name)
	}
	return &Modulate{Name: s.Name, Levels: len(scale) / s.Channels, Channels: s.Channels, Scale: scale}, nil
}
