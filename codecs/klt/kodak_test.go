package klt_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/klt"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
)

// sharedDir finds the folder "shared" beside the repository, which holds Kodak
// and published curves; without it, or without the long tests, the test is skipped.
func sharedDir(t *testing.T) string {
	t.Helper()
	if os.Getenv("CODECWORKBENCH_FULL") == "" {
		t.Skip("a long test: set CODECWORKBENCH_FULL=1 to run it")
	}
	shared, err := filepath.Abs("../../../shared")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(shared); err != nil {
		t.Skip("the folder shared is not beside the repository")
	}
	return shared
}

// TestKodak measures the shipped model on Kodak, which it was neither trained on nor
// chosen by, against the published curve of JPEG (Pillow 7.1.2, 4:2:0).
func TestKodak(t *testing.T) {
	shared := sharedDir(t)
	var jpeg struct {
		Results map[string][]float64 `json:"results"`
	}
	data, err := os.ReadFile(filepath.Join(shared, "published-rd", "jpeg.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &jpeg); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(shared, "data", "kodak", "*.png"))
	if len(files) != 24 {
		t.Fatalf("%d Kodak images, want 24", len(files))
	}
	c := klt.New(codecs.NewModels(os.DirFS("../../assets/models")))
	all := []metrics.Metric{metrics.NewPSNRRGB(), metrics.NewMSSSIMRGB()}
	ladder := c.Info().Quality.Values()
	bpp, quality := make([]float64, len(ladder)), map[string][]float64{}
	for _, m := range all {
		quality[m.Info().ID] = make([]float64, len(ladder))
	}
	for _, name := range files {
		p, err := picture.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, q := range ladder {
			size, got := code(t, c, p, q)
			bpp[i] += 8 * float64(size) / float64(p.Pixels()) / 24
			for _, m := range all {
				v, err := metrics.Measure(context.Background(), m, p, got)
				if err != nil {
					t.Fatal(err)
				}
				quality[m.Info().ID][i] += v.Number / 24
			}
		}
	}
	for i, q := range ladder {
		t.Logf("q %3g: %.4f bpp, %.3f dB, MS-SSIM %.5f", q, bpp[i], quality["psnr-rgb"][i], quality["ms-ssim-rgb"][i])
	}
	for _, m := range all {
		var anchor, test []rd.XY
		for i, v := range jpeg.Results[m.Info().ID] {
			anchor = append(anchor, rd.XY{Rate: jpeg.Results["bpp"][i], Quality: m.Info().Display(v)})
		}
		for i, v := range quality[m.Info().ID] {
			test = append(test, rd.XY{Rate: bpp[i], Quality: m.Info().Display(v)})
		}
		delta := rd.BDRate(anchor, test, rd.Options{})
		t.Logf("%s: BD-rate %+.2f %% against jpeg, overlap %.2f %s", m.Info().ID, delta.Value, delta.Overlap, delta.Note)
		if m.Info().ID == "psnr-rgb" && !(delta.Value < -45) {
			t.Errorf("BD-rate %+.2f %%, the shipped model should need 45 %% less than jpeg", delta.Value)
		}
	}
}

func code(t *testing.T, c codecs.Codec, p *picture.Picture, q float64) (size int, got *picture.Picture) {
	t.Helper()
	s, err := c.Encode(context.Background(), p, codecs.EncodeOptions{Params: codecs.Params{}.WithQ(q)})
	if err != nil {
		t.Fatal(err)
	}
	if size, err = codecs.Size(c.Info(), s); err != nil {
		t.Fatal(err)
	}
	r, err := c.Decode(context.Background(), s, codecs.DecodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return size, r.Picture
}
