package walloc

import (
	"os"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/latenttest"
)

// benchModel is the shipped model, or the file that WALLOC_MODEL names.
func benchModel(b *testing.B) *Codec {
	b.Helper()
	if file := os.Getenv("WALLOC_MODEL"); file != "" {
		return New(latenttest.Models(b, ID, file))
	}
	models := codecs.NewModels(os.DirFS("../../assets/models"))
	if len(models.Names(ID)) == 0 {
		b.Skip("no shipped walloc model")
	}
	return New(models)
}

// Benchmarks take a made-up picture of 768 x 512 pixels on all cores.
func benchmark(b *testing.B, run func(c *Codec, m *model, s *codecs.Stream)) {
	c, p := benchModel(b), latenttest.Scene(b, 768, 512, false, 20)
	s := latenttest.Encode(b, c, p, nil)
	m, err := c.Models.Find(s.Model)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(768 * 512 * 3)
	b.ReportAllocs()
	for b.Loop() {
		run(c, m, s)
	}
}

func BenchmarkEncode(b *testing.B) {
	p := latenttest.Scene(b, 768, 512, false, 20)
	for _, entropy := range []string{entropyOwn, entropyPNG} {
		b.Run(entropy, func(b *testing.B) {
			benchmark(b, func(c *Codec, _ *model, _ *codecs.Stream) {
				latenttest.Encode(b, c, p, codecs.Params{"entropy": entropy})
			})
		})
	}
}

// BenchmarkAnalysis is encoding up to the symbols.
func BenchmarkAnalysis(b *testing.B) {
	p := latenttest.Scene(b, 768, 512, false, 20)
	benchmark(b, func(_ *Codec, m *model, _ *codecs.Stream) {
		if _, err := m.analyse(b.Context(), p, m.layout(768, 512), latent.QUnit*6, func() {}); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	benchmark(b, func(c *Codec, _ *model, s *codecs.Stream) { latenttest.Decode(b, c, s, codecs.DecodeOptions{}) })
}
