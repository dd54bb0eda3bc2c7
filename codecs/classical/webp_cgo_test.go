//go:build cgo

package classical

import (
	"bytes"
	"context"
	"testing"

	"github.com/chai2010/webp"

	"codecworkbench/codecs"
)

// TestWebPDecodesAsLibwebp compares the pixels with libwebp's own, straight alpha
// included.
func TestWebPDecodesAsLibwebp(t *testing.T) {
	for _, c := range []codecs.Codec{NewWebP(), NewWebPLossless()} {
		for _, size := range [][2]int{{1, 1}, {17, 31}, {130, 67}} {
			for _, alpha := range []bool{false, true} {
				s, err := c.Encode(context.Background(), draw(t, size[0], size[1], false, alpha), codecs.EncodeOptions{})
				if err != nil {
					t.Fatal(err)
				}
				r, err := c.Decode(context.Background(), s, codecs.DecodeOptions{})
				if err != nil {
					t.Fatal(err)
				}
				file, err := s.Native()
				if err != nil {
					t.Fatal(err)
				}
				want, err := webp.DecodeRGBA(file)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(r.Picture.RGB8().Pix, want.Pix) {
					t.Errorf("%s, %v, alpha %v: pixels differ from libwebp's", c.Info().ID, size, alpha)
				}
			}
		}
	}
}
