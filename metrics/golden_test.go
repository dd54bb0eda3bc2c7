package metrics_test

import (
	"path/filepath"
	"strings"
	"testing"

	"codecworkbench/metrics"
	"codecworkbench/metrics/internal/metrictest"
	"codecworkbench/metrics/internal/reference"
)

// with returns a metric with settings, as users write them: "luma=y8".
func with(t testing.TB, m metrics.Metric, settings string) metrics.Metric {
	t.Helper()
	r, err := metrics.NewRegistry([]metrics.Metric{m})
	if err != nil {
		t.Fatal(err)
	}
	m, err = r.Metric(m.Info().ID + "@" + settings)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The tolerances are those that the differences of implementations among each other
// suggest.
func TestGolden(t *testing.T) {
	hvs, hvsM := metrics.NewPSNRHVS(), metrics.NewPSNRHVSM()
	metrictest.Goldens(t, []metrictest.Case{
		{Metric: metrics.NewPSNRRGB(), Golden: "psnr_rgb", Within: metrictest.Absolute(1e-6)},
		{Metric: metrics.NewPSNRY(), Golden: "psnr_y", Within: metrictest.Absolute(1e-6)},
		{Metric: with(t, metrics.NewPSNRY(), "luma=y8"), Golden: "psnr_y8", Within: metrictest.Absolute(1e-6)},
		{Metric: metrics.NewSSIMRGB(), Golden: "ssim_rgb", Within: metrictest.Absolute(1e-6)},
		{Metric: metrics.NewSSIMY(), Golden: "ssim_y", Within: metrictest.Absolute(1e-6)},
		{Metric: with(t, metrics.NewSSIMY(), "luma=y8"), Golden: "ssim_wang_nodown_y8", Within: metrictest.Absolute(1e-6), Sparse: true},
		{Metric: with(t, metrics.NewSSIMY(), "convention=skimage"), Golden: "ssim_skdefault_y", Within: metrictest.Absolute(1e-6)},
		{Metric: with(t, metrics.NewSSIMY(), "convention=wang"), Golden: "ssim_wang_autodown_y", Within: metrictest.Absolute(1e-6)},
		{Metric: with(t, metrics.NewSSIMY(), "convention=wang@luma=y8"), Golden: "ssim_wang_autodown_y8", Within: metrictest.Absolute(1e-6), Sparse: true},
		{Metric: metrics.NewMSSSIMRGB(), Golden: "msssim_rgb", Within: metrictest.Absolute(3e-6)},
		{Metric: metrics.NewMSSSIMY(), Golden: "msssim_y", Within: metrictest.Absolute(3e-6)},
		{Metric: with(t, metrics.NewMSSSIMY(), "convention=wang"), Golden: "msssim_wang_y", Within: metrictest.Absolute(1e-6)},
		{Metric: with(t, metrics.NewMSSSIMY(), "convention=wang@luma=y8"), Golden: "msssim_wang_y8", Within: metrictest.Absolute(1e-6), Sparse: true},
		{Metric: with(t, metrics.NewMSSSIMY(), "convention=metrix"), Golden: "msssim_metrixmux97_y", Within: metrictest.Absolute(1e-6)},
		{Metric: with(t, metrics.NewMSSSIMY(), "convention=metrix@luma=y8"), Golden: "msssim_metrixmux97_y8", Within: metrictest.Absolute(1e-6), Sparse: true},
		{Metric: hvs, Golden: "psnr_hvs_y", Within: metrictest.Absolute(1e-4)},
		{Metric: with(t, hvs, "luma=y8"), Golden: "psnr_hvs_y8", Within: metrictest.Absolute(1e-4), Sparse: true},
		{Metric: with(t, hvs, "luma=ys8"), Golden: "psnr_hvs_lk_ys8", Within: metrictest.Absolute(1e-4), Sparse: true},
		{Metric: hvsM, Golden: "psnr_hvs_m_y", Within: metrictest.Absolute(1e-4)},
		{Metric: with(t, hvsM, "luma=y8"), Golden: "psnr_hvs_m_y8", Within: metrictest.Absolute(1e-4), Sparse: true},
		{Metric: with(t, hvsM, "luma=ys8"), Golden: "psnr_hvs_m_lk_ys8", Within: metrictest.Absolute(1e-4), Sparse: true},
		{Metric: metrics.NewGMSD(), Golden: "gmsd_y", Within: metrictest.Absolute(1e-7)},
		{Metric: with(t, metrics.NewGMSD(), "luma=y8"), Golden: "gmsd_y8", Within: metrictest.Absolute(1e-7), Sparse: true},
		{Metric: metrics.NewHaarPSI(), Golden: "haarpsi", Within: metrictest.Absolute(1e-7)},
		{Metric: with(t, metrics.NewHaarPSI(), "channels=y"), Golden: "haarpsi_y", Within: metrictest.Absolute(1e-7)},
		{Metric: metrics.NewCIEDE2000(), Golden: "ciede2000_mean", Within: metrictest.Absolute(1e-4)},
	})
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
