package nn

import "codecworkbench/codecs/nn/kernel"

// Depthwise is a convolution of each channel alone, with zero padding.
type Depthwise struct {
	Name                    string
	Channels                int
	Kernel, Stride, Padding int
	Weight                  []float32 // [Channels, 1, Kernel, Kernel]
	Bias                    []float32 // [Channels]; nil is zero

	filter *kernel.Depthwise
}

// OutChannels is Channels.
func (l *Depthwise) OutChannels(in int) (int, error) { return l.Channels, wantChannels(in, l.Channels) }

// Size divides by the stride like Conv.
func (l *Depthwise) Size(in Size) (Size, error) {
	if err := wantChannels(in.C, l.Channels); err != nil {
		return Size{}, err
	}
	return convSize(in, l.Channels, l.Kernel, l.Stride, l.Padding)
}

// Needs returns the rows under the kernel.
func (l *Depthwise) Needs(out Span, _ Size) Span {
	return convNeeds(out, l.Kernel, l.Stride, l.Padding)
}

// Traits asks for the padding.
func (l *Depthwise) Traits() Traits { return Traits{Pad: l.Padding} }

// Params returns the weight and the bias.
func (l *Depthwise) Params() []Param {
	weight := Param{l.Name + ".weight", []int{l.Channels, 1, l.Kernel, l.Kernel}, l.Weight}
	return withBias(l.Name, weight, l.Bias)
}

// Pack transposes the weights.
func (l *Depthwise) Pack() {
	n := l.Kernel * l.Kernel
	if l.filter == nil {
		l.filter = kernel.NewDepthwise(l.Kernel, l.Channels, make([]float32, len(l.Weight)), l.Bias)
	}
	for c := range l.Channels {
		for tap := range n {
			l.filter.Weights[tap*l.Channels+c] = l.Weight[c*n+tap]
		}
	}
}

// Compute goes row by row.
func (l *Depthwise) Compute(w *Worker, dst, src Band, t Tile) {
	for y := t.Rows.Lo; y < t.Rows.Hi && !w.stopped(); y++ {
		from := src.Data[src.At(y*l.Stride-l.Padding, t.Cols.Lo*l.Stride-l.Padding):]
		l.filter.Row(dst.row(y, t.Cols.Lo, t.width()), from, src.Stride, l.Stride, t.width())
	}
}
