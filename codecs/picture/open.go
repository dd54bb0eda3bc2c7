package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
)

// Open reads a picture file.
func Open(path string) (*Picture, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Decode(data, Source{Name: filepath.Base(path), Path: path, Bytes: int64(len(data))})
}

// Decode reads a picture from a file's bytes. The format is found from the
// content, never from the name.
func Decode(data []byte, source Source) (*Picture, error) {
	img, format, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", source.Name, err)
	}
	source.Format = format
	return FromImage(img, source)
}

// EncodePNG returns the picture as a PNG file.
func (p *Picture) EncodePNG() ([]byte, error) {
	var b bytes.Buffer
	err := png.Encode(&b, p.img)
	return b.Bytes(), err
}
