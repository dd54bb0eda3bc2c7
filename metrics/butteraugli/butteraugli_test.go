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
	for _, c := range []struct {
		metric metrics.Metric
		golden string
	}{
		{butteraugli.New(), "butteraugli_max"},
		{butteraugli.New3Norm(), "butteraugli_3norm"},
		{set(t, butteraugli.New(), "nits", "203"), "butteraugli_max_203nits"},
		{set(t, butteraugli.New3Norm(), "nits", "203"), "butteraugli_3norm_203nits"},
		{set(t, butteraugli.New3Norm(), "pool", "pure"), "butteraugli_pure3norm_from_map"},
	} {
		t.Run(c.golden, func(t *testing.T) {
			metrictest.Golden(t, c.metric, c.golden, metrictest.Relative(1e-4, 1e-5))
		})
	}
}

func TestBehaviour(t *testing.T) {
	for _, m := range []metrics.Metric{butteraugli.New(), butteraugli.New3Norm()} {
		t.Run(m.Info().ID, func(t *testing.T) { metrictest.Behaviour(t, m, metrictest.Traits{}) })
	}
}

func BenchmarkButteraugli(b *testing.B) { metrictest.Bench(b, butteraugli.New()) }
