// Package klt is a learned lapped transform codec: everything that a classical one
// fixes by hand is estimated from photos, and nothing is a neural network.
//
//   - Colour: the Karhunen-Loeve transform of RGB (orthonormal: errors stay errors).
//   - Blocks: a lapping filter across the edges of 8x8 blocks, found by coding gain
//     (Tran, Liang and Tu, IEEE TSP 2003), then the Karhunen-Loeve transform of the
//     blocks of each plane (Hotelling 1933; for pictures Wintz, Proc. IEEE 1972).
//   - Quantization: steps by coefficient, dead zone by rate-distortion optimisation,
//     learned reconstruction points.
//   - Entropy bottleneck: static integer distributions, chosen by the magnitude that
//     an integer regression expects from decoded neighbours, coefficients of the same
//     block and other planes (in the spirit of ECECOW, Wu, DCC 1997).
//   - Prediction: DC from its neighbours, the strongest other coefficients from the
//     DCs all around, which are sent first, and from the blocks before.
//
// The plain Karhunen-Loeve transform of 8x8 blocks is narrowed in one way: its
// functions are even or odd under flips (package transform), a quarter of the
// products and of the weights. Lapping, contexts and predictions are additions; the
// transform itself stays linear and the same for all pictures.
//
// One model file serves all rates. It does no block-size choice, no directional
// prediction from pixels, and adapts nothing while coding.
package klt

import (
	"context"
	"math"
	"slices"
	"sync"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/transform"
)

// ID is the codec's id.
const ID = "klt"

// version rises when the bytes that the codec writes change.
const version = 1

// Kinds of section.
const (
	sectionHeader byte = 1
	sectionSlice  byte = 2
)

// Header: flags, then the index of the base step.
const (
	headerBytes = 2
	flagGray    = 1
)

// Codec is the learned transform codec.
type Codec struct {
	models *codecs.ModelCache[*model]
}

// New returns the codec; its models are looked up in models.
func New(models *codecs.Models) *Codec {
	return &Codec{codecs.NewModelCache(models, ID, parseModel)}
}

// Info describes the codec.
func (c *Codec) Info() codecs.Info {
	return codecs.Info{
		ID:      ID,
		Name:    "KLT",
		Family:  "transform",
		Summary: "Lapped 8x8 Karhunen-Loeve transform with learned steps, predictions and distributions: what linear learning alone can do.",
		Paper:   "Hotelling 1933; Tran, Liang and Tu, IEEE TSP 2003 (lapping); Wu, DCC 1997 (energy contexts)",
		Version: version,
		Quality: &codecs.Quality{Min: 0, Max: qMax, Step: 1.0 / qUnit, Default: 5,
			Help:   "Higher keeps more detail and takes more bytes: each 1 makes the quantization steps 1.52 times finer.",
			Ladder: []float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}},
		Params: []codecs.Param{
			{Name: "model", Label: "Model", Kind: codecs.Model, Default: "default", Help: "What was learned from photos: a model of this program, or a file made by the train command."},
			{Name: "rdo", Label: "Rate-distortion optimisation", Kind: codecs.Bool, Default: "true",
				Help: "Spends bits only where they lower the error enough: smaller files for the same error. Off: rounds, small values to 0."},
		},
		Sections: []codecs.SectionKind{
			{Kind: sectionHeader, Name: "header"},
			{Kind: sectionSlice, Name: "coefficients", Part: "slice"},
		},
		Resilient: true,
	}
}

// Encode compresses a picture.
func (c *Codec) Encode(ctx context.Context, p *picture.Picture, o codecs.EncodeOptions) (*codecs.Stream, error) {
	params, err := c.Info().Resolve(o.Params)
	if err != nil {
		return nil, err
	}
	return codecs.Detach(ctx, func() (*codecs.Stream, error) { return c.encode(ctx, p, params, o.On) })
}

func (c *Codec) encode(ctx context.Context, p *picture.Picture, params codecs.Params, on func(codecs.Progress)) (*codecs.Stream, error) {
	m, hash, err := c.models.Load(params["model"])
	if err != nil {
		return nil, err
	}
	index := int(math.Round(params.Q() * qUnit))
	header := []byte{0, byte(index)}
	if p.Gray() {
		header[0] |= flagGray
	}
	s := &codecs.Stream{Codec: ID, Model: hash, Width: p.Width(), Height: p.Height(),
		Sections: []container.Section{{Kind: sectionHeader, Payload: header}}}
	z := quantizer{m: m}
	if params.Bool("rdo") {
		z.lambda = lambda
	}
	slices, err := m.encode(ctx, p, z, baseStep(index), on)
	if err != nil {
		return nil, err
	}
	for i, payload := range slices {
		s.Sections = append(s.Sections, container.Section{Kind: sectionSlice, Part: uint64(i), Payload: payload})
	}
	return s, nil
}

// encode returns the slices' payloads.
func (m *model) encode(ctx context.Context, p *picture.Picture, z quantizer, step float32, on func(codecs.Progress)) ([][]byte, error) {
	split, err := m.split(ctx, p)
	if err != nil {
		return nil, err
	}
	lapAll(split, m.lap.Pre)
	wide, high := split[0].Blocks()
	all := spans(high)
	out := make([][]byte, len(all))
	meter := newMeter(high, on)
	err = kernel.Each(ctx, len(all), func(i int) error {
		in, err := m.analyse(ctx, split, all[i], step)
		if err != nil {
			return err
		}
		e := &encoder{quantizer: z, in: in, out: entropy.NewEncoder()}
		if err := newWalker(m, len(split), wide, all[i].high).walk(ctx, e, meter.tick); err != nil {
			return err
		}
		out[i] = e.out.Bytes()
		return nil
	})
	return out, err
}

// Decode reconstructs a picture. UpTo 1 decodes the DCs alone and what they predict. Off
// may name "means", "detail", "colour" and "lapping". An Edit of part 64 c + k sets the
// residual of coefficient k, in coding order, of channel c in block X, Y, without a change
// to what is predicted from it. A damaged slice is grey, and a warning says so.
func (c *Codec) Decode(ctx context.Context, s *codecs.Stream, o codecs.DecodeOptions) (*codecs.Result, error) {
	return codecs.Detach(ctx, func() (*codecs.Result, error) {
		f, err := c.open(s)
		if err != nil {
			return nil, err
		}
		p, err := f.decode(ctx, s.Width, s.Height, o)
		if err != nil {
			return nil, err
		}
		return &codecs.Result{Picture: p, Warnings: f.warnings()}, nil
	})
}

// decode returns the picture of an opened stream.
func (f *opened) decode(ctx context.Context, width, height int, o codecs.DecodeOptions) (*picture.Picture, error) {
	// Not before a slice is read: a damaged header costs little memory.
	out := sync.OnceValue(func() []*transform.Plane {
		out := make([]*transform.Plane, f.planes)
		for p := range out {
			out[p] = transform.NewPlane(pad(width), pad(height))
		}
		return out
	})
	meter := newMeter(pad(height)/transform.Block, o.On)
	err := kernel.Each(ctx, len(f.spans), func(i int) error {
		c, err := f.slice(ctx, i, o, meter.tick)
		if err != nil {
			return err
		}
		return f.model.synthesise(ctx, c, out(), f.spans[i], f.step)
	})
	if err != nil {
		return nil, err
	}
	if !slices.Contains(o.Off, offLap) {
		lapAll(out(), f.model.lap.Post)
	}
	return f.model.join(ctx, out(), width, height)
}
