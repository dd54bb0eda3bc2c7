package latent

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
)

// lambdas are those of n levels from low to high, as model files hold them.
func lambdas(t *testing.T, low, high float64, n int) string {
	t.Helper()
	v := make([]float64, n)
	for i := range v {
		if _, err := fmt.Sscanf(fmt.Sprintf("%.6g", low*math.Pow(high/low, float64(i)/float64(max(n-1, 1)))), "%g", &v[i]); err != nil {
			t.Fatal(err)
		}
	}
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestLevels(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		n         int
		q         int
		at        float64
		gain      float64 // 0: 1
	}{
		{0.0018, 0.05, 8, 300, 0, 0},
		{0.0018, 0.05, 8, 1000, 7, 0},
		{0.0018, 0.05, 8, 650, 3.5, 0},
		{0.0018, 0.05, 8, 100, -2, 0.622},
		{0.0018, 0.05, 3, 475, 0.5, 0},
		{0.000433, 0.05, 11, 0, 0, 0},
		{0.000433, 0.05, 11, 425, 4.25, 0},
		{0.013, 0.013, 1, 700, 0, 0},
		{0.0018, 0.0193, 6, 1000, 7, 1.61},
	} {
		v, err := ParseLevels(lambdas(t, c.low, c.high, c.n))
		if err != nil {
			t.Fatal(err)
		}
		if got := v.At(c.q); math.Abs(got-c.at) > 0.01 {
			t.Errorf("%d levels: q %d is at %g, expected %g", c.n, c.q, got, c.at)
		}
		if c.gain == 0 {
			c.gain = 1
		}
		if got := float64(v.Gain(c.q)); math.Abs(got-c.gain) > 0.01 {
			t.Errorf("%d levels: gain %g at q %d, expected %g", c.n, got, c.q, c.gain)
		}
	}
}

func TestRows(t *testing.T) {
	v, err := ParseLevels(lambdas(t, 0.0018, 0.05, 8))
	if err != nil {
		t.Fatal(err)
	}
	for q, want := range map[int]int{0: 0, 300: 0, 349: 0, 350: 1, 925: 6, 951: 7, 1000: 7} {
		if got := v.Row(q, 8); got != want {
			t.Errorf("q %d has row %d of 8, expected %d", q, got, want)
		}
	}
	for q := 300; q <= 1000; q++ {
		if got := v.Row(q, 15); math.Abs(float64(got)/2-v.At(q)) > 0.251 {
			t.Errorf("q %d has row %d of 15, level %g", q, got, v.At(q))
		}
	}
}

func TestLambdaOfQualities(t *testing.T) {
	for q := 0; q <= QMax*QUnit; q += 7 {
		if got, ok := qOf(Lambda(q)); !ok || got != q {
			t.Errorf("the trade-off of q %d is that of %d", q, got)
		}
	}
	if v := Lambda(300); math.Abs(v-0.0018) > 1e-9 {
		t.Errorf("lambda %g at q 3", v)
	}
}

func TestBadLevels(t *testing.T) {
	for _, text := range []string{"", "[]", "[0]", "[-1, 1]", "[0.05, 0.0018]", "[0.01, 0.01]", "[0.0018, 0.04, 0.05]", "[1e300]", `["a"]`} {
		if v, err := ParseLevels(text); err == nil {
			t.Errorf("%q gives %+v", text, v)
		}
	}
}

// Whatever a model file says, every quality has a row and a finite gain.
func FuzzParseLevels(f *testing.F) {
	f.Add("[0.0018, 0.00949, 0.05]", uint8(5))
	f.Add("[1e-300]", uint8(1))
	f.Add("[null, 0.05]", uint8(3))
	f.Fuzz(func(t *testing.T, text string, rows uint8) {
		v, err := ParseLevels(text)
		if err != nil || rows == 0 {
			return
		}
		for q := 0; q <= QMax*QUnit; q += 50 {
			row, gain, at := v.Row(q, int(rows)), float64(v.Gain(q)), v.At(q)
			if row < 0 || row >= int(rows) || !(gain > 0) || math.IsInf(gain, 0) || math.IsNaN(at) {
				t.Errorf("%s: q %d has row %d of %d, gain %g, level %g", text, q, row, rows, gain, at)
			}
		}
	})
}
