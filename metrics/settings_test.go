package metrics_test

import (
	"context"
	"strings"
	"testing"

	"codecworkbench/metrics"
)

// scaled is a metric with settings.
type scaled struct{ set metrics.Settings }

func newScaled() scaled {
	return scaled{metrics.NewSettings(
		metrics.Option{Name: "nits", Default: 80, Min: 1, Max: 10000},
		metrics.Option{Name: "pool", Choices: []string{"mean", "max"}})}
}

func (m scaled) Info() metrics.Info {
	return m.set.Label(metrics.Info{ID: "scaled", Name: "Scaled"})
}

func (m scaled) Compare(context.Context, *metrics.Pair) (float64, error) {
	return m.set.Number("nits") + float64(len(m.set.Choice("pool"))), nil
}

func (m scaled) Settings() metrics.Settings             { return m.set }
func (m scaled) With(s metrics.Settings) metrics.Metric { return scaled{s} }

func TestSettings(t *testing.T) {
	r, err := metrics.NewRegistry([]metrics.Metric{newScaled(), metrics.NewPSNRRGB()})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		id, want, name string
		value          float64
	}{
		{"scaled", "scaled", "Scaled", 84},
		{"scaled@nits=80", "scaled", "Scaled", 84},
		{"scaled@nits=203.0", "scaled@nits=203", "Scaled (nits 203)", 207},
		{"scaled@pool=max@nits=1e2", "scaled@nits=100@pool=max", "Scaled (nits 100, pool max)", 103},
	} {
		m, err := r.Metric(c.id)
		if err != nil {
			t.Fatalf("%s: %v", c.id, err)
		}
		v, _ := m.Compare(t.Context(), nil)
		if info := m.Info(); info.ID != c.want || info.Name != c.name || v != c.value {
			t.Errorf("%s: got %s, %q, %v", c.id, info.ID, info.Name, v)
		}
	}
	for id, want := range map[string]string{
		"scaled@nits=0":    "from 1 to 10000",
		"scaled@nits=NaN":  "from 1 to 10000",
		"scaled@pool=min":  "mean, max",
		"scaled@nit=3":     "nits, pool",
		"scaled@":          "NAME=VALUE",
		"psnr-rgb@nits=80": "no settings",
	} {
		if _, err := r.Metric(id); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q in it", id, err, want)
		}
	}
}
