package mlic

import (
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent/latenttest"
	"codecworkbench/codecs/picture"
)

// tinyModel is the frozen model that codecs/training/make_mlic_tiny.py made.
const tinyModel = "testdata/tiny.safetensors"

// tinyCodec is a codec whose one model is tinyModel.
func tinyCodec(t testing.TB) *Codec {
	t.Helper()
	return New(latenttest.Models(t, ID, tinyModel))
}

// tiny is its model.
func tiny(t testing.TB) *model {
	t.Helper()
	m, _, err := tinyCodec(t).Models.Load("s")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func scene(t testing.TB, w, h int, gray bool, seed uint64) *picture.Picture {
	t.Helper()
	return latenttest.Scene(t, w, h, gray, seed)
}

func encode(t testing.TB, c *Codec, p *picture.Picture, params codecs.Params) *codecs.Stream {
	t.Helper()
	return latenttest.Encode(t, c, p, params)
}

func decode(t testing.TB, c *Codec, s *codecs.Stream, o codecs.DecodeOptions) *picture.Picture {
	t.Helper()
	return latenttest.Decode(t, c, s, o)
}
