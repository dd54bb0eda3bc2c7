//go:build cgo

package libwebp

import (
	"image"

	"github.com/chai2010/webp"
)

// What stands behind the encoders in this build.
const (
	Unavailable     = "" // why Encode fails, and what would help
	Library         = "libwebp 1.4.0, method 4"
	LosslessLibrary = Library
	LosslessAlpha   = true // EncodeLossless keeps colours under transparency
)

// Encode writes a lossy file at a quality of 0 to 100; opaque pictures get no alpha.
func Encode(img *image.NRGBA, alpha bool, quality float64) ([]byte, error) {
	if alpha {
		return webp.EncodeRGBA(straight(img), float32(quality))
	}
	return webp.EncodeRGB(packRGB(img), float32(quality))
}

// EncodeLossless writes an exact file, colours under full transparency included; opaque
// pictures get no alpha.
func EncodeLossless(img *image.NRGBA, alpha bool) ([]byte, error) {
	if alpha {
		return webp.EncodeExactLosslessRGBA(straight(img))
	}
	return webp.EncodeLosslessRGB(packRGB(img))
}

// straight hands libwebp the pixels as they are. It takes straight alpha, although
// its binding wants the type that Go uses for premultiplied; an image.NRGBA would be
// premultiplied on the way and lose colour.
func straight(img *image.NRGBA) *image.RGBA {
	return &image.RGBA{Pix: img.Pix, Stride: img.Stride, Rect: img.Rect}
}

// packRGB leaves out the alpha channel, so that the file gets none.
func packRGB(img *image.NRGBA) *webp.RGBImage {
	pix := make([]byte, len(img.Pix)/4*3)
	for i, j := 0, 0; i+3 < len(img.Pix); i, j = i+4, j+3 {
		pix[j], pix[j+1], pix[j+2] = img.Pix[i], img.Pix[i+1], img.Pix[i+2]
	}
	return &webp.RGBImage{XPix: pix, XStride: 3 * img.Rect.Dx(), XRect: img.Rect}
}
