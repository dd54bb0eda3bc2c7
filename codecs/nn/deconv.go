package nn

import (
	"fmt"

	"codecworkbench/codecs/nn/kernel"
)

// Deconv is a transposed convolution: the input's element at row i and kernel row k goes
// to output row i*Stride - Padding + k. It runs as Stride*Stride ordinary convolutions,
// one a phase of output rows and columns modulo the stride, each with its own taps.
type Deconv struct {
	Name                    string
	In, Out                 int
	Kernel, Stride, Padding int
	OutPadding              int       // rows and columns more at the far sides
	Weight                  []float32 // [In, Out, Kernel, Kernel]
	Bias                    []float32 // [Out]; nil is zero

	phases []*kernel.Panels // by phase of rows and columns; nil where no tap falls
	rows   []float32
}

// OutChannels is Out.
func (l *Deconv) OutChannels(in int) (int, error) { return l.Out, wantChannels(in, l.In) }

// Size is torch's for ConvTranspose2d.
func (l *Deconv) Size(in Size) (Size, error) {
	if err := wantChannels(in.C, l.In); err != nil {
		return Size{}, err
	}
	more := l.Kernel - 2*l.Padding + l.OutPadding
	out := Size{(in.H-1)*l.Stride + more, (in.W-1)*l.Stride + more, l.Out}
	if out.H < 1 || out.W < 1 {
		return Size{}, fmt.Errorf("nothing is left of %s after padding", in)
	}
	return out, nil
}

// taps returns how many kernel rows fall on a phase.
func (l *Deconv) taps(phase int) int {
	return max(0, (l.Kernel-phase+l.Stride-1)/l.Stride)
}

// Needs returns the rows that reach the output.
func (l *Deconv) Needs(out Span, _ Size) Span {
	return Span{(out.Lo+l.Padding)/l.Stride - l.taps(0) + 1, (out.Hi-1+l.Padding)/l.Stride + 1}
}

// Traits ask for as many zeros as the outermost outputs reach.
func (l *Deconv) Traits() Traits {
	near := l.taps(0) - 1 - l.Padding/l.Stride
	far := (l.Kernel + l.OutPadding - l.Padding - 1) / l.Stride
	return Traits{Pad: max(0, near, far), Grain: Grain{Step: l.Stride}}
}

// Params returns the weight and the bias.
func (l *Deconv) Params() []Param {
	weight := Param{l.Name + ".weight", []int{l.In, l.Out, l.Kernel, l.Kernel}, l.Weight}
	return withBias(l.Name, weight, l.Bias)
}

// Pack makes one matrix a phase: kernel rows x columns x inputs by outputs, with rising
// input rows and columns, which are falling kernel rows and columns.
func (l *Deconv) Pack() {
	s := l.Stride
	if l.phases == nil {
		l.phases = make([]*kernel.Panels, s*s)
		l.rows = make([]float32, l.taps(0)*l.taps(0)*l.In*l.Out)
	}
	for phase := range l.phases {
		py, px := phase/s, phase%s
		ny, nx := l.taps(py), l.taps(px)
		if ny*nx == 0 {
			continue
		}
		for tap := range ny * nx {
			ky, kx := py+s*(ny-1-tap/nx), px+s*(nx-1-tap%nx)
			for i := range l.In {
				row := l.rows[(tap*l.In+i)*l.Out:]
				for o := range l.Out {
					row[o] = l.Weight[((i*l.Out+o)*l.Kernel+ky)*l.Kernel+kx]
				}
			}
		}
		if l.phases[phase] == nil {
			l.phases[phase] = new(kernel.Panels)
		}
		l.phases[phase].Repack(l.rows, ny*nx*l.In, l.Out, l.Out, 1)
	}
}

// Compute goes through each output row's phases of columns.
func (l *Deconv) Compute(w *Worker, dst, src Band, t Tile) {
	for y := t.Rows.Lo; y < t.Rows.Hi && !w.stopped(); y++ {
		for px := range l.Stride {
			// The first column from the tile's start on that is of this phase.
			x := t.Cols.Lo + (px-t.Cols.Lo-l.Padding%l.Stride+2*l.Stride)%l.Stride
			if x < t.Cols.Hi {
				l.phase(dst, src, y, x, (t.Cols.Hi-x+l.Stride-1)/l.Stride)
			}
		}
	}
}

// phase computes m positions of a row, from x on, a stride apart.
func (l *Deconv) phase(dst, src Band, y, x, m int) {
	py, px := (y+l.Padding)%l.Stride, (x+l.Padding)%l.Stride
	ny, nx := l.taps(py), l.taps(px)
	out := dst.Data[dst.At(y, x):]
	ldc := l.Stride * l.Out
	if ny*nx == 0 {
		for i := range m {
			row := out[i*ldc : i*ldc+l.Out]
			clear(row)
			copy(row, l.Bias)
		}
		return
	}
	at := src.At((y+l.Padding)/l.Stride-ny+1, (x+l.Padding)/l.Stride-nx+1)
	a := kernel.Matrix{Data: src.Data[at:], Stride: l.In, Runs: ny, Run: nx * l.In, RunStride: src.Stride}
	kernel.Gemm(m, a, l.phases[py*l.Stride+px], out, ldc, kernel.GemmOptions{Bias: l.Bias})
}

func newDeconv(b *builder, s LayerSpec) (Layer, error) {
	s.Stride = max(s.Stride, 1)
	err := within(bound{"in", s.In, 1, maxChannels}, bound{"out", s.Out, 1, maxChannels}, bound{"kernel", s.Kernel, 1, maxKernel},
		bound{"stride", s.Stride, 1, maxKernel}, bound{"pad", s.Pad, 0, s.Kernel - 1}, bound{"out_pad", s.OutPad, 0, s.Stride - 1})
	if err != nil {
		return nil, err
	}
	weight, err := b.tensor(s.Name+".weight", s.In, s.Out, s.Kernel, s.Kernel)
	if err != nil {
		return nil, err
	}
	bias, err := b.bias(s, s.Out)
	if err != nil {
		return nil, err
	}
	return &Deconv{Name: s.Name, In: s.In, Out: s.Out, Kernel: s.Kernel, Stride: s.Stride, Padding: s.Pad, OutPadding: s.OutPad, Weight: weight, Bias: bias}, nil
}
