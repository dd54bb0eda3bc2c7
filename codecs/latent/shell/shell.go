// Package shell is what learned transform codecs do alike around their own parts: they find
// their model, resolve parameters, have latents refined, make a stream of sections, check a
// stream's header, and leave all work to a goroutine that a cancelled caller need not wait for.
//
// What a codec does by itself is a Method: its names, how it reads a model, how it encodes a
// picture, and how it opens a file.
package shell

import (
	"context"
	"slices"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/refine"
)

// Method is a codec's own parts; M is its model, and F a file of it.
type Method[M any, F File] struct {
	// Info has the codec's names, version and sections, but the header's, and the parameters that
	// it alone has. What it says of the parameter refine is added to that one's help.
	Info   codecs.Info
	Refine string
	// Flags are those of the header that it knows.
	Flags uint8
	// Parse reads a model file and checks all that the codec relies on.
	Parse func(data []byte) (M, error)
	// Encode returns the sections of a file.
	Encode func(ctx context.Context, j Job[M]) ([]container.Section, error)
	// Open checks a stream behind its header. What it returns serves one Decode or Inspect.
	Open func(m M, s *codecs.Stream, h latent.Header) (F, error)
}

// File is a checked stream.
type File interface {
	Decode(ctx context.Context, o codecs.DecodeOptions) (*codecs.Result, error)
	Inspect(ctx context.Context) (*codecs.Trace, error)
}

// Job is a picture to encode.
type Job[M any] struct {
	Model   M
	Picture *picture.Picture
	Params  codecs.Params // resolved
	Header  latent.Header
	// Refine lacks its Decoder.
	Refine refine.Encoder
}

// Codec is a codecs.Codec and codecs.Inspector by a method.
type Codec[M any, F File] struct {
	Models *codecs.ModelCache[M]

	method Method[M, F]
	sizes  []string // of shipped models
}

// New returns the codec; its models are looked up in models.
func New[M any, F File](models *codecs.Models, m Method[M, F]) *Codec[M, F] {
	return &Codec[M, F]{codecs.NewModelCache(models, m.Info.ID, m.Parse), m, sizes(models.Names(m.Info.ID))}
}

// Info describes the codec.
func (c *Codec[M, F]) Info() codecs.Info {
	i := c.method.Info
	i.Family, i.Quality, i.Resilient = "transform", latent.Quality(), true
	refinement := refine.Param()
	refinement.Help += c.method.Refine
	i.Params = slices.Concat(modelParams(c.sizes), i.Params, []codecs.Param{refinement})
	i.Sections = slices.Concat([]codecs.SectionKind{{Kind: latent.SectionHeader, Name: latent.NameHeader}}, i.Sections)
	return i
}

// Encode compresses a picture.
func (c *Codec[M, F]) Encode(ctx context.Context, p *picture.Picture, o codecs.EncodeOptions) (*codecs.Stream, error) {
	params, err := c.Info().Resolve(o.Params)
	if err != nil {
		return nil, err
	}
	return codecs.Detach(ctx, func() (*codecs.Stream, error) {
		m, hash, err := c.Models.Load(modelName(params))
		if err != nil {
			return nil, err
		}
		stream := func(sections []container.Section) *codecs.Stream {
			return &codecs.Stream{Codec: c.method.Info.ID, Model: hash, Width: p.Width(), Height: p.Height(), Sections: sections}
		}
		sections, err := c.method.Encode(ctx, Job[M]{m, p, params, latent.NewHeader(p, params),
			refine.Encoder{Codec: c, Options: o, Iterations: refine.Iterations(params), Stream: stream}})
		if err != nil {
			return nil, err
		}
		return stream(sections), nil
	})
}

// Open checks a stream and finds its model.
func (c *Codec[M, F]) Open(s *codecs.Stream) (F, error) {
	var none F
	h, err := latent.ReadFlagged(s, c.method.Flags)
	if err != nil {
		return none, err
	}
	m, err := c.Models.Find(s.Model)
	if err != nil {
		return none, err
	}
	return c.method.Open(m, s, h)
}

// Decode reconstructs a picture; see the method's File for what options mean.
func (c *Codec[M, F]) Decode(ctx context.Context, s *codecs.Stream, o codecs.DecodeOptions) (*codecs.Result, error) {
	return codecs.Detach(ctx, func() (*codecs.Result, error) {
		f, err := c.Open(s)
		if err != nil {
			return nil, err
		}
		return f.Decode(ctx, o)
	})
}

// Inspect shows what is in a file, from the file alone.
func (c *Codec[M, F]) Inspect(ctx context.Context, s *codecs.Stream, _ *picture.Picture) (*codecs.Trace, error) {
	return codecs.Detach(ctx, func() (*codecs.Trace, error) {
		f, err := c.Open(s)
		if err != nil {
			return nil, err
		}
		return f.Inspect(ctx)
	})
}
