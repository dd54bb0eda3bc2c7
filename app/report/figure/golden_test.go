package figure_test

import (
	"bytes"
	"flag"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"gonum.org/v1/plot/vg"

	"codecworkbench/app/report"
	"codecworkbench/app/report/figure"
	"codecworkbench/assets"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
)

var update = flag.Bool("update", false, "write the golden figures anew")

func published(t testing.TB) map[string]rd.Curve {
	t.Helper()
	list, err := report.Published(assets.Published())
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]rd.Curve{}
	for _, c := range list {
		byID[c.ID] = c.Curve
	}
	return byID
}

func four(t testing.TB) []figure.Series {
	lib := published(t)
	return []figure.Series{
		{Curve: lib["jpeg"]}, {Curve: lib["webp"]}, {Curve: lib["bmshj2018-hyperprior-mse"], Label: "hyperprior"},
		{Curve: lib["vtm"], Published: true},
	}
}

func both() []metrics.Info {
	return []metrics.Info{report.Describe(nil, "psnr-rgb"), report.Describe(nil, "ms-ssim-rgb")}
}

// hard is a figure of everything that is rare: gaps, a single point, intervals, less
// is better, a long name.
func hard(t testing.TB) *figure.Figure {
	lib := published(t)
	gaps := rd.Curve{Name: "with gaps"}
	for i, p := range lib["jpeg"].Points {
		switch i {
		case 4:
			p.Values = map[string]float64{rd.KeyBPP: p.Values[rd.KeyBPP], "psnr-rgb": math.Inf(1)}
		case 8:
			p.Values = nil
		}
		gaps.Points = append(gaps.Points, p)
	}
	band := map[string][]figure.Interval{}
	for _, p := range lib["hific"].Points {
		v := p.Values["psnr-rgb"]
		band["psnr-rgb"] = append(band["psnr-rgb"], figure.Interval{Lo: v - 1, Hi: v + .7})
	}
	long := "one point with a name so long that no legend in the world would ever be wide enough for all of it, nor any page"
	return &figure.Figure{
		Series: []figure.Series{
			{Curve: gaps}, {Curve: rd.Curve{Name: long, Points: gaps.Points[10:11]}},
			{Curve: lib["hific"], Bands: band}, {Curve: lib["ms-illm"], Published: true},
		},
		Metrics: []metrics.Info{report.Describe(nil, "psnr-rgb"), report.Describe(nil, "lpips"), report.Describe(nil, "lpips-alex")},
		Better:  true,
	}
}

func TestGolden(t *testing.T) {
	paper := &figure.Figure{Series: four(t), Metrics: both()[:1], XRange: figure.Range{Max: 2.25}}
	two := &figure.Figure{Series: four(t), Metrics: both(), Log: true, Legend: figure.LegendEnds, Title: "Kodak, 24 images"}
	for name, draw := range map[string]func() ([]byte, error){
		"paper": func() ([]byte, error) { return paper.PNG(100) },
		"ends":  func() ([]byte, error) { return two.PNG(100) },
		"hard":  func() ([]byte, error) { return hard(t).PNG(100) },
		"small": func() ([]byte, error) { return screen(t, figure.Dark(), 330, 180) },
	} {
		t.Run(name, func(t *testing.T) {
			got, err := draw()
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", name+"_golden.png")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if n := differing(t, got, want); n > 0 {
				failed := filepath.Join("testdata", "failed")
				_ = os.MkdirAll(failed, 0o755)
				_ = os.WriteFile(filepath.Join(failed, name+".png"), got, 0o644)
				t.Errorf("differs from %s in %d pixels; see %s", path, n, failed)
			}
		})
	}
}

// differing counts the pixels that differ by more than processors do, in the last
// bits of an edge's coverage.
func differing(t *testing.T, got, want []byte) int {
	t.Helper()
	a, err := png.Decode(bytes.NewReader(got))
	if err != nil {
		t.Fatal(err)
	}
	b, err := png.Decode(bytes.NewReader(want))
	if err != nil {
		t.Fatal(err)
	}
	if a.Bounds() != b.Bounds() {
		t.Fatalf("%v in place of %v", a.Bounds(), b.Bounds())
	}
	n := 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			r, g, bl, _ := a.At(x, y).RGBA()
			r2, g2, b2, _ := b.At(x, y).RGBA()
			const most = 8 << 8
			if apart(r, r2) > most || apart(g, g2) > most || apart(bl, b2) > most {
				n++
			}
		}
	}
	return n
}

func apart(a, b uint32) uint32 { return max(a, b) - min(a, b) }

func screen(t testing.TB, theme figure.Theme, w, h int) ([]byte, error) {
	f := &figure.Figure{Series: four(t), Metrics: both(), Theme: theme, Legend: figure.LegendNone, XRange: figure.Range{Max: 1}}
	img, _, err := f.Render(w, h, 1)
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	err = png.Encode(&buf, img)
	return buf.Bytes(), err
}

func BenchmarkRender(b *testing.B) {
	for _, bench := range []struct {
		name string
		w, h int
	}{{"330x180", 330, 180}, {"1000x600", 1000, 600}} {
		f := &figure.Figure{Series: four(b), Metrics: both(), Theme: figure.Dark()}
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				if _, _, err := f.Render(bench.w, bench.h, 1); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPDF(b *testing.B) {
	f := &figure.Figure{Series: four(b), Metrics: both(), Width: 7 * vg.Inch}
	for b.Loop() {
		if _, err := f.PDF(); err != nil {
			b.Fatal(err)
		}
	}
}
