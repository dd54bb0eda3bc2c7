package classical

import (
	"encoding/json"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// sharedDir finds the folder "shared" beside the repository, which holds Kodak
// and published curves; without it, or without the long tests, the test is skipped.
func sharedDir(t *testing.T) string {
	t.Helper()
	if os.Getenv("CODECWORKBENCH_FULL") == "" {
		t.Skip("a long test: set CODECWORKBENCH_FULL=1 to run it")
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Skip("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	shared := filepath.Join(dir, "..", "shared")
	if _, err := os.Stat(shared); err != nil {
		t.Skip("the folder shared is not beside the repository")
	}
	return shared
}

// TestJPEGPublished compares the mean curve over Kodak with the published one of
// CompressAI (Pillow 7.1.2, libjpeg-turbo, 4:2:0, standard tables): at equal rate
// it must lie 0 to 0.15 dB above.
func TestJPEGPublished(t *testing.T) {
	shared := sharedDir(t)
	var published struct {
		Results struct {
			BPP  []float64 `json:"bpp"`
			PSNR []float64 `json:"psnr-rgb"`
		} `json:"results"`
	}
	data, err := os.ReadFile(filepath.Join(shared, "published-rd", "jpeg.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &published); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(shared, "data", "kodak", "*.png"))
	if len(files) != 24 {
		t.Fatalf("%d Kodak images, want 24", len(files))
	}
	ladder := NewJPEG().Info().Quality.Ladder
	bpp, quality := make([]float64, len(ladder)), make([]float64, len(ladder))
	optimized := make([]float64, len(ladder))
	for _, name := range files {
		p := readPNG(t, name)
		for i, q := range ladder {
			params := codecs.Params(nil).WithQ(q)
			s := jpegEncode(t, p, params)
			bpp[i] += rate(t, s) / 24
			quality[i] += psnr(p, jpegDecode(t, s)) / 24
			optimized[i] += rate(t, jpegEncode(t, p, params.With("optimize", "true"))) / 24
		}
	}
	t.Log("   q     bpp  PSNR-RGB  published bpp, PSNR  above at equal rate  optimized tables save")
	for i, q := range ladder {
		want := published.Results.PSNR[i]
		above := interpolate(bpp, quality, published.Results.BPP[i]) - want
		t.Logf("%4.0f  %.4f  %8.3f  %.4f  %11.3f  %+19.3f  %19.1f %%", q, bpp[i], quality[i],
			published.Results.BPP[i], want, above, 100*(1-optimized[i]/bpp[i]))
		if above < 0 || above > 0.15 {
			t.Errorf("q %.0f lies %+.3f dB from the published curve, want 0 to 0.15 above", q, above)
		}
	}
}

func readPNG(t *testing.T, name string) *picture.Picture {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	p, err := picture.FromImage(img, picture.Source{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func rate(t *testing.T, s *codecs.Stream) float64 {
	t.Helper()
	file, err := s.Native()
	if err != nil {
		t.Fatal(err)
	}
	return 8 * float64(len(file)) / float64(s.Width*s.Height)
}

// interpolate reads a rising curve at x, linear in log x; the ends go on straight.
func interpolate(xs, ys []float64, x float64) float64 {
	i := 1
	for i < len(xs)-1 && xs[i] < x {
		i++
	}
	a, b := math.Log(xs[i-1]), math.Log(xs[i])
	return ys[i-1] + (ys[i]-ys[i-1])*(math.Log(x)-a)/(b-a)
}
