package classical

import (
	"context"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/picture/webp/libwebp"
)

// webpMaxSide is the format's limit, in pixels.
const webpMaxSide = 16383

// webpCodec is lossy WebP: libwebp at method 4, which needs cgo.
type webpCodec struct{}

// NewWebP returns the codec "webp".
func NewWebP() codecs.Codec { return webpCodec{} }

// Info describes the codec.
func (webpCodec) Info() codecs.Info {
	return codecs.Info{
		ID:      "webp",
		Name:    "WebP",
		Family:  "classical",
		Summary: "The still picture of the video codec VP8: blocks are predicted from their neighbours, the rest is coded as frequencies.",
		Paper:   "RFC 9649; VP8: RFC 6386",
		Version: 1,
		Quality: &codecs.Quality{
			Min: 0, Max: 100, Step: 1, Default: 75,
			Help:   "libwebp's quality factor. Colour is stored at half the width and height whatever the quality; alpha stays exact.",
			Ladder: []float64{5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95},
		},
		Accepts:     codecs.Accepts{MaxSide: webpMaxSide, Alpha: true},
		Sections:    nativeSections("WebP file"),
		Native:      ".webp",
		Unavailable: libwebp.Unavailable,
		Depends:     func() string { return libwebp.Library },
	}
}

// Encode writes a lossy WebP file; opaque pictures get no alpha.
func (c webpCodec) Encode(ctx context.Context, p *picture.Picture, o codecs.EncodeOptions) (*codecs.Stream, error) {
	params, err := c.Info().Resolve(o.Params)
	if err != nil {
		return nil, err
	}
	return encodeWebP(ctx, "webp", p, o, func() ([]byte, error) { return libwebp.Encode(p.RGB8(), p.Alpha(), params.Q()) })
}

// Decode reads any still WebP file.
func (webpCodec) Decode(ctx context.Context, s *codecs.Stream, o codecs.DecodeOptions) (*codecs.Result, error) {
	return decodeNative(ctx, s, o, picture.Decode)
}

// Inspect shows what the file says before its coefficients.
func (webpCodec) Inspect(_ context.Context, s *codecs.Stream, _ *picture.Picture) (*codecs.Trace, error) {
	file, err := s.Native()
	if err != nil {
		return nil, err
	}
	return webpTrace(file), nil
}

// webpLosslessCodec is lossless WebP: libwebp, or without cgo nativewebp.
type webpLosslessCodec struct{}

// NewWebPLossless returns the codec "webp-lossless".
func NewWebPLossless() codecs.Codec { return webpLosslessCodec{} }

// Info describes the codec.
func (webpLosslessCodec) Info() codecs.Info {
	return codecs.Info{
		ID:       "webp-lossless",
		Name:     "WebP lossless",
		Family:   "classical",
		Summary:  "WebP's lossless half: prediction, colour transforms, and references to earlier pixels.",
		Paper:    "RFC 9649, section 3",
		Version:  1,
		Lossless: true,
		Accepts:  codecs.Accepts{MaxSide: webpMaxSide, Alpha: libwebp.LosslessAlpha},
		Sections: nativeSections("WebP file"),
		Native:   ".webp",
		Depends:  func() string { return libwebp.LosslessLibrary },
	}
}

// Encode writes a lossless WebP file; colours under full transparency are kept.
func (c webpLosslessCodec) Encode(ctx context.Context, p *picture.Picture, o codecs.EncodeOptions) (*codecs.Stream, error) {
	if _, err := c.Info().Resolve(o.Params); err != nil {
		return nil, err
	}
	return encodeWebP(ctx, "webp-lossless", p, o, func() ([]byte, error) { return libwebp.EncodeLossless(p.RGB8(), p.Alpha()) })
}

// Decode reads any still WebP file. Grey is found from the pixels: the format has no
// mark for it.
func (webpLosslessCodec) Decode(ctx context.Context, s *codecs.Stream, o codecs.DecodeOptions) (*codecs.Result, error) {
	return decodeNative(ctx, s, o, func(data []byte, source picture.Source) (*picture.Picture, error) {
		p, err := picture.Decode(data, source)
		if err != nil || !isGray(p) {
			return p, err
		}
		return picture.New(p.RGB8(), true, p.Alpha(), p.Source())
	})
}

func isGray(p *picture.Picture) bool {
	pix := p.RGB8().Pix
	for i := 0; i+3 < len(pix); i += 4 {
		if pix[i] != pix[i+1] || pix[i] != pix[i+2] {
			return false
		}
	}
	return true
}

// encodeWebP runs an encoder that can't be interrupted.
func encodeWebP(ctx context.Context, id string, p *picture.Picture, o codecs.EncodeOptions, encode func() ([]byte, error)) (*codecs.Stream, error) {
	file, err := codecs.Detach(ctx, encode)
	if err != nil {
		return nil, err
	}
	codecs.Report(o.On, 1, 1)
	return codecs.NativeStream(id, p.Width(), p.Height(), file), nil
}
