// Package roi is a learned transform codec with regions of interest: a mask says where a
// picture is to be better than elsewhere.
//
// It is codecs/hyperprior's mean-scale hyperprior with two additions. A gain map gives each
// latent position, 16 x 16 pixels, a quality of its own: gain vectors and the modulations
// inside the transforms then differ from position to position, as they otherwise differ from
// file to file. And latents are coded by generalized Gaussian distributions, whose shape
// beta is each channel's own: 2 is the Gaussian, 1 the Laplace distribution.
//
// Sources: region-of-interest coding with a generalized Gaussian model, after Zhang, Li and
// Liu, "Generalized Gaussian Model for Learned Image Compression", 2024 (a shape a channel,
// coding by tables, a lower bound of the scale that depends on the shape); a map of gains is
// what JPEG AI has for the same purpose. The hyperprior is that of Minnen, Ballé and
// Toderici, NeurIPS 2018; gains, Cui et al., CVPR 2021.
//
// # Quality and masks
//
// Without a mask, or with one that is the same everywhere, q means what it means for
// hyperprior, and files have no map. With a mask, q is the mean over the picture's
// positions: what is white in the mask lies strength steps of q above what is black, grey
// in proportion. So both sides rise with q, and a file takes somewhat more bytes than with
// the same q and no mask: up to 28 % more at q 3, 1 to 18 % at q 5, on five photographs.
// Compare at equal size. Qualities are kept within 0 to 12: near the ends, the two sides come
// closer. A mask of any size is stretched over the picture; its weights are averaged over
// each position and rounded to quarters. The map of a blob takes 35 to 70 bytes for 768 x 512
// pixels.
//
// Which distributions a file uses stands in its header; the parameter prior=gaussian codes
// by those of hyperprior, with the same weights. The shapes were chosen on training photos
// by what their symbols cost: most channels are near 1.6, and Gaussians take 0.25 % more bits
// there, up to 0.7 % more on single photographs.
//
// Regions, skipped latents, lost regions and integer probabilities are as in hyperprior. A
// damaged map makes a file unreadable. With the option refine, the encoder chooses symbols for
// each picture (packages latent/hyper and refine), errors inside the mask weighing more by the
// qualities' trade-offs. It has no context model and no alpha.
package roi

import (
	"codecworkbench/codecs"
	"codecworkbench/codecs/latent/shell"
)

// ID is the codec's id.
const ID = "roi"

// version rises when the bytes that the codec writes change.
const version = 1

// Kinds of section beside the header.
const (
	sectionZ   byte = 2
	sectionY   byte = 3
	sectionMap byte = 4
)

// Names of sections, which DecodeOptions.Off uses.
const (
	nameZ   = "z"
	nameY   = "y"
	nameMap = "map"
)

// Values of the parameter "prior".
const (
	priorGGD      = "ggd"
	priorGaussian = "gaussian"
)

// flagGaussian is the header's: y is coded by Gaussians.
const flagGaussian = 1

// Codec is the region-of-interest codec. Make it with New.
type Codec = shell.Codec[*model, *opened]

// New returns the codec; its models are looked up in models.
func New(models *codecs.Models) *Codec {
	return shell.New(models, shell.Method[*model, *opened]{Info: codecs.Info{
		ID: ID, Name: "Regions of interest", Version: version,
		Summary: "A mean-scale hyperprior that spends its bytes where a mask says: every 16 x 16 pixels have a quality of their own, and latents are coded by generalized Gaussians.",
		Paper:   "Zhang, Li and Liu, Generalized Gaussian Model for Learned Image Compression, 2024; gain maps: JPEG AI; hyperprior: Minnen, Ballé and Toderici, NeurIPS 2018",
		Params: []codecs.Param{
			{Name: "mask", Label: "Mask", Kind: codecs.PicFile, Help: "A picture that is light where this one matters and dark elsewhere, grey in between; any size is stretched. Without one, all is coded alike."},
			{Name: "strength", Label: "Strength", Kind: codecs.Float, Min: 0, Max: maxStrength, Step: 0.25, Default: "5", Unit: "q",
				Help: "How many steps of q the mask's white lies above its black. q itself is the mean over the picture, so that the file's size stays about the same."},
			{Name: "prior", Label: "Distributions", Kind: codecs.Choice, Choices: []string{priorGGD, priorGaussian}, Default: priorGGD,
				Help: "What latents are coded by: generalized Gaussians with a shape for each channel, or Gaussians, with the same networks."},
		},
		Sections: []codecs.SectionKind{{Kind: sectionZ, Name: nameZ, Holds: "hyper-latents"}, {Kind: sectionY, Name: nameY, Holds: "latents", Part: "region"}, {Kind: sectionMap, Name: nameMap, Holds: "gains"}},
	}, Flags: flagGaussian, Parse: parseModel, Encode: compress, Open: open})
}
