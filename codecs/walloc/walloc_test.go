package walloc

import (
	"testing"

	"codecworkbench/codecs/latent/latenttest"
)

// tinyModel is the frozen model that codecs/training/make_walloc_tiny.py made.
const tinyModel = "testdata/tiny.safetensors"

// tinyCodec is a codec whose one model is tinyModel.
func tinyCodec(t testing.TB) *Codec {
	t.Helper()
	return New(latenttest.Models(t, ID, tinyModel))
}

func TestBehaviour(t *testing.T) { latenttest.Behaves(t, tinyCodec(t)) }
