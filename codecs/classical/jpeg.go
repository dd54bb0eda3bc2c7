package classical

import (
	"context"
	"errors"
	"fmt"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/picture/jpeg"
)

// jpegCodec is baseline JPEG with the program's own encoder and decoder, whose
// files and pixels equal those of libjpeg-turbo.
type jpegCodec struct{}

// NewJPEG returns the codec "jpeg".
func NewJPEG() codecs.Codec { return jpegCodec{} }

// Names of the parameters of jpeg.
const (
	jpegSubsampling = "subsampling"
	jpegOptimize    = "optimize"
)

// Info describes the codec.
func (jpegCodec) Info() codecs.Info {
	return codecs.Info{
		ID:      "jpeg",
		Name:    "JPEG",
		Family:  "classical",
		Summary: "The format of nearly all photos: each 8x8 block is turned into frequencies, and the fine ones are rounded away.",
		Paper:   "ITU-T T.81 (1992)",
		Version: 1,
		Quality: &codecs.Quality{
			Min: 1, Max: 100, Step: 1, Default: 75,
			Help:   "Scales the standard's quantization tables as libjpeg does: 50 uses them as printed, 100 rounds to whole numbers.",
			Ladder: []float64{5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95},
		},
		Params: []codecs.Param{
			{
				Name: jpegSubsampling, Label: "Chroma subsampling", Kind: codecs.Choice,
				Choices: []string{jpeg.Sampling420.String(), jpeg.Sampling422.String(), jpeg.Sampling444.String()},
				Default: jpeg.Sampling420.String(),
				Help:    "How much colour detail is kept: 4:2:0 stores colour at half the width and height, 4:2:2 at half the width, 4:4:4 in full. Grey pictures have none.",
			},
			{
				Name: jpegOptimize, Label: "Optimized Huffman tables", Kind: codecs.Bool, Default: "false",
				Help: "Makes code tables for this picture instead of using the standard's: a smaller file with the same pixels.",
			},
		},
		Accepts:  codecs.Accepts{MaxSide: jpeg.MaxSide},
		Sections: []codecs.SectionKind{{Kind: codecs.NativeSection, Name: "JPEG file"}},
		Native:   ".jpg",
	}
}

// Encode writes a baseline JFIF file; grey pictures get one component.
func (c jpegCodec) Encode(ctx context.Context, p *picture.Picture, o codecs.EncodeOptions) (*codecs.Stream, error) {
	params, err := c.Info().Resolve(o.Params)
	if err != nil {
		return nil, err
	}
	options := jpeg.EncodeOptions{
		Quality:  int(params.Q() + 0.5),
		Gray:     p.Gray(),
		Optimize: params.Bool(jpegOptimize),
	}
	for options.Subsampling.String() != params[jpegSubsampling] && options.Subsampling < jpeg.Sampling444 {
		options.Subsampling++
	}
	file, err := codecs.Detach(ctx, func() ([]byte, error) { return jpeg.Encode(ctx, p.RGB8(), options) })
	if err != nil {
		return nil, err
	}
	codecs.Report(o.On, 1, 1)
	return codecs.NativeStream(c.Info().ID, p.Width(), p.Height(), file), nil
}

// Decode reads any JPEG file that the program can open, not only its own. UpTo n keeps
// the first n coefficients of each block in the file's zigzag order; Off may name
// "averages", "detail", "luma" and "chroma"; an Edit of part 64 c + k sets coefficient k,
// row by row, of component c in block X, Y.
func (c jpegCodec) Decode(ctx context.Context, s *codecs.Stream, o codecs.DecodeOptions) (*codecs.Result, error) {
	file, err := s.Native()
	if err != nil {
		return nil, err
	}
	config, err := jpeg.DecodeConfig(file)
	if err != nil {
		return nil, err
	}
	if config.Width != s.Width || config.Height != s.Height {
		return nil, fmt.Errorf("the JPEG file inside is %d x %d pixels, its container says %d x %d",
			config.Width, config.Height, s.Width, s.Height)
	}
	img, err := codecs.Detach(ctx, func() (*jpeg.Image, error) { return decodeJPEG(file, o) })
	if err != nil {
		return nil, err
	}
	p, err := picture.New(img.Pix, img.Gray, false, picture.Source{Format: "JPEG", Bytes: int64(len(file))})
	if err != nil {
		return nil, err
	}
	codecs.Report(o.On, 1, 1)
	return &codecs.Result{Picture: p, Warnings: img.Notes}, nil
}

// decodeJPEG decodes a file with what a decode is to do otherwise.
func decodeJPEG(file []byte, o codecs.DecodeOptions) (*jpeg.Image, error) {
	if !jpegChanges(o) {
		return jpeg.Decode(file)
	}
	var wrong error
	img, err := jpeg.DecodeEdited(file, func(c *jpeg.Coefficients) { wrong = jpegChange(c, o) })
	return img, errors.Join(err, wrong)
}
