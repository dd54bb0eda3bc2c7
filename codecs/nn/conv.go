package nn

import (
	"fmt"

	"codecworkbench/codecs/nn/kernel"
)

// Conv is a convolution with zero padding; a linear layer is one of kernel 1.
type Conv struct {
	Name                            string
	In, Out                         int
	Kernel, Stride, Padding, Groups int
	Weight                          []float32 // [Out, In/Groups, Kernel, Kernel]
	Bias                            []float32 // [Out]; nil is zero
	flat                            bool      // the model file's weight is [Out, In]

	panels []*kernel.Panels // one; with groups, one a group and row of the kernel
	rows   []float32        // the weights as the product's right side
	wide   narrow
}

// OutChannels is Out.
func (l *Conv) OutChannels(in int) (int, error) { return l.Out, wantChannels(in, l.In) }

// Size is torch's for Conv2d.
func (l *Conv) Size(in Size) (Size, error) {
	c, err := l.OutChannels(in.C)
	if err != nil {
		return Size{}, err
	}
	return convSize(in, c, l.Kernel, l.Stride, l.Padding)
}

func convSize(in Size, c, kernel, stride, pad int) (Size, error) {
	h, w := in.H+2*pad-kernel, in.W+2*pad-kernel
	if h < 0 || w < 0 {
		return Size{}, fmt.Errorf("a kernel of %d does not fit %dx%d positions padded by %d", kernel, in.H, in.W, pad)
	}
	return Size{h/stride + 1, w/stride + 1, c}, nil
}

// Needs returns the rows under the kernel.
func (l *Conv) Needs(out Span, _ Size) Span {
	return convNeeds(out, l.Kernel, l.Stride, l.Padding)
}

func convNeeds(out Span, kernel, stride, pad int) Span {
	return Span{out.Lo*stride - pad, (out.Hi-1)*stride - pad + kernel}
}

// Traits of a convolution of kernel 1 and stride 1 are pointwise.
func (l *Conv) Traits() Traits {
	return Traits{Pointwise: l.Kernel == 1 && l.Stride == 1 && l.Padding == 0, Pad: l.Padding}
}

// Params returns the weight and the bias.
func (l *Conv) Params() []Param {
	shape := []int{l.Out, l.In / l.Groups, l.Kernel, l.Kernel}
	if l.flat {
		shape = shape[:2]
	}
	return withBias(l.Name, Param{l.Name + ".weight", shape, l.Weight}, l.Bias)
}

func withBias(name string, weight Param, bias []float32) []Param {
	if bias == nil {
		return []Param{weight}
	}
	return []Param{weight, {name + ".bias", []int{len(bias)}, bias}}
}

// Pack lays the weights out as kernel rows x columns x inputs by outputs.
func (l *Conv) Pack() {
	k, in, out := l.Kernel, l.In/l.Groups, l.Out/l.Groups
	if k == 1 && l.Groups == 1 {
		if l.panels == nil {
			l.panels = []*kernel.Panels{new(kernel.Panels)}
		}
		l.panels[0].Repack(l.Weight, in, out, 1, in)
		return
	}
	if l.rows == nil {
		l.rows = make([]float32, len(l.Weight))
	}
	// rows is [group, dy, dx, input, output of the group].
	for o := range l.Out {
		g, j := o/out, o%out
		for i := range in {
			for tap := range k * k {
				l.rows[((g*k*k+tap)*in+i)*out+j] = l.Weight[(o*in+i)*k*k+tap]
			}
		}
	}
	parts, depth := 1, k*k*in
	if l.Groups > 1 {
		parts, depth = l.Groups*k, k*in
	}
	if l.panels == nil {
		l.panels = make([]*kernel.Panels, parts)
		for i := range l.panels {
			l.panels[i] = new(kernel.Panels)
		}
	}
	for i, p := range l.panels {
		p.Repack(l.rows[i*depth*out:], depth, out, out, 1)
	}
	l.wide.pack(l)
}

// Compute is one matrix product a row of the tile; positions of dense pointwise tiles are
// one row.
func (l *Conv) Compute(w *Worker, dst, src Band, t Tile) {
	m := t.width()
	if l.Kernel == 1 && l.Stride == 1 && src.dense(t) && dst.dense(t) {
		m, t.Rows.Hi = t.positions(), t.Rows.Lo+1
	}
	for y := t.Rows.Lo; y < t.Rows.Hi && !w.stopped(); y++ {
		at := src.At(y*l.Stride-l.Padding, t.Cols.Lo*l.Stride-l.Padding)
		c := dst.Data[dst.At(y, t.Cols.Lo):]
		if l.Groups > 1 {
			l.grouped(m, c, src, at)
			continue
		}
		done := l.wide.compute(l, m, c, src.Data[at:], src.Stride)
		if done == m {
			continue
		}
		c = c[done*l.Out:]
		a := kernel.Matrix{
			Data: src.Data[at+done*l.Stride*l.In:], Stride: l.Stride * l.In,
			Runs: l.Kernel, Run: l.Kernel * l.In, RunStride: src.Stride,
		}
		kernel.Gemm(m-done, a, l.panels[0], c, l.Out, kernel.GemmOptions{Bias: l.Bias})
	}
}

// grouped computes m positions of a row; the kernel's rows are summed up one by one,
// because a group's channels are a part of each position's.
func (l *Conv) grouped(m int, c []float32, src Band, at int) {
	in, out := l.In/l.Groups, l.Out/l.Groups
	for g := range l.Groups {
		var o kernel.GemmOptions
		if l.Bias != nil {
			o.Bias = l.Bias[g*out:]
		}
		for dy := range l.Kernel {
			a := kernel.Matrix{
				Data: src.Data[at+dy*src.Stride+g*in:], Stride: l.Stride * l.In,
				Runs: l.Kernel, Run: in, RunStride: l.In,
			}
			kernel.Gemm(m, a, l.panels[g*l.Kernel+dy], c[g*out:], l.Out, o)
			o.Accumulate = true
		}
	}
}

func newConv(b *builder, s LayerSpec) (Layer, error) {
	s.Groups, s.Stride = max(s.Groups, 1), max(s.Stride, 1)
	err := within(bound{"in", s.In, 1, maxChannels}, bound{"out", s.Out, 1, maxChannels}, bound{"kernel", s.Kernel, 1, maxKernel},
		bound{"stride", s.Stride, 1, maxKernel}, bound{"pad", s.Pad, 0, s.Kernel - 1}, bound{"groups", s.Groups, 1, maxChannels})
	if err != nil {
		return nil, err
	}
	if s.In%s.Groups != 0 || s.Out%s.Groups != 0 {
		return nil, fmt.Errorf("%d groups do not divide %d and %d channels", s.Groups, s.In, s.Out)
	}
	if err := b.pack(s.Groups, s.Kernel*s.Kernel*s.In/s.Groups, s.Out/s.Groups); err != nil {
		return nil, err
	}
	weight, err := b.tensor(s.Name+".weight", s.Out, s.In/s.Groups, s.Kernel, s.Kernel)
	if err != nil {
		return nil, err
	}
	bias, err := b.bias(s, s.Out)
	if err != nil {
		return nil, err
	}
	if s.Groups > 1 && s.Groups == s.In && s.Groups == s.Out {
		return &Depthwise{Name: s.Name, Channels: s.In, Kernel: s.Kernel, Stride: s.Stride, Padding: s.Pad, Weight: weight, Bias: bias}, nil
	}
	return &Conv{Name: s.Name, In: s.In, Out: s.Out, Kernel: s.Kernel, Stride: s.Stride, Padding: s.Pad, Groups: s.Groups, Weight: weight, Bias: bias}, nil
}

func newLinear(b *builder, s LayerSpec) (Layer, error) {
	if err := within(bound{"in", s.In, 1, maxChannels}, bound{"out", s.Out, 1, maxChannels}); err != nil {
		return nil, err
	}
	if err := b.pack(1, s.In, s.Out); err != nil {
		return nil, err
	}
	weight, err := b.tensor(s.Name+".weight", s.Out, s.In)
	if err != nil {
		return nil, err
	}
	bias, err := b.bias(s, s.Out)
	if err != nil {
		return nil, err
	}
	return &Conv{Name: s.Name, In: s.In, Out: s.Out, Kernel: 1, Stride: 1, Groups: 1, Weight: weight, Bias: bias, flat: true}, nil
}
