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
	"codecworkbench/codecs"
	"codecworkbench/codecs/latent/shell"
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
type Codec = shell.Codec[*model, *opened]

// New returns the codec on the narrow backbone; its models are looked up in models.
func New(models *codecs.Models) *Codec {
	return newCodec(models, codecs.Info{
		ID: ID, Name: "Mean-scale hyperprior",
		Summary: "A neural transform whose latents are coded by means and scales that a second, small code predicts; one narrow network for all rates (S8-96/128, or S8-192/256 at size l).",
		Paper:   "Minnen, Ballé and Toderici, NeurIPS 2018 (mean-scale hyperprior, on a narrower backbone); gains: Cui et al., CVPR 2021",
	})
}

// NewGDN returns the codec on the networks of the papers, four convolutions of 5x5 with
// stride 2 and GDN between them.
func NewGDN(models *codecs.Models) *Codec {
	return newCodec(models, codecs.Info{
		ID: GDNID, Name: "Mean-scale hyperprior, 5x5 GDN",
		Summary: "The textbook network of learned compression, at half its width: strided 5x5 convolutions with divisive normalization, and a mean-scale hyperprior; one network for all rates.",
		Paper:   "Ballé et al., ICLR 2018 (networks, hyperprior); Minnen, Ballé and Toderici, NeurIPS 2018 (means); gains: Cui et al., CVPR 2021",
	})
}

func newCodec(models *codecs.Models, i codecs.Info) *Codec {
	i.Version = version
	i.Sections = []codecs.SectionKind{{Kind: sectionZ, Name: nameZ, Holds: "hyper-latents"}, {Kind: sectionY, Name: nameY, Holds: "latents", Part: "region"}}
	parse := func(data []byte) (*model, error) { return parseModel(data, i.ID) }
	return shell.New(models, shell.Method[*model, *opened]{Info: i, Parse: parse, Encode: compress, Open: open})
}
