package walloc

import (
	"context"

	"codecworkbench/codecs/latent"
)

// Values of the parameter "entropy".
const (
	entropyOwn  = "own"
	entropyPNG  = "png"
	entropyWebP = "webp"
)

// stage is a way to turn symbols into bytes, and back.
type stage struct {
	name  string // value of the parameter "entropy"
	kind  byte   // of sections
	title string // for people
	write func(ctx context.Context, g grid, r latent.Region, q int, tick func()) ([]byte, error)
	read  func(ctx context.Context, payload []byte, g grid, r latent.Region, q int, tick func()) error
}

// stages lists them, our own coder last.
func (m *model) stages() []stage {
	gray, colour := m.pngTiles(), m.webpTiles()
	return []stage{
		{entropyPNG, sectionPNG, "PNG", gray.write, gray.read},
		{entropyWebP, sectionWebP, "WebP", colour.write, colour.read},
		{entropyOwn, sectionOwn, "our own coder", m.writeOwn, m.readOwn},
	}
}

// stage returns the first that fits, else our own.
func (m *model) stage(fits func(stage) bool) stage {
	all := m.stages()
	for _, s := range all {
		if fits(s) {
			return s
		}
	}
	return all[len(all)-1]
}
