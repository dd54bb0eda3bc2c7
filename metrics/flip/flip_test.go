package flip_test

import (
	"testing"

	"codecworkbench/metrics"
	"codecworkbench/metrics/flip"
	"codecworkbench/metrics/internal/metrictest"
)

func TestGolden(t *testing.T) {
	metrictest.Golden(t, flip.New(), "flip_ldr_mean", metrictest.Absolute(2e-5))
}

func TestBehaviour(t *testing.T) {
	metrictest.Behaviour(t, flip.New(), metrictest.Traits{Identity: 0, Symmetric: true})
}

func TestIdenticalIsZero(t *testing.T) {
	p := metrictest.Noise(t, 331, 139, 20, 1)
	if v := metrictest.Measure(t, flip.New(), p, p).Number; v != 0 {
		t.Errorf("got %v", v)
	}
}

// A finer resolution hides more.
func TestSettings(t *testing.T) {
	r, err := metrics.NewRegistry([]metrics.Metric{flip.New()})
	if err != nil {
		t.Fatal(err)
	}
	ref, dist := metrictest.Noise(t, 90, 80, 5, 1), metrictest.Noise(t, 90, 80, 5, 2)
	last := 1.
	for _, id := range []string{"flip@ppd=20", "flip", "flip@ppd=150"} {
		m, err := r.Metric(id)
		if err != nil {
			t.Fatal(err)
		}
		v := metrictest.Measure(t, m, ref, dist).Number
		if m.Info().ID != id || !(v < last) {
			t.Errorf("%s: got %v, before it %v", m.Info().ID, v, last)
		}
		last = v
	}
}

func BenchmarkFLIP(b *testing.B) { metrictest.Bench(b, flip.New()) }
