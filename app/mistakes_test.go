package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"codecworkbench/app/cli"
	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	samples "codecworkbench/sample_images"
)

// TestMistakesAreExplained holds that every mistake ends with a message that helps,
// a non-zero exit, and no output file.
func TestMistakesAreExplained(t *testing.T) {
	dir := picturesIn(t, 1, 32, 24)
	in := filepath.Join(dir, samples.All()[0].Name+".png")
	out := filepath.Join(dir, "out.cwb")
	other := filepath.Join(picturesIn(t, 1, 33, 24), samples.All()[0].Name+".png")
	empty := filepath.Join(t.TempDir(), "empty.json")
	if err := os.WriteFile(empty, []byte(`{"name":"x","results":{"bpp":[null],"psnr-rgb":[null]}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		says string
		args []string
	}{
		{"no codec", []string{"encode", "--codec", "nope", in, "-o", out}},
		{"did you mean jpeg?", []string{"encode", "--codec", "jpge", in, "-o", out}},
		{"did you mean webp?", []string{"sweep", "--codecs", "jpeg,wbep:50", "--images", dir, "-o", filepath.Join(dir, "r.json")}},
		{"did you mean psnr-rgb?", []string{"measure", in, in, "--metrics", "psnr"}},
		{"did you mean ppd?", []string{"measure", in, in, "--metrics", "flip@pdd=60"}},
		{"allowed are numbers", []string{"measure", in, in, "--metrics", "flip@ppd=wide"}},
		{"has no settings", []string{"measure", in, in, "--metrics", "ms-ssim-rgb@ppd=1"}},
		{"did you mean haarpsi?", []string{"list", "metrics", "harpsi"}},
		{"has a map; these have", []string{"measure", in, in, "--metrics", "ms-ssim-rgb", "--maps", filepath.Join(dir, "maps")}},
		{"above 0", []string{"measure", in, in, "--maps", filepath.Join(dir, "maps"), "--map-reach", "0"}},
		{"did you mean psnr-y?", []string{"encode", "--codec", "jpeg", "--target", "psnry=30", in, "-o", out}},
		{"did you mean vtm?", []string{"plot", "--published", "vtmm", "-o", filepath.Join(dir, "p.png")}},
		{"did you mean encode?", []string{"encod", "--codec", "jpeg"}},
		{"did you mean encode?", []string{"enocde"}},
		{"did you mean --codec?", []string{"encode", "--codex", "jpeg", in, "-o", out}},
		{"did you mean metrics?", []string{"list", "metric"}},
		{"did you mean webp?", []string{"list", "codecs", "weep"}},
		{"no subcommand", []string{"help", "nope"}},
		{"--codec and --output must be given", []string{"encode", in}},
		{"--q and --bpp exclude", []string{"encode", "--codec", "jpeg", "--q", "5", "--bpp", "1", in, "-o", out}},
		{"not a number", []string{"encode", "--codec", "jpeg", "--q", "", in, "-o", out}},
		{"above 0", []string{"encode", "--codec", "jpeg", "--bpp", "NaN", in, "-o", out}},
		{"METRIC=number", []string{"encode", "--codec", "jpeg", "--target", "psnr-rgb=nan", in, "-o", out}},
		{"cannot reach", []string{"encode", "--codec", "jpeg", "--target", "psnr-rgb=200", in, "-o", out}},
		{"no quality", []string{"encode", "--codec", "png", "--bpp", "3", in, "-o", out}},
		{"it is a folder", []string{"encode", "--codec", "jpeg", in, "-o", dir}},
		{"both input and output", []string{"encode", "--codec", "png", in, "-o", in}},
		{"both input and output", []string{"decode", in, "-o", in}},
		{"is a folder", []string{"measure", in, dir}},
		{"one size", []string{"measure", in, other}},
		{"no metric is named", []string{"measure", in, in, "--metrics", ""}},
		{"outside 1 to 100", []string{"sweep", "--codecs", "jpeg:0", "--images", dir, "-o", filepath.Join(dir, "r.json")}},
		{"both --output and --csv", []string{"sweep", "--codecs", "jpeg", "--images", dir, "-o", filepath.Join(dir, "r.json"), "--csv", filepath.Join(dir, ".", "r.json")}},
		{"at least 1 job", []string{"sweep", "--codecs", "jpeg", "--images", dir, "-o", filepath.Join(dir, "r.json"), "--jobs", "0"}},
		{"no curve is named", []string{"bdrate", "--anchor", "jpeg"}},
		{"hold no values", []string{"plot", empty, "-o", filepath.Join(dir, "p.png")}},
		{"outside", []string{"encode", "--codec", "jpeg", "--q", "101", in, "-o", out}},
		{"not a number", []string{"encode", "--codec", "jpeg", "--q", "high", in, "-o", out}},
		{"no parameter", []string{"encode", "--codec", "jpeg", "--set", "x=1", in, "-o", out}},
		{"none of", []string{"encode", "--codec", "jpeg", "--set", "subsampling=9", in, "-o", out}},
		{"extension", []string{"encode", "--codec", "jpeg", in, "-o", filepath.Join(dir, "out.webp")}},
		{"no such file", []string{"encode", "--codec", "jpeg", filepath.Join(dir, "absent.png"), "-o", out}},
		{"no such file", []string{"encode", "--codec", "jpeg", in, "-o", filepath.Join(dir, "absent", "out.cwb")}},
		{"no metric", []string{"measure", in, in, "--metrics", "nope"}},
		{"sides", []string{"measure", in, in, "--metrics", "ms-ssim-rgb"}},
		{"no picture", []string{"sweep", "--codecs", "jpeg", "-o", filepath.Join(dir, "r.json")}},
		{"no such file", []string{"sweep", "--codecs", "jpeg", "--images", filepath.Join(dir, "absent"), "-o", filepath.Join(dir, "r.json")}},
		{"argument", []string{"measure", in}},
		{"neither", []string{"frobnicate"}},
		{"no published", []string{"plot", "--published", "nope", "-o", filepath.Join(dir, "p.png")}},
		{".cwb", []string{"inspect", in}},
	} {
		stdout, errs, code := run(t, tt.args...)
		if code == 0 || !strings.Contains(errs, tt.says) || strings.Contains(errs, "goroutine") || strings.Contains(errs, "stat ") {
			t.Errorf("%v: exit %d, %q; want a message with %q", tt.args, code, errs+stdout, tt.says)
		}
		if _, err := os.Stat(out); err == nil {
			t.Fatalf("%v left an output file", tt.args)
		}
	}
}

// TestDamageIsSeen cuts and flips a .cwb file everywhere: that is an error, or a section
// marked as lost, of codecs that go on without one.
func TestDamageIsSeen(t *testing.T) {
	dir := picturesIn(t, 1, 24, 20)
	in := filepath.Join(dir, samples.All()[0].Name+".png")
	for _, id := range []string{"jpeg", "klt", "vq"} {
		file := filepath.Join(dir, id+".cwb")
		mustRun(t, "encode", "--codec", id, in, "-o", file)
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tools, _ := newTools(nil)
		for i := range data {
			for _, bad := range [][]byte{data[:i], damage(data, i)} {
				s, _, err := tools.Codecs.Parse(bad)
				if err == nil && !slices.ContainsFunc(s.Sections, func(p container.Section) bool { return p.Damaged }) {
					t.Errorf("%s: damage at byte %d of %d goes unseen", id, i, len(data))
				}
			}
		}
	}
}

func damage(data []byte, i int) []byte {
	out := bytes.Clone(data)
	out[i] ^= 1 << (i % 8)
	return out
}

// TestInputSurvives holds that no subcommand writes over what it reads.
func TestInputSurvives(t *testing.T) {
	in := filepath.Join(picturesIn(t, 1, 32, 24), samples.All()[0].Name+".png")
	link := filepath.Join(filepath.Dir(in), "link.png")
	if err := os.Symlink(in, link); err != nil {
		t.Skip(err)
	}
	before, err := os.ReadFile(in)
	if err != nil {
		t.Fatal(err)
	}
	results := filepath.Join(t.TempDir(), "rd.json")
	for _, args := range [][]string{
		{"decode", in, "-o", link}, {"decode", link, "-o", in}, {"encode", "--codec", "png", in, "-o", link},
		{"sweep", "--codecs", "jpeg:50", "--images", in, "-o", link}, {"sweep", "--codecs", "jpeg:50", "--images", in, "-o", results, "--csv", in},
		{"train", "klt", "--images", in, "-o", link},
	} {
		if _, errs, code := run(t, args...); code == 0 || !strings.Contains(errs, "both input and output") {
			t.Errorf("%v: exit %d, %s", args, code, errs)
		}
	}
	if after, err := os.ReadFile(in); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the input changed: %v", err)
	}
}

// TestFullDiskIsAnError holds that a file that can't be written is an error.
func TestFullDiskIsAnError(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip(err)
	}
	dir := picturesIn(t, 1, 32, 24)
	in := filepath.Join(dir, samples.All()[0].Name+".png")
	for ext, args := range map[string][]string{
		".jpg":  {"encode", "--codec", "jpeg", in},
		".png":  {"decode", in},
		".json": {"sweep", "--codecs", "jpeg:50", "--images", in},
		".svg":  {"plot", "--published", "vtm"},
	} {
		full := filepath.Join(dir, "full"+ext)
		if err := os.Symlink("/dev/full", full); err != nil {
			t.Skip(err)
		}
		if _, errs, code := run(t, append(args, "-o", full)...); code == 0 || !strings.Contains(errs, "no space") {
			t.Errorf("%v: exit %d, %s", args, code, errs)
		}
	}
}

// TestQualityEndsCode holds that every codec codes at both ends of its range: a
// search for a rate goes there.
func TestQualityEndsCode(t *testing.T) {
	in := filepath.Join(picturesIn(t, 1, 64, 48), samples.All()[0].Name+".png")
	tools, _ := newTools(nil)
	for _, c := range tools.Codecs.All() {
		info := c.Info()
		if info.Quality == nil || info.Unavailable != "" {
			continue
		}
		for _, q := range []float64{info.Quality.Min, info.Quality.Max} {
			mustRun(t, "encode", "--codec", info.ID, "--q", codecs.FormatNumber(q), in, "-o", in+".cwb")
		}
		for _, q := range info.Quality.Ladder {
			if info.Quality.Snap(q) != q {
				t.Errorf("%s: q %g of its ladder is not on a step", info.ID, q)
			}
		}
	}
}

// TestCurvesThatDoNotCompare holds that curves of one name are told apart, and that
// a curve of other pictures is pointed out.
func TestCurvesThatDoNotCompare(t *testing.T) {
	dir := picturesIn(t, 2, 64, 48)
	a, b := filepath.Join(t.TempDir(), "a.json"), filepath.Join(t.TempDir(), "b.json")
	for _, out := range []string{a, b} {
		mustRun(t, "sweep", "--codecs", "jpeg:20-90/4,png", "--images", dir, "--metrics", "psnr-rgb", "-o", out)
	}
	table := mustRun(t, "bdrate", a, b, "--anchor", "jpeg (a.json)")
	if !strings.Contains(table, "jpeg (b.json)  +0.00 %") {
		t.Errorf("%s", table)
	}
	if _, errs, code := run(t, "bdrate", a, b, "--anchor", "jpeg"); code == 0 || !strings.Contains(errs, "jpeg (b.json)") {
		t.Errorf("an anchor of two files: exit %d, %s", code, errs)
	}
	stdout, errs, code := run(t, "plot", a, "--published", "vtm", "-o", filepath.Join(dir, "p.svg"))
	if code != 0 || !strings.Contains(errs, "not on the pictures") || !strings.Contains(errs, "png is not drawn") || !strings.Contains(stdout, "2 curves") {
		t.Errorf("exit %d, %s%s", code, stdout, errs)
	}
}

// TestInterruptedSweep holds that a stopped sweep exits as shells expect and writes
// no results.
func TestInterruptedSweep(t *testing.T) {
	dir := picturesIn(t, 1, 64, 48)
	out := filepath.Join(t.TempDir(), "rd.json")
	env := environment()
	var errs bytes.Buffer
	env.Stdout, env.Stderr, env.CacheDir = &bytes.Buffer{}, &errs, t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if code := cli.Run(ctx, env, []string{"sweep", "--codecs", "jpeg", "--images", dir, "-o", out}); code != 130 || !strings.Contains(errs.String(), "stopped") {
		t.Errorf("exit %d, %s", code, errs.String())
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("results of a stopped sweep were written")
	}
}
