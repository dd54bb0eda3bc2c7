package classical

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/sync/errgroup"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// publishedCurve reads one of the published curves over Kodak, from low rate to high.
func publishedCurve(t *testing.T, shared, name string) (bpp, psnr []float64) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(shared, "published-rd", name))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Results struct {
			BPP  []float64 `json:"bpp"`
			PSNR []float64 `json:"psnr-rgb"`
		} `json:"results"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	bpp, psnr = file.Results.BPP, file.Results.PSNR
	if bpp[0] > bpp[len(bpp)-1] {
		slices.Reverse(bpp)
		slices.Reverse(psnr)
	}
	return bpp, psnr
}

// kodakCurve measures a codec's mean rate and PSNR over the 24 Kodak images.
func kodakCurve(t *testing.T, shared string, c codecs.Codec, params codecs.Params, ladder []float64) (bpp, quality []float64) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(shared, "data", "kodak", "*.png"))
	if err != nil || len(files) != 24 {
		t.Fatalf("%d Kodak images, want 24", len(files))
	}
	type point struct{ bpp, psnr float64 }
	points := make([][]point, len(files))
	var group errgroup.Group
	group.SetLimit(2)
	for i, name := range files {
		points[i] = make([]point, len(ladder))
		group.Go(func() error {
			p, err := picture.Open(name)
			if err != nil {
				return err
			}
			for k, q := range ladder {
				s, err := c.Encode(context.Background(), p, codecs.EncodeOptions{Params: params.WithQ(q)})
				if err != nil {
					return err
				}
				r, err := c.Decode(context.Background(), s, codecs.DecodeOptions{})
				if err != nil {
					return err
				}
				n, err := codecs.Size(c.Info(), s)
				if err != nil {
					return err
				}
				points[i][k] = point{8 * float64(n) / float64(p.Pixels()), psnr(p, r.Picture)}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	bpp, quality = make([]float64, len(ladder)), make([]float64, len(ladder))
	for _, one := range points {
		for k, p := range one {
			bpp[k] += p.bpp / float64(len(files))
			quality[k] += p.psnr / float64(len(files))
		}
	}
	return bpp, quality
}

// TestWebPPublished: at equal rate the mean curve lies within 0.03 dB of CompressAI's
// (Pillow 7.1.2 with its libwebp, method 4).
func TestWebPPublished(t *testing.T) {
	shared := sharedDir(t)
	c := NewWebP()
	if why := c.Info().Unavailable; why != "" {
		t.Skip(why)
	}
	ladder := c.Info().Quality.Ladder
	bpp, quality := kodakCurve(t, shared, c, nil, ladder)
	wantBPP, wantPSNR := publishedCurve(t, shared, "webp.json")
	for i, q := range ladder {
		above := interpolate(bpp, quality, wantBPP[i]) - wantPSNR[i]
		t.Logf("q %2.0f: %.4f bpp, %.3f dB; published %.4f bpp, %.3f dB; %+.3f dB at equal rate", q, bpp[i], quality[i], wantBPP[i], wantPSNR[i], above)
		if above < -0.03 || above > 0.03 {
			t.Errorf("q %.0f lies %+.3f dB from the published curve", q, above)
		}
	}
}

// TestExternalPublished measures the external codecs that are installed beside
// published curves of the same format. Other encoders and settings were used there,
// so the bounds are wide: they catch a wrong option or a wrong colour, not a version.
func TestExternalPublished(t *testing.T) {
	shared := sharedDir(t)
	list, errs := Predefined()
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	for _, c := range list {
		info := c.Info()
		against, ok := map[string]struct {
			file     string
			from, to float64 // dB from it at equal rate
		}{
			// ffmpeg at fixed rates too, but with the reversible wavelet on 8-bit YCbCr.
			"jpeg2000": {"jpeg2000.json", 0, 2},
			"bpg":      {"bpg-444-x265-ycbcr.json", -0.2, 0.2},
			"avif":     {"bpg-444-x265-ycbcr.json", -1, 1.5},
			"jxl":      {"jpeg.json", 0, 4},
		}[info.ID]
		if !ok || info.Unavailable != "" {
			continue
		}
		t.Run(info.ID, func(t *testing.T) {
			var ladder []float64
			for i := 0; i < len(info.Quality.Ladder); i += 3 {
				ladder = append(ladder, info.Quality.Ladder[i])
			}
			bpp, quality := kodakCurve(t, shared, c, nil, ladder)
			otherBPP, otherPSNR := publishedCurve(t, shared, against.file)
			for i, q := range ladder {
				t.Logf("q %4.1f: %.4f bpp, %.3f dB", q, bpp[i], quality[i])
				if bpp[i] < otherBPP[0] || bpp[i] > otherBPP[len(otherBPP)-1] {
					continue
				}
				above := quality[i] - interpolate(otherBPP, otherPSNR, bpp[i])
				t.Logf("         %+.3f dB from %s", above, against.file)
				if above < against.from || above > against.to {
					t.Errorf("q %g: %+.2f dB from %s", q, above, against.file)
				}
			}
		})
	}
}
