// Package metrictest tests metrics: against the values of reference
// implementations, and for what users rely on of every metric. It is for tests
// alone.
package metrictest

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
	"codecworkbench/metrics/internal/reference"
)

// goldenPair is one pair of pictures with the reference tools' values.
type goldenPair struct {
	name      string
	ref, dist string // files
	values    map[string]float64
}

// Within says whether a value agrees with the reference's. Both are finite.
type Within func(got, want float64) bool

// Absolute is agreement to a fixed distance.
func Absolute(tolerance float64) Within {
	return func(got, want float64) bool { return math.Abs(got-want) <= tolerance }
}

// Relative is agreement to a part of the value, or to a fixed distance if that is more.
func Relative(part, atLeast float64) Within {
	return func(got, want float64) bool { return math.Abs(got-want) <= max(part*math.Abs(want), atLeast) }
}

// Case is a metric and the name of the reference values that it is compared with.
type Case struct {
	Metric metrics.Metric
	Golden string
	Within Within
	// Sparse cases take every third pair: variants that differ from another case only
	// in how they read pictures.
	Sparse bool
}

// Golden compares a metric with the values that a reference tool gave, under this
// name, for pairs of pictures with real distortions, edge cases and odd sizes.
// Where the tool has no finite value, or says 100 or 100000 dB for infinite, ours must
// be none either and say why. It returns the deviations of finite values by pair.
func Golden(t *testing.T, m metrics.Metric, name string, within Within) map[string]float64 {
	t.Helper()
	return Goldens(t, []Case{{Metric: m, Golden: name, Within: within}})[0]
}

// Goldens does what Golden does for several metrics, opening pictures once, and
// returns the deviations of each.
func Goldens(t *testing.T, cases []Case) []map[string]float64 {
	t.Helper()
	deviations := make([]map[string]float64, len(cases))
	opened := map[string]*picture.Picture{}
	for n, p := range goldenPairs(t) {
		var pair *metrics.Pair
		for i, c := range cases {
			want, ok := p.values[c.Golden]
			if !ok || c.Sparse && n%3 != 0 {
				continue
			}
			if pair == nil {
				if opened[p.ref] == nil {
					opened = map[string]*picture.Picture{p.ref: Open(t, p.ref)}
				}
				pair = Pair(t, opened[p.ref], Open(t, p.dist))
			}
			got, err := metrics.Measure(t.Context(), c.Metric, pair)
			if err != nil {
				t.Fatal(err)
			}
			if d, finite := c.check(t, p.name, got, want); finite {
				if deviations[i] == nil {
					deviations[i] = map[string]float64{}
				}
				deviations[i][p.name] = d
			}
		}
	}
	for i, c := range cases {
		worst := 0.
		for _, d := range deviations[i] {
			worst = max(worst, math.Abs(d))
		}
		t.Logf("%s: %d pairs, largest deviation %.2g", c.Golden, len(deviations[i]), worst)
		if deviations[i] == nil {
			t.Errorf("no reference values named %s", c.Golden)
		}
	}
	return deviations
}

// check compares one value; it returns the deviation if the reference's is finite.
func (c Case) check(t *testing.T, pair string, got metrics.Value, want float64) (deviation float64, finite bool) {
	t.Helper()
	infinite := (want == 100 || want == 100000) && c.Metric.Info().Unit == "dB"
	if infinite || math.IsNaN(want) || math.IsInf(want, 0) {
		if got.Finite() || got.Note == "" || math.IsNaN(want) && math.IsInf(got.Number, 0) {
			t.Errorf("%s of %s: got %v (%q), want %v with a note", c.Golden, pair, got.Number, got.Note, want)
		}
		return 0, false
	}
	d := got.Number - want
	if !got.Finite() || !c.Within(got.Number, want) {
		t.Errorf("%s of %s: got %.10f (%s), want %.10f, deviation %.3g", c.Golden, pair, got.Number, got.Note, want, d)
	}
	return d, true
}

// Measure computes a metric or fails the test.
func Measure(t testing.TB, m metrics.Metric, ref, dist *picture.Picture) metrics.Value {
	t.Helper()
	v, err := metrics.Measure(t.Context(), m, Pair(t, ref, dist))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Pair makes a pair or fails the test.
func Pair(t testing.TB, ref, dist *picture.Picture) *metrics.Pair {
	t.Helper()
	p, err := metrics.NewPair(ref, dist)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Open opens a picture or fails the test.
func Open(t testing.TB, path string) *picture.Picture {
	t.Helper()
	p, err := picture.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return p
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
		v, err := strconv.ParseFloat(strings.TrimSpace(r[2]), 64)
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
