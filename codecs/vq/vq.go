// Package vq is a vector-quantization codec: a picture as a smooth surface of block
// means plus shapes from k-means codebooks, found by their index.
//
// The means of all 8 x 8 blocks are a small picture, coded coarse to fine; interpolated
// smoothly they give the surface. What remains is divided into a quadtree of blocks of
// 32, 16, 8 and 4 samples; each block adds up to four codewords, each an index and a gain
// (mean-removed, gain-shape, residual vector quantization). A block may use a prefix
// of an index, which addresses a coarser codebook (package quantize). The encoder minimizes
// squared error plus lambda times bits over block sizes, numbers of codewords, prefix lengths
// and gains. Both chroma planes are coded at half size by joint codebooks. All decisions
// are coded by adaptive models mixed in the logistic domain (package entropy).
//
// Sources: Gersho and Gray, "Vector Quantization and Signal Compression" (1992),
// chapters 11 and 12; Sullivan and Baker, "Efficient quadtree coding of images and
// video" (1994); Mahoney (2005) for mixing. The codec has no motion, no alpha and no
// perceptual weighting.
package vq

import (
	"context"
	"fmt"
	"math"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// ID is the codec's id.
const ID = "vq"

// version rises when the bytes that the codec writes change.
const version = 1

// Codec implements codecs.Codec. Make it with New.
type Codec struct {
	models *codecs.ModelCache[*Model]
}

// New returns the codec, which finds its codebooks in models.
func New(models *codecs.Models) *Codec { return &Codec{codecs.NewModelCache(models, ID, LoadModel)} }

// Info implements codecs.Codec.
func (c *Codec) Info() codecs.Info {
	return codecs.Info{
		ID: ID, Name: "Vector quantization", Family: "vector-quantized", Version: version,
		Summary: "A smooth surface of block means plus shapes looked up in k-means codebooks; every prefix of an index is a coarser codebook.",
		Paper:   "Gersho and Gray, Vector Quantization and Signal Compression, 1992; quadtree: Sullivan and Baker, IEEE Trans. Image Processing 1994",
		Quality: &codecs.Quality{Min: 0, Max: maxQ10 / 10, Step: 0.1, Default: 5,
			Help:   "Higher keeps more detail and takes more bytes: each 2.15 halves the steps of gains and block means; block sizes and index lengths follow.",
			Ladder: []float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
		Params: []codecs.Param{{Name: "model", Label: "Codebooks", Kind: codecs.Model, Default: "default",
			Help: "What was learned from photos: codebooks of this program, or a file made by the train command."}},
		Sections: []codecs.SectionKind{
			{Kind: sectionHeader, Name: sectionNames[sectionHeader]},
			{Kind: sectionMeans, Name: sectionNames[sectionMeans], Part: "slice"},
			{Kind: sectionLuma, Name: sectionNames[sectionLuma], Part: "slice"},
			{Kind: sectionChroma, Name: sectionNames[sectionChroma], Part: "slice"},
		},
		Resilient: true,
	}
}

// Encode implements codecs.Codec.
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
		return nil, fmt.Errorf("vq: %w", err)
	}
	src, err := split(ctx, p)
	if err != nil {
		return nil, err
	}
	q10 := int(math.Round(params.Q() * 10))
	l := newLayout(p.Width(), p.Height(), p.Gray())
	coded, err := analysis(ctx, m, l, q10, src, func(done, total int) { codecs.Report(on, done, total+1) })
	if err != nil {
		return nil, err
	}
	sections, err := coded.write(ctx, m)
	if err != nil {
		return nil, err
	}
	return &codecs.Stream{Codec: ID, Model: hash, Width: p.Width(), Height: p.Height(), Sections: sections}, nil
}

// Decode implements codecs.Codec.
func (c *Codec) Decode(ctx context.Context, s *codecs.Stream, o codecs.DecodeOptions) (*codecs.Result, error) {
	return codecs.Detach(ctx, func() (*codecs.Result, error) { return c.decode(ctx, s, o) })
}

func (c *Codec) decode(ctx context.Context, s *codecs.Stream, o codecs.DecodeOptions) (*codecs.Result, error) {
	m, err := c.modelOf(s)
	if err != nil {
		return nil, err
	}
	coded, err := read(ctx, s, m)
	if err != nil {
		return nil, err
	}
	if err := coded.edit(m, o.Edits); err != nil {
		return nil, fmt.Errorf("vq: %w", err)
	}
	out, err := synthesis(ctx, m, coded, plan(o))
	if err != nil {
		return nil, err
	}
	p, err := out.merge(ctx, s.Width, s.Height)
	if err != nil {
		return nil, err
	}
	return &codecs.Result{Picture: p, Warnings: coded.warnings()}, nil
}

// modelOf finds the model that a stream needs.
func (c *Codec) modelOf(s *codecs.Stream) (*Model, error) {
	m, err := c.models.Find(s.Model)
	if err != nil {
		return nil, fmt.Errorf("vq: %w", err)
	}
	return m, nil
}
