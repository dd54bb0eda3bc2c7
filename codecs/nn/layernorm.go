package nn

import "math"

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

// Size changes nothing.
func (l *LayerNorm) Size(in Size) (Size, error) { return in, wantChannels(in, l.Channels) }

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
	for y := t.Rows.Lo; y < t.Rows.Hi; y++ {
		for x := t.Cols.Lo; x < t.Cols.Hi; x++ {
			in, out := src.row(y, x, 1), dst.row(y, x, 1)
			var sum moments
			sum.add(in)
			mean := sum.mean(len(in))
			scale := sum.scale(in, mean, l.Eps)
			for c, v := range in {
				out[c] = (v-mean)*scale*l.Weight[c] + l.Bias[c]
			}
		}
	}
}

// moments sums up elements, in float64, so that the order hardly matters.
type moments struct{ sum float64 }

func (m *moments) add(values []float32) {
	for _, v := range values {
		m.sum += float64(v)
	}
}

func (m *moments) mean(n int) float32 { return float32(m.sum / float64(n)) }

// scale returns one over the standard deviation.
func (m *moments) scale(values []float32, mean float32, eps float64) float32 {
	return float32(1 / math.Sqrt(squaredDeviation(values, mean)/float64(len(values))+eps))
}

func squaredDeviation(values []float32, mean float32) float64 {
	var sum float64
	for _, v := range values {
		d := float64(v - mean)
		sum += d * d
	}
	return sum
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
