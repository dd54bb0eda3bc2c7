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
//     encode and 4.3 to decode, where the network of 2018 takes 45 at its narrowest. The
//     layers stand in the model file: a wider backbone is another model, and the 5x5
//     network, at 64 channels, is the codec hyperprior-gdn.
//   - Rate: one model for all rates. Gain vectors scale y by channel, interpolated
//     geometrically between the model's levels (Cui et al., CVPR 2021). Beyond the levels,
//     y is scaled as a whole.
//   - Probabilities: the hyper-synthesis runs in integers (Ballé et al., ICLR 2019), and
//     all distributions are integer tables of the model file, so that a file has the
//     same symbols on every machine and with every kernel. Pixels may differ by a level.
//   - Latents that are almost certainly at their mean are not coded.
//   - Regions of 512 x 512 pixels are coded apart, so that cores share the work and a
//     lost region leaves the rest intact: there, the picture is made from the means.
//
// It has no context model, and no alpha. Models are made by codecs/training. With the option
// refine, the encoder looks for better z than the hyper-analysis gives, then chooses the symbols
// of y together, for each picture (packages latent/hyper and refine).
//
// On Kodak, payloads are 0.007 to 0.033 % longer than the tables' ideal code lengths, and
// headers add 44 bytes for two regions. Of a picture's processor time, the networks take
// nine tenths and the entropy coder 2 %.
package hyperprior

import (
	"context"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/refine"
)

// ID is the codec's id; that of the textbook network is GDNID.
const (
	ID    = "hyperprior"
	GDNID = "hyperprior-gdn"
)

// version rises when the bytes that the codec writes change.
const version = 1

// Kinds of section beside the header.
const (
	sectionZ byte = 2
	sectionY byte = 3
)

// Names of sections, which DecodeOptions.Off uses.
const (
	nameZ = "z"
	nameY = "y"
)

// Codec is the mean-scale hyperprior codec, on whatever networks a model has. Make it with
// New or NewGDN.
type Codec struct {
	models               *codecs.ModelCache[*model]
	id, name, text, from string // of Info
}

// New returns the codec on the narrow backbone; its models are looked up in models.
func New(models *codecs.Models) *Codec {
	return &Codec{codecs.NewModelCache(models, ID, parser(ID)), ID, "Mean-scale hyperprior",
		"A neural transform whose latents are coded by means and scales that a second, small code predicts; one narrow network (S8-96/128) for all rates.",
		"Minnen, Ballé and Toderici, NeurIPS 2018 (mean-scale hyperprior, on a narrower backbone); gains: Cui et al., CVPR 2021"}
}

// NewGDN returns the codec on the networks of the papers, four convolutions of 5x5 with
// stride 2 and GDN between them.
func NewGDN(models *codecs.Models) *Codec {
	return &Codec{codecs.NewModelCache(models, GDNID, parser(GDNID)), GDNID, "Mean-scale hyperprior, 5x5 GDN",
		"The textbook network of learned compression, at half its width: strided 5x5 convolutions with divisive normalization, and a mean-scale hyperprior; one network for all rates.",
		"Ballé et al., ICLR 2018 (networks, hyperprior); Minnen, Ballé and Toderici, NeurIPS 2018 (means); gains: Cui et al., CVPR 2021"}
}

// Info describes the codec.
func (c *Codec) Info() codecs.Info {
	return codecs.Info{
		ID: c.id, Name: c.name, Family: "transform", Summary: c.text, Paper: c.from,
		Version: version,
		Quality: latent.Quality(),
		Params: []codecs.Param{
			{Name: "model", Label: "Model", Kind: codecs.Model, Default: "s", Help: "What was learned from photos: a model of this program, or a file made by codecs/training."},
			refine.Param(),
		},
		Sections: []codecs.SectionKind{
			{Kind: latent.SectionHeader, Name: latent.NameHeader},
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
		stream := func(sections []container.Section) *codecs.Stream {
			return &codecs.Stream{Codec: c.id, Model: hash, Width: p.Width(), Height: p.Height(), Sections: sections}
		}
		r := refine.Encoder{Codec: c, Options: o, Iterations: refine.Iterations(params), Decoder: m.refiner, Stream: stream}
		sections, err := newEncoder(m, p, latent.NewHeader(p, params), r.On()).encode(ctx, p, r)
		if err != nil {
			return nil, err
		}
		return stream(sections), nil
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
