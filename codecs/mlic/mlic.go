// Package mlic is a learned transform codec with a multi-reference context model: what
// was decoded already tells of what comes, along channels, nearby and across a region.
//
// It stands on a mean-scale hyperprior (codecs/hyperprior): analysis and synthesis, and
// hyper-latents z that predict a mean and a scale for every element of y. Here these are
// only the start. The channels of y are coded in slices of 1/8, 1/8, 1/4 and 1/2 of them,
// each in two passes over a checkerboard: its anchors first, then the positions between.
// In every pass, a network corrects means and scales by
//
//   - the channel context: the slices decoded before, in a window of 5x5;
//   - the local context: in a second pass, the slice's anchors within 5x5;
//   - the global context: in a second pass, all anchors of the region by linear attention,
//     whose queries and keys are made of what both passes know. In the first slice that is
//     z alone, so there the hyperprior says which parts of the region are alike;
//   - what z says, as features that all passes share.
//
// Of decoded latents, contexts see how far they are from what z expected: if z errs at a
// place, it is likely to err alike nearby. Channels of these contexts are weighed by what
// their means over the pass say. Latents that are almost certainly at their mean are not
// coded. Each of this can be switched off; the file says what is, and the decoder follows.
//
// Source: Jiang et al., "MLIC++: Linear Complexity Multi-Reference Entropy Modeling for
// Learned Image Compression" (ICML workshop 2023) and "MLICv2"; uneven slices: He et al.,
// ELIC, CVPR 2022; checkerboard: He et al., CVPR 2021. What differs:
//
//   - Size: 4 slices for 10, 64 features, the backbone S8-96/128: 1.4 million weights for
//     84, and under 6 thousand products a pixel on either side, 1.1 of them for contexts,
//     for 577 to encode and 778 to decode.
//   - Attention: ReLU features and an exact mean for softmax features, and none of learned
//     positions; squeeze and excitation for attention between channels (Hu et al., CVPR
//     2018). Both have an exact form in integers.
//   - Integers: all that reaches a probability is computed in them, contexts too, so that a
//     file has the same symbols on every machine and with every kernel.
//   - Skipping goes by the scale, for a learned mask.
//   - Regions of 512 x 512 pixels know nothing of each other: cores share the work, memory
//     is bounded, and a lost region leaves the rest intact.
//   - No correction of decoded latents by a residual prediction.
//
// Integers cost 0.06 to 0.15 % of y's bits against floats (8 validation photos, early in
// training). Contexts take 22 ms of one core for 768 x 512 pixels, of 69 ms to encode and 66
// to decode (AMD Zen 3); both of its regions run at once.
//
// It has no alpha. Models are made by codecs/training (train_mlic.py). With the option refine, the
// encoder looks for better z, then chooses the symbols of y together, for each picture (packages
// latent/hyper and refine).
package mlic

import (
	"codecworkbench/codecs"
	"codecworkbench/codecs/latent/shell"
)

// ID is the codec's id.
const ID = "mlic"

// version rises when the bytes that the codec writes change.
const version = 1

// Kinds of section beside the header.
const (
	sectionZ byte = 2 // a byte of contexts, then z
	sectionY byte = 3
)

// Names of sections, which DecodeOptions.Off uses.
const (
	nameZ = "z"
	nameY = "y"
)

// Codec is the multi-reference context model. Make it with New.
type Codec = shell.Codec[*model, *opened]

// New returns the codec; its models are looked up in models.
func New(models *codecs.Models) *Codec {
	return shell.New(models, shell.Method[*model, *opened]{Info: codecs.Info{
		ID: ID, Name: "Multi-reference contexts", Version: version,
		Summary:  "A mean-scale hyperprior whose predictions are corrected by what was decoded before: other channels, neighbours on a checkerboard, and the whole region by linear attention; one network for all rates.",
		Paper:    "Jiang et al., MLIC++, ICML workshop 2023, and MLICv2 (on a narrower backbone, in integers)",
		Params:   contextParams(),
		Sections: []codecs.SectionKind{{Kind: sectionZ, Name: nameZ, Holds: "hyper-latents"}, {Kind: sectionY, Name: nameY, Holds: "latents", Part: "region"}},
	}, Parse: parseModel, Encode: compress, Open: open})
}
