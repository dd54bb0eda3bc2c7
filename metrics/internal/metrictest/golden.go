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

// Golden compares a metric with the values that a reference tool gave, under this
// name, for pairs of pictures with real distortions, edge cases and odd sizes.
// Where the tool has no finite value, or says 100 or 100000 dB for infinite, ours must
// be none either and say why. It returns the deviations of finite values by pair.
func Golden(t *testing.T, m metrics.Metric, name string, within Within) map[string]float64 {
	t.Helper()
	deviations := map[string]float64{}
	opened := map[string]*picture.Picture{}
	worst := 0.
	for _, p := range goldenPairs(t) {
		want, ok := p.values[name]
		if !ok {
			continue
		}
		if opened[p.ref] == nil {
			opened = map[string]*picture.Picture{p.ref: Open(t, p.ref)}
		}
		got := Measure(t, m, opened[p.ref], Open(t, p.dist))
		if infinite := (want == 100 || want == 100000) && m.Info().Unit == "dB"; infinite || math.IsNaN(want) || math.IsInf(want, 0) {
			if got.Finite() || got.Note == "" || math.IsNaN(want) && math.IsInf(got.Number, 0) {
				t.Errorf("%s of %s: got %v (%q), want %v with a note", name, p.name, got.Number, got.Note, want)
			}
			continue
		}
		d := got.Number - want
		deviations[p.name] = d
		worst = max(worst, math.Abs(d))
		if !got.Finite() || !within(got.Number, want) {
			t.Errorf("%s of %s: got %.10f (%s), want %.10f, deviation %.3g", name, p.name, got.Number, got.Note, want, d)
		}
	}
	t.Logf("%s: %d pairs, largest deviation %.2g", name, len(deviations), worst)
	if len(deviations) == 0 {
		t.Errorf("no reference values named %s", name)
	}
	return deviations
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
