package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"codecworkbench/metrics"
	samples "codecworkbench/sample_images"
)

// jpegOf compresses a cut-out of a sample and returns both files.
func jpegOf(t *testing.T, width, height int) (original, decoded string) {
	t.Helper()
	dir := picturesIn(t, 1, width, height)
	original, decoded = filepath.Join(dir, samples.All()[0].Name+".png"), filepath.Join(dir, "x.jpg")
	mustRun(t, "encode", "--codec", "jpeg", "--q", "20", original, "-o", decoded)
	return original, decoded
}

// TestMeasureTable holds that every metric has a line with its direction, and that
// what can't be computed says why.
func TestMeasureTable(t *testing.T) {
	a, b := jpegOf(t, 64, 48)
	lines := strings.Split(mustRun(t, "measure", a, b), "\n")
	tools, _ := newTools(nil)
	for _, m := range tools.Metrics.All() {
		info := m.Info()
		i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, info.ID+" ") })
		if i < 0 {
			t.Errorf("no line for %s", info.ID)
			continue
		}
		want := "higher"
		if info.Lower {
			want = "lower"
		}
		if !strings.Contains(lines[i], want) || info.MinSide > 48 && !strings.Contains(lines[i], "needs sides") {
			t.Errorf("%q", lines[i])
		}
	}
	var m struct {
		Metrics map[string]*float64
		Notes   map[string]string
		Details map[string]struct {
			Value, DB    *float64
			Unit, Better string
		}
	}
	a, b = jpegOf(t, 176, 170)
	decode(t, mustRun(t, "measure", a, b, "--metrics", "psnr-y@luma=ys8,ms-ssim-rgb", "--json"), &m)
	if d := m.Details["psnr-y@luma=ys8"]; len(m.Metrics) != 2 || d.Value == nil || *d.Value != *m.Metrics["psnr-y@luma=ys8"] || d.Unit != "dB" || d.Better != "higher" || d.DB != nil {
		t.Errorf("%+v", m)
	}
	if d := m.Details["ms-ssim-rgb"]; d.DB == nil || *d.DB < 5 {
		t.Errorf("%+v", d)
	}
}

// TestMeasureMaps holds that each map is there as a picture with its legend beside it
// and as numbers, and that the index describes both.
func TestMeasureMaps(t *testing.T) {
	a, b := jpegOf(t, 64, 48)
	dir := filepath.Join(t.TempDir(), "maps")
	type written struct {
		Metric, PNG, NPY          string
		X, Y, Step, Width, Height int
		Good, Bad                 float64
	}
	var m struct{ Maps []written }
	decode(t, mustRun(t, "measure", a, b, "--metrics", "all", "--maps", dir, "--map-reach", "0.5", "--json"), &m)
	tools, _ := newTools(nil)
	kinds := 0
	for _, metric := range tools.Metrics.All() {
		if mapper, ok := metric.(metrics.Mapper); ok && metric.Info().MinSide <= 48 {
			kinds += len(mapper.MapKinds())
		}
	}
	if len(m.Maps) == 0 || len(m.Maps) > kinds || !slices.ContainsFunc(m.Maps, func(m written) bool {
		return m.Metric == "ssim-y" && m.X == 5 && m.Width == 54 && m.Good == 1 && m.Bad == 0.5
	}) {
		t.Errorf("%d maps of at most %d: %+v", len(m.Maps), kinds, m.Maps)
	}
	for _, one := range m.Maps {
		file, err := os.ReadFile(filepath.Join(dir, one.PNG))
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(file))
		if err != nil || img.Bounds().Dx() < 64+100 || img.Bounds().Dy() < 48 {
			t.Errorf("%s: %v, %v", one.PNG, img.Bounds(), err)
		}
		data, err := os.ReadFile(filepath.Join(dir, one.NPY))
		if err != nil {
			t.Fatal(err)
		}
		if shape := fmt.Sprintf("'shape': (%d, %d)", one.Height, one.Width); !bytes.Contains(data[:128], []byte(shape)) || len(data) < 4*one.Width*one.Height {
			t.Errorf("%s: %d bytes, no %s", one.NPY, len(data), shape)
		}
	}
	index, err := os.ReadFile(filepath.Join(dir, "maps.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []any
	if err := json.Unmarshal(index, &list); err != nil || len(list) != len(m.Maps) {
		t.Errorf("the index lists %d maps, %v", len(list), err)
	}
}

// TestSettingsEverywhere holds that a metric with settings is one like any other:
// measured, swept, plotted, compared and aimed at.
func TestSettingsEverywhere(t *testing.T) {
	dir := picturesIn(t, 1, 96, 80)
	in, out := filepath.Join(dir, samples.All()[0].Name+".png"), filepath.Join(t.TempDir(), "x.jpg")
	const id = "psnr-y@luma=ys8"
	mustRun(t, "encode", "--codec", "jpeg", "--target", id+"=30", in, "-o", out)
	var m struct{ Metrics map[string]float64 }
	decode(t, mustRun(t, "measure", in, out, "--metrics", id, "--json"), &m)
	if v := m.Metrics[id]; v < 30 || v > 33 {
		t.Errorf("--target %s=30 gave %v", id, v)
	}
	results := filepath.Join(t.TempDir(), "r.json")
	mustRun(t, "sweep", "--codecs", "jpeg:20-80/4,klt:1-8/4", "--images", dir, "--metrics", id+",gmsd", "-o", results)
	mustRun(t, "plot", results, "--y", id+",gmsd", "-o", filepath.Join(t.TempDir(), "p.svg"))
	var deltas []struct {
		Metric string
		BDRate *float64 `json:"bd_rate_percent"`
	}
	for _, metric := range []string{id, "gmsd"} {
		decode(t, mustRun(t, "bdrate", results, "--anchor", "jpeg", "--metric", metric, "--json"), &deltas)
		if len(deltas) != 1 || deltas[0].Metric != metric || deltas[0].BDRate == nil || *deltas[0].BDRate > 20 {
			t.Errorf("%s: %+v", metric, deltas)
		}
	}
}

// TestListMetrics holds that the list says what people need to choose, and one by one
// all there is to know.
func TestListMetrics(t *testing.T) {
	var list []struct {
		ID, Name, Better, Range, Summary string
		Settings                         []struct{ Name, Default, Summary string }
		Maps                             []struct{ ID, Name, Summary string }
	}
	decode(t, mustRun(t, "list", "metrics", "--json"), &list)
	table := mustRun(t, "list", "metrics")
	for _, m := range list {
		if m.Range == "" || m.Better == "" || m.Settings == nil || m.Maps == nil {
			t.Errorf("%+v", m)
		}
		if !strings.Contains(table, m.ID+" ") || !strings.Contains(table, m.Range) {
			t.Errorf("the table lacks %s or its range", m.ID)
		}
		one := mustRun(t, "list", "metrics", m.ID)
		wants := []string{m.ID, m.Better + " is better"}
		for _, s := range m.Settings {
			wants = append(wants, s.Name, m.ID+"@")
		}
		for _, k := range m.Maps {
			wants = append(wants, k.ID)
		}
		for _, w := range wants {
			if !strings.Contains(one, w) {
				t.Errorf("%s lacks %q:\n%s", m.ID, w, one)
			}
		}
	}
}
