package command

import (
	"fmt"

	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/picture/png"
)

// The formats of the pictures that programs read.
const (
	PNG = "png" // with alpha, if the picture has it
	PPM = "ppm" // without; with one channel PGM
)

// PictureFile returns a picture as a file in one of these formats, with one channel
// if gray. PNG is written without compression: it lives for one run only.
func PictureFile(p *picture.Picture, format string, gray bool) ([]byte, error) {
	if format == PNG {
		return png.EncodeLevel(p.RGB8(), gray, p.Alpha(), png.NoCompression)
	}
	src := p.RGB8().Pix
	kind, channels := "P6", 3
	if gray {
		kind, channels = "P5", 1
	}
	out := fmt.Appendf(nil, "%s\n%d %d\n255\n", kind, p.Width(), p.Height())
	for i := 0; i+3 < len(src); i += 4 {
		out = append(out, src[i:i+channels]...)
	}
	return out, nil
}
