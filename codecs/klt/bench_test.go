package klt

import (
	"fmt"
	"os"
	"runtime"
	"testing"

	"codecworkbench/codecs"
)

// shipped is a codec with the models that the program ships.
func shipped(t testing.TB) *Codec {
	t.Helper()
	const dir = "../../assets/models"
	if len(codecs.NewModels(os.DirFS(dir)).Names(ID)) == 0 {
		t.Skip("no shipped klt model")
	}
	return New(codecs.NewModels(os.DirFS(dir)))
}

// benchmark runs f over qualities on one core; a scene of 768x512 pixels.
func benchmark(b *testing.B, f func(b *testing.B, c *Codec, params codecs.Params)) {
	for _, q := range []float64{2, 5, 8} {
		b.Run(fmt.Sprintf("q%g", q), func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
			b.SetBytes(768 * 512 * 3)
			f(b, shipped(b), codecs.Params{}.WithQ(q))
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	benchmark(b, func(b *testing.B, c *Codec, params codecs.Params) {
		p := scene(b, 768, 512, false, 20)
		for b.Loop() {
			s := encode(b, c, p, params)
			size, err := codecs.Size(c.Info(), s)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(8*float64(size)/float64(p.Pixels()), "bpp")
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	benchmark(b, func(b *testing.B, c *Codec, params codecs.Params) {
		s := encode(b, c, scene(b, 768, 512, false, 20), params)
		for b.Loop() {
			decode(b, c, s)
		}
	})
}
