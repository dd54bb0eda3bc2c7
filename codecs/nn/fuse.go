package nn

import "codecworkbench/codecs/nn/kernel"

// fuse returns one operation for the first two layers together, or nil: moving elements
// between channels and space costs nothing as part of the neighbouring matrix product.
func fuse(layers []Layer) Op {
	if len(layers) < 2 {
		return nil
	}
	switch first := layers[0].(type) {
	case *Unshuffle:
		if c, ok := layers[1].(*Conv); ok && c.Traits().Pointwise && c.Groups == 1 && c.In%(first.Factor*first.Factor) == 0 {
			return &unshuffleConv{Unshuffle: first, conv: c}
		}
	case *Conv:
		if s, ok := layers[1].(*Shuffle); ok && first.Groups == 1 && first.Out%(s.Factor*s.Factor) == 0 {
			return &convShuffle{Conv: first, shuffle: s}
		}
	}
	return nil
}

// unshuffleConv is a pixel-unshuffle and a 1x1 convolution as one convolution whose kernel
// and stride are the factor.
type unshuffleConv struct {
	*Unshuffle
	conv   *Conv
	panels kernel.Panels
	moved  []float32 // scratch of Pack
}

// OutChannels is the convolution's.
func (l *unshuffleConv) OutChannels(int) (int, error) { return l.conv.Out, nil }

// Size is both layers'.
func (l *unshuffleConv) Size(in Size) (Size, error) {
	out, err := l.Unshuffle.Size(in)
	if err != nil {
		return Size{}, err
	}
	return l.conv.Size(out)
}

// Params returns the convolution's.
func (l *unshuffleConv) Params() []Param { return l.conv.Params() }

// Pack lays the weights out as block rows x columns x channels by outputs.
func (l *unshuffleConv) Pack() {
	f, out := l.Factor, l.conv.Out
	c := l.conv.In / (f * f)
	if l.moved == nil {
		l.moved = make([]float32, len(l.conv.Weight))
	}
	for i := range l.conv.In {
		at := i%(f*f)*c + i/(f*f)
		for o := range out {
			l.moved[at*out+o] = l.conv.Weight[o*l.conv.In+i]
		}
	}
	l.panels.Repack(l.moved, l.conv.In, out, out, 1)
}

// Compute is one matrix product a row of the tile.
func (l *unshuffleConv) Compute(w *Worker, dst, src Band, t Tile) {
	f := l.Factor
	for y := t.Rows.Lo; y < t.Rows.Hi && !w.stopped(); y++ {
		a := kernel.Matrix{
			Data: src.Data[src.At(y*f, t.Cols.Lo*f):], Stride: f * src.C,
			Runs: f, Run: f * src.C, RunStride: src.Stride,
		}
		kernel.Gemm(t.width(), a, &l.panels, dst.Data[dst.At(y, t.Cols.Lo):], l.conv.Out, kernel.GemmOptions{Bias: l.conv.Bias})
	}
}

// convShuffle is a convolution and a pixel-shuffle: the outputs of one row within the
// blocks are neighbours in memory.
type convShuffle struct {
	*Conv
	shuffle *Shuffle
	panels  []kernel.Panels // one a row within the blocks, or one for all: see direct
	bias    []float32
	moved   []float32 // scratch of Pack
}

// panelWidth is a number of columns that matrix products take without waste.
const panelWidth = 16

// direct says whether each row within the blocks is a matrix product of its own, straight
// into the output; otherwise one product for all rows is copied there, because narrow
// products waste registers.
func (l *convShuffle) direct() bool { return l.Out/l.shuffle.Factor%panelWidth == 0 }

// OutChannels is both layers'.
func (l *convShuffle) OutChannels(in int) (int, error) {
	c, err := l.Conv.OutChannels(in)
	return c / (l.shuffle.Factor * l.shuffle.Factor), err
}

// Size is both layers'.
func (l *convShuffle) Size(in Size) (Size, error) {
	out, err := l.Conv.Size(in)
	if err != nil {
		return Size{}, err
	}
	return l.shuffle.Size(out)
}

// Needs is both layers'.
func (l *convShuffle) Needs(out Span, in Size) Span {
	return l.Conv.Needs(l.shuffle.Needs(out, in), in)
}

// Traits are the convolution's padding and the shuffle's blocks.
func (l *convShuffle) Traits() Traits {
	return Traits{Pad: l.Padding, Grain: l.shuffle.Traits().Grain}
}

// Pack orders the outputs as block rows x columns x channels.
func (l *convShuffle) Pack() {
	f, k := l.shuffle.Factor, l.Kernel*l.Kernel
	c := l.Out / (f * f)
	depth := l.In * k
	if l.moved == nil {
		l.moved, l.bias = make([]float32, len(l.Weight)), make([]float32, l.Out)
	}
	for o := range l.Out {
		at := o%(f*f)*c + o/(f*f)
		if l.Bias != nil {
			l.bias[at] = l.Bias[o]
		}
		for i := range l.In {
			for tap := range k {
				l.moved[(tap*l.In+i)*l.Out+at] = l.Weight[(o*l.In+i)*k+tap]
			}
		}
	}
	parts := 1
	if l.direct() {
		parts = f
	}
	if l.panels == nil {
		l.panels = make([]kernel.Panels, parts)
	}
	for i := range l.panels {
		l.panels[i].Repack(l.moved[i*l.Out/parts:], depth, l.Out/parts, l.Out, 1)
	}
}

// Compute goes through the tile's rows of blocks.
func (l *convShuffle) Compute(w *Worker, dst, src Band, t Tile) {
	f := l.shuffle.Factor
	x, m, n := t.Cols.Lo/f, t.width()/f, l.Out/f
	var all []float32
	if !l.direct() {
		all = w.Floats(m * l.Out)
	}
	for y := t.Rows.Lo / f; y < t.Rows.Hi/f && !w.stopped(); y++ {
		a := kernel.Matrix{
			Data: src.Data[src.At(y*l.Stride-l.Padding, x*l.Stride-l.Padding):], Stride: l.Stride * l.In,
			Runs: l.Kernel, Run: l.Kernel * l.In, RunStride: src.Stride,
		}
		if all != nil {
			kernel.Gemm(m, a, &l.panels[0], all, l.Out, kernel.GemmOptions{Bias: l.bias})
		}
		for dy := range f {
			out := dst.row(y*f+dy, x*f, m*f)
			if all == nil {
				kernel.Gemm(m, a, &l.panels[dy], out, n, kernel.GemmOptions{Bias: l.bias[dy*n:]})
				continue
			}
			for i := range m {
				copy(out[i*n:(i+1)*n], all[i*l.Out+dy*n:])
			}
		}
	}
}
