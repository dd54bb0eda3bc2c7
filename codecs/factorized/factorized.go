// Package factorized is a learned transform codec with a factorized prior.
//
// An analysis network turns the picture into latents y, one vector for 16 x 16 pixels; they
// are rounded and coded, each channel by a distribution of its own that is the same
// everywhere, and a synthesis network turns them back into a picture. It is the first of the
// ladder of learned codecs: what it lacks to a hyperprior is that nothing tells a smooth
// part of a picture from a busy one before it is coded.
//
// Source: Ballé, Laparra and Simoncelli, "End-to-end Optimized Image Compression", ICLR
// 2017; the distributions are those of Ballé et al., ICLR 2018, appendix 6.1. What differs:
//
//   - Backbone: that of codecs/hyperprior (S8-96/128), for convolutions with GDN.
//   - Rate: one model for all rates, by gain vectors (Cui et al., CVPR 2021). The
//     distributions are integer tables of the model file, for each channel at each half level.
//   - Regions of 512 x 512 pixels are coded apart, so that cores share the work. In a lost
//     region, every latent is its channel's likeliest.
//
// It has no alpha. Models are made by codecs/training. With the option refine, the encoder
// chooses the symbols together, for each picture (package refine).
package factorized

import (
	"context"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/refine"
)

// ID is the codec's id.
const ID = "factorized"

// version rises when the bytes that the codec writes change.
const version = 1

// sectionY is the kind of the sections beside the header, and nameY their name.
const (
	sectionY byte = 2
	nameY         = "y"
)

// Codec is the factorized codec. Make it with New.
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
		ID: ID, Name: "Factorized prior", Family: "transform",
		Summary: "A neural transform whose latents are coded by one fixed distribution a channel: the simplest learned codec, and what a hyperprior improves on.",
		Paper:   "Ballé, Laparra and Simoncelli, ICLR 2017 (on the backbone of the hyperprior here); gains: Cui et al., CVPR 2021",
		Version: version,
		Quality: latent.Quality(),
		Params: []codecs.Param{
			{Name: "model", Label: "Model", Kind: codecs.Model, Default: "s", Help: "What was learned from photos: a model of this program, or a file made by codecs/training."},
			refine.Param(),
		},
		Sections: []codecs.SectionKind{
			{Kind: latent.SectionHeader, Name: latent.NameHeader},
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
			return &codecs.Stream{Codec: ID, Model: hash, Width: p.Width(), Height: p.Height(), Sections: sections}
		}
		r := refine.Encoder{Codec: c, Options: o, Iterations: refine.Iterations(params), Decoder: m.refiner, Stream: stream}
		sections, err := newEncoder(m, p, latent.NewHeader(p, params), r.On()).encode(ctx, p, r)
		if err != nil {
			return nil, err
		}
		return stream(sections), nil
	})
}

// Decode reconstructs a picture. An Edit sets the symbol of channel Part at X, Y. Where a
// region is damaged, its latents are the likeliest, and a warning says so; Off may name "y",
// which makes all of them so.
func (c *Codec) Decode(ctx context.Context, s *codecs.Stream, o codecs.DecodeOptions) (*codecs.Result, error) {
	return codecs.Detach(ctx, func() (*codecs.Result, error) {
		f, err := c.open(s)
		if err != nil {
			return nil, err
		}
		return f.decode(ctx, o)
	})
}
