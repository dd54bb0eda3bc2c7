package metrics_test

import (
	"path/filepath"
	"strings"
	"testing"

	"codecworkbench/metrics"
	"codecworkbench/metrics/internal/metrictest"
	"codecworkbench/metrics/internal/reference"
)

// The tolerances are those that the differences of implementations among each other
// suggest.
func TestGolden(t *testing.T) {
	for _, c := range []struct {
		metric metrics.Metric
		golden string
		within metrictest.Within
	}{
		{metrics.NewPSNRRGB(), "psnr_rgb", metrictest.Absolute(1e-6)},
		{metrics.NewPSNRY(), "psnr_y", metrictest.Absolute(1e-6)},
		{metrics.NewSSIMRGB(), "ssim_rgb", metrictest.Absolute(1e-6)},
		{metrics.NewSSIMY(), "ssim_y", metrictest.Absolute(1e-6)},
		{metrics.NewMSSSIMRGB(), "msssim_rgb", metrictest.Absolute(3e-6)},
		{metrics.NewMSSSIMY(), "msssim_y", metrictest.Absolute(3e-6)},
	} {
		t.Run(c.metric.Info().ID, func(t *testing.T) { metrictest.Golden(t, c.metric, c.golden, c.within) })
	}
}

// Pictures with alpha are measured on white, and the result says so.
func TestAlphaOnWhite(t *testing.T) {
	root := reference.Path(t, "golden/pairs")
	ref := metrictest.Open(t, filepath.Join(root, "a_alpha256x192__ref.png"))
	dist := metrictest.Open(t, filepath.Join(root, "a_alpha256x192__dist.png"))
	if !ref.Alpha() {
		t.Fatal("the reference should have alpha")
	}
	m := metrics.NewPSNRY()
	got := metrictest.Measure(t, m, ref, dist)
	want := metrictest.Measure(t, m, ref.OnWhite(), dist.OnWhite())
	if got.Number != want.Number || !strings.Contains(got.Note, "white") || want.Note != "" {
		t.Errorf("got %v (%q), want %v on white", got.Number, got.Note, want)
	}
}
