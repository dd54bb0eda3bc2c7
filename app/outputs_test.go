package main

import (
	"context"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"codecworkbench/app/cli"
	"codecworkbench/app/sweep"
	samples "codecworkbench/sample_images"
)

// TestMain makes the test's own executable the child process of timed sweeps.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == sweep.ChildArgument {
		os.Exit(cli.Run(context.Background(), environment(), os.Args[1:]))
	}
	os.Exit(m.Run())
}

func namesIn(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestSweepIntoFolders(t *testing.T) {
	dir := picturesIn(t, 1, 64, 48)
	out, keep := filepath.Join(t.TempDir(), "curves")+"/", filepath.Join(t.TempDir(), "files")
	mustRun(t, "sweep", "--codecs", `jpeg@subsampling="4:4:4":50,klt:3,png`, "--images", dir, "--metrics", "psnr-rgb", "-o", out, "--keep", keep)
	if got := namesIn(t, out); !slices.Equal(got, []string{"jpeg@subsampling=4-4-4.json", "klt.json", "png.json"}) {
		t.Errorf("results %v", got)
	}
	stem := samples.All()[0].Name
	for _, name := range []string{stem + "_jpeg@subsampling=4-4-4-50.jpg", stem + "_klt-3.cwb", stem + "_png.png"} {
		if _, err := os.Stat(filepath.Join(keep, name)); err != nil {
			t.Errorf("%v; there are %v", err, namesIn(t, keep))
		}
	}
	// What was kept is what was measured.
	file := filepath.Join(keep, stem+"_klt-3")
	var m struct{ Metrics map[string]*float64 }
	decode(t, mustRun(t, "measure", file+".cwb", file+".decoded.png", "--metrics", "psnr-rgb", "--json"), &m)
	if m.Metrics["psnr-rgb"] != nil {
		t.Errorf("the kept picture is %g dB from what its file decodes to", *m.Metrics["psnr-rgb"])
	}
}

func TestTimedSweep(t *testing.T) {
	dir := picturesIn(t, 1, 64, 48)
	results := filepath.Join(t.TempDir(), "rd.json")
	mustRun(t, "sweep", "--codecs", "jpeg:50", "--images", dir, "--metrics", "psnr-rgb", "--timing", "-o", results)
	data, err := os.ReadFile(results)
	if err != nil {
		t.Fatal(err)
	}
	var curve struct {
		Meta    struct{ Timing string }
		Results map[string][]float64
	}
	if err := json.Unmarshal(data, &curve); err != nil {
		t.Fatal(err)
	}
	if r := curve.Results; !strings.Contains(curve.Meta.Timing, "alone") || r["encoding_time"][0] <= 0 || r["peak_memory"][0] < 1<<20 || r["psnr-rgb"][0] < 15 {
		t.Errorf("%s", data)
	}
	if _, errs, code := run(t, "sweep", "--codecs", "jpeg:50", "--images", dir, "--timing", "--keep", dir, "-o", results); code == 0 || !strings.Contains(errs, "exclude") {
		t.Errorf("exit %d, %s", code, errs)
	}
}

func TestInspectWritesPanels(t *testing.T) {
	dir := picturesIn(t, 1, 96, 80)
	in := filepath.Join(dir, samples.All()[0].Name+".png")
	for _, id := range []string{"klt", "jpeg", "webp-lossless"} {
		file, panels := filepath.Join(dir, id+".cwb"), filepath.Join(dir, id)
		mustRun(t, "encode", "--codec", id, in, "-o", file)
		stdout, errs, code := run(t, "inspect", file, "--panels", panels)
		if id == "webp-lossless" {
			if code == 0 || !strings.Contains(errs, "nothing of its inside") {
				t.Errorf("%s: exit %d, %s", id, code, errs)
			}
			continue
		}
		names := namesIn(t, panels)
		if code != 0 || !slices.Contains(names, "bits.png") || !slices.Contains(names, "bits.csv") || !strings.Contains(stdout, "bits.png: dark") {
			t.Errorf("%s: exit %d, %v\n%s%s", id, code, names, stdout, errs)
		}
		for _, name := range names {
			if filepath.Ext(name) != ".png" {
				continue
			}
			f, err := os.Open(filepath.Join(panels, name))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := png.Decode(f); err != nil {
				t.Errorf("%s: %s: %v", id, name, err)
			}
			f.Close()
		}
	}
}

func TestListsForPeople(t *testing.T) {
	for what, want := range map[string]string{"codecs": "lossless", "metrics": "psnr-rgb", "curves": "Kodak"} {
		if out := mustRun(t, "list", what); !strings.Contains(out, want) {
			t.Errorf("%s:\n%s", what, out)
		}
	}
	var curves []struct{ ID, Dataset, Source string }
	decode(t, mustRun(t, "list", "curves", "--json"), &curves)
	for _, c := range curves {
		if c.ID == "" || c.Dataset == "" || c.Source == "" {
			t.Errorf("a curve without provenance: %+v", c)
		}
	}
}

// TestTrainRefuses holds that training finds out before its work what would fail
// after it.
func TestTrainRefuses(t *testing.T) {
	dir := picturesIn(t, 1, 32, 24)
	for says, args := range map[string][]string{
		"did you mean klt?": {"train", "ktl", "--images", dir, "-o", filepath.Join(dir, "m.safetensors")},
		"no pictures to":    {"train", "klt", "-o", filepath.Join(dir, "m.safetensors")},
		"no such file":      {"train", "klt", "--images", filepath.Join(dir, "absent"), "-o", filepath.Join(dir, "m.safetensors")},
		"the folder":        {"train", "klt", "--images", dir, "-o", filepath.Join(dir, "absent", "m.safetensors")},
	} {
		if _, errs, code := run(t, args...); code == 0 || !strings.Contains(errs, says) {
			t.Errorf("%v: exit %d, %s; want %q", args, code, errs, says)
		}
	}
}

// TestNativeFilesOutsideContainers holds that a file which a codec wrote, but no
// reader of pictures here knows, gets advice.
func TestNativeFilesOutsideContainers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.avif")
	if err := os.WriteFile(path, []byte("\x00\x00\x00\x1cftypavif"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := run(t, "decode", path, "-o", path+".png"); code == 0 || !strings.Contains(errs, "inside a .cwb file") {
		t.Errorf("exit %d, %s", code, errs)
	}
}
