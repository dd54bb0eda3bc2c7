package ssimulacra2_test

import (
	"math"
	"strings"
	"testing"

	"codecworkbench/metrics/internal/metrictest"
	"codecworkbench/metrics/ssimulacra2"
)

// The reference's own rounding makes it unsure near 100, where the score is steepest.
func TestGolden(t *testing.T) {
	deviations := metrictest.Golden(t, ssimulacra2.New(), "ssimulacra2", func(got, want float64) bool {
		within := 0.7
		switch {
		case want < -100:
			within = -1e-3 * want
		case want <= 70:
			within = 0.15
		case want <= 85:
			within = 0.3
		}
		return math.Abs(got-want) <= within
	})
	sum, n := 0., 0.
	for name, d := range deviations {
		if !strings.HasPrefix(name, "e_") && !strings.HasPrefix(name, "a_") {
			sum, n = sum+math.Abs(d), n+1
		}
	}
	if mean := sum / n; mean > 0.06 {
		t.Errorf("natural pictures: the mean deviation is %.3f", mean)
	} else {
		t.Logf("natural pictures: the mean deviation is %.4f over %v", mean, n)
	}
}

func TestBehaviour(t *testing.T) {
	metrictest.Behaviour(t, ssimulacra2.New(), metrictest.Traits{Identity: 100})
}

func TestIdenticalIs100(t *testing.T) {
	p := metrictest.Noise(t, 331, 139, 20, 1)
	if v := metrictest.Measure(t, ssimulacra2.New(), p, p).Number; v != 100 {
		t.Errorf("got %v", v)
	}
}

func BenchmarkSSIMULACRA2(b *testing.B) { metrictest.Bench(b, ssimulacra2.New()) }
