//go:build !cgo

package classical

import (
	"bytes"
	"errors"

	"github.com/HugoSmits86/nativewebp"

	"codecworkbench/codecs/picture"
)

// What stands behind the codecs in this build. nativewebp premultiplies on the way
// in and would lose colour, so pictures with alpha are not for it.
const (
	webpUnavailable     = "this build has no C code (cgo); use a build made with CGO_ENABLED=1"
	webpLibrary         = ""
	webpLosslessLibrary = "nativewebp 0.9.3"
	webpLosslessAlpha   = false
)

func webpLossy(*picture.Picture, float64) ([]byte, error) { return nil, errors.New(webpUnavailable) }

func webpLossless(p *picture.Picture) ([]byte, error) {
	var b bytes.Buffer
	err := nativewebp.Encode(&b, p.RGB8(), nil)
	return b.Bytes(), err
}
