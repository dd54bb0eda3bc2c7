package grad

import (
	"context"

	"codecworkbench/codecs/nn"
)

// pass runs one of nn's layers over a whole value, on all cores.
type pass struct {
	op       nn.Op
	src, dst nn.Band
	rows     int // of a piece, a multiple of the grain
	level    float64
	ctx      context.Context
}

// pieceElements is about how many output elements of a layer make a piece.
const pieceElements = 1 << 14

func (p *pass) piece(i int, s *scratch) {
	s.worker.Begin(p.ctx, p.level)
	first := i*p.rows - p.op.Traits().Grain.Shift
	p.op.Compute(&s.worker, p.dst, p.src, nn.Tile{
		Rows: nn.Span{Lo: max(first, 0), Hi: min(first+p.rows, p.dst.H)},
		Cols: nn.Span{Lo: 0, Hi: p.dst.W},
	})
}

// maxElements bounds what a layer may give.
const maxElements = 1 << 28

// run computes the layer.
func (p *pass) run(t *Tape) {
	grain := p.op.Traits().Grain
	step := max(grain.Step, 1)
	p.rows = max(pieceElements/(p.dst.W*p.dst.C)/step, 1) * step
	p.ctx = t.ctx
	t.parallel((p.dst.H+grain.Shift+p.rows-1)/p.rows, p)
}

// whole is a tensor as a band.
func whole(h, w, c int, data []float32) nn.Band {
	return nn.Band{Size: nn.Size{H: h, W: w, C: c}, Stride: w * c, Data: data}
}

// band is a value as a band.
func (v *Value) band() nn.Band { return whole(v.H, v.W, v.C, v.Data) }

// grads is a value's gradient as a band.
func (v *Value) grads() nn.Band { return whole(v.H, v.W, v.C, v.Grad) }

// input returns src with the zeros around it that op reads for out rows of output: src
// itself where it reads none.
func (t *Tape) input(op nn.Op, src nn.Band, out int) nn.Band {
	need, pad := op.Needs(nn.Span{Lo: 0, Hi: out}, src.Size), op.Traits().Pad
	need.Lo, need.Hi = min(need.Lo, 0), max(need.Hi, src.H)
	if need.Lo == 0 && need.Hi == src.H && pad == 0 {
		return src
	}
	return t.surround(src, src.Size, need, pad, 1)
}

// surround copies src into a band of a tensor of the given size with the rows rows and pad
// columns of zeros at either side. Its own rows and columns come to lie step apart, with
// zeros between.
func (t *Tape) surround(src nn.Band, size nn.Size, rows nn.Span, pad, step int) nn.Band {
	b := nn.Band{Size: size, Y: rows.Lo, X: -pad, Stride: (size.W + 2*pad) * size.C}
	b.Data = t.memory.take((rows.Hi - rows.Lo) * b.Stride)
	if step > 1 {
		clear(b.Data)
		for y := range src.H {
			from, to := src.Data[y*src.Stride:], b.Data[b.At(y*step, 0):]
			for x := range src.W {
				copy(to[x*step*src.C:], from[x*src.C:(x+1)*src.C])
			}
		}
		return b
	}
	width := src.W * src.C
	free := b.Data
	for y := range src.H {
		at := b.At(y, 0) - (len(b.Data) - len(free))
		clear(free[:at])
		copy(free[at:at+width], src.Data[y*src.Stride:])
		free = free[at+width:]
	}
	clear(free)
	return b
}

// layerOp is what the record of every layer begins with.
type layerOp struct {
	x, y  *Value
	in    nn.Band // x as the layer reads it, with its padding
	level float64
	pass  pass
}

// idle says that nothing before or in the layer is trained.
func (o *layerOp) idle() bool { return o.y.Grad == nil }

// apply runs a layer on x; wanted says whether it has weights under training. It reports
// false after an error.
func (o *layerOp) apply(t *Tape, op nn.Op, x *Value, level float64, wanted bool) bool {
	o.x, o.level = x, level
	size, err := op.Size(nn.Size{H: x.H, W: x.W, C: x.C})
	if err != nil {
		t.fail("layer %T: %w", op, err)
		return false
	}
	if size.H > maxElements/size.W || size.H*size.W > maxElements/size.C {
		t.fail("layer %T: an output of %s is too large to train on (at most %d numbers)", op, size, maxElements)
		return false
	}
	o.y = t.value(size.H, size.W, size.C, wanted || x.Grad != nil)
	o.in = t.input(op, x.band(), size.H)
	o.pass.op, o.pass.level, o.pass.src, o.pass.dst = op, level, o.in, o.y.band()
	o.pass.run(t)
	return true
}

// transposed adds to x's gradient what a layer makes of the output's: op is the layer's
// transpose, and src the output's gradient with the padding that it reads.
func (o *layerOp) transposed(t *Tape, op nn.Op, src nn.Band) {
	sum := t.memory.take(len(o.x.Data))
	o.pass.op, o.pass.level, o.pass.src, o.pass.dst = op, o.level, src, whole(o.x.H, o.x.W, o.x.C, sum)
	o.pass.run(t)
	t.accumulate(o.x.Grad, sum)
}
