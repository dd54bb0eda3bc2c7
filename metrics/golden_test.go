package metrics

import (
	"bytes"
	"encoding/csv"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"codecworkbench/codecs/picture"
	"codecworkbench/metrics/internal/reference"
)

// goldenPair is one pair of pictures with the reference tools' values.
type goldenPair struct {
	name      string
	ref, dist string // files
	values    map[string]float64
}

func goldenPairs(t *testing.T) []goldenPair {
	t.Helper()
	root := reference.Path(t, "golden")
	records := func(name string) [][]string {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows[1:]
	}
	values := map[string]map[string]float64{}
	for _, r := range records("golden_open.csv") {
		v, err := strconv.ParseFloat(r[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		if values[r[0]] == nil {
			values[r[0]] = map[string]float64{}
		}
		values[r[0]][r[1]] = v
	}
	var pairs []goldenPair
	for _, r := range records("pairs.csv") {
		if v := values[r[0]]; v != nil {
			pairs = append(pairs, goldenPair{r[0], filepath.Join(root, "pairs", r[2]), filepath.Join(root, "pairs", r[3]), v})
		}
	}
	return pairs
}

// The values of scikit-image and pytorch-msssim on real distortions, edge cases
// and odd sizes, within the tolerances that their differences among each other
// suggest.
func TestGolden(t *testing.T) {
	cases := []struct {
		metric    Metric
		golden    string
		tolerance float64
		worst     float64
		compared  int
	}{
		{metric: NewPSNRRGB(), golden: "psnr_rgb", tolerance: 1e-6},
		{metric: NewPSNRY(), golden: "psnr_y", tolerance: 1e-6},
		{metric: NewSSIMRGB(), golden: "ssim_rgb", tolerance: 1e-6},
		{metric: NewSSIMY(), golden: "ssim_y", tolerance: 1e-6},
		{metric: NewMSSSIMRGB(), golden: "msssim_rgb", tolerance: 3e-6},
		{metric: NewMSSSIMY(), golden: "msssim_y", tolerance: 3e-6},
	}
	references := map[string]*picture.Picture{}
	for _, p := range goldenPairs(t) {
		if references[p.ref] == nil {
			references[p.ref] = open(t, p.ref)
		}
		ref, dist := references[p.ref], open(t, p.dist)
		for i := range cases {
			c := &cases[i]
			want, ok := p.values[c.golden]
			if !ok {
				continue
			}
			got, err := Measure(t.Context(), c.metric, ref, dist)
			if err != nil {
				t.Fatal(err)
			}
			c.compared++
			if math.IsNaN(want) || math.IsInf(want, 0) {
				same := math.IsNaN(want) == math.IsNaN(got.Number) && math.IsInf(want, 0) == math.IsInf(got.Number, 0)
				if !same || got.Note == "" {
					t.Errorf("%s of %s: got %v (%q), want %v with a note", c.golden, p.name, got.Number, got.Note, want)
				}
				continue
			}
			d := math.Abs(got.Number - want)
			if c.worst = max(c.worst, d); !(d <= c.tolerance) {
				t.Errorf("%s of %s: got %.10f, want %.10f", c.golden, p.name, got.Number, want)
			}
		}
	}
	for _, c := range cases {
		t.Logf("%-11s %d pairs, largest deviation %.2g", c.golden, c.compared, c.worst)
		if c.compared == 0 {
			t.Errorf("%s: no reference values found", c.golden)
		}
	}
}

func open(t testing.TB, path string) *picture.Picture {
	t.Helper()
	p, err := picture.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Pictures with alpha are measured on white, and the result says so.
func TestAlphaOnWhite(t *testing.T) {
	root := reference.Path(t, "golden/pairs")
	ref := open(t, filepath.Join(root, "a_alpha256x192__ref.png"))
	dist := open(t, filepath.Join(root, "a_alpha256x192__dist.png"))
	if !ref.Alpha() {
		t.Fatal("the reference should have alpha")
	}
	for _, m := range all() {
		got, err := Measure(t.Context(), m, ref, dist)
		if err != nil {
			t.Fatal(err)
		}
		want, err := m.Compare(t.Context(), ref.OnWhite(), dist.OnWhite())
		if err != nil {
			t.Fatal(err)
		}
		if got.Number != want || !strings.Contains(got.Note, "white") {
			t.Errorf("%s: got %v (%q), want %v on white", m.Info().ID, got.Number, got.Note, want)
		}
	}
}

func all() []Metric {
	return []Metric{NewPSNRRGB(), NewPSNRY(), NewSSIMRGB(), NewSSIMY(), NewMSSSIMRGB(), NewMSSSIMY()}
}

// A picture too small for a metric has no value, with the reason, whoever asks.
func TestTooSmall(t *testing.T) {
	for _, m := range all() {
		side := m.Info().MinSide
		if side == 0 {
			continue
		}
		small := noise(t, side-1, side+30, 1)
		var undefined *Undefined
		if _, err := m.Compare(t.Context(), small, small); !errors.As(err, &undefined) {
			t.Errorf("%s.Compare of sides of %d: got error %v, want Undefined", m.Info().ID, side-1, err)
		}
		smallest := noise(t, side, side, 1)
		if v, err := m.Compare(t.Context(), smallest, smallest); err != nil || math.Abs(v-1) > 1e-12 {
			t.Errorf("%s of %d x %d against itself: got %v, %v; want 1", m.Info().ID, side, side, v, err)
		}
	}
}
