package rd

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"codecworkbench/metrics"
)

var (
	psnrInfo   = metrics.Info{ID: "psnr-rgb", Unit: "dB"}
	msssimInfo = metrics.Info{ID: "ms-ssim-rgb", DB: true}
	lowerInfo  = metrics.Info{ID: "butteraugli", Lower: true}
)

func point(q, bpp, psnr, msssim float64) Point {
	return Point{q, map[string]float64{KeyBPP: bpp, "psnr-rgb": psnr, "ms-ssim-rgb": msssim}}
}

// measured makes a curve of several pictures, each a little different; gain
// multiplies all rates.
func measured(name string, pictures, points int, gain float64) Curve {
	r := rand.New(rand.NewPCG(7, 7))
	c := Curve{Name: name}
	for i := range pictures {
		image := ImageCurve{Name: fmt.Sprintf("kodim%02d.png", i+1), Hash: fmt.Sprint("hash", i)}
		hard := 0.6 + r.Float64()
		for k := range points {
			own := 1 + 0.1*r.NormFloat64()*math.Abs(gain-1) // pictures gain differently
			quality := 26 + 2.5*float64(k) + r.Float64()
			image.Points = append(image.Points, point(float64(10*k), hard*gain*own*0.1*math.Pow(1.6, float64(k)), quality, 1-math.Pow(10, -quality/25)))
		}
		c.Images = append(c.Images, image)
	}
	c.Points, _ = Mean(c.Images, MeanOptions{})
	return c
}

func TestMean(t *testing.T) {
	images := []ImageCurve{
		{Name: "a", Points: []Point{point(10, 0.2, 30, 0.9), point(20, 0.4, math.Inf(1), 0.96)}},
		{Name: "b", Points: []Point{point(10, 0.4, 40, math.NaN()), point(30, 0.8, 50, 0.98)}},
	}
	points, omitted := Mean(images, MeanOptions{})
	if len(points) != 2 || points[0].Q != 10 || !math.IsNaN(points[1].Q) {
		t.Fatalf("got %+v", points)
	}
	for _, c := range []struct {
		index     int
		key       string
		want      float64
		tolerance float64
	}{
		{0, KeyBPP, 0.3, 1e-12}, {0, "psnr-rgb", 35, 1e-12}, {0, "ms-ssim-rgb", 0.9, 1e-12},
		{1, KeyBPP, 0.6, 1e-12}, {1, "psnr-rgb", 50, 1e-12}, {1, "ms-ssim-rgb", 0.97, 1e-12},
	} {
		if got := points[c.index].Values[c.key]; !near(got, c.want, c.tolerance) {
			t.Errorf("mean %s of point %d: got %v, want %v", c.key, c.index, got, c.want)
		}
	}
	if omitted.Values["psnr-rgb"] != 1 || omitted.Values["ms-ssim-rgb"] != 1 || omitted.Values[KeyBPP] != 0 {
		t.Errorf("omitted: got %+v", omitted)
	}
	points, _ = Mean(images, MeanOptions{PSNRofMeanMSE: true})
	want := -10 * math.Log10((math.Pow(10, -3)+math.Pow(10, -4))/2)
	if got := points[0].Values["psnr-rgb"]; !near(got, want, 1e-9) {
		t.Errorf("PSNR of the mean MSE: got %v, want %v", got, want)
	}
	if got := points[1].Values["psnr-rgb"]; !near(got, 50+10*math.Log10(2), 1e-9) {
		t.Errorf("PSNR of the mean of an error and none: got %v", got)
	}
}

func TestMeanWithoutFailedPoints(t *testing.T) {
	p := point(10, 0.2, 30, 0.9)
	failed := Point{Q: 10}
	images := func(rows ...string) []ImageCurve {
		var out []ImageCurve
		for i, row := range rows {
			c := ImageCurve{Name: fmt.Sprint(i)}
			for _, r := range row {
				c.Points = append(c.Points, map[rune]Point{'x': p, '-': failed}[r])
			}
			out = append(out, c)
		}
		return out
	}
	for _, c := range []struct {
		name, pictures string
		points         []int
		rows           []string
	}{
		{"one picture fails once", "1", nil, []string{"xxx", "x-x", "xxx"}},
		{"one setting fails nearly everywhere", "", []int{2}, []string{"xx-", "xx-", "xxx"}},
		{"pictures not begun", "2 3", nil, []string{"xx", "xx", "--", ""}},
		{"no picture is complete", "", []int{1, 2}, []string{"xx-", "x-x"}},
		{"nothing at all", "0 1", []int{0, 1}, []string{"--", "--"}},
		{"a shorter ladder", "1", nil, []string{"xxx", "xx", "xxx"}},
	} {
		points, omitted := Mean(images(c.rows...), MeanOptions{})
		if got := strings.Join(omitted.Pictures, " "); got != c.pictures || !slices.Equal(omitted.Points, c.points) {
			t.Errorf("%s: left out pictures %q, points %v; want %q, %v", c.name, got, omitted.Points, c.pictures, c.points)
		}
		for i, p := range points {
			if has := len(p.Values) > 0; has == slices.Contains(c.points, i) {
				t.Errorf("%s: point %d has values: %v", c.name, i, has)
			}
		}
	}
	if points, _ := Mean(nil, MeanOptions{}); len(points) != 0 {
		t.Errorf("no pictures: got %v", points)
	}
}

func TestCompare(t *testing.T) {
	a, b := measured("jpeg", 12, 7, 1), measured("klt", 12, 7, 0.7)
	for _, m := range []metrics.Info{psnrInfo, msssimInfo} {
		d, err := Compare(t.Context(), a, b, m, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if d.Anchor != "jpeg" || d.Test != "klt" || d.Metric != m.ID || d.Method != PCHIP || d.Note != "" {
			t.Errorf("got %+v", d)
		}
		if !near(d.Percent, -30, 2) || d.Quality <= 0 || d.Overlap < 0.9 {
			t.Errorf("%s: got %+v, want some -30 %%", m.ID, d)
		}
		if d.Images != 12 || !(d.Low < d.Percent && d.Percent < d.High) || d.High-d.Low > 5 {
			t.Errorf("%s: interval %v to %v of %d pictures around %v", m.ID, d.Low, d.High, d.Images, d.Percent)
		}
		again, err := Compare(t.Context(), a, b, m, Options{})
		if err != nil || again != d {
			t.Errorf("%s: a second run gives %+v, %v", m.ID, again, err)
		}
		other, err := Compare(t.Context(), a, b, m, Options{Seed: 5})
		if err != nil || other.Low == d.Low || !near(other.Low, d.Low, 1) {
			t.Errorf("%s: another seed gives %v, %v; the first %v", m.ID, other.Low, err, d.Low)
		}
		narrow, err := Compare(t.Context(), a, b, m, Options{Level: 0.5})
		if err != nil || narrow.High-narrow.Low >= d.High-d.Low {
			t.Errorf("%s: the half interval is %v to %v, %v", m.ID, narrow.Low, narrow.High, err)
		}
	}
}

// All pictures gain the same: the interval has no width, whatever is drawn.
func TestIntervalOfEqualGains(t *testing.T) {
	a := measured("a", 8, 6, 1)
	b := Curve{Name: "b"}
	for _, c := range slices.Backward(a.Images) { // another order of the pictures
		twin := ImageCurve{Name: c.Name, Hash: c.Hash}
		for _, p := range c.Points {
			twin.Points = append(twin.Points, point(p.Q, p.Values[KeyBPP]*0.8, p.Values["psnr-rgb"], p.Values["ms-ssim-rgb"]))
		}
		b.Images = append(b.Images, twin)
	}
	for _, mean := range []MeanOptions{{}, {PSNRofMeanMSE: true}} {
		a.Points, _ = Mean(a.Images, mean)
		b.Points, _ = Mean(b.Images, mean)
		d, err := Compare(t.Context(), a, b, psnrInfo, Options{Mean: mean})
		if err != nil {
			t.Fatal(err)
		}
		if !near(d.Percent, -20, 1e-9) || !near(d.Low, -20, 1e-9) || !near(d.High, -20, 1e-9) {
			t.Errorf("got %v, %v to %v; want -20 throughout", d.Percent, d.Low, d.High)
		}
	}
}

func TestNoInterval(t *testing.T) {
	a, b := measured("a", 4, 6, 1), measured("b", 4, 6, 0.7)
	change := func(f func(*Curve)) Curve {
		c := b
		c.Images = slices.Clone(b.Images)
		f(&c)
		return c
	}
	for _, c := range []struct {
		name string
		test Curve
		note string
	}{
		{"published curve", change(func(c *Curve) { c.Images = nil }), "no values by picture"},
		{"a picture less", change(func(c *Curve) { c.Images = c.Images[1:] }), "4 and 3 pictures, of which 3"},
		{"another picture", change(func(c *Curve) { c.Images[2].Hash = "other" }), "4 and 4 pictures, of which 3"},
		{"by name, another", change(func(c *Curve) { c.Images[2].Hash, c.Images[1].Name = "", "other" }), "of which 3"},
	} {
		d, err := Compare(t.Context(), a, c.test, psnrInfo, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if math.IsNaN(d.Percent) || !math.IsNaN(d.Low) || !math.IsNaN(d.High) || d.Images != 0 || !strings.Contains(d.Note, c.note) {
			t.Errorf("%s: got %+v, want no interval and %q", c.name, d, c.note)
		}
	}
	byName := change(func(c *Curve) { c.Images[0].Hash = "" })
	if d, err := Compare(t.Context(), a, byName, psnrInfo, Options{}); err != nil || d.Images != 4 {
		t.Errorf("matched by name: got %+v, %v", d, err)
	}
	if d, err := Compare(t.Context(), a, b, psnrInfo, Options{Draws: -1}); err != nil || d.Note != "" || !math.IsNaN(d.Low) {
		t.Errorf("interval not asked for: got %+v, %v", d, err)
	}
	one := measured("one", 1, 6, 1)
	if d, err := Compare(t.Context(), one, one, psnrInfo, Options{}); err != nil || !strings.Contains(d.Note, "at least 2 pictures") {
		t.Errorf("one picture: got %+v, %v", d, err)
	}
	if d, err := Compare(t.Context(), a, b, psnrInfo, Options{Draws: 1, Level: math.NaN()}); err != nil || d.Low != d.High || math.IsNaN(d.Low) {
		t.Errorf("one draw: got %+v, %v", d, err)
	}
}

func TestCompareLeavesPointsOut(t *testing.T) {
	a, b := measured("a", 3, 6, 1), measured("b", 3, 6, 0.7)
	b.Points = append(slices.Clone(b.Points), point(99, 9, math.Inf(1), 1), Point{Q: 100})
	for _, m := range []metrics.Info{psnrInfo, msssimInfo} {
		d, err := Compare(t.Context(), a, b, m, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if math.IsNaN(d.Percent) || !strings.Contains(d.Note, "2 points of the test curve left out") {
			t.Errorf("%s: got %+v", m.ID, d)
		}
	}
	d, err := Compare(t.Context(), a, b, metrics.Info{ID: "vmaf"}, Options{})
	if err != nil || !math.IsNaN(d.Percent) || !math.IsNaN(d.Quality) || !strings.Contains(d.Note, "left out: no finite vmaf") {
		t.Errorf("a metric that nobody measured: got %+v, %v", d, err)
	}
}

func TestLowerIsBetter(t *testing.T) {
	var a, b Curve
	for k := range 5 {
		bpp, distance := 0.2*math.Pow(2, float64(k)), 5-float64(k)
		a.Points = append(a.Points, Point{0, map[string]float64{KeyBPP: bpp, "butteraugli": distance}})
		b.Points = append(b.Points, Point{0, map[string]float64{KeyBPP: bpp, "butteraugli": distance - 0.5}})
	}
	d, err := Compare(t.Context(), a, b, lowerInfo, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if d.Percent >= 0 || !near(d.Quality, 0.5, 1e-9) {
		t.Errorf("the test curve is better: got %+v", d)
	}
	if bpp, err := RateAt(a, lowerInfo, 3); err != nil || !near(bpp, 0.8, 1e-12) {
		t.Errorf("rate at distance 3: got %v, %v", bpp, err)
	}
	if v, err := QualityAt(a, lowerInfo, 0.8); err != nil || !near(v, 3, 1e-12) {
		t.Errorf("distance at 0.8 bpp: got %v, %v", v, err)
	}
}

func TestRateAt(t *testing.T) {
	c := measured("a", 3, 6, 1)
	for _, m := range []metrics.Info{psnrInfo, msssimInfo} {
		for _, p := range c.Points {
			if got, err := RateAt(c, m, m.Display(p.Values[m.ID])); err != nil || !near(got, p.Values[KeyBPP], 1e-9) {
				t.Errorf("%s at a point: got %v bpp, %v; want %v", m.ID, got, err, p.Values[KeyBPP])
			}
		}
		if _, err := RateAt(c, m, 90); err == nil || !strings.Contains(err.Error(), "outside") {
			t.Errorf("%s: beyond the curve: got %v", m.ID, err)
		}
	}
	for _, v := range []float64{math.NaN(), math.Inf(1)} {
		if _, err := RateAt(c, psnrInfo, v); err == nil {
			t.Errorf("rate at %v: want an error", v)
		}
		if _, err := QualityAt(c, psnrInfo, v); err == nil {
			t.Errorf("quality at %v: want an error", v)
		}
	}
	if _, err := RateAt(Curve{}, psnrInfo, 30); err == nil {
		t.Error("an empty curve: want an error")
	}
	if _, err := QualityAt(c, psnrInfo, -1); err == nil {
		t.Error("a negative rate: want an error")
	}
}

func TestFront(t *testing.T) {
	points := []XY{{1, 30}, {0.5, 28}, {0.7, 27}, {1, 31}, {2, 31}, {math.NaN(), 99}, {3, math.Inf(1)}, {0.5, 28}, {4, 35}}
	if got, want := Front(points), []int{1, 3, 8}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := Front(nil); len(got) != 0 {
		t.Errorf("no points: got %v", got)
	}
}

func TestCompareCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	a := measured("a", 4, 6, 1)
	if _, err := Compare(ctx, a, a, psnrInfo, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkCompare(b *testing.B) {
	x, y := measured("a", 24, 8, 1), measured("b", 24, 8, 0.7)
	for b.Loop() {
		if _, err := Compare(b.Context(), x, y, msssimInfo, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
