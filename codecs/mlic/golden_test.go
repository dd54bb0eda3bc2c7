package mlic

import (
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent/latenttest"
)

// hash identifies all that a decoder reads from a stream, and all that it derives
// probabilities from.
func hash(t testing.TB, c codecs.Codec, s *codecs.Stream) string {
	t.Helper()
	f, err := c.(*Codec).Open(s)
	if err != nil {
		t.Fatal(err)
	}
	l, err := f.read(t.Context(), newWorkspace().(*workspace), f.m.passes(), func() {})
	if err != nil {
		t.Fatal(err)
	}
	return latenttest.Hash(t, l.z, l.symbols, l.means, l.scales)
}

func system(t testing.TB) latenttest.System {
	t.Helper()
	return latenttest.System{Tiny: tinyCodec(t), Hash: hash, Shipped: func(t testing.TB) codecs.Codec { return latenttest.Shipped(t, ID, New) }}
}

func TestGolden(t *testing.T) {
	system(t).Golden(t, latenttest.Golden{File: "testdata/golden.cwb", Symbols: "69103a36a378ddb8e779213bd0ebc5af", PSNR: 34.919})
}

func TestVersionPin(t *testing.T) { system(t).Pinned(t, "15295a84e5380e63") }
func TestKernels(t *testing.T)    { system(t).Kernels(t) }
