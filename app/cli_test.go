package main

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"codecworkbench/app/cli"
	samples "codecworkbench/sample_images"
)

// run executes one command line and returns what it printed.
func run(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	env := environment()
	var out, errs bytes.Buffer
	env.Stdin, env.Stdout, env.Stderr = strings.NewReader(""), &out, &errs
	env.CacheDir = filepath.Join(t.TempDir(), "cache")
	env.Window = nil
	code = cli.Run(context.Background(), env, args)
	return out.String(), errs.String(), code
}

func mustRun(t *testing.T, args ...string) string {
	t.Helper()
	out, errs, code := run(t, args...)
	if code != 0 {
		t.Fatalf("%s: exit %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	return out
}

// picturesIn writes cut-outs of the samples, n of them, and returns their folder.
func picturesIn(t *testing.T, n, width, height int) string {
	t.Helper()
	dir := t.TempDir()
	for i, s := range samples.All()[:n] {
		data, err := s.PNG()
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		cut := image.NewRGBA(image.Rect(0, 0, width, height))
		for y := range height {
			for x := range width {
				cut.Set(x, y, img.At(200+x, 180+y+i))
			}
		}
		var b bytes.Buffer
		if err := png.Encode(&b, cut); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, s.Name+".png"), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestEncodeDecodeMeasureInspect(t *testing.T) {
	dir := picturesIn(t, 1, 177, 163)
	in := filepath.Join(dir, samples.All()[0].Name+".png")
	for _, id := range []string{"jpeg", "png", "webp", "webp-lossless", "klt", "vq", "hyperprior"} {
		t.Run(id, func(t *testing.T) {
			file, back := filepath.Join(dir, id+".cwb"), filepath.Join(dir, id+".out.png")
			tools, _ := newTools(nil)
			c, err := tools.Codecs.Codec(id)
			if err != nil {
				t.Fatal(err)
			}
			if why := c.Info().Unavailable; why != "" {
				if _, errs, code := run(t, "encode", "--codec", id, in, "-o", file); code == 0 || !strings.Contains(errs, why) {
					t.Errorf("an unavailable codec: exit %d, %s", code, errs)
				}
				t.Skip(why)
			}
			mustRun(t, "encode", "--codec", id, in, "-o", file)
			mustRun(t, "decode", file, "-o", back)
			var measured struct {
				Metrics map[string]*float64
				Notes   map[string]string
			}
			decode(t, mustRun(t, "measure", in, back, "--json"), &measured)
			switch p := measured.Metrics["psnr-rgb"]; {
			case c.Info().Lossless && (p != nil || measured.Notes["psnr-rgb"] == ""):
				t.Errorf("lossless: psnr-rgb %v, notes %v", p, measured.Notes)
			case !c.Info().Lossless && (p == nil || *p < 20):
				t.Errorf("psnr-rgb %v", p)
			}
			var inside struct {
				Codec         string
				Width, Height int
				Bytes         int
				Sections      []struct {
					Name          string
					Offset, Bytes int
					Damaged       bool
				}
			}
			decode(t, mustRun(t, "inspect", file, "--json"), &inside)
			sum := 0
			for _, s := range inside.Sections {
				if s.Offset != sum || s.Damaged || strings.HasPrefix(s.Name, "kind ") {
					t.Errorf("section %+v begins at %d", s, sum)
				}
				sum += s.Bytes
			}
			if info, _ := os.Stat(file); sum != inside.Bytes || int64(sum) != info.Size() || inside.Width != 177 || inside.Codec != id {
				t.Errorf("%d bytes by section, %+v, file %d", sum, inside, info.Size())
			}
		})
	}
}

func decode(t *testing.T, text string, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}

func TestEncodeToTargets(t *testing.T) {
	dir := picturesIn(t, 1, 192, 176)
	in, out := filepath.Join(dir, samples.All()[0].Name+".png"), filepath.Join(dir, "x.cwb")
	pixels := 192.0 * 176
	for _, id := range []string{"jpeg", "klt", "vq"} {
		mustRun(t, "encode", "--codec", id, "--bpp", "1.2", in, "-o", out)
		if size := bpp(t, id, out, pixels); size > 1.2 || size < 1.0 {
			t.Errorf("%s: --bpp 1.2 gave %g", id, size)
		}
		mustRun(t, "encode", "--codec", id, "--target", "psnr-rgb=27", in, "-o", out)
		back := filepath.Join(dir, "y.png")
		mustRun(t, "decode", out, "-o", back)
		var m struct{ Metrics map[string]float64 }
		decode(t, mustRun(t, "measure", in, back, "--metrics", "psnr-rgb", "--json"), &m)
		if p := m.Metrics["psnr-rgb"]; p < 27 || p > 28.5 {
			t.Errorf("%s: --target psnr-rgb=27 gave %g", id, p)
		}
	}
	_, errs, code := run(t, "encode", "--codec", "jpeg", "--bpp", "0.01", in, "-o", out)
	if code == 0 || !strings.Contains(errs, "smallest file") {
		t.Errorf("an unreachable rate: exit %d, %s", code, errs)
	}
}

// bpp is the rate of a .cwb file: of the native file inside where there is one.
func bpp(t *testing.T, id, file string, pixels float64) float64 {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	tools, _ := newTools(nil)
	s, c, err := tools.Codecs.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	n := len(data)
	if c.Info().Native != "" {
		n = len(s.Sections[0].Payload)
	}
	return 8 * float64(n) / pixels
}

func TestSweepPlotBDRate(t *testing.T) {
	dir := picturesIn(t, 3, 200, 176)
	work := t.TempDir()
	results := filepath.Join(work, "rd.json")
	mustRun(t, "sweep", "--codecs", "jpeg:20-90/4,klt,png", "--images", dir, "-o", results, "--csv", filepath.Join(work, "rd.csv"), "--codec-compare", filepath.Join(work, "compare"))
	var page struct {
		Values [][]any `json:"field_values"`
	}
	data, err := os.ReadFile(filepath.Join(work, "compare", "klt.json"))
	if err != nil {
		t.Fatal(err)
	}
	if decode(t, string(data), &page); len(page.Values) != 30 {
		t.Errorf("codec-compare gets %d rows of klt, want 3 pictures at 10 qualities", len(page.Values))
	}
	var curves []struct {
		Name    string
		Results map[string][]*float64
	}
	if data, err = os.ReadFile(results); err != nil {
		t.Fatal(err)
	}
	decode(t, string(data), &curves)
	if len(curves) != 3 || len(curves[0].Results["bpp"]) != 4 || len(curves[0].Results["ms-ssim-rgb"]) != 4 || curves[2].Results["psnr-rgb"][0] != nil {
		t.Fatalf("results %s", data)
	}
	for _, ext := range []string{".png", ".svg", ".pdf", ".tex"} {
		file := filepath.Join(work, "rd"+ext)
		mustRun(t, "plot", results, "--published", "webp", "--y", "psnr-rgb,ms-ssim-rgb", "-o", file)
		if info, err := os.Stat(file); err != nil || info.Size() < 1000 {
			t.Errorf("%s: %v", file, info)
		}
	}
	var deltas []struct {
		Codec   string
		BDRate  *float64 `json:"bd_rate_percent"`
		CILow   *float64 `json:"ci_low"`
		Overlap float64
		Images  int
		Note    string
	}
	decode(t, mustRun(t, "bdrate", results, "--anchor", "jpeg", "--json"), &deltas)
	if len(deltas) != 2 || deltas[0].Codec != "klt" || deltas[0].BDRate == nil || *deltas[0].BDRate > -15 ||
		deltas[0].CILow == nil || *deltas[0].CILow > *deltas[0].BDRate || deltas[0].Images != 3 {
		t.Errorf("deltas %+v", deltas)
	}
	if deltas[1].BDRate != nil || deltas[1].Note == "" {
		t.Errorf("a lossless curve has a BD-rate: %+v", deltas[1])
	}
}

func TestSweepTellsWhatFailed(t *testing.T) {
	dir := picturesIn(t, 2, 64, 48)
	bad := filepath.Join(dir, "broken.png")
	if err := os.WriteFile(bad, []byte("\x89PNG\r\n\x1a\n but no more"), 0o600); err != nil {
		t.Fatal(err)
	}
	results := filepath.Join(t.TempDir(), "rd.json")
	_, errs, code := run(t, "sweep", "--codecs", "jpeg:50", "--images", dir, "-o", results, "--metrics", "psnr-rgb")
	if code == 0 || !strings.Contains(errs, "broken.png") {
		t.Errorf("exit %d, %s", code, errs)
	}
	if out := mustRun(t, "bdrate", results, "--anchor", "jpeg", "--json"); strings.TrimSpace(out) != "[]" {
		t.Errorf("the other pictures' results: %s", out)
	}
}

func TestListsAsJSON(t *testing.T) {
	var list []struct {
		ID, Name, Family string
		Lossless         bool
		Q                *struct{ Min, Max, Step, Default float64 }
		Available        *bool
		WhyNot           *string `json:"why_not"`
	}
	decode(t, mustRun(t, "list", "codecs", "--json"), &list)
	for _, c := range list {
		if c.Available == nil || c.WhyNot == nil || *c.Available == (*c.WhyNot != "") || (c.Q == nil) != c.Lossless {
			t.Errorf("%+v", c)
		}
		if c.Q != nil && (c.Q.Default < c.Q.Min || c.Q.Default > c.Q.Max || math.IsNaN(c.Q.Step)) {
			t.Errorf("%s: q %+v", c.ID, *c.Q)
		}
	}
	if len(list) < 10 || len(strings.Fields(mustRun(t, "list", "metrics"))) == 0 {
		t.Errorf("%d codecs", len(list))
	}
}
