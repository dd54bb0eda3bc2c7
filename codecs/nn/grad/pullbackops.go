package grad

import (
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/kernel"
)

// rowsOfTile calls f with the elements of each of a tile's rows in two bands of one size, and
// with their place in a dense tensor of that size.
func rowsOfTile(dst, src nn.Band, t nn.Tile, f func(to, from []float32, at int)) {
	n := (t.Cols.Hi - t.Cols.Lo) * dst.C
	for y := t.Rows.Lo; y < t.Rows.Hi; y++ {
		to, from := dst.Data[dst.At(y, t.Cols.Lo):], src.Data[src.At(y, t.Cols.Lo):]
		f(to[:n], from[:n], (y*dst.W+t.Cols.Lo)*dst.C)
	}
}

// Compute keeps the input, if that is asked for, before it may be overwritten.
func (l *noted) Compute(w *nn.Worker, dst, src nn.Band, t nn.Tile) {
	if w.Notes != nil {
		note := &w.Notes[l.at]
		rowsOfTile(src, src, t, func(x, _ []float32, at int) {
			if note.Signs != nil {
				kernel.Signs(note.Signs[at/8:(at+len(x))/8], x)
			} else {
				copy(note.Floats[at:], x)
			}
		})
	}
	l.Op.Compute(w, dst, src, t)
}

// activationBack multiplies by an activation's derivative.
type activationBack struct {
	*nn.Activation
	node *activation
	at   int // number of its note
}

// Compute looks the derivative up by signs, or computes it.
func (l *activationBack) Compute(w *nn.Worker, dst, src nn.Band, t nn.Tile) {
	note := &w.Notes[l.at]
	if note.Signs != nil {
		rowsOfTile(dst, src, t, func(to, from []float32, at int) {
			kernel.LeakyBySigns(to, from, note.Signs[at/8:(at+len(to))/8], l.Slope)
		})
		return
	}
	width := t.Cols.Hi - t.Cols.Lo
	n := width * dst.C
	y, dx := w.Floats(n), w.Floats(n)
	row := nn.Tile{Rows: nn.Span{Lo: 0, Hi: 1}, Cols: nn.Span{Lo: 0, Hi: width}}
	rowsOfTile(dst, src, t, func(to, from []float32, at int) {
		x := note.Floats[at : at+n]
		l.Activation.Compute(w, whole(1, width, dst.C, y), whole(1, width, dst.C, x), row)
		clear(dx)
		l.node.derivative(dx, from, x, y, l.node.k)
		copy(to, dx)
	})
}

// gdnBack is GDN's derivative.
type gdnBack struct {
	*nn.GDN
	node *gdn
	at   int // number of its note
}

// Compute goes row by row.
func (l *gdnBack) Compute(w *nn.Worker, dst, src nn.Band, t nn.Tile) {
	n := (t.Cols.Hi - t.Cols.Lo) * dst.C
	sum, norms, scratch := w.Floats(n), w.Floats(n), w.Floats(n)
	rowsOfTile(dst, src, t, func(to, from []float32, at int) {
		x := w.Notes[l.at].Floats[at : at+n]
		l.node.direct(sum, scratch, norms, x, from)
		l.node.byNorms(sum, norms, x, scratch)
		copy(to, sum)
	})
}
