package jpeg

import (
	"bytes"
	"image"
	"image/draw"
	stdjpeg "image/jpeg"
	"testing"
)

// benchmarkFile is a 4:2:0 file of 1536 x 1024 pixels made by Go's encoder.
func benchmarkFile(b *testing.B) []byte {
	var buf bytes.Buffer
	if err := stdjpeg.Encode(&buf, testPicture(1536, 1024), &stdjpeg.Options{Quality: 75}); err != nil {
		b.Fatal(err)
	}
	return buf.Bytes()
}

func benchmarkVariants(b *testing.B, f func(b *testing.B, file []byte)) {
	file := benchmarkFile(b)
	b.Run("baseline", func(b *testing.B) { f(b, file) })
	b.Run("progressive", func(b *testing.B) {
		f(b, tool(b, file, "jpegtran", "-progressive"))
	})
}

func BenchmarkDecode(b *testing.B) {
	benchmarkVariants(b, func(b *testing.B, file []byte) {
		b.SetBytes(1536 * 1024 * 3)
		for b.Loop() {
			if _, err := Decode(file); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkDecodeGo is the peer: Go's decoder, to planes of YCbCr and to RGBA.
func BenchmarkDecodeGo(b *testing.B) {
	benchmarkVariants(b, func(b *testing.B, file []byte) {
		b.Run("YCbCr", func(b *testing.B) {
			b.SetBytes(1536 * 1024 * 3)
			for b.Loop() {
				if _, err := stdjpeg.Decode(bytes.NewReader(file)); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("RGBA", func(b *testing.B) {
			b.SetBytes(1536 * 1024 * 3)
			for b.Loop() {
				img, err := stdjpeg.Decode(bytes.NewReader(file))
				if err != nil {
					b.Fatal(err)
				}
				draw.Draw(image.NewRGBA(img.Bounds()), img.Bounds(), img, image.Point{}, draw.Src)
			}
		})
	})
}
