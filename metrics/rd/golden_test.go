package rd

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"codecworkbench/metrics/internal/reference"
)

func readJSON(t testing.TB, path string, v any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

type goldenCurve struct{ Rate, Quality []float64 }

func (c goldenCurve) points() []XY {
	out := make([]XY, len(c.Rate))
	for i := range out {
		out[i] = XY{c.Rate[i], c.Quality[i]}
	}
	return out
}

var anyOverlap = Options{MinOverlap: -1}

// The values of FAU-LMS/bjontegaard (SciPy), and of Anserw's for the cubic fit.
func TestGolden(t *testing.T) {
	var file struct {
		Sets []struct {
			Name         string
			Anchor, Test goldenCurve
			Ref          map[string]any
		}
	}
	readJSON(t, reference.Path(t, "golden/bdrate_open.json"), &file)
	if len(file.Sets) == 0 {
		t.Fatal("no sets")
	}
	worst := map[string]float64{}
	for _, set := range file.Sets {
		for _, method := range []Method{PCHIP, Cubic, Akima} {
			o := anyOverlap
			o.Method = method
			for key, got := range map[string]BD{
				"FAU_bd_rate_" + string(method): BDRate(set.Anchor.points(), set.Test.points(), o),
				"FAU_bd_psnr_" + string(method): BDQuality(set.Anchor.points(), set.Test.points(), o),
			} {
				want, isNumber := set.Ref[key].(float64)
				switch {
				case set.Ref[key] == "NaN" || set.Name == "two_points" && method == Cubic:
					// No common quality; a cubic through two points.
					if !math.IsNaN(got.Value) || got.Note == "" {
						t.Errorf("%s %s: got %+v, want no value and a reason", set.Name, key, got)
					}
				case set.Name == "unsorted" && !isNumber:
					// The reference refuses what it does not sort.
					if math.IsNaN(got.Value) || got.Note != "" {
						t.Errorf("%s %s: got %+v, want a value", set.Name, key, got)
					}
				case !isNumber:
					t.Errorf("%s %s: no reference value", set.Name, key)
				default:
					d := math.Abs(got.Value-want) / max(1, math.Abs(want))
					if worst[key] = max(worst[key], d); !(d <= 1e-9) {
						t.Errorf("%s %s: got %.12g, want %.12g (%s)", set.Name, key, got.Value, want, got.Note)
					}
				}
			}
		}
	}
	t.Logf("%d sets; largest relative deviations: %v", len(file.Sets), worst)
}

// publishedCurve reads PSNR over bpp of a curve in CompressAI's shape.
func publishedCurve(t testing.TB, root, name string) []XY {
	var file struct{ Results map[string]json.RawMessage }
	readJSON(t, filepath.Join(root, name), &file)
	var bpp, psnr []float64
	for key, dst := range map[string]*[]float64{"bpp": &bpp, "psnr-rgb": &psnr} {
		if err := json.Unmarshal(file.Results[key], dst); err != nil {
			t.Fatalf("%s: %s: %v", name, key, err)
		}
	}
	return goldenCurve{bpp, psnr}.points()
}

// BD-rates of published curves, computed by another implementation.
func TestPublishedCurves(t *testing.T) {
	root := reference.Path(t, "published-rd")
	var file struct {
		Rows []struct {
			Anchor, Test string
			Method       Method
			Rate         float64 `json:"bd_rate_percent"`
			Quality      float64 `json:"bd_psnr_db"`
			Overlap      float64
		}
	}
	readJSON(t, filepath.Join(root, "bd-rate-computed.json"), &file)
	compared, refused := 0, 0
	var worstRate, worstQuality, worstOverlap float64
	for _, row := range file.Rows {
		if filepath.Ext(row.Anchor) != ".json" {
			continue // the example of FAU's README is among the other golden values
		}
		anchor, test := publishedCurve(t, root, row.Anchor), publishedCurve(t, root, row.Test)
		o := anyOverlap
		o.Method = row.Method
		rate, quality := BDRate(anchor, test, o), BDQuality(anchor, test, o)
		if min(len(anchor), len(test)) < row.Method.points() {
			refused++
			if !math.IsNaN(rate.Value) || rate.Note == "" {
				t.Errorf("%s against %s: got %+v, want a refusal", row.Test, row.Anchor, rate)
			}
			continue
		}
		compared++
		worstRate = max(worstRate, math.Abs(rate.Value-row.Rate))
		worstQuality = max(worstQuality, math.Abs(quality.Value-row.Quality))
		worstOverlap = max(worstOverlap, math.Abs(rate.Overlap-row.Overlap))
		if !(math.Abs(rate.Value-row.Rate) <= 1e-6 && math.Abs(quality.Value-row.Quality) <= 1e-6 && math.Abs(rate.Overlap-row.Overlap) <= 1e-9) {
			t.Errorf("%s against %s, %s: got %.8f %%, %.8f dB, %.8f (%s %s), want %.8f, %.8f, %.8f", row.Test, row.Anchor, row.Method,
				rate.Value, quality.Value, rate.Overlap, rate.Note, quality.Note, row.Rate, row.Quality, row.Overlap)
		}
	}
	if compared == 0 {
		t.Error("nothing compared")
	}
	t.Logf("%d rows compared, %d refused; largest deviations %.2g %%, %.2g dB, overlap %.2g", compared, refused, worstRate, worstQuality, worstOverlap)
}
