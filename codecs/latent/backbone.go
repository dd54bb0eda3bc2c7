package latent

import (
	"context"
	"fmt"
	"image"

	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/picture"
)

// Limits of a model.
const (
	MaxChannels = 1024 // of y and of what describes it
	MaxScale    = 64   // pixels a position along each side
)

// Backbone is a model's transform: the networks from pixels to y and back.
type Backbone struct {
	analysis  *nn.Network // picture to y, [H, W, 3] to [H/Scale, W/Scale, Channels]
	synthesis *nn.Network // its inverse
	Channels  int         // of y
	Scale     int         // pixels that a position of y covers along each side
	Levels    Levels
}

// Probe is a picture's size that all allowed scales divide; codecs check by it what their
// other networks make of y.
func Probe() nn.Size { return nn.Size{H: 4 * MaxScale, W: 6 * MaxScale, C: 3} }

// LoadBackbone reads the networks "analysis" and "synthesis" and the levels of a model file
// and checks that they fit together.
func LoadBackbone(f *nn.Model) (*Backbone, error) {
	levels, err := ParseLevels(f.Metadata["lambdas"])
	if err != nil {
		return nil, err
	}
	b := &Backbone{Levels: levels}
	if b.analysis, err = f.Network("analysis"); err != nil {
		return nil, err
	}
	if b.synthesis, err = f.Network("synthesis"); err != nil {
		return nil, err
	}
	y, err := b.analysis.Size(Probe())
	if err != nil {
		return nil, fmt.Errorf("%w: analysis: %w", ErrModel, err)
	}
	b.Channels, b.Scale = y.C, Probe().H/max(y.H, 1)
	if b.Scale < 1 || b.Scale > MaxScale || y.C < 1 || y.C > MaxChannels {
		return nil, fmt.Errorf("%w: its analysis turns %v into %v", ErrModel, Probe(), y)
	}
	return b, b.check(b.Layout(Probe().W, Probe().H))
}

// Layout is the geometry of y for a picture's size.
func (b *Backbone) Layout(width, height int) Layout { return NewLayout(width, height, b.Scale) }

// check tells whether the networks give what a layout needs.
func (b *Backbone) check(l Layout) error {
	picture, y := b.sizes(l)
	got, err := b.analysis.Size(picture)
	if err == nil && got != y {
		err = fmt.Errorf("it turns %v into %v, expected %v", picture, got, y)
	}
	if err != nil {
		return fmt.Errorf("%w: analysis: %w", ErrModel, err)
	}
	got, err = b.synthesis.Size(y)
	if err == nil && got != picture {
		err = fmt.Errorf("it turns %v into %v, expected %v", y, got, picture)
	}
	if err != nil {
		return fmt.Errorf("%w: synthesis: %w", ErrModel, err)
	}
	return nil
}

// sizes are those of the padded picture and of y.
func (b *Backbone) sizes(l Layout) (picture, y nn.Size) {
	return nn.Size{H: l.High * l.Scale, W: l.Wide * l.Scale, C: 3}, nn.Size{H: l.High, W: l.Wide, C: b.Channels}
}

// Analyse returns the latents at quality q (in 1/QUnit); tick is called for each of their
// rows, from any goroutine.
func (b *Backbone) Analyse(ctx context.Context, s *nn.Session, p *picture.Picture, l Layout, q int, tick func()) (nn.Tensor, error) {
	gain := b.Levels.Gain(q)
	scale := func(_ int, dst, src []float32) { kernel.Scale(dst, src, gain) }
	return b.analyse(ctx, s, p, l, nn.Options{Level: b.Levels.At(q)}, scale, tick)
}

// analyse runs the analysis; scale writes a row of its output as it is to be rounded.
func (b *Backbone) analyse(ctx context.Context, s *nn.Session, p *picture.Picture, l Layout, o nn.Options, scale func(y int, dst, src []float32), tick func()) (nn.Tensor, error) {
	if err := b.check(l); err != nil {
		return nn.Tensor{}, err
	}
	y, size := nn.NewTensor(l.High, l.Wide, b.Channels), l.Wide*b.Channels
	write := func(row int, data []float32) {
		scale(row, y.Data[row*size:(row+1)*size], data)
		tick()
	}
	in, _ := b.sizes(l)
	return y, b.analysis.RunRows(ctx, s, in, ReadPixels(p), write, o)
}

// Synthesise makes the picture of the latents that read fills in, row by row and in any
// order, as they were before Analyse scaled them: divided by the levels' Gain. tick is
// called for each row.
func (b *Backbone) Synthesise(ctx context.Context, s *nn.Session, l Layout, h Header, read func(y int, row []float32), tick func()) (*picture.Picture, error) {
	return b.synthesise(ctx, s, l, h.Gray, nn.Options{Level: b.Levels.At(h.Q)}, read, tick)
}

func (b *Backbone) synthesise(ctx context.Context, s *nn.Session, l Layout, gray bool, o nn.Options, read func(y int, row []float32), tick func()) (*picture.Picture, error) {
	if err := b.check(l); err != nil {
		return nil, err
	}
	img := image.NewNRGBA(image.Rect(0, 0, l.Width, l.Height))
	in := func(y int, row []float32) {
		read(y, row)
		tick()
	}
	_, size := b.sizes(l)
	if err := b.synthesis.RunRows(ctx, s, size, in, WritePixels(img, gray), o); err != nil {
		return nil, err
	}
	return picture.New(img, gray, false, picture.Source{})
}
