// Package hyperprior is a learned transform codec with a mean-scale hyperprior.
//
// An analysis network turns the picture into latents y, one vector for 16 x 16 pixels. A
// second, small one describes y by hyper-latents z, one vector for 64 x 64 pixels, which
// are rounded and coded first. From z, the hyper-synthesis predicts a mean and a scale
// for every element of y; what is coded is the rounded distance from the mean, by a
// Gaussian distribution of that scale. The synthesis network turns means and distances
// back into a picture.
//
// Source: Minnen, Ballé and Toderici, "Joint Autoregressive and Hierarchical Priors for
// Learned Image Compression", NeurIPS 2018, its mean and scale hyperprior without the
// autoregressive part; for the hyperprior, Ballé et al., ICLR 2018. What differs:
//
//   - Backbone: residual depthwise blocks of 96 channels behind a pixel-unshuffle of 8,
//     for four strided 5x5 convolutions with GDN. That is 4.6 thousand products a pixel to
//     encode and 4.3 to decode, where the network of 2018 takes 45 at its narrowest.
//   - Rate: one model for all rates. Gain vectors scale y by channel, interpolated
//     geometrically between eight levels (Cui et al., CVPR 2021). Below the lowest, y is
//     scaled down as a whole.
//   - Probabilities: the hyper-synthesis runs in integers (Ballé et al., ICLR 2019), and
//     all distributions are integer tables of the model file, so that a file has the
//     same symbols on every machine and with every kernel. Pixels may differ by a level.
//   - Latents that are almost certainly at their mean are not coded.
//   - Regions of 512 x 512 pixels are coded apart, so that cores share the work and a
//     lost region leaves the rest intact: there, the picture is made from the means.
//
// It has no context model, and no alpha. Models are made by codecs/training.
//
// On Kodak, payloads are 0.007 to 0.033 % longer than the tables' ideal code lengths, and
// headers add 44 bytes for two regions. Of a picture's processor time, the networks take
// nine tenths and the entropy coder 2 %.
package hyperprior

import (
	"context"
	"math"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/picture"
)

// ID is the codec's id.
const ID = "hyperprior"

// version rises when the bytes that the codec writes change.
const version = 1

// Kinds of section.
const (
	sectionHeader byte = 1
	sectionZ      byte = 2
	sectionY      byte = 3
)

// Names of sections, which DecodeOptions.Off uses.
const (
	nameHeader = "header"
	nameZ      = "z"
	nameY      = "y"
)

// Codec is the mean-scale hyperprior codec. Make it with New.
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
		Name:    "Mean-scale hyperprior",
		Family:  "transform",
		Summary: "A neural transform whose latents are coded by means and scales that a second, small code predicts; one narrow network (S8-96/128) for all rates.",
		Paper:   "Minnen, Ballé and Toderici, NeurIPS 2018 (mean-scale hyperprior, on a narrower backbone); gains: Cui et al., CVPR 2021",
		Version: version,
		Quality: &codecs.Quality{Min: 0, Max: qMax, Step: 1.0 / qUnit, Default: 6,
			Help:   "Higher keeps more detail and takes more bytes: each 1 trades a bit for 1.6 times less squared error. Below 3, latents are rounded more coarsely than in training.",
			Ladder: []float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
		Params: []codecs.Param{
			{Name: "model", Label: "Model", Kind: codecs.Model, Default: "s", Help: "What was learned from photos: a model of this program, or a file made by codecs/training."},
		},
		Sections: []codecs.SectionKind{
			{Kind: sectionHeader, Name: nameHeader},
			{Kind: sectionZ, Name: nameZ},
			{Kind: sectionY, Name: nameY, Part: "region"},
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
	return codecs.Detach(ctx, func() (*codecs.Stream, error) {
		m, hash, err := c.models.Load(params["model"])
		if err != nil {
			return nil, err
		}
		h := header{q: int(math.Round(params.Q() * qUnit)), gray: p.Gray()}
		sections, err := newEncoder(m, newLayout(p.Width(), p.Height()), h, o.On).encode(ctx, p)
		if err != nil {
			return nil, err
		}
		return &codecs.Stream{Codec: ID, Model: hash, Width: p.Width(), Height: p.Height(), Sections: sections}, nil
	})
}

// Decode reconstructs a picture. UpTo 1 reads z alone, whose means then are the latents.
// Off may name "y", which does the same, and "z", which leaves the means out: a picture
// of what y adds to them. An Edit sets the symbol of channel Part at X, Y. Where a
// region of y is damaged, its latents are the means, and a warning says so.
func (c *Codec) Decode(ctx context.Context, s *codecs.Stream, o codecs.DecodeOptions) (*codecs.Result, error) {
	return codecs.Detach(ctx, func() (*codecs.Result, error) {
		f, err := c.open(s)
		if err != nil {
			return nil, err
		}
		return f.decode(ctx, o)
	})
}

// sections lists the payloads in the file's order.
func sections(h header, z []byte, y [][]byte) []container.Section {
	out := []container.Section{{Kind: sectionHeader, Payload: h.bytes()}, {Kind: sectionZ, Payload: z}}
	for i, payload := range y {
		out = append(out, container.Section{Kind: sectionY, Part: uint64(i), Payload: payload})
	}
	return out
}
