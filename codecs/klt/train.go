package klt

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math/rand/v2"
	"strconv"

	"codecworkbench/codecs"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/photos"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/transform"
)

// Source yields training pictures one after the other; photos.Train makes one.
type Source func(ctx context.Context, f photos.Func) error

// TrainOptions steer Train; zero values mean defaults.
type TrainOptions struct {
	Crops  int    // crops kept for training, one a picture; default 400
	Side   int    // of a crop in pixels; default 256
	Rounds int    // of fitting predictions, energies and tables; default 3
	Seed   uint64 // of crops and rates
	About  string // the training data, for the model file's metadata
}

func (o *TrainOptions) fill() {
	if o.Crops <= 0 {
		o.Crops = 400
	}
	if o.Side <= 0 {
		o.Side = 256
	}
	if o.Rounds <= 0 {
		o.Rounds = 3
	}
}

// ErrTooFew marks a training set without a picture of at least three blocks a side.
var ErrTooFew = errors.New("no picture to train on: sides of at least 24 pixels are needed")

// Train learns a model from photos and returns its file. Crops are cut at random
// offsets, so that the grid of JPEG blocks that photos carry is not learned. Two
// cores need a few minutes for a thousand photos.
func Train(ctx context.Context, source Source, o TrainOptions, on func(codecs.Progress)) ([]byte, error) {
	o.fill()
	t := &trainer{rng: rand.New(rand.NewPCG(o.Seed, 8)), total: 2*o.Rounds + 1, on: on}
	if err := t.gather(ctx, source, o); err != nil {
		return nil, err
	}
	if err := t.learnTransforms(ctx); err != nil {
		return nil, err
	}
	if err := t.start(); err != nil {
		return nil, err
	}
	t.tick()
	for round := range o.Rounds {
		if err := t.round(ctx, round); err != nil {
			return nil, err
		}
	}
	t.m.about = map[string]string{
		"architecture": "lapped 8x8 KLT, integer energy contexts, static tables",
		"data":         o.About,
		"pictures":     strconv.Itoa(t.seen),
		"crops":        strconv.Itoa(len(t.crops)),
		"crop_side":    strconv.Itoa(o.Side),
		"rounds":       strconv.Itoa(o.Rounds),
		"seed":         strconv.FormatUint(o.Seed, 10),
	}
	return t.m.marshal()
}

// trainer holds what training works on.
type trainer struct {
	m     *model
	rng   *rand.Rand
	crops []*picture.Picture
	seen  int
	done  int
	total int
	on    func(codecs.Progress)

	lapped [][]*transform.Plane // of each crop
	rates  []int                // base step index of each crop, drawn anew every round
}

func (t *trainer) tick() {
	t.done++
	codecs.Report(t.on, t.done, t.total)
}

// gather keeps a random crop of each of up to o.Crops pictures (reservoir sampling,
// Vitter 1985).
func (t *trainer) gather(ctx context.Context, source Source, o TrainOptions) error {
	err := source(ctx, func(_ string, p *picture.Picture) error {
		if min(p.Width(), p.Height()) < 3*transform.Block || p.Gray() {
			return nil
		}
		t.seen++
		at := len(t.crops)
		if at >= o.Crops {
			if at = t.rng.IntN(t.seen); at >= o.Crops {
				return nil
			}
		}
		c, err := t.crop(p, o.Side)
		if err != nil {
			return err
		}
		if at == len(t.crops) {
			t.crops = append(t.crops, c)
		} else {
			t.crops[at] = c
		}
		return nil
	})
	if err == nil && len(t.crops) == 0 {
		err = ErrTooFew
	}
	return err
}

func (t *trainer) crop(p *picture.Picture, side int) (*picture.Picture, error) {
	p = p.OnWhite()
	w := min(p.Width(), side) / transform.Block * transform.Block
	h := min(p.Height(), side) / transform.Block * transform.Block
	x, y := t.rng.IntN(p.Width()-w+1), t.rng.IntN(p.Height()-h+1)
	return p.Crop(image.Rect(x, y, x+w, y+h))
}

// learnTransforms finds colour transform, lapping filter and block transforms, in
// this order, each from what the one before makes of the crops.
func (t *trainer) learnTransforms(ctx context.Context) error {
	t.m = &model{}
	var err error
	if t.m.colour, err = transform.LearnColour(t.colourMoments()); err != nil {
		return err
	}
	t.lapped = make([][]*transform.Plane, len(t.crops))
	if err := kernel.Each(ctx, len(t.crops), func(i int) (err error) {
		t.lapped[i], err = t.m.split(ctx, t.crops[i])
		return err
	}); err != nil {
		return err
	}
	if t.m.lap, err = transform.LearnLap(t.autocovariance()); err != nil {
		return fmt.Errorf("lapping filter: %w", err)
	}
	if err := inParallel(ctx, len(t.crops), func(i int) { lapAll(t.lapped[i], t.m.lap.Pre) }); err != nil {
		return err
	}
	for p := range planes {
		moments, err := t.blockMoments(ctx, p)
		if err != nil {
			return err
		}
		if t.m.bases[p], err = transform.LearnBasis(&moments, t.m.lap.Norm); err != nil {
			return fmt.Errorf("block transform of plane %d: %w", p, err)
		}
		for k := range coefs {
			t.m.steps[p][k] = float32(1 / t.m.lap.Norm(t.m.bases[p].Function(k)))
		}
	}
	return nil
}
