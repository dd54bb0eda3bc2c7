package refine

import (
	"context"
	"os"
	"runtime"
	"slices"
	"testing"
)

// shippedModel has the shipped hyperprior's networks.
func shippedModel(t testing.TB) *tiny {
	t.Helper()
	const shipped = "../../assets/models/hyperprior/s.safetensors"
	if _, err := os.Stat(shipped); err != nil {
		t.Skip("no shipped hyperprior model")
	}
	return loadModel(t, shipped)
}

// A window takes some tens of numbers a pixel, most of them rows of activations, of which there
// are no more in a large one: no tape of all activations, which would be some hundreds.
func TestNeedsLittleMemory(t *testing.T) {
	m := shippedModel(t)
	run := func(height int) float64 {
		for range 2 { // pools keep what they hold through one collection
			runtime.GC()
		}
		p, before := m.problem(t, 512, height, false), allocated()
		if err := Run(t.Context(), m.decoder, p, Options{Iterations: 1}); err != nil {
			t.Fatal(err)
		}
		return allocated() - before
	}
	const limit = 250
	if v := (run(512) - run(256)) / (512 * 256); v > limit {
		t.Errorf("%.0f bytes more with each pixel of a window, at most %d are expected", v, limit)
	}
}

// allocated is what the program has allocated so far, in bytes.
func allocated() float64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.TotalAlloc)
}

// BenchmarkRun is ten iterations on a picture of 768 x 512 by the shipped hyperprior's
// networks, on all cores; ms/step is one of them.
func BenchmarkRun(b *testing.B) {
	const iterations = 10
	m := shippedModel(b)
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
