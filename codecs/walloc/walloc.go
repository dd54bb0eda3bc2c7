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
	"codecworkbench/codecs"
	"codecworkbench/codecs/latent/shell"
	"codecworkbench/codecs/picture/webp/libwebp"
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
type Codec = shell.Codec[*model, *opened]

// New returns the codec; its models are looked up in models.
func New(models *codecs.Models) *Codec {
	return shell.New(models, shell.Method[*model, *opened]{Info: codecs.Info{
		ID: ID, Name: "WaLLoC", Version: version,
		Summary: "Wavelet packets, one matrix to a few numbers a block, and a neural decoder: encoding costs next to nothing.",
		Paper:   "Jacobellis and Yadwadkar, DCC 2025 (WaLLoC); gains: Cui et al., CVPR 2021",
		Params: []codecs.Param{
			{Name: "entropy", Label: "Entropy coding", Kind: codecs.Choice, Choices: []string{entropyOwn, entropyPNG, entropyWebP}, Default: entropyOwn,
				Help: "How latents become bytes: own predicts each from its neighbours and codes it by tables; webp tiles them into a lossless WebP picture, as the paper does, and png into a PNG one."},
		},
		Sections: []codecs.SectionKind{
			{Kind: sectionOwn, Name: nameLatents, Part: "region"},
			{Kind: sectionPNG, Name: "latents as PNG", Part: "region"},
			{Kind: sectionWebP, Name: "latents as WebP", Part: "region"},
		},
		Depends: func() string { return libwebp.LosslessLibrary },
	}, Refine: " Rates are those of our own coder: where pictures hold the latents, nothing is refined.",
		Parse: parseModel, Encode: compress, Open: open})
}
