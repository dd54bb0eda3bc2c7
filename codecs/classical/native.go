package classical

import (
	"context"
	"fmt"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// reader turns a picture file's bytes into a picture, as picture.Decode does.
type reader func(data []byte, source picture.Source) (*picture.Picture, error)

// decodeNative reads the native file inside a stream.
func decodeNative(ctx context.Context, s *codecs.Stream, o codecs.DecodeOptions, read reader) (*codecs.Result, error) {
	file, err := s.Native()
	if err != nil {
		return nil, err
	}
	p, err := codecs.Detach(ctx, func() (*picture.Picture, error) {
		return read(file, picture.Source{Name: "the " + s.Codec + " file inside"})
	})
	if err != nil {
		return nil, err
	}
	return result(s, p, o)
}

// result checks a decoded picture against its stream. What its reader noted becomes
// warnings.
func result(s *codecs.Stream, p *picture.Picture, o codecs.DecodeOptions) (*codecs.Result, error) {
	if p.Width() != s.Width || p.Height() != s.Height {
		return nil, fmt.Errorf("the %s file inside is %d x %d pixels, its container says %d x %d",
			s.Codec, p.Width(), p.Height(), s.Width, s.Height)
	}
	codecs.Report(o.On, 1, 1)
	return &codecs.Result{Picture: p, Warnings: p.Source().Notes}, nil
}
