package heatmap

import (
	"math"
	"testing"

	"codecworkbench/codecs"
)

// TestValues holds the ends of scales: what is rare lies beyond them, small planes lose
// nothing, and planes to be compared end alike.
func TestValues(t *testing.T) {
	many := make([]float32, 2000)
	for i := range many {
		many[i] = float32(i % 10)
	}
	many[7] = 1000
	for name, c := range map[string]struct {
		plane  codecs.Plane
		lo, hi string
	}{
		"small":     {codecs.Plane{Values: []float32{6, 1}, Unit: "bits"}, "0", "6 bits"},
		"narrow":    {codecs.Plane{Values: []float32{6, 5}}, "5", "6"},
		"signed":    {codecs.Plane{Values: []float32{-6, 1}, Signed: true}, "-6", "6"},
		"outlier":   {codecs.Plane{Values: many}, "0", "≥ 9"},
		"compared":  {codecs.Plane{Values: []float32{2, 0}, Most: 50}, "0", "50"},
		"surpassed": {codecs.Plane{Values: []float32{70, 0}, Most: 50}, "0", "≥ 50"},
		"flat":      {codecs.Plane{Values: []float32{7, 7}}, "7", "8"},
		"nothing":   {codecs.Plane{Values: []float32{float32(math.NaN())}}, "0", "1"},
	} {
		if lo, hi := NewValues(c.plane).Ends(); lo != c.lo || hi != c.hi {
			t.Errorf("%s: %q to %q, want %q to %q", name, lo, hi, c.lo, c.hi)
		}
	}
	v := NewValues(codecs.Plane{Values: []float32{-4, 4}, Signed: true})
	if dark, blue, orange := v.At(0), v.At(-3), v.At(3); dark.R > 40 || blue.B <= blue.R || orange.R <= orange.B {
		t.Errorf("0 is %v, -3 is %v, 3 is %v", dark, blue, orange)
	}
	if none := v.At(float32(math.NaN())); none.A != 0 {
		t.Errorf("no number has the colour %v", none)
	}
}
