package nn

import (
	"fmt"
	"slices"

	"codecworkbench/codecs/nn/kernel"
)

// GDN is generalized divisive normalization (Ballé, Laparra and Simoncelli, ICLR 2016),
//
//	y_i = x_i / sqrt(Beta_i + sum over j of Gamma_ij * x_j^2)
//
// or, Inverse, the product with the root. Simple is GDN1 (Johnston et al., 2019): absolute
// values for squares and no root. Beta and Gamma are what the formula says, not
// parameters that training derives them from.
type GDN struct {
	pointwise
	Name            string
	Channels        int
	Inverse, Simple bool
	Beta            []float32 // [Channels], above 0
	Gamma           []float32 // [Channels, Channels], row i for output i, not below 0

	panels *kernel.Panels
}

// OutChannels is Channels.
func (l *GDN) OutChannels(in int) (int, error) { return l.Channels, wantChannels(in, l.Channels) }

// Size changes nothing.
func (l *GDN) Size(in Size) (Size, error) { return in, wantChannels(in.C, l.Channels) }

// Traits allow overwriting the input.
func (l *GDN) Traits() Traits { return Traits{Pointwise: true, InPlace: true} }

// Params returns beta and gamma.
func (l *GDN) Params() []Param {
	return []Param{{l.Name + ".beta", []int{l.Channels}, l.Beta}, {l.Name + ".gamma", []int{l.Channels, l.Channels}, l.Gamma}}
}

// Pack packs gamma, transposed.
func (l *GDN) Pack() {
	if l.panels == nil {
		l.panels = new(kernel.Panels)
	}
	l.panels.Repack(l.Gamma, l.Channels, l.Channels, 1, l.Channels)
}

// Compute is a matrix product of the squares, row by row.
func (l *GDN) Compute(w *Worker, dst, src Band, t Tile) {
	m := t.width()
	if src.dense(t) && dst.dense(t) {
		m, t.Rows.Hi = t.positions(), t.Rows.Lo+1
	}
	c := l.Channels
	powers, norms := w.Floats(m*c), w.Floats(m*c)
	for y := t.Rows.Lo; y < t.Rows.Hi; y++ {
		in, out := src.row(y, t.Cols.Lo, m), dst.row(y, t.Cols.Lo, m)
		if l.Simple {
			kernel.Abs(powers, in)
		} else {
			kernel.Square(powers, in)
		}
		kernel.Gemm(m, kernel.Matrix{Data: powers, Stride: c, Runs: 1, Run: c}, l.panels, norms, c, kernel.GemmOptions{Bias: l.Beta})
		l.normalize(out, in, norms)
	}
}

// normalize divides by the norms, or multiplies.
func (l *GDN) normalize(dst, src, norms []float32) {
	switch {
	case l.Simple && l.Inverse:
		kernel.Mul(dst, src, norms)
	case l.Simple:
		kernel.Div(dst, src, norms)
	case l.Inverse:
		kernel.MulSqrt(dst, src, norms)
	default:
		kernel.DivSqrt(dst, src, norms)
	}
}

func newGDN(b *builder, s LayerSpec) (Layer, error) {
	if err := within(bound{"channels", s.Channels, 1, maxChannels}); err != nil {
		return nil, err
	}
	if err := b.pack(1, s.Channels, s.Channels); err != nil {
		return nil, err
	}
	beta, err := b.positive(s.Name+".beta", s.Channels)
	if err != nil {
		return nil, err
	}
	gamma, err := b.tensor(s.Name+".gamma", s.Channels, s.Channels)
	if err != nil {
		return nil, err
	}
	if slices.Min(gamma) < 0 {
		return nil, fmt.Errorf("tensor %s.gamma has the element %g, must not be below 0", s.Name, slices.Min(gamma))
	}
	return &GDN{Name: s.Name, Channels: s.Channels, Inverse: s.Inverse, Simple: s.Simple, Beta: beta, Gamma: gamma}, nil
}
