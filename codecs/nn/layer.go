package nn

import (
	"context"
	"fmt"

	"codecworkbench/codecs/nn/kernel"
)

// Layer is one step of a network: an Op or a *Residual.
type Layer interface {
	// OutChannels returns the output's channels for an input's, or says that they don't fit.
	// 0 stands for a number that is not known.
	OutChannels(in int) (int, error)
	// Size returns the output's size for an input's, or what does not fit.
	Size(in Size) (Size, error)
	// Params returns the weights as they stand in model files; whoever changes their
	// elements calls Pack.
	Params() []Param
	// Pack brings copies of the weights in other layouts up to date.
	Pack()
}

// Op is a layer that computes. All of its methods but Pack are safe for concurrent use.
type Op interface {
	Layer
	// Needs returns the input rows that the output rows out depend on, for an input of
	// size in. Rows below 0 and from in.H on are zeros; the executor makes them.
	Needs(out Span, in Size) Span
	// Traits says how the executor may run the layer.
	Traits() Traits
	// Compute writes a tile of the output, whose borders lie on the layer's grain, to dst;
	// src has the rows that it needs, and Pad columns of zeros on both sides.
	Compute(w *Worker, dst, src Band, t Tile)
}

// Traits are a layer's properties that don't depend on sizes.
type Traits struct {
	Pointwise bool // each output position depends on the same input position alone
	InPlace   bool // pointwise, and dst may be src
	Pad       int  // columns of zeros that Compute reads on either side of the input
	Grain     Grain
}

// Grain is the lattice that a layer's tiles lie on, in both directions: tiles begin and
// end at -Shift + k*Step or at the edges. Step 0 stands for 1.
type Grain struct{ Step, Shift int }

// down returns the last lattice line up to v.
func (g Grain) down(v int) int {
	step := max(g.Step, 1)
	return (v+g.Shift)/step*step - g.Shift
}

// up returns the first lattice line from v on.
func (g Grain) up(v int) int {
	return g.down(v + max(g.Step, 1) - 1)
}

// Param is a layer's tensor: its name, its shape and its elements, row-major, which the
// layer reads when it packs.
type Param struct {
	Name  string
	Shape []int
	Data  []float32
}

// Worker is what one core works with: scratch memory and the run's settings.
type Worker struct {
	Level float64   // of Options
	Map   *LevelMap // of Options
	Notes []Note    // of Options

	ctx    context.Context
	slots  [][]float32   // the tile's values
	panels kernel.Panels // of layers that multiply activations
	sums   []float64     // of normalizations
	floats []float32
	used   int // of floats
	live   int // numbers handed out
	peak   int // the most that live was
}

// Floats returns scratch memory for n numbers, of any content, until Compute returns.
func (w *Worker) Floats(n int) []float32 {
	w.live += n
	w.peak = max(w.peak, w.live)
	if w.used+n > len(w.floats) {
		w.floats, w.used = make([]float32, max(n, len(w.floats))), 0
	}
	s := w.floats[w.used : w.used+n : w.used+n]
	w.used += n
	return s
}

// mark is a state of a worker's scratch memory.
type mark struct{ used, live int }

// mark returns the state to release to.
func (w *Worker) mark() mark { return mark{w.used, w.live} }

// release takes back what was handed out since the mark.
func (w *Worker) release(m mark) {
	// After growth, used is of the new memory, and what lies below m.used there is unused.
	w.used, w.live = min(m.used, len(w.floats)), m.live
}

// reset takes all scratch memory back; the next tile finds as much in one piece.
func (w *Worker) reset() {
	if w.peak > len(w.floats) {
		w.floats = make([]float32, w.peak)
	}
	w.used, w.live, w.peak = 0, 0, 0
}

// stopped says whether the run was cancelled.
func (w *Worker) stopped() bool { return w.ctx != nil && w.ctx.Err() != nil }

// pointwise is the part of Layer that all layers without neighbours share.
type pointwise struct{}

// Needs returns the same rows.
func (pointwise) Needs(out Span, _ Size) Span { return out }

// weightless is the part of Layer that all layers without weights share.
type weightless struct{}

// Params returns nothing.
func (weightless) Params() []Param { return nil }

// Pack does nothing.
func (weightless) Pack() {}

// wantChannels compares an input's channels, or 0, with a layer's.
func wantChannels(in, c int) error {
	if in != c && in != 0 {
		return fmt.Errorf("takes %d channels, but gets %d", c, in)
	}
	return nil
}

// channelsAfter returns the channels behind a list of layers.
func channelsAfter(layers []Layer, c int) (int, error) {
	for i, l := range layers {
		next, err := l.OutChannels(c)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", describe(i, l), err)
		}
		c = next
	}
	return c, nil
}
