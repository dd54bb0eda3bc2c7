package raster

import "testing"

func BenchmarkLinear(b *testing.B) {
	src := Linear(gradient(512, 512))
	rows := [3][]float32{make([]float32, 512), make([]float32, 512), make([]float32, 512)}
	for b.Loop() {
		for y := range 512 {
			src.Read(&rows, 0, y)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/512/512, "ns/pixel")
}

func BenchmarkHalve(b *testing.B) {
	const width, height = 4272, 256
	src := Linear(gradient(width, height))
	for b.Loop() {
		if _, err := Halve(b.Context(), src); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/width/height, "ns/pixel")
}
