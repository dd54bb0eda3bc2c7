package samples_test

import (
	"context"
	"math"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/classical"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
	samples "codecworkbench/sample_images"
)

func open(t *testing.T, s samples.Sample) *picture.Picture {
	t.Helper()
	data, err := s.PNG()
	if err != nil {
		t.Fatal(err)
	}
	p, err := picture.Decode(data, picture.Source{Name: s.Name})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// code returns bits per pixel and PSNR of one encode.
func code(t *testing.T, c codecs.Codec, p *picture.Picture, q float64) (bpp, psnr float64) {
	t.Helper()
	ctx := context.Background()
	s, err := c.Encode(ctx, p, codecs.EncodeOptions{Params: codecs.Params{}.WithQ(q)})
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Decode(ctx, s, codecs.DecodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	n, err := codecs.Size(c.Info(), s)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := metrics.NewPair(p, r.Picture)
	if err != nil {
		t.Fatal(err)
	}
	v, err := metrics.NewPSNRRGB().Compare(ctx, pair)
	if err != nil {
		t.Fatal(err)
	}
	return 8 * float64(n) / float64(p.Pixels()), v
}

// Scenes must behave like photographs: neither too easy nor all noise for JPEG, and
// WebP better than JPEG at the same quality.
func TestScenesBehaveLikePhotographs(t *testing.T) {
	jpeg, webp := classical.NewJPEG(), classical.NewWebP()
	scenes := 0
	for _, s := range samples.All() {
		p := open(t, s)
		if p.Width() < 768 || p.Height() < 512 {
			t.Errorf("%s: %dx%d, samples are 768x512 or larger", s.Name, p.Width(), p.Height())
		}
		if !s.Scene() {
			continue
		}
		scenes++
		rate, psnr := code(t, jpeg, p, 50)
		if rate < 0.4 || rate > 1.5 {
			t.Errorf("%s: JPEG takes %.2f bpp at q 50, photographs take 0.4 to 1.5", s.Name, rate)
		}
		if webp.Info().Unavailable != "" {
			continue
		}
		if at := webpRate(t, webp, p, psnr); !(at < rate) {
			t.Errorf("%s: WebP takes %.3f bpp for %.2f dB, JPEG %.3f", s.Name, at, psnr, rate)
		}
	}
	if scenes != 6 {
		t.Errorf("%d scenes, want 6", scenes)
	}
}

// webpRate is the rate at which WebP reaches a PSNR, by bisection.
func webpRate(t *testing.T, c codecs.Codec, p *picture.Picture, psnr float64) float64 {
	t.Helper()
	lo, hi, best := 0.0, 100.0, math.Inf(1)
	for hi-lo > 1 {
		q := math.Floor((lo + hi) / 2)
		rate, v := code(t, c, p, q)
		if v >= psnr {
			hi, best = q, rate
		} else {
			lo = q
		}
	}
	return best
}
