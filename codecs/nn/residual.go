package nn

import (
	"fmt"

	"codecworkbench/codecs/nn/kernel"
)

// Residual adds its body's output to the body's input.
type Residual struct {
	Body []Layer
}

// OutChannels changes nothing; the body must not either.
func (l *Residual) OutChannels(in int) (int, error) {
	out, err := channelsAfter(l.Body, in)
	if err == nil && in == 0 && out != 0 {
		// What the body makes is what it must take.
		in = out
		out, err = channelsAfter(l.Body, in)
	}
	if err == nil && out != in {
		err = fmt.Errorf("the body turns %d channels into %d, which cannot be added", in, out)
	}
	return out, err
}

// Size changes nothing; the body must not either.
func (l *Residual) Size(in Size) (Size, error) {
	out, err := sizeAfter(l.Body, in)
	if err == nil && out != in {
		err = fmt.Errorf("the body turns %s into %s, which cannot be added", in, out)
	}
	return in, err
}

// sizeAfter returns the size behind a list of layers.
func sizeAfter(layers []Layer, size Size) (Size, error) {
	for i, l := range layers {
		next, err := l.Size(size)
		if err != nil {
			return Size{}, fmt.Errorf("%s: %w", describe(i, l), err)
		}
		size = next
	}
	return size, nil
}

// Params returns those of the body.
func (l *Residual) Params() []Param { return params(l.Body) }

func params(layers []Layer) []Param {
	var all []Param
	for _, l := range layers {
		all = append(all, l.Params()...)
	}
	return all
}

// Pack packs the body.
func (l *Residual) Pack() {
	for _, b := range l.Body {
		b.Pack()
	}
}

// addTile adds a tile of skip to body, element by element, and writes the sum to dst, which may be
// either of them.
func addTile(dst, body, skip Band, t Tile) {
	for y := t.Rows.Lo; y < t.Rows.Hi; y++ {
		n := t.width()
		kernel.Add(dst.row(y, t.Cols.Lo, n), body.row(y, t.Cols.Lo, n), skip.row(y, t.Cols.Lo, n))
	}
}

func newResidual(b *builder, s LayerSpec) (Layer, error) {
	body, err := b.list(s.Body)
	return &Residual{Body: body}, err
}
