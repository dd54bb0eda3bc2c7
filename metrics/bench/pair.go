package main

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"path/filepath"

	"codecworkbench/codecs/picture"
)

// pair is two files.
type pair struct{ name, ref, dist string }

// makePair writes a reference and its JPEG of quality 60 (Go's encoder, 4:2:0) as PNG. For
// a size that is not 0, both are tiled to it, every other tile mirrored so that no edges arise.
func makePair(path, folder string, width, height int) (pair, error) {
	ref, err := picture.Open(path)
	if err != nil {
		return pair{}, err
	}
	var coded bytes.Buffer
	if err := jpeg.Encode(&coded, ref.RGB8(), &jpeg.Options{Quality: 60}); err != nil {
		return pair{}, err
	}
	decoded, err := jpeg.Decode(&coded)
	if err != nil {
		return pair{}, err
	}
	if width == 0 {
		width, height = ref.Width(), ref.Height()
	}
	p := pair{name: fmt.Sprintf("%dx%d", width, height)}
	dist := image.NewNRGBA(decoded.Bounds())
	draw.Draw(dist, dist.Rect, decoded, image.Point{}, draw.Src)
	if p.ref, err = save(filepath.Join(folder, p.name+"-ref.png"), tile(ref.RGB8(), width, height)); err != nil {
		return pair{}, err
	}
	p.dist, err = save(filepath.Join(folder, p.name+"-dist.png"), tile(dist, width, height))
	return p, err
}

func tile(src *image.NRGBA, width, height int) *image.NRGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	mirrored := func(i, n int) int {
		if i/n%2 == 1 {
			return n - 1 - i%n
		}
		return i % n
	}
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		row := src.Pix[mirrored(y, h)*src.Stride:]
		for x := range width {
			copy(out.Pix[y*out.Stride+4*x:][:4], row[4*mirrored(x, w):])
		}
	}
	return out
}

func save(path string, img *image.NRGBA) (string, error) {
	p, err := picture.New(img, false, false, picture.Source{})
	if err != nil {
		return "", err
	}
	data, err := p.EncodePNG()
	if err != nil {
		return "", err
	}
	return path, picture.WriteFile(path, data)
}
