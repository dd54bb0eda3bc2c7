package classical

import (
	"context"
	stdpng "image/png"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/picture/png"
)

// pngCodec is lossless PNG. Grey pictures get one channel, alpha is kept.
type pngCodec struct{}

// NewPNG returns the codec "png".
func NewPNG() codecs.Codec { return pngCodec{} }

// pngLevels are the values of its parameter "compression".
var pngLevels = []struct {
	name  string
	level stdpng.CompressionLevel
}{
	{"none", png.NoCompression},
	{"fast", png.BestSpeed},
	{"default", png.DefaultCompression},
	{"best", png.BestCompression},
}

// Info describes the codec.
func (pngCodec) Info() codecs.Info {
	level := codecs.Param{Name: "compression", Label: "Compression", Kind: codecs.Choice, Default: "default",
		Help: "How hard the encoder searches for repetitions; the pixels stay the same."}
	for _, l := range pngLevels {
		level.Choices = append(level.Choices, l.name)
	}
	return codecs.Info{
		ID:       "png",
		Name:     "PNG",
		Family:   "classical",
		Summary:  "Lossless: each pixel is predicted from its neighbours, and what is left is packed like a ZIP file.",
		Paper:    "W3C PNG (Third Edition, 2025); DEFLATE: RFC 1951",
		Version:  1,
		Lossless: true,
		Params:   []codecs.Param{level},
		Accepts:  codecs.Accepts{Alpha: true},
		Sections: nativeSections("PNG file"),
		Native:   ".png",
	}
}

// nativeSections describes a stream that is one native file.
func nativeSections(name string) []codecs.SectionKind {
	return []codecs.SectionKind{{Kind: codecs.NativeSection, Name: name}}
}

// Encode writes a PNG file.
func (c pngCodec) Encode(ctx context.Context, p *picture.Picture, o codecs.EncodeOptions) (*codecs.Stream, error) {
	params, err := c.Info().Resolve(o.Params)
	if err != nil {
		return nil, err
	}
	level := png.DefaultCompression
	for _, l := range pngLevels {
		if l.name == params["compression"] {
			level = l.level
		}
	}
	file, err := codecs.Detach(ctx, func() ([]byte, error) {
		return png.EncodeLevel(p.RGB8(), p.Gray(), p.Alpha(), level)
	})
	if err != nil {
		return nil, err
	}
	codecs.Report(o.On, 1, 1)
	return codecs.NativeStream("png", p.Width(), p.Height(), file), nil
}

// Decode reads any PNG file that the program can open, not only its own.
func (pngCodec) Decode(ctx context.Context, s *codecs.Stream, o codecs.DecodeOptions) (*codecs.Result, error) {
	return decodeNative(ctx, s, o, picture.Decode)
}
