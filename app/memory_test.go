package main

import (
	"image"
	"runtime"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// texture is a picture of slopes and noise.
func texture(t *testing.T, w, h int) *picture.Picture {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	seed := uint32(1)
	for i := 0; i < len(img.Pix); i += 4 {
		seed = seed*1664525 + 1013904223
		x, y := i/4%w, i/4/w
		for c := range 3 {
			img.Pix[i+c] = uint8(x/(c+2)) ^ uint8(y/(5-c))&64 + uint8(seed>>28)
		}
	}
	p, err := picture.New(img, false, false, picture.Source{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestTransformCodecsNeedLittleMemory bounds what the learned transform codecs allocate with
// each further pixel, in bytes: latents, symbols and the decoded picture, but no picture's
// activations, which would be tens of bytes. So 24 megapixels take some hundred megabytes.
func TestTransformCodecsNeedLittleMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("codes four megapixels")
	}
	tools, _ := newTools(nil)
	// With the smaller one, the networks' strips are as large as they get.
	small, large := texture(t, 1024, 1280), texture(t, 1024, 2560)
	for id, limit := range map[string][2]float64{"hyperprior": {12, 14}, "walloc": {6, 28}} {
		c, err := tools.Codecs.Codec(id)
		if err != nil {
			t.Fatal(err)
		}
		coded(t, c, texture(t, 16, 16)) // reads the model
		encode, decode := coded(t, c, small)
		moreEncode, moreDecode := coded(t, c, large)
		pixels := float64(large.Pixels() - small.Pixels())
		if v := (moreEncode - encode) / pixels; v > limit[0] {
			t.Errorf("%s allocates %.1f bytes more with each pixel to encode, at most %g are expected", id, v, limit[0])
		}
		if v := (moreDecode - decode) / pixels; v > limit[1] {
			t.Errorf("%s allocates %.1f bytes more with each pixel to decode, at most %g are expected", id, v, limit[1])
		}
	}
}

// coded encodes and decodes a picture and returns the bytes that each allocated, with no
// memory left over from earlier runs.
func coded(t *testing.T, c codecs.Codec, p *picture.Picture) (encode, decode float64) {
	t.Helper()
	allocated := func(do func() error) float64 {
		for range 2 { // pools keep what they hold through one collection
			runtime.GC()
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := do(); err != nil {
			t.Fatalf("%s: %v", c.Info().ID, err)
		}
		runtime.ReadMemStats(&after)
		return float64(after.TotalAlloc - before.TotalAlloc)
	}
	var s *codecs.Stream
	encode = allocated(func() (err error) {
		s, err = c.Encode(t.Context(), p, codecs.EncodeOptions{})
		return err
	})
	decode = allocated(func() error {
		_, err := c.Decode(t.Context(), s, codecs.DecodeOptions{})
		return err
	})
	return encode, decode
}
