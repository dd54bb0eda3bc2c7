package workbench

import (
	"testing"

	"codecworkbench/app/report/figure"
	"codecworkbench/metrics/rd"
)

// The rate axis ends where the user says, unless that would hide all or nothing.
func TestUpTo(t *testing.T) {
	f := &figure.Figure{Series: []figure.Series{{Curve: rd.Curve{Points: []rd.Point{
		{Values: map[string]float64{rd.KeyBPP: 0.2}}, {Values: map[string]float64{rd.KeyBPP: 4.5}}}}}}}
	for most, want := range map[float64]figure.Range{0: {}, 1: {Max: 1}, 5: {}, 0.1: {}} {
		if got := upTo(most, f); got != want {
			t.Errorf("up to %v bpp the axis is %v, not %v", most, got, want)
		}
	}
	f.Log = true
	if got := upTo(1, f); got.Min <= 0 || got.Min >= 0.2 {
		t.Errorf("a logarithmic axis begins at %v", got.Min)
	}
}
