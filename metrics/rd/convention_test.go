package rd

import (
	"math"
	"strings"
	"testing"
)

// pictured makes a curve of two settings over pictures with the PSNR given.
func pictured(psnr ...[2]float64) Curve {
	var c Curve
	for i, v := range psnr {
		img := ImageCurve{Name: string(rune('a' + i))}
		for k, p := range v {
			img.Points = append(img.Points, Point{Q: float64(k), Values: map[string]float64{
				KeyBPP: float64(k + 1), KeyPayload: float64(k+1) - 0.25, "psnr-rgb": p, "ms-ssim-rgb": 0.9}})
		}
		c.Images = append(c.Images, img)
	}
	c.Points, _ = Mean(c.Images, MeanOptions{})
	return c
}

// The PSNR of the mean MSE of 20 and 40 dB is that of an MSE ratio of (1e-2 + 1e-4)/2.
func TestConventionMeanMSE(t *testing.T) {
	c := pictured([2]float64{20, 30}, [2]float64{40, 30})
	got, note := c.By(Convention{PSNRofMeanMSE: true})
	if want := -10 * math.Log10((1e-2+1e-4)/2); note != "" || !near(got.Points[0].Values["psnr-rgb"], want, 1e-9) || !near(got.Points[1].Values["psnr-rgb"], 30, 1e-9) {
		t.Errorf("%v, %q; want %v", got.Points, note, want)
	}
	if v := c.Points[0].Values["psnr-rgb"]; v != 30 {
		t.Errorf("the curve itself changed to %v", v)
	}
	bare := Curve{Points: c.Points}
	if _, note := bare.By(Convention{PSNRofMeanMSE: true}); !strings.Contains(note, "no values by picture") {
		t.Errorf("a curve without pictures says %q", note)
	}
	bare.Points = []Point{{Values: map[string]float64{KeyBPP: 1, "psnr-rgb": 31, keyMeanMSE: 30.5}}}
	if got, note := bare.By(Convention{PSNRofMeanMSE: true}); note != "" || got.Points[0].Values["psnr-rgb"] != 30.5 {
		t.Errorf("a published PSNR of the mean MSE is not taken: %v, %q", got.Points, note)
	}
	other := Curve{Points: []Point{{Values: map[string]float64{KeyBPP: 1, "ms-ssim-rgb": 0.9}}}}
	if _, note := other.By(Convention{PSNRofMeanMSE: true}); note != "" {
		t.Errorf("a curve without PSNR says %q", note)
	}
}

func TestConventionPayload(t *testing.T) {
	c := pictured([2]float64{20, 30}, [2]float64{40, 30})
	got, note := c.By(Convention{Payload: true})
	if note != "" || got.Points[1].Values[KeyBPP] != 1.75 || got.Images[0].Points[0].Values[KeyBPP] != 0.75 {
		t.Errorf("%v, %q", got, note)
	}
	if c.Points[1].Values[KeyBPP] != 2 || c.Images[0].Points[0].Values[KeyBPP] != 1 {
		t.Error("the curve itself changed")
	}
	delete(c.Images[1].Points[0].Values, KeyPayload)
	if got, note := c.By(Convention{Payload: true}); !strings.Contains(note, "by file size") || got.Points[1].Values[KeyBPP] != 2 {
		t.Errorf("a curve with an unknown payload: %v, %q", got, note)
	}
	both, _ := pictured([2]float64{20, 30}, [2]float64{40, 30}).By(Convention{Payload: true, PSNRofMeanMSE: true})
	if both.Points[0].Values[KeyBPP] != 0.75 {
		t.Errorf("both conventions: %v", both.Points)
	}
}

func TestUsual(t *testing.T) {
	for o, want := range map[Convention]bool{{}: true, {Method: PCHIP}: true, {Method: Akima}: false, {Payload: true}: false, {PSNRofMeanMSE: true}: false} {
		if o.Usual() != want {
			t.Errorf("%+v is usual: %v", o, !want)
		}
	}
}

func TestBand(t *testing.T) {
	c := pictured([2]float64{20, 30}, [2]float64{22, 30}, [2]float64{24, 30}, [2]float64{26, math.NaN()}, [2]float64{28, 30})
	q := Band(c, psnrInfo, Quartiles, Options{})
	if q[0].Low != 21.5 || q[0].High != 25 { // the picture that lacks a value is in no mean
		t.Errorf("quartiles of 20, 22, 24 and 28 are %v", q[0])
	}
	b := Band(c, psnrInfo, Bootstrap, Options{})
	if !(b[0].Low > 20 && b[0].Low < 24 && b[0].High > 24 && b[0].High < 28) {
		t.Errorf("the interval of the mean of 20, 22, 24 and 28 is %v", b[0])
	}
	mse := Band(c, psnrInfo, Bootstrap, Options{Mean: MeanOptions{PSNRofMeanMSE: true}})
	if !(mse[0].Low < mse[0].High && mse[0].High < b[0].High) {
		t.Errorf("with errors averaged it is %v, with decibels %v", mse[0], b[0])
	}
	for _, few := range []Curve{pictured([2]float64{20, 30}), {Points: c.Points}} {
		if v := Band(few, psnrInfo, Quartiles, Options{}); !math.IsNaN(v[0].Low) {
			t.Errorf("a band from %d pictures: %v", len(few.Images), v)
		}
	}
}
