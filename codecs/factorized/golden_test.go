package factorized

import (
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent/latenttest"
)

// hash identifies all that a decoder reads from a stream.
func hash(t testing.TB, c codecs.Codec, s *codecs.Stream) string {
	t.Helper()
	f, err := c.(*Codec).Open(s)
	if err != nil {
		t.Fatal(err)
	}
	symbols, err := f.read(t.Context(), true, func() {})
	if err != nil {
		t.Fatal(err)
	}
	return latenttest.Hash(t, symbols)
}

func system(t testing.TB) latenttest.System {
	t.Helper()
	return latenttest.System{Tiny: tinyCodec(t), Hash: hash, Shipped: func(t testing.TB) codecs.Codec { return latenttest.Shipped(t, ID, New) }}
}

func TestGolden(t *testing.T) {
	system(t).Golden(t, latenttest.Golden{File: "testdata/golden.cwb", Symbols: "63bf634cd735a2a573b75c1e2e64e249", PSNR: 35.122})
}

func TestVersionPin(t *testing.T) { system(t).Pinned(t, "326109a5c18f75ef") }
func TestKernels(t *testing.T)    { system(t).Kernels(t) }
