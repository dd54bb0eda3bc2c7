package metrics_test

import (
	"math"
	"strings"
	"testing"

	"codecworkbench/metrics"
	"codecworkbench/metrics/internal/metrictest"
)

func TestBehaviour(t *testing.T) {
	for _, c := range []struct {
		metric metrics.Metric
		traits metrictest.Traits
	}{
		{metrics.NewPSNRRGB(), metrictest.Traits{Identity: math.Inf(1), Symmetric: true}},
		{metrics.NewPSNRY(), metrictest.Traits{Identity: math.Inf(1), Symmetric: true}},
		{metrics.NewSSIMRGB(), metrictest.Traits{Identity: 1, Symmetric: true}},
		{metrics.NewSSIMY(), metrictest.Traits{Identity: 1, Symmetric: true}},
		{with(t, metrics.NewSSIMY(), "convention=skimage"), metrictest.Traits{Identity: 1, Symmetric: true}},
		{with(t, metrics.NewSSIMY(), "convention=wang"), metrictest.Traits{Identity: 1, Symmetric: true}},
		{metrics.NewMSSSIMRGB(), metrictest.Traits{Identity: 1, Symmetric: true}},
		{metrics.NewMSSSIMY(), metrictest.Traits{Identity: 1, Symmetric: true}},
		{with(t, metrics.NewMSSSIMY(), "convention=wang"), metrictest.Traits{Identity: 1, Symmetric: true}},
		{with(t, metrics.NewMSSSIMY(), "convention=metrix"), metrictest.Traits{Identity: 1, Symmetric: true}},
		{metrics.NewGMSD(), metrictest.Traits{Identity: 0, Symmetric: true}},
		{metrics.NewHaarPSI(), metrictest.Traits{Identity: 1, Symmetric: true}},
		{metrics.NewCIEDE2000(), metrictest.Traits{Identity: 0, Symmetric: true}},
		{metrics.NewPSNRHVS(), metrictest.Traits{Identity: math.Inf(1), Symmetric: true}},
		{metrics.NewPSNRHVSM(), metrictest.Traits{Identity: math.Inf(1), Symmetric: true}},
	} {
		t.Run(c.metric.Info().ID, func(t *testing.T) { metrictest.Behaviour(t, c.metric, c.traits) })
	}
}

func BenchmarkMetrics(b *testing.B) {
	for _, m := range []metrics.Metric{metrics.NewPSNRRGB(), metrics.NewPSNRY(), metrics.NewSSIMRGB(),
		metrics.NewSSIMY(), metrics.NewMSSSIMRGB(), metrics.NewMSSSIMY(), metrics.NewPSNRHVSM(),
		metrics.NewGMSD(), metrics.NewHaarPSI(), metrics.NewCIEDE2000()} {
		metrictest.Bench(b, m)
	}
}

func TestDifferentSizes(t *testing.T) {
	_, err := metrics.NewPair(metrictest.Noise(t, 170, 180, 8, 1), metrictest.Noise(t, 180, 170, 8, 1))
	if err == nil || !strings.Contains(err.Error(), "170 x 180") || !strings.Contains(err.Error(), "180 x 170") {
		t.Errorf("two sizes: got %v", err)
	}
}

// SSIM's map averages to SSIM, and the squared errors' to PSNR.
func TestMapsAverageToTheValue(t *testing.T) {
	ref, dist := metrictest.Noise(t, 301, 77, 8, 1), metrictest.Noise(t, 301, 77, 8, 2)
	for _, m := range []metrics.Metric{metrics.NewPSNRRGB(), metrics.NewPSNRY(), metrics.NewSSIMRGB(), metrics.NewSSIMY()} {
		shown, err := metrics.MapOf(t.Context(), m.(metrics.Mapper), metrictest.Pair(t, ref, dist), "")
		if err != nil {
			t.Fatal(err)
		}
		mean := 0.
		for _, v := range shown.Values {
			mean += float64(v) / float64(len(shown.Values))
		}
		if m.Info().Unit == "dB" {
			mean = 10 * math.Log10(255*255/mean)
		}
		if want := metrictest.Measure(t, m, ref, dist).Number; math.Abs(mean-want) > 1e-6 {
			t.Errorf("%s: the map averages to %.9f, the value is %.9f", m.Info().ID, mean, want)
		}
	}
}

// A pair keeps what was computed once, and does not keep failures.
func TestShared(t *testing.T) {
	pair := metrictest.Pair(t, metrictest.Noise(t, 8, 8, 0, 1), metrictest.Noise(t, 8, 8, 0, 1))
	type key struct{ nits int }
	runs := 0
	for _, want := range []int{1, 1} {
		got, err := metrics.Shared(pair, key{80}, func() (int, error) { runs++; return runs, nil })
		if err != nil || got != want {
			t.Errorf("got %d, %v, want %d", got, err, want)
		}
	}
	if _, err := metrics.Shared(pair, key{1}, func() (int, error) { return 0, &metrics.Undefined{Reason: "no"} }); err == nil {
		t.Error("the error is gone")
	}
	if got, err := metrics.Shared(pair, key{1}, func() (int, error) { return 5, nil }); err != nil || got != 5 {
		t.Errorf("after a failure: got %d, %v", got, err)
	}
}

func TestSelectTakesEachOnce(t *testing.T) {
	r, err := metrics.NewRegistry([]metrics.Metric{metrics.NewPSNRRGB(), metrics.NewPSNRY()})
	if err != nil {
		t.Fatal(err)
	}
	for _, ids := range [][]string{{"psnr-y", "psnr-rgb", "psnr-y"}, {"psnr-y", "all"}} {
		if list, err := r.Select(ids); err != nil || len(list) != 2 {
			t.Errorf("%v: %d metrics, %v", ids, len(list), err)
		}
	}
	if _, err := r.Select([]string{"nope"}); err == nil {
		t.Error("an unknown metric was selected")
	}
}
