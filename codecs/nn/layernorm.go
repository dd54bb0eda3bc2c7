package nn

import (
	"math"

	"codecworkbench/codecs/nn/kernel"
)

// LayerNorm gives each position's channels mean 0 and variance 1, then scales and shifts
// them (Ba, Kiros and Hinton, 2016).
type LayerNorm struct {
	pointwise
	Name     string
	Channels int
	Eps      float64   // added to the variance
	Weight   []float32 // [Channels]
	Bias     []float32 // [Channels]
}

// OutChannels is Channels.
func (l *LayerNorm) OutChannels(in int) (int, error) { return l.Channels, wantChannels(in, l.Channels) }

// Size changes nothing.
func (l *LayerNorm) Size(in Size) (Size, error) { return in, wantChannels(in.C, l.Channels) }

// Traits allow overwriting the input.
func (l *LayerNorm) Traits() Traits { return Traits{Pointwise: true, InPlace: true} }

// Params returns the scale and the shift.
func (l *LayerNorm) Params() []Param { return affineParams(l.Name, l.Weight, l.Bias) }

func affineParams(name string, weight, bias []float32) []Param {
	n := []int{len(weight)}
	return []Param{{name + ".weight", n, weight}, {name + ".bias", n, bias}}
}

// Pack does nothing.
func (l *LayerNorm) Pack() {}

// Compute goes position by position.
func (l *LayerNorm) Compute(_ *Worker, dst, src Band, t Tile) {
	n := float64(l.Channels)
	for y := t.Rows.Lo; y < t.Rows.Hi; y++ {
		for x := t.Cols.Lo; x < t.Cols.Hi; x++ {
			in := src.row(y, x, 1)
			mean := kernel.Sum(in) / float32(n)
			inverse := 1 / math.Sqrt(float64(kernel.SumSquares(in, mean))/n+l.Eps)
			kernel.Normalize(dst.row(y, x, 1), in, mean, float32(inverse), l.Weight, l.Bias)
		}
	}
}

// newAffine reads the scale and shift of a normalization.
func newAffine(b *builder, s LayerSpec) (weight, bias []float32, err error) {
	if err := within(bound{"channels", s.Channels, 1, maxChannels}); err != nil {
		return nil, nil, err
	}
	if weight, err = b.tensor(s.Name+".weight", s.Channels); err != nil {
		return nil, nil, err
	}
	bias, err = b.tensor(s.Name+".bias", s.Channels)
	return weight, bias, err
}

func newLayerNorm(b *builder, s LayerSpec) (Layer, error) {
	weight, bias, err := newAffine(b, s)
	if err != nil {
		return nil, err
	}
	return &LayerNorm{Name: s.Name, Channels: s.Channels, Eps: max(s.Eps, 0), Weight: weight, Bias: bias}, nil
}
