package metrics_test

import (
	"math"
	"testing"

	"codecworkbench/metrics"
	"codecworkbench/metrics/internal/metrictest"
)

// with returns a metric with settings, as users write them: "psnr-y@luma=y8".
func with(t testing.TB, m metrics.Metric, settings string) metrics.Metric {
	t.Helper()
	r, err := metrics.NewRegistry([]metrics.Metric{m})
	if err != nil {
		t.Fatal(err)
	}
	if settings == "" {
		return m
	}
	m, err = r.Metric(m.Info().ID + "@" + settings)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestPSNRHVSGolden(t *testing.T) {
	plain, masked := metrics.NewPSNRHVS(), metrics.NewPSNRHVSM()
	for _, c := range []struct {
		metric           metrics.Metric
		settings, golden string
	}{
		{plain, "", "psnr_hvs_y"},
		{plain, "luma=y8", "psnr_hvs_y8"},
		{plain, "luma=ys8", "psnr_hvs_lk_ys8"},
		{masked, "", "psnr_hvs_m_y"},
		{masked, "luma=y8", "psnr_hvs_m_y8"},
		{masked, "luma=ys8", "psnr_hvs_m_lk_ys8"},
	} {
		t.Run(c.golden, func(t *testing.T) {
			metrictest.Golden(t, with(t, c.metric, c.settings), c.golden, metrictest.Absolute(1e-4))
		})
	}
}

func TestPSNRHVSBehaviour(t *testing.T) {
	for _, m := range []metrics.Metric{metrics.NewPSNRHVS(), metrics.NewPSNRHVSM()} {
		t.Run(m.Info().ID, func(t *testing.T) {
			metrictest.Behaviour(t, m, metrictest.Traits{Identity: math.Inf(1), Symmetric: true})
		})
	}
}

func BenchmarkPSNRHVS(b *testing.B) { metrictest.Bench(b, metrics.NewPSNRHVSM()) }
