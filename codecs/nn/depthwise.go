package nn

// Depthwise is a convolution of each channel alone, with zero padding.
type Depthwise struct {
	Name                    string
	Channels                int
	Kernel, Stride, Padding int
	Weight                  []float32 // [Channels, 1, Kernel, Kernel]
	Bias                    []float32 // [Channels]; nil is zero

	taps []float32 // [Kernel*Kernel, Channels]
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
	if l.taps == nil {
		l.taps = make([]float32, len(l.Weight))
	}
	for c := range l.Channels {
		for tap := range n {
			l.taps[tap*l.Channels+c] = l.Weight[c*n+tap]
		}
	}
}

// Compute goes through the tile position by position.
func (l *Depthwise) Compute(w *Worker, dst, src Band, t Tile) {
	for y := t.Rows.Lo; y < t.Rows.Hi && !w.stopped(); y++ {
		for x := t.Cols.Lo; x < t.Cols.Hi; x++ {
			out := dst.row(y, x, 1)
			if l.Bias != nil {
				copy(out, l.Bias)
			} else {
				clear(out)
			}
			for dy := range l.Kernel {
				in := src.row(y*l.Stride-l.Padding+dy, x*l.Stride-l.Padding, l.Kernel)
				for i, v := range l.taps[dy*l.Kernel*l.Channels : (dy+1)*l.Kernel*l.Channels] {
					out[i%l.Channels] += v * in[i]
				}
			}
		}
	}
}
