package mlic

import (
	"context"
	"fmt"

	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/hyper"
	"codecworkbench/codecs/nn/integer"
)

// Units of the integer path.
const (
	meanBits  = 6 // of fraction that a mean has
	meanUnit  = 1 << meanBits
	scaleBits = 4 // of fraction that a scale has before it becomes a table's number
	largest   = 1<<15 - 1
)

// step is a pass of a region, ready to be coded.
type step struct {
	pass          int   // from 0: slice k has 2k and 2k+1
	first, width  int   // channels
	at            []int // positions, y * Wide + x of the picture's grid
	means, scales []int16
	symbols       []int16 // [len(at), width], as means and scales are; to be filled in
}

// walker goes through a region's passes as encoder and decoder both have to. Its memory
// grows to what the largest region took.
type walker struct {
	m         *model
	session   *integer.Session
	attention integer.Attention

	wide, high    int
	all           []int    // positions of the region
	half          [2][]int // anchors, and what lies between them
	base          []int16  // means and scales by z, [positions, 2 channels]
	hyper, before []int16  // features by z and by the slices before
	guide         []int16
	values        []int16 // of y as far as they are decoded, less z's means, in 1/64, [positions, channels]
	local, far    []int16 // far has the second pass' positions alone
	input, extra  []int16 // of a network
	now           step
}

func newWalker() any { return &walker{session: integer.NewSerialSession()} }

// view is a part of a tensor's channels; packed tensors have the pass' positions alone.
type view struct {
	data             []int16
	stride, first, n int
	packed           bool
}

// whole is a view of all channels.
func whole(data []int16, channels int) view { return view{data, channels, 0, channels, false} }

// gather puts the channels of several tensors together, at some positions.
func gather(dst []int16, at []int, parts ...view) []int16 {
	dst = dst[:0]
	for i, p := range at {
		for _, v := range parts {
			from := p
			if v.packed {
				from = i
			}
			dst = append(dst, v.data[from*v.stride+v.first:][:v.n]...)
		}
	}
	return dst
}

// walk goes through the passes of a region with some contexts on. code gets each pass and
// fills in its symbols.
func (w *walker) walk(ctx context.Context, m *model, l latent.Layout, r latent.Region, p hyper.Prior, on contexts, code func(*step) error) error {
	w.m = m
	w.enter(r, p)
	out, err := w.rows(ctx, m.context, w.base)
	if err != nil {
		return err
	}
	w.hyper = append(w.hyper[:0], out...)
	for k := range m.slices {
		if err := w.slice(ctx, l, r, k, on, code); err != nil {
			return err
		}
	}
	return nil
}

// enter takes a region's base and divides its positions into those of both passes.
func (w *walker) enter(r latent.Region, p hyper.Prior) {
	w.wide, w.high = r.X1-r.X0, r.Y1-r.Y0
	w.all, w.half[0], w.half[1], w.base = w.all[:0], w.half[0][:0], w.half[1][:0], w.base[:0]
	for y := range w.high {
		for x := range w.wide {
			i := y*w.wide + x
			w.all = append(w.all, i)
			w.half[(x+y)%2] = append(w.half[(x+y)%2], i)
			w.base = append(w.base, p.Both(r.X0+x, r.Y0+y)...)
		}
	}
	w.values = sized(w.values, len(w.all)*w.m.Channels)
	clear(w.values)
}

// sized returns memory of n numbers, data's where it is large enough.
func sized(data []int16, n int) []int16 {
	if cap(data) < n {
		return make([]int16, n)
	}
	return data[:n]
}

// rows runs a network on positions, whose output lies in the session's memory.
func (w *walker) rows(ctx context.Context, n *integer.Network, x []int16) ([]int16, error) {
	c, _ := n.Channels()
	return w.run(ctx, n, integer.Tensor{H: 1, W: len(x) / c, C: c, Data: x})
}

// grid runs a network on the whole region.
func (w *walker) grid(ctx context.Context, n *integer.Network, x []int16) ([]int16, error) {
	c, _ := n.Channels()
	return w.run(ctx, n, integer.Tensor{H: w.high, W: w.wide, C: c, Data: x})
}

func (w *walker) run(ctx context.Context, n *integer.Network, in integer.Tensor) ([]int16, error) {
	out, err := n.Run(ctx, w.session, in)
	if err == nil && (out.H != in.H || out.W != in.W) {
		err = fmt.Errorf("%w: a context's network turns %d x %d positions into %d x %d", latent.ErrModel, in.W, in.H, out.W, out.H)
	}
	return out.Data, err
}

// slice goes through both passes of slice k.
func (w *walker) slice(ctx context.Context, l latent.Layout, r latent.Region, k int, on contexts, code func(*step) error) error {
	s := &w.m.slices[k]
	features := w.m.context.Outputs()
	known := []view{whole(w.hyper, features)}
	if s.previous != nil {
		if err := w.channels(ctx, s, on); err != nil {
			return err
		}
		known = append(known, whole(w.before, features))
	}
	if on.has(globalContext) {
		w.input = gather(w.input, w.all, known...)
		out, err := w.rows(ctx, s.guide, w.input)
		if err != nil {
			return err
		}
		w.guide = append(w.guide[:0], out...)
	}
	m := w.m.Channels
	known = append(known, view{w.base, 2 * m, s.first, s.channels, false}, view{w.base, 2 * m, m + s.first, s.channels, false})
	for i, at := range w.half {
		if len(at) == 0 {
			continue
		}
		if i == 1 {
			if err := w.anchored(ctx, s, on); err != nil {
				return err
			}
			known = append(known, whole(w.local, features), view{w.far, s.values.Outputs(), 0, s.values.Outputs(), true})
		}
		if err := w.correct(ctx, s, i, on, known); err != nil {
			return err
		}
		w.place(l, r, at)
		w.now.pass, w.now.first, w.now.width = 2*k+i, s.first, s.channels
		if err := code(&w.now); err != nil {
			return err
		}
		w.decoded(s, at)
	}
	return nil
}

// channels computes the channel context.
func (w *walker) channels(ctx context.Context, s *slice, on contexts) error {
	if !on.has(channelContext) {
		w.before = zeros(w.before, len(w.all)*s.previous.Outputs())
		return nil
	}
	w.input = gather(w.input, w.all, view{w.values, w.m.Channels, 0, s.first, false})
	out, err := w.grid(ctx, s.previous, w.input)
	w.before = append(w.before[:0], out...)
	return err
}

func zeros(data []int16, n int) []int16 {
	data = sized(data, n)
	clear(data)
	return data
}

// anchored computes the contexts of a slice's anchors: local and global.
func (w *walker) anchored(ctx context.Context, s *slice, on contexts) error {
	mine := view{w.values, w.m.Channels, s.first, s.channels, false}
	w.local = zeros(w.local, len(w.all)*s.local.Outputs())
	if on.has(localContext) {
		w.input = gather(w.input, w.all, mine)
		out, err := w.grid(ctx, s.local, w.input)
		if err != nil {
			return err
		}
		copy(w.local, out)
	}
	w.far = zeros(w.far, len(w.half[1])*s.values.Outputs())
	if !on.has(globalContext) {
		return nil
	}
	w.input = gather(w.input, w.half[0], mine)
	values, err := w.rows(ctx, s.values, w.input)
	if err != nil {
		return err
	}
	n := s.guide.Outputs() / 2
	w.input = gather(w.input, w.half[1], view{w.guide, 2 * n, 0, n, false})
	w.extra = gather(w.extra, w.half[0], view{w.guide, 2 * n, n, n, false})
	heads := w.m.heads
	return w.attention.Apply(w.far, w.input, w.extra, values, heads, n/heads, s.values.Outputs()/heads)
}

// correct fills in means and scales of a pass.
func (w *walker) correct(ctx context.Context, s *slice, half int, on contexts, known []view) error {
	at, f := w.half[half], s.passes[half]
	w.input = gather(w.input, at, known...)
	if on.has(reweighting) {
		w.extra = sized(w.extra, f.gate.Outputs())
		integer.Means(w.extra, w.input)
		gates, err := w.rows(ctx, f.gate, w.extra)
		if err != nil {
			return err
		}
		integer.Reweight(w.input, gates)
	}
	out, err := w.rows(ctx, f.net, w.input)
	if err != nil {
		return err
	}
	n, m := s.channels, w.m.Channels
	now := &w.now
	now.means, now.scales, now.symbols = sized(now.means, len(at)*n), sized(now.scales, len(at)*n), zeros(now.symbols, len(at)*n)
	top := int32(w.m.scales.Len() - 1)
	for i, p := range at {
		base, shift := w.base[p*2*m+s.first:], out[i*2*n:][:2*n]
		means, scales := now.means[i*n:][:n], now.scales[i*n:][:n]
		for c := range means {
			means[c] = clamp(int32(base[c]) + int32(shift[c]))
			scales[c] = int16(min(max((int32(base[m+c])+int32(shift[n+c])+1<<(scaleBits-1))>>scaleBits, 0), top))
		}
	}
	return nil
}

func clamp(v int32) int16 { return int16(min(max(v, -largest), largest)) }

// place tells where a pass' positions lie in the picture's grid.
func (w *walker) place(l latent.Layout, r latent.Region, at []int) {
	w.now.at = w.now.at[:0]
	for _, p := range at {
		w.now.at = append(w.now.at, (r.Y0+p/w.wide)*l.Wide+r.X0+p%w.wide)
	}
}

// decoded keeps how far a pass' values are from what z expected, for the contexts of those
// that follow.
func (w *walker) decoded(s *slice, at []int) {
	for i, p := range at {
		values, base := w.values[p*w.m.Channels+s.first:][:s.channels], w.base[2*p*w.m.Channels+s.first:]
		for c := range values {
			j := i*s.channels + c
			values[c] = clamp(int32(w.now.symbols[j])*meanUnit + int32(w.now.means[j]) - int32(base[c]))
		}
	}
}
