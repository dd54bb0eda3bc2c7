package flip_test

import (
	"testing"

	"codecworkbench/metrics/flip"
	"codecworkbench/metrics/internal/metrictest"
)

func TestGolden(t *testing.T) {
	metrictest.Golden(t, flip.New(), "flip_ldr_mean", metrictest.Absolute(2e-5))
}

func TestBehaviour(t *testing.T) {
	metrictest.Behaviour(t, flip.New(), metrictest.Traits{Identity: 0, Symmetric: true})
}

func BenchmarkFLIP(b *testing.B) { metrictest.Bench(b, flip.New()) }
