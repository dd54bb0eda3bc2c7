package mlic

import (
	"os"
	"testing"

	"codecworkbench/codecs"
)

// shipped is a codec with the models that the program ships.
func shipped(t testing.TB) *Codec {
	t.Helper()
	const dir = "../../assets/models"
	if len(codecs.NewModels(os.DirFS(dir)).Names(ID)) == 0 {
		t.Skip("no shipped mlic model")
	}
	return New(codecs.NewModels(os.DirFS(dir)))
}

// Benchmarks take a made-up picture of 768 x 512 pixels on all cores.
func BenchmarkEncode(b *testing.B) {
	c, p := shipped(b), scene(b, 768, 512, false, 20)
	b.SetBytes(768 * 512 * 3)
	b.ReportAllocs()
	for b.Loop() {
		encode(b, c, p, nil)
	}
}

func BenchmarkDecode(b *testing.B) {
	c := shipped(b)
	s := encode(b, c, scene(b, 768, 512, false, 20), nil)
	b.SetBytes(768 * 512 * 3)
	b.ReportAllocs()
	for b.Loop() {
		decode(b, c, s, codecs.DecodeOptions{})
	}
}
