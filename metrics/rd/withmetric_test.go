package rd

import (
	"context"
	"math"
	"reflect"
	"strings"
	"testing"
)

// TestPicturesWithoutAMetric holds that a picture which a metric can't measure
// enters neither side of that metric's curve, though it enters the others'.
func TestPicturesWithoutAMetric(t *testing.T) {
	whole := measured("whole", 4, 6, 1)
	icon := ImageCurve{Name: "icon.png", Hash: "icon"}
	for k := range 6 {
		icon.Points = append(icon.Points, point(float64(10*k), 5000, 50, math.NaN()))
	}
	mixed := whole
	mixed.Images = append([]ImageCurve{icon}, whole.Images...)
	mixed.Points, _ = Mean(mixed.Images, MeanOptions{})
	if mixed.Points[0].Values[KeyBPP] < 1000 {
		t.Fatalf("the mean of all pictures: %+v", mixed.Points[0])
	}
	got := mixed.WithMetric("ms-ssim-rgb", MeanOptions{})
	for k, p := range got.Points {
		if math.Abs(p.Values[KeyBPP]-whole.Points[k].Values[KeyBPP]) > 1e-12 {
			t.Errorf("point %d: bpp %g, %g without the icon", k, p.Values[KeyBPP], whole.Points[k].Values[KeyBPP])
		}
	}
	if same := mixed.WithMetric("psnr-rgb", MeanOptions{}); !reflect.DeepEqual(same, mixed) {
		t.Error("a metric that all pictures have changed the curve")
	}
	if same := mixed.WithMetric("absent", MeanOptions{}); !reflect.DeepEqual(same, mixed) {
		t.Error("a metric that no picture has changed the curve")
	}
	faster := measured("faster", 4, 6, 0.8)
	want, err := Compare(context.Background(), whole, faster, msssimInfo, Options{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := Compare(context.Background(), mixed, faster, msssimInfo, Options{})
	if err != nil || math.Abs(d.Percent-want.Percent) > 1e-9 || d.Images != want.Images || !strings.Contains(d.Note, "1 of the anchor curve's 5 pictures") {
		t.Errorf("BD-rate %g, want %g; note %q, %v", d.Percent, want.Percent, d.Note, err)
	}
}
