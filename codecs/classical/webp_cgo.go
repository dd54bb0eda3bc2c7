//go:build cgo

package classical

import (
	"image"

	"github.com/chai2010/webp"

	"codecworkbench/codecs/picture"
)

// What stands behind the codecs in this build.
const (
	webpUnavailable     = ""
	webpLibrary         = "libwebp 1.4.0, method 4"
	webpLosslessLibrary = webpLibrary
	webpLosslessAlpha   = true
)

// webpLossy encodes at a quality of 0 to 100.
func webpLossy(p *picture.Picture, quality float64) ([]byte, error) {
	if p.Alpha() {
		return webp.EncodeRGBA(straight(p), float32(quality))
	}
	return webp.EncodeRGB(packRGB(p), float32(quality))
}

// webpLossless encodes exactly, colours under full transparency too.
func webpLossless(p *picture.Picture) ([]byte, error) {
	if p.Alpha() {
		return webp.EncodeExactLosslessRGBA(straight(p))
	}
	return webp.EncodeLosslessRGB(packRGB(p))
}

// straight hands libwebp the pixels as they are. It takes straight alpha, although
// its binding wants the type that Go uses for premultiplied; an image.NRGBA would be
// premultiplied on the way and lose colour.
func straight(p *picture.Picture) *image.RGBA {
	img := p.RGB8()
	return &image.RGBA{Pix: img.Pix, Stride: img.Stride, Rect: img.Rect}
}

// packRGB leaves out the alpha channel, so that the file gets none.
func packRGB(p *picture.Picture) *webp.RGBImage {
	src := p.RGB8().Pix
	pix := make([]byte, len(src)/4*3)
	for i, j := 0, 0; i+3 < len(src); i, j = i+4, j+3 {
		pix[j], pix[j+1], pix[j+2] = src[i], src[i+1], src[i+2]
	}
	return &webp.RGBImage{XPix: pix, XStride: 3 * p.Width(), XRect: p.RGB8().Rect}
}
