//go:build !cgo

package libwebp

import (
	"bytes"
	"errors"
	"image"

	"github.com/HugoSmits86/nativewebp"
)

// What stands behind the encoders in this build. nativewebp premultiplies on the way
// in and would lose colour, so pictures with alpha are not for it.
const (
	Unavailable     = "this build has no C code (cgo); use a build made with CGO_ENABLED=1"
	Library         = ""
	LosslessLibrary = "nativewebp 0.9.3"
	LosslessAlpha   = false
)

// Encode fails: the reason is Unavailable.
func Encode(*image.NRGBA, bool, float64) ([]byte, error) { return nil, errors.New(Unavailable) }

// EncodeLossless writes an exact file of an opaque picture.
func EncodeLossless(img *image.NRGBA, _ bool) ([]byte, error) {
	var b bytes.Buffer
	err := nativewebp.Encode(&b, img, nil)
	return b.Bytes(), err
}
