package nn

import "fmt"

// Shuffle moves blocks of channels to space (sub-pixel convolution, Shi et al., CVPR
// 2016): the input channel c*F*F + dy*F + dx goes to channel c at row y*F+dy and column
// x*F+dx, F the factor.
type Shuffle struct {
	weightless
	Factor int
}

// OutChannels divides by the factor's square.
func (l *Shuffle) OutChannels(in int) (int, error) {
	n := l.Factor * l.Factor
	if in%n != 0 {
		return 0, fmt.Errorf("%d channels are no multiple of %d", in, n)
	}
	return in / n, nil
}

// Size multiplies both sides by the factor.
func (l *Shuffle) Size(in Size) (Size, error) {
	c, err := l.OutChannels(in.C)
	return Size{in.H * l.Factor, in.W * l.Factor, c}, err
}

// Needs returns the rows that the blocks come from.
func (l *Shuffle) Needs(out Span, _ Size) Span {
	return Span{out.Lo / l.Factor, (out.Hi + l.Factor - 1) / l.Factor}
}

// Traits asks for whole blocks.
func (l *Shuffle) Traits() Traits { return Traits{Grain: Grain{Step: l.Factor}} }

// Compute copies element by element.
func (l *Shuffle) Compute(_ *Worker, dst, src Band, t Tile) {
	f := l.Factor
	for y := t.Rows.Lo; y < t.Rows.Hi; y++ {
		for x := t.Cols.Lo; x < t.Cols.Hi; x++ {
			out, in := dst.row(y, x, 1), src.row(y/f, x/f, 1)
			first := y%f*f + x%f
			for c := range out {
				out[c] = in[c*f*f+first]
			}
		}
	}
}

// Unshuffle is the inverse of Shuffle: space to channels.
type Unshuffle struct {
	weightless
	Factor int
}

// OutChannels multiplies by the factor's square.
func (l *Unshuffle) OutChannels(in int) (int, error) { return in * l.Factor * l.Factor, nil }

// Size divides both sides, which must be multiples of the factor.
func (l *Unshuffle) Size(in Size) (Size, error) {
	f := l.Factor
	if in.H%f != 0 || in.W%f != 0 {
		return Size{}, fmt.Errorf("%dx%d positions are no multiple of %d; pad them first", in.H, in.W, f)
	}
	return Size{in.H / f, in.W / f, in.C * f * f}, nil
}

// Needs returns the rows of the blocks.
func (l *Unshuffle) Needs(out Span, _ Size) Span {
	return Span{out.Lo * l.Factor, out.Hi * l.Factor}
}

// Traits has nothing to ask for.
func (l *Unshuffle) Traits() Traits { return Traits{} }

// Compute copies element by element.
func (l *Unshuffle) Compute(_ *Worker, dst, src Band, t Tile) {
	f, c := l.Factor, src.C
	for y := t.Rows.Lo; y < t.Rows.Hi; y++ {
		for x := t.Cols.Lo; x < t.Cols.Hi; x++ {
			out := dst.row(y, x, 1)
			for dy := range f {
				for i, v := range src.row(y*f+dy, x*f, f) {
					out[i%c*f*f+dy*f+i/c] = v
				}
			}
		}
	}
}

func newShuffle(_ *builder, s LayerSpec) (Layer, error) {
	return &Shuffle{Factor: s.Factor}, within(bound{"factor", s.Factor, 1, maxKernel})
}

func newUnshuffle(_ *builder, s LayerSpec) (Layer, error) {
	return &Unshuffle{Factor: s.Factor}, within(bound{"factor", s.Factor, 1, maxKernel})
}
