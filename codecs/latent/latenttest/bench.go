package latenttest

import (
	"os"
	"testing"

	"codecworkbench/codecs"
)

// Shipped is a codec with the models that the program ships; it skips where there is none
// of that id.
func Shipped[C codecs.Codec](t testing.TB, id string, make func(*codecs.Models) C) C {
	t.Helper()
	models := codecs.NewModels(os.DirFS("../../assets/models"))
	if len(models.Names(id)) == 0 {
		t.Skipf("no shipped model of %s", id)
	}
	return make(models)
}

// Bench measures a codec on a made-up picture of 768 x 512 pixels and all cores.
func Bench(b *testing.B, c codecs.Codec) {
	const width, height = 768, 512
	p := Scene(b, width, height, false, 20)
	s := Encode(b, c, p, nil)
	run := func(name string, do func()) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(width * height * 3)
			b.ReportAllocs()
			for b.Loop() {
				do()
			}
		})
	}
	run("Encode", func() { Encode(b, c, p, nil) })
	run("Decode", func() { Decode(b, c, s, codecs.DecodeOptions{}) })
}
