// Package walloc is a learned transform codec whose encoder is one linear map.
//
// The picture is split into wavelet packets: 192 bands of an eighth of its width and
// height, or what a model says. At each place, one matrix turns the bands' numbers into a
// few latents (24), which a compander shapes to fill 8 bits evenly and which are rounded.
// The decoder does the learning's work: a residual network turns latents back into bands,
// and the packets' inverse these into pixels. So an encode costs next to nothing, and what
// is coded are eight times fewer numbers than the picture has.
//
// Source: Jacobellis and Yadwadkar, "Learned Compression for Compressed Learning", Data
// Compression Conference 2025 (WaLLoC). What differs:
//
//   - Rate: one model for all rates. Gain vectors scale the latents by channel before the
//     compander, interpolated geometrically between levels (Cui et al., CVPR 2021), and
//     training minimises rate and squared error together. In the paper a model has one
//     rate, set by the compander's bits, and training minimises the error alone.
//   - Decoder: the kit's depthwise residual blocks at 1/8 scale, 4.7 thousand products a
//     pixel, for a diffusion autoencoder's decoder with attention of 240 to 400 thousand.
//   - Packets: edges are mirrored. The paper's code wraps them around, which lets what is
//     lost on one side of a picture show on the other.
//   - Entropy coding, as the file says: the latents tiled into lossless WebP pictures, as in
//     the paper, or PNG ones; or a coder of our own, with tables by channel that a few
//     neighbours choose (context.go), which is the default and takes the fewest bytes.
//   - Regions of 512 x 512 pixels are coded apart, so that cores share the work and a lost
//     region leaves the rest intact: there, latents are 0, which is the average picture.
//
// It has no alpha. Models are made by codecs/training. With the option refine, the encoder
// chooses the symbols together, for each picture (package refine), by what our own coder makes
// of them.
package walloc

import (
	"context"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/picture/webp/libwebp"
	"codecworkbench/codecs/refine"
)

// ID is the codec's id.
const ID = "walloc"

// version rises when the bytes that the codec writes change.
const version = 1

// Kinds of section beside the header; a file has regions of one kind.
const (
	sectionOwn  byte = 2
	sectionPNG  byte = 3
	sectionWebP byte = 4
)

// nameLatents is what DecodeOptions.Off calls the latents, of either kind.
const nameLatents = "latents"

// Codec is the wavelet-packet codec of a linear encoder. Make it with New.
type Codec struct {
	models *codecs.ModelCache[*model]
}

// New returns the codec; its models are looked up in models.
func New(models *codecs.Models) *Codec {
	return &Codec{codecs.NewModelCache(models, ID, parseModel)}
}

// Info describes the codec.
func (c *Codec) Info() codecs.Info {
	refinement := refine.Param()
	refinement.Help += " Rates are those of our own coder: where pictures hold the latents, nothing is refined."
	return codecs.Info{
		ID: ID, Name: "WaLLoC", Family: "transform",
		Summary: "Wavelet packets, one matrix to a few numbers a block, and a neural decoder: encoding costs next to nothing.",
		Paper:   "Jacobellis and Yadwadkar, DCC 2025 (WaLLoC); gains: Cui et al., CVPR 2021",
		Version: version,
		Quality: latent.Quality(),
		Params: []codecs.Param{
			{Name: "entropy", Label: "Entropy coding", Kind: codecs.Choice, Choices: []string{entropyOwn, entropyPNG, entropyWebP}, Default: entropyOwn,
				Help: "How latents become bytes: own predicts each from its neighbours and codes it by tables; webp tiles them into a lossless WebP picture, as the paper does, and png into a PNG one."},
			{Name: "model", Label: "Model", Kind: codecs.Model, Default: "s", Help: "What was learned from photos: a model of this program, or a file made by codecs/training."},
			refinement,
		},
		Sections: []codecs.SectionKind{
			{Kind: latent.SectionHeader, Name: latent.NameHeader},
			{Kind: sectionOwn, Name: nameLatents, Part: "region"},
			{Kind: sectionPNG, Name: "latents as PNG", Part: "region"},
			{Kind: sectionWebP, Name: "latents as WebP", Part: "region"},
		},
		Resilient: true,
		Depends:   func() string { return libwebp.LosslessLibrary },
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
		coder := m.stage(func(s stage) bool { return s.name == params["entropy"] })
		stream := func(sections []container.Section) *codecs.Stream {
			return &codecs.Stream{Codec: ID, Model: hash, Width: p.Width(), Height: p.Height(), Sections: sections}
		}
		r := refine.Encoder{Codec: c, Options: o, Decoder: m.refiner, Stream: stream}
		if coder.name == entropyOwn {
			r.Iterations = refine.Iterations(params)
		}
		sections, err := m.encode(ctx, p, latent.NewHeader(p, params), coder, r)
		if err != nil {
			return nil, err
		}
		return stream(sections), nil
	})
}

// Decode reconstructs a picture. UpTo n keeps the first n latents of each place, the
// strongest ones before training. Off may name "latents", which leaves the average picture.
// An Edit sets the symbol of channel Part at X, Y. Where a region is damaged, its latents
// are 0, and a warning says so.
func (c *Codec) Decode(ctx context.Context, s *codecs.Stream, o codecs.DecodeOptions) (*codecs.Result, error) {
	return codecs.Detach(ctx, func() (*codecs.Result, error) {
		f, err := c.open(s)
		if err != nil {
			return nil, err
		}
		return f.decode(ctx, o)
	})
}
