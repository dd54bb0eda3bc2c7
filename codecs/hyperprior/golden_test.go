package hyperprior

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
	l, err := f.read(t.Context(), newWorkspace().(*workspace), true, func() {})
	if err != nil {
		t.Fatal(err)
	}
	var prior []int16
	ratio := f.z.Scale / f.Scale
	for y := range ratio * f.z.High { // positions beyond the picture too
		for x := range ratio * f.z.Wide {
			prior = append(prior, l.prior.Both(x, y)...)
		}
	}
	return latenttest.Hash(t, l.z, l.symbols, prior)
}

func system(t testing.TB) latenttest.System {
	t.Helper()
	return latenttest.System{Tiny: tinyCodec(t), Hash: hash, Shipped: func(t testing.TB) codecs.Codec { return latenttest.Shipped(t, ID, New) }}
}

// systemGDN is the same for the textbook network, of which no model ships.
func systemGDN(t testing.TB) latenttest.System {
	t.Helper()
	return latenttest.System{Tiny: tinyGDN(t), Hash: hash}
}

func TestGolden(t *testing.T) {
	system(t).Golden(t, latenttest.Golden{File: "testdata/golden.cwb", Symbols: "ada31fa4784649c21a518acf0932d689", PSNR: 34.747})
	systemGDN(t).Golden(t, latenttest.Golden{File: "testdata/golden-gdn.cwb", Symbols: "c6118657ff266fe61c82122edcfc88d6", PSNR: 35.285})
}

func TestVersionPin(t *testing.T) {
	system(t).Pinned(t, "b33313e3fa3e487b")
	systemGDN(t).Pinned(t, "7af1ffa82b7e20cb")
}

func TestKernels(t *testing.T)    { system(t).Kernels(t) }
func TestKernelsGDN(t *testing.T) { systemGDN(t).Kernels(t) }
