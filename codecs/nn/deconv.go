package nn

import (
	"fmt"

	"codecworkbench/codecs/nn/kernel"
)

// Deconv is a transposed convolution: the input's element at row i and kernel row k goes
// to output row i*Stride - Padding + k. It runs as Stride*Stride ordinary convolutions,
// one a phase of output rows and columns modulo the stride, each with its own taps; or,
// where so few channels come out that products for single phases would be narrower than
// registers, as one convolution to blocks of all phases.
type Deconv struct {
	Name                    string
	In, Out                 int
	Kernel, Stride, Padding int
	OutPadding              int       // rows and columns more at the far sides
	Weight                  []float32 // [In, Out, Kernel, Kernel]
	Bias                    []float32 // [Out]; nil is zero

	phases []*kernel.Panels // by phase of rows and columns; nil where no tap falls
	block  *kernel.Panels   // of all phases
	bias   []float32        // of block
	rows   []float32        // scratch of Pack
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

// reach returns the input rows that the Stride outputs from row 0 on depend on; it holds
// for columns too.
func (l *Deconv) reach() Span {
	r := Span{0, (l.Stride-1+l.Padding)/l.Stride + 1}
	for phase := range l.Stride {
		v := phase + l.Padding
		r.Lo = min(r.Lo, v/l.Stride-l.taps(v%l.Stride)+1)
	}
	return r
}

// Needs returns the rows that reach the output.
func (l *Deconv) Needs(out Span, _ Size) Span {
	r := l.reach()
	return Span{out.Lo/l.Stride + r.Lo, (out.Hi-1)/l.Stride + r.Hi}
}

// Traits ask for as many zeros as the outermost outputs reach.
func (l *Deconv) Traits() Traits {
	r := l.reach()
	// The last block of outputs is this many after the last input's.
	last := max(0, l.Kernel-2*l.Padding+l.OutPadding-1) / l.Stride
	return Traits{Pad: max(0, -r.Lo, last+r.Hi-1), Grain: Grain{Step: l.Stride}}
}

// Params returns the weight and the bias.
func (l *Deconv) Params() []Param {
	weight := Param{l.Name + ".weight", []int{l.In, l.Out, l.Kernel, l.Kernel}, l.Weight}
	return withBias(l.Name, weight, l.Bias)
}

// Pack makes one matrix a phase, or one for all.
func (l *Deconv) Pack() {
	if l.Stride*l.Stride*l.Out <= panelWidth {
		l.packBlock()
		return
	}
	s := l.Stride
	if l.phases == nil {
		l.phases = make([]*kernel.Panels, s*s)
		l.rows = make([]float32, l.taps(0)*l.taps(0)*l.In*l.Out)
	}
	for phase := range l.phases {
		l.packPhase(phase)
	}
}

// packPhase makes the matrix of kernel rows x columns x inputs by outputs, with rising
// input rows and columns, which are falling kernel rows and columns.
func (l *Deconv) packPhase(phase int) {
	s := l.Stride
	py, px := phase/s, phase%s
	ny, nx := l.taps(py), l.taps(px)
	if ny*nx == 0 {
		return
	}
	for tap := range ny * nx {
		ky, kx := py+s*(ny-1-tap/nx), px+s*(nx-1-tap%nx)
		for i := range l.In {
			row := l.rows[(tap*l.In+i)*l.Out:]
			for o := range l.Out {
				row[o] = l.at(i, o, ky, kx)
			}
		}
	}
	if l.phases[phase] == nil {
		l.phases[phase] = new(kernel.Panels)
	}
	l.phases[phase].Repack(l.rows, ny*nx*l.In, l.Out, l.Out, 1)
}

// packBlock makes the matrix of input rows x columns x channels, as far as they reach, by
// the block's rows x columns x channels.
func (l *Deconv) packBlock() {
	s, r := l.Stride, l.reach()
	side, n := r.Hi-r.Lo, s*s*l.Out
	if l.block == nil {
		l.block = new(kernel.Panels)
		l.rows = make([]float32, side*side*l.In*n)
		l.bias = make([]float32, n)
	}
	for at := range l.rows {
		row, column := at/n, at%n
		tap, i := row/l.In, row%l.In
		phase, o := column/l.Out, column%l.Out
		ky := phase/s + l.Padding - s*(r.Lo+tap/side)
		kx := phase%s + l.Padding - s*(r.Lo+tap%side)
		l.rows[at] = l.at(i, o, ky, kx)
	}
	for i := range l.bias {
		if l.Bias != nil {
			l.bias[i] = l.Bias[i%l.Out]
		}
	}
	l.block.Repack(l.rows, side*side*l.In, n, n, 1)
}

// at returns a weight, 0 outside the kernel.
func (l *Deconv) at(i, o, ky, kx int) float32 {
	if ky < 0 || kx < 0 || ky >= l.Kernel || kx >= l.Kernel {
		return 0
	}
	return l.Weight[((i*l.Out+o)*l.Kernel+ky)*l.Kernel+kx]
}

// Compute goes through each output row's phases of columns, or through blocks.
func (l *Deconv) Compute(w *Worker, dst, src Band, t Tile) {
	if l.block != nil {
		l.blocks(w, dst, src, t)
		return
	}
	for y := t.Rows.Lo; y < t.Rows.Hi && !w.stopped(); y++ {
		for px := range l.Stride {
			// The first column from the tile's start on that is of this phase.
			x := t.Cols.Lo + (px-t.Cols.Lo%l.Stride-l.Padding%l.Stride+2*l.Stride)%l.Stride
			if x < t.Cols.Hi {
				l.phase(dst, src, y, x, (t.Cols.Hi-x+l.Stride-1)/l.Stride)
			}
		}
	}
}

// blocks computes blocks of Stride x Stride positions, row by row; those at the far edges
// may be cut.
func (l *Deconv) blocks(w *Worker, dst, src Band, t Tile) {
	s, r := l.Stride, l.reach()
	side := r.Hi - r.Lo
	m, n, piece := (t.width()+s-1)/s, s*s*l.Out, s*l.Out
	all := w.Floats(m * n)
	for y := t.Rows.Lo; y < t.Rows.Hi && !w.stopped(); y += s {
		at := src.At(y/s+r.Lo, t.Cols.Lo/s+r.Lo)
		a := kernel.Matrix{Data: src.Data[at:], Stride: l.In, Runs: side, Run: side * l.In, RunStride: src.Stride}
		kernel.Gemm(m, a, l.block, all, n, kernel.GemmOptions{Bias: l.bias})
		for dy := range min(s, t.Rows.Hi-y) {
			out := dst.row(y+dy, t.Cols.Lo, t.width())
			for i := range m {
				copy(out[i*piece:], all[i*n+dy*piece:][:piece])
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
	if err := b.pack(1, s.Kernel*s.Kernel*s.In, s.Out); err != nil {
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
