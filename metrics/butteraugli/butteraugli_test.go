package butteraugli_test

import (
	"testing"

	"codecworkbench/metrics"
	"codecworkbench/metrics/butteraugli"
	"codecworkbench/metrics/internal/metrictest"
)

// set returns a metric with settings: name, value, and so on.
func set(t *testing.T, m metrics.Metric, settings ...string) metrics.Metric {
	t.Helper()
	c := m.(metrics.Configurable)
	s := c.Settings()
	for i := 0; i < len(settings); i += 2 {
		var err error
		if s, err = s.Set(settings[i], settings[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	return c.With(s)
}

func TestGolden(t *testing.T) {
	within := metrictest.Relative(1e-4, 1e-5)
	metrictest.Goldens(t, []metrictest.Case{
		{Metric: butteraugli.New(), Golden: "butteraugli_max", Within: within},
		{Metric: butteraugli.New3Norm(), Golden: "butteraugli_3norm", Within: within},
		{Metric: set(t, butteraugli.New3Norm(), "pool", "pure"), Golden: "butteraugli_pure3norm_from_map", Within: within},
		{Metric: set(t, butteraugli.New(), "nits", "203"), Golden: "butteraugli_max_203nits", Within: within, Sparse: true},
		{Metric: set(t, butteraugli.New3Norm(), "nits", "203"), Golden: "butteraugli_3norm_203nits", Within: within, Sparse: true},
	})
}

func TestBehaviour(t *testing.T) {
	for _, m := range []metrics.Metric{butteraugli.New(), butteraugli.New3Norm()} {
		t.Run(m.Info().ID, func(t *testing.T) { metrictest.Behaviour(t, m, metrictest.Traits{}) })
	}
}

func BenchmarkButteraugli(b *testing.B) { metrictest.Bench(b, butteraugli.New()) }
