package refine

import (
	"context"
	"os"
	"slices"
	"testing"
)

// BenchmarkRun is ten iterations on a picture of 768 x 512 by the shipped hyperprior's
// networks, on all cores; ms/step is one of them.
func BenchmarkRun(b *testing.B) {
	const shipped, iterations = "../../assets/models/hyperprior/s.safetensors", 10
	if _, err := os.Stat(shipped); err != nil {
		b.Skip("no shipped hyperprior model")
	}
	m := loadModel(b, shipped)
	p := m.problem(b, 768, 512, false)
	y := slices.Clone(p.Y.Data)
	b.ReportAllocs()
	for b.Loop() {
		copy(p.Y.Data, y)
		if err := Run(context.Background(), m.decoder, p, Options{Iterations: iterations}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N*iterations), "ms/step")
}
