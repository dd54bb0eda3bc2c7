package curves

import (
	"testing"

	"codecworkbench/app/report/figure"
	"codecworkbench/metrics/rd"
)

// The small chart shows what lies around the present settings, in steps.
func TestAround(t *testing.T) {
	f := &figure.Figure{Series: []figure.Series{{Curve: rd.Curve{Points: []rd.Point{
		{Values: map[string]float64{rd.KeyBPP: 0.1}}, {Values: map[string]float64{rd.KeyBPP: 4.5}}}}}}}
	for rate, want := range map[float64]float64{0.28: 1, 0.5: 1, 0.51: 2, 1.9: 4, 2.1: 0, 4.5: 0} {
		if got := around([]Spot{{X: 0.1}, {X: rate}}, f).Max; got != want {
			t.Errorf("at %v bpp the axis ends at %v, not %v", rate, got, want)
		}
	}
	if got := around(nil, f); got != (figure.Range{}) {
		t.Errorf("without a setting the axis is cut: %v", got)
	}
}
