package nn

import (
	"fmt"
	"math"

	"codecworkbench/codecs/nn/kernel"
)

// WindowAttention is multi-head self-attention inside windows with a relative position
// bias (Swin, Liu et al., ICCV 2021). Windows start at -Shift; those that the edges cut
// attend only to the positions that exist.
type WindowAttention struct {
	Name            string
	Channels, Heads int
	Window, Shift   int       // positions
	QKVWeight       []float32 // [3*Channels, Channels]: queries, keys, values
	QKVBias         []float32 // [3*Channels]
	ProjWeight      []float32 // [Channels, Channels]
	ProjBias        []float32 // [Channels]
	// Position is the bias by row and column of the query minus those of the key, each
	// plus Window-1: [(2*Window-1)^2, Heads].
	Position []float32

	qkv, proj *kernel.Panels
	bias      []float32 // Position by head, rows and reversed columns
}

// OutChannels is Channels.
func (l *WindowAttention) OutChannels(in int) (int, error) {
	return l.Channels, wantChannels(in, l.Channels)
}

// Size changes nothing.
func (l *WindowAttention) Size(in Size) (Size, error) { return in, wantChannels(in.C, l.Channels) }

// Needs returns the rows of whole windows.
func (l *WindowAttention) Needs(out Span, in Size) Span { return l.grain().cover(out, in.H) }

func (l *WindowAttention) grain() Grain { return Grain{Step: l.Window, Shift: l.Shift} }

// Traits ask for whole windows.
func (l *WindowAttention) Traits() Traits { return Traits{Grain: l.grain()} }

// Params returns the weights and biases.
func (l *WindowAttention) Params() []Param {
	c, side := l.Channels, 2*l.Window-1
	return []Param{
		{l.Name + ".qkv.weight", []int{3 * c, c}, l.QKVWeight}, {l.Name + ".qkv.bias", []int{3 * c}, l.QKVBias},
		{l.Name + ".proj.weight", []int{c, c}, l.ProjWeight}, {l.Name + ".proj.bias", []int{c}, l.ProjBias},
		{l.Name + ".position", []int{side * side, l.Heads}, l.Position},
	}
}

// Pack packs the two linear maps and orders the bias by head.
func (l *WindowAttention) Pack() {
	if l.qkv == nil {
		l.qkv, l.proj = new(kernel.Panels), new(kernel.Panels)
	}
	l.qkv.Repack(l.QKVWeight, l.Channels, 3*l.Channels, 1, l.Channels)
	l.proj.Repack(l.ProjWeight, l.Channels, l.Channels, 1, l.Channels)
	if l.bias == nil {
		l.bias = make([]float32, len(l.Position))
	}
	side := 2*l.Window - 1
	for i := range l.bias {
		head, dy, dx := i/(side*side), i/side%side, i%side
		l.bias[i] = l.Position[(dy*side+side-1-dx)*l.Heads+head]
	}
}

// Compute goes window by window.
func (l *WindowAttention) Compute(w *Worker, dst, src Band, t Tile) {
	g := l.grain()
	for y := g.down(t.Rows.Lo); y < t.Rows.Hi; y += l.Window {
		for x := g.down(t.Cols.Lo); x < t.Cols.Hi; x += l.Window {
			window := Tile{
				Span{max(y, t.Rows.Lo), min(y+l.Window, t.Rows.Hi)}, Span{max(x, t.Cols.Lo), min(x+l.Window, t.Cols.Hi)},
			}
			if w.stopped() {
				return
			}
			m := w.mark()
			l.window(w, dst, src, window)
			w.release(m)
		}
	}
}

// window computes the positions of one window.
func (l *WindowAttention) window(w *Worker, dst, src Band, t Tile) {
	c, n, width := l.Channels, t.positions(), t.width()
	x, qkv, mixed, scores := w.Floats(n*c), w.Floats(3*n*c), w.Floats(n*c), w.Floats(n*n)
	for y := t.Rows.Lo; y < t.Rows.Hi; y++ {
		copy(x[(y-t.Rows.Lo)*width*c:], src.row(y, t.Cols.Lo, width))
	}
	kernel.Gemm(n, rows(x, c), l.qkv, qkv, 3*c, kernel.GemmOptions{Bias: l.QKVBias})
	d := c / l.Heads
	for h := range l.Heads {
		if w.stopped() {
			return
		}
		// The panels are packed anew for each head: keys transposed, then values.
		w.panels.Repack(qkv[c+h*d:], d, n, 1, 3*c)
		query := kernel.Matrix{Data: qkv[h*d:], Stride: 3 * c, Runs: 1, Run: d}
		kernel.Gemm(n, query, &w.panels, scores, n, kernel.GemmOptions{})
		l.softmax(scores, h, t)
		w.panels.Repack(qkv[2*c+h*d:], n, d, 3*c, 1)
		kernel.Gemm(n, rows(scores, n), &w.panels, mixed[h*d:], c, kernel.GemmOptions{})
	}
	for y := t.Rows.Lo; y < t.Rows.Hi; y++ {
		row := rows(mixed[(y-t.Rows.Lo)*width*c:], c)
		kernel.Gemm(width, row, l.proj, dst.Data[dst.At(y, t.Cols.Lo):], c, kernel.GemmOptions{Bias: l.ProjBias})
	}
}

// rows is an ordinary matrix of n columns.
func rows(data []float32, n int) kernel.Matrix {
	return kernel.Matrix{Data: data, Stride: n, Runs: 1, Run: n}
}

// softmax turns the products of a window's queries and keys into weights that sum to 1.
func (l *WindowAttention) softmax(scores []float32, head int, t Tile) {
	scale := float32(1 / math.Sqrt(float64(l.Channels/l.Heads)))
	n, width, side := t.positions(), t.width(), 2*l.Window-1
	table := l.bias[head*side*side : (head+1)*side*side]
	for i := range n {
		row := scores[i*n : (i+1)*n]
		qy, qx := i/width, i%width
		for j := 0; j < n; j += width {
			// Against a row of keys the bias is a run of the reversed table.
			bias := table[(qy-j/width+l.Window-1)*side+l.Window-1-qx:][:width]
			keys := row[j : j+width]
			for k, v := range keys {
				keys[k] = v*scale + bias[k]
			}
		}
		kernel.Softmax(row, row)
	}
}

func newWindowAttention(b *builder, s LayerSpec) (Layer, error) {
	err := within(bound{"channels", s.Channels, 1, maxChannels}, bound{"heads", s.Heads, 1, max(s.Channels, 1)},
		bound{"window", s.Window, 1, maxKernel}, bound{"shift", s.Shift, 0, s.Window - 1})
	if err != nil {
		return nil, err
	}
	c, side := s.Channels, 2*s.Window-1
	if c%s.Heads != 0 {
		return nil, fmt.Errorf("%d heads do not divide %d channels", s.Heads, c)
	}
	if err := b.pack(1, c, 4*c); err != nil {
		return nil, err
	}
	l := &WindowAttention{Name: s.Name, Channels: c, Heads: s.Heads, Window: s.Window, Shift: s.Shift}
	for _, p := range []struct {
		to    *[]float32
		name  string
		shape []int
	}{
		{&l.QKVWeight, "qkv.weight", []int{3 * c, c}},
		{&l.QKVBias, "qkv.bias", []int{3 * c}},
		{&l.ProjWeight, "proj.weight", []int{c, c}},
		{&l.ProjBias, "proj.bias", []int{c}},
		{&l.Position, "position", []int{side * side, s.Heads}},
	} {
		if *p.to, err = b.tensor(s.Name+"."+p.name, p.shape...); err != nil {
			return nil, err
		}
	}
	return l, nil
}
