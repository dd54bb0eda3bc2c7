package walloc

import (
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent/latenttest"
)

// hash identifies all that a decoder reads from a stream.
func hash(t testing.TB, c codecs.Codec, s *codecs.Stream) string {
	t.Helper()
	if p, ok := c.(staged); ok {
		c = p.Codec
	}
	f, err := c.(*Codec).Open(s)
	if err != nil {
		t.Fatal(err)
	}
	g, err := f.read(t.Context(), func() {})
	if err != nil {
		t.Fatal(err)
	}
	return latenttest.Hash(t, g.symbols)
}

func system(t testing.TB) latenttest.System {
	t.Helper()
	return latenttest.System{Tiny: tinyCodec(t), Hash: hash, Shipped: func(t testing.TB) codecs.Codec { return latenttest.Shipped(t, ID, New) }}
}

// Both entropy stages hold the same symbols.
func TestGolden(t *testing.T) {
	g := latenttest.Golden{File: "testdata/golden.cwb", Symbols: "518ec7ec850068b6d9e75d2bbb9b8327", PSNR: 37.472}
	system(t).Golden(t, g)
	g.File = "testdata/golden-png.cwb"
	latenttest.System{Tiny: staged{tinyCodec(t), entropyPNG}, Hash: hash}.Golden(t, g)
}

func TestVersionPin(t *testing.T) { system(t).Pinned(t, "89f850456cdef2f6") }
func TestKernels(t *testing.T)    { system(t).Kernels(t) }
