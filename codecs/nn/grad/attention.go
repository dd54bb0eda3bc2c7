package grad

import (
	"math"

	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/nn/optim"
)

// attention is window attention as three steps: a linear layer to queries, keys and
// values, attention inside each window and head,
//
//	s = q k^T / sqrt(d) + position,  p = softmax(s),  mixed = p v
//
// and a linear layer. On the way back the linear layers are convolutions of kernel 1 over
// the whole picture, and the rest is computed anew window by window.
type attention struct {
	layer     *nn.WindowAttention
	position  *optim.Param
	qkv, proj *conv
}

func newAttentionNode(l *nn.WindowAttention, b *builder) node {
	c := l.Channels
	linear := func(out int, weight, bias []float32) *conv {
		return newConvNode(&nn.Conv{Name: l.Name, In: c, Out: out, Kernel: 1, Stride: 1, Groups: 1, Weight: weight, Bias: bias}, &builder{frozen: true})
	}
	own := b.weights(l)
	a := &attention{layer: l, position: param(own, 4), qkv: linear(3*c, l.QKVWeight, l.QKVBias), proj: linear(c, l.ProjWeight, l.ProjBias)}
	a.qkv.weight, a.qkv.bias = param(own, 0), param(own, 1)
	a.proj.weight, a.proj.bias = param(own, 2), param(own, 3)
	return a
}

func (a *attention) refresh() {
	a.layer.Pack()
	a.qkv.refresh()
	a.proj.refresh()
}

func (a *attention) forward(t *Tape, x *Value, level float64) *Value {
	if t.Err() != nil {
		return t.none()
	}
	o := record[attentionOp](t)
	if !o.apply(t, a.layer, x, level, a.position != nil) {
		return t.none()
	}
	o.node = a
	return o.y
}

type attentionOp struct {
	layerOp
	node       *attention
	qkv, mixed *Value    // of the whole picture, with gradients
	parts      []float32 // the position's gradient of each row of windows
	first      convOp
	last       convOp
}

func (o *attentionOp) backward(t *Tape) {
	l, x := o.node.layer, o.x
	o.qkv = t.kept(x.H, x.W, 3*l.Channels)
	o.mixed = t.kept(x.H, x.W, l.Channels)
	// The last layer's way back needs the gradient of y alone until its weights are due.
	o.last.node, o.last.layerOp = o.node.proj, layerOp{x: o.mixed, y: o.y, in: o.mixed.band()}
	o.last.transposed(t, o.node.proj.back, o.y.grads())
	o.first.node, o.first.layerOp = o.node.qkv, layerOp{x: x, y: o.qkv, in: x.band()}
	o.first.pass = pass{op: o.node.qkv.layer, src: x.band(), dst: o.qkv.band()}
	o.first.pass.run(t)

	n := (x.H + l.Shift + l.Window - 1) / l.Window
	o.parts = t.memory.take(n * len(l.Position))
	t.parallel(n, o)
	if o.node.position == nil {
		o.first.transposed(t, o.node.qkv.back, o.qkv.grads())
		return
	}
	for i := range n {
		accumulate(o.node.position.Grad, o.parts[i*len(l.Position):(i+1)*len(l.Position)])
	}
	o.first.backward(t)
	o.last.weights(t)
}

// kept makes a value on the way back, with a gradient of zeros.
func (t *Tape) kept(h, w, c int) *Value {
	v := t.value(h, w, c, true)
	clear(v.Grad)
	return v
}

// piece does a row of windows.
func (o *attentionOp) piece(i int, s *scratch) {
	l := o.node.layer
	byPosition := o.parts[i*len(l.Position) : (i+1)*len(l.Position)]
	clear(byPosition)
	first := i*l.Window - l.Shift
	rows := nn.Span{Lo: max(first, 0), Hi: min(first+l.Window, o.x.H)}
	for x := -l.Shift; x < o.x.W; x += l.Window {
		w := attentionWindow{o: o, tile: nn.Tile{Rows: rows, Cols: nn.Span{Lo: max(x, 0), Hi: min(x+l.Window, o.x.W)}}}
		if w.tile.Cols.Hi > w.tile.Cols.Lo {
			w.backward(s, byPosition)
		}
	}
}

// attentionWindow is one window's part in contiguous memory.
type attentionWindow struct {
	o            *attentionOp
	tile         nn.Tile
	n            int       // positions
	qkv, byQKV   []float32 // [n, 3*channels]
	mixed, byMix []float32 // [n, channels]
	p, ds        []float32 // [n, n]: weights, and the gradient by the scores
}

func (w *attentionWindow) backward(s *scratch, byPosition []float32) {
	c := w.o.x.C
	w.n = (w.tile.Rows.Hi - w.tile.Rows.Lo) * (w.tile.Cols.Hi - w.tile.Cols.Lo)
	memory := s.take(w.n * (8*c + 2*w.n))
	cut := func(n int) []float32 {
		part := memory[:n]
		memory = memory[n:]
		return part
	}
	w.qkv, w.byQKV, w.mixed, w.byMix = cut(3*c*w.n), cut(3*c*w.n), cut(c*w.n), cut(c*w.n)
	w.p, w.ds = cut(w.n*w.n), cut(w.n*w.n)
	w.move(w.qkv, w.o.qkv.Data, 3*c, false)
	w.move(w.byMix, w.o.mixed.Grad, c, false)
	for h := range w.o.node.layer.Heads {
		w.head(s, h, byPosition)
	}
	w.move(w.byQKV, w.o.qkv.Grad, 3*c, true)
	w.move(w.mixed, w.o.mixed.Data, c, true)
}

// move copies the window's rows of a picture, or to it.
func (w *attentionWindow) move(window, picture []float32, c int, out bool) {
	width := (w.tile.Cols.Hi - w.tile.Cols.Lo) * c
	for y := w.tile.Rows.Lo; y < w.tile.Rows.Hi; y++ {
		row, own := picture[(y*w.o.x.W+w.tile.Cols.Lo)*c:][:width], window[(y-w.tile.Rows.Lo)*width:][:width]
		if out {
			copy(row, own)
		} else {
			copy(own, row)
		}
	}
}

// head computes one head's weights and output anew and takes its gradient back.
func (w *attentionWindow) head(s *scratch, h int, byPosition []float32) {
	c, n := w.o.x.C, w.n
	d := c / w.o.node.layer.Heads
	q, k, v := w.qkv[h*d:], w.qkv[c+h*d:], w.qkv[2*c+h*d:]
	scale := float32(1 / math.Sqrt(float64(d)))
	part := func(data []float32, stride int) kernel.Matrix {
		return kernel.Matrix{Data: data, Stride: stride, Runs: 1, Run: d}
	}
	turned := func(data []float32) kernel.Matrix { // of n x n
		return kernel.Matrix{Data: data, Stride: 1, Runs: n, Run: 1, RunStride: n}
	}
	product := func(a kernel.Matrix, to []float32, ldc int) {
		kernel.Gemm(n, a, &s.panels, to, ldc, kernel.GemmOptions{})
	}
	s.panels.Repack(k, d, n, 1, 3*c)
	product(part(q, 3*c), w.p, n)
	w.softmax(h, scale)
	s.panels.Repack(v, n, d, 3*c, 1)
	product(rowsOf(w.p, n), w.mixed[h*d:], c)
	s.panels.Repack(v, d, n, 1, 3*c)
	product(part(w.byMix[h*d:], c), w.ds, n)
	s.panels.Repack(w.byMix[h*d:], n, d, c, 1)
	product(turned(w.p), w.byQKV[2*c+h*d:], 3*c)
	w.softmaxBack(h, scale, byPosition)
	s.panels.Repack(k, n, d, 3*c, 1)
	product(rowsOf(w.ds, n), w.byQKV[h*d:], 3*c)
	s.panels.Repack(q, n, d, 3*c, 1)
	product(turned(w.ds), w.byQKV[c+h*d:], 3*c)
}

// bias returns the index of the position's bias of query i and key j.
func (w *attentionWindow) bias(i, j, h int) int {
	l, width := w.o.node.layer, w.tile.Cols.Hi-w.tile.Cols.Lo
	dy, dx := i/width-j/width+l.Window-1, i%width-j%width+l.Window-1
	return (dy*(2*l.Window-1)+dx)*l.Heads + h
}

// softmax turns products of queries and keys into weights.
func (w *attentionWindow) softmax(h int, scale float32) {
	for i := range w.n {
		row := w.p[i*w.n : (i+1)*w.n]
		for j, v := range row {
			row[j] = v*scale + w.o.node.layer.Position[w.bias(i, j, h)]
		}
		kernel.Softmax(row, row)
	}
}

// softmaxBack turns the gradient by the weights, in ds, into that by the products.
func (w *attentionWindow) softmaxBack(h int, scale float32, byPosition []float32) {
	for i := range w.n {
		p, ds := w.p[i*w.n:(i+1)*w.n], w.ds[i*w.n:(i+1)*w.n]
		mean := kernel.Dot(p, ds)
		for j, v := range p {
			g := v * (ds[j] - mean)
			byPosition[w.bias(i, j, h)] += g
			ds[j] = g * scale
		}
	}
}
