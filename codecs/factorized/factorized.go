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
	"codecworkbench/codecs"
	"codecworkbench/codecs/latent/shell"
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
type Codec = shell.Codec[*model, *opened]

// New returns the codec; its models are looked up in models.
func New(models *codecs.Models) *Codec {
	return shell.New(models, shell.Method[*model, *opened]{Info: codecs.Info{
		ID: ID, Name: "Factorized prior", Version: version,
		Summary:  "A neural transform whose latents are coded by one fixed distribution a channel: the simplest learned codec, and what a hyperprior improves on.",
		Paper:    "Ballé, Laparra and Simoncelli, ICLR 2017 (on the backbone of the hyperprior here); gains: Cui et al., CVPR 2021",
		Sections: []codecs.SectionKind{{Kind: sectionY, Name: nameY, Holds: "latents", Part: "region"}},
	}, Parse: parseModel, Encode: compress, Open: open})
}
