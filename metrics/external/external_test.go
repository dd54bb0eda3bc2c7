package external

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"codecworkbench/codecs/command"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
	"codecworkbench/metrics/internal/metrictest"
)

// minimal is a definition that is right.
const minimal = `id = "mine"
name = "Mine"
lower = false

[install]
linux = "install it: apt-get install it"

[command]
programs = ["no-such-program-1", "true"]
args = ["{ref}", "{dist}"]
`

func TestParse(t *testing.T) {
	m, err := parse([]byte(minimal))
	if err != nil {
		t.Fatal(err)
	}
	info := m.Info()
	if info.ID != "mine" || info.Name != "Mine" || info.Lower || info.Range != "as no-such-program-1 prints them" || info.Summary == "" || info.Version < 1 {
		t.Errorf("%+v", info)
	}
	m, err = parse([]byte(`id = "full"
name = "Full"
summary = "S."
paper = "P"
unit = "JND"
range = "0 up"
lower = true
alpha = true
min_side = 9
seconds = 7
[command]
programs = ["true"]
args = ["{dist}", "-o={ref}"]
picture = "png"
success = [0, 1]
value = 'x=(\S+)'`))
	if err != nil {
		t.Fatal(err)
	}
	want := metrics.Info{ID: "full", Name: "Full", Summary: "S.", Paper: "P", Unit: "JND", Range: "0 up", Lower: true, Alpha: true,
		MinSide: 9}
	info = m.Info()
	want.Version = info.Version // the text's
	if info != want && runtime.GOOS != "windows" {
		t.Errorf("got %+v, want %+v", info, want)
	}
}

// TestErrorsNameTheLine: each change of a right file is refused at its line with
// words that help.
func TestErrorsNameTheLine(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{`id = "mine"`, `id = "my own"`, ":1: id"},
		{`name = "Mine"`, `nmae = "Mine"`, `:2: unknown key "nmae"`},
		{`name = "Mine"`, ``, `:1: name is missing`},
		{`lower = false`, `lower = "no"`, `:3: key "lower" has a value of the wrong type; give true or false`},
		{`lower = false`, ``, `:1: lower is missing`},
		{`lower = false`, "lower = true\ndb = true", `:4: db is for metrics from 0 to 1`},
		{`lower = false`, "lower = true\nmin_side = -1", `:4: min_side`},
		{`lower = false`, "lower = true\nseconds = 0", `:4: seconds`},
		{`programs = ["no-such-program-1", "true"]`, `programs = []`, ":9: [command] names no programs"},
		{`"{dist}"`, `"{dist}", "{out}"`, ":10: [command] has the placeholder {out}; there are: {ref} {dist}"},
		{`, "{dist}"`, ``, ":10: [command] never uses {dist}"},
		{`args =`, "picture = \"bmp\"\nargs =", ":10: [command] has picture"},
		{`args =`, "success = [0, 256]\nargs =", ":10: [command] has the exit status 256"},
		{`args =`, "value = '('\nargs =", ":10: [command] has a value that is no regular expression"},
		{`args =`, "value = 'x'\nargs =", ":10: [command] has a value with 0 groups"},
	} {
		text := strings.Replace(minimal, c.from, c.to, 1)
		if text == minimal {
			t.Fatalf("%q is not in the file", c.from)
		}
		if _, err := parse([]byte(text)); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s:\n  got  %v\n  want %s", c.to, err, c.want)
		}
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	for name, id := range map[string]string{"a.toml": "mine", "b.toml": "psnr-y", "c.toml": "other", "d.toml": "my own"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Replace(minimal, "mine", id, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list, errs := Load(dir, "psnr-y")
	if len(list) != 2 || list[0].Info().ID != "mine" || list[1].Info().ID != "other" {
		t.Errorf("got %d metrics", len(list))
	}
	if len(errs) != 2 || !strings.Contains(errs[0].Error(), `b.toml:1: id "psnr-y" is taken by the program`) || !strings.Contains(errs[1].Error(), "d.toml:1: id") {
		t.Errorf("errors: %v", errs)
	}
}

func TestValue(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		stdout, stderr, pattern string
		want                    float64
		problem                 string // "" for none
	}{
		{"PSNR: 31.25 dB\n", "note 7", "", 31.25, ""},
		{"", "31.5", "", 31.5, ""},
		{"6.05\n3-norm: 2.1\n", "", "", 2.1, ""},
		{"6.05\n3-norm: 2.1\n", "", `^(\S+)`, 6.05, ""},
		{"a=1 b=2 a=3", "", `a=(\d+)`, 3, ""},
		{"-1.5e-3", "", "", -1.5e-3, ""},
		{"+.5", "", "", .5, ""},
		{"7.", "", "", 7, ""},
		{"inf", "", "", inf, ""},
		{"information: 3, nanny", "", "", 3, ""},
		{"value Infinity", "", "", inf, ""},
		{"nan", "", "", 0, "says nan"},
		{"-inf", "", "", 0, "says -inf"},
		{"no value", "sorry", "", 0, "printed no number that was looked for: sorry"},
		{"a=x", "", `a=(\S+)`, 0, `printed "x"`},
		{"1e999", "", "", 0, `printed "1e999"`},
	} {
		text := minimal
		if c.pattern != "" {
			text += fmt.Sprintf("value = '%s'\n", c.pattern)
		}
		m, err := parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		got, err := m.definition.value(command.Printed{Stdout: c.stdout, Stderr: c.stderr})
		if (err != nil) != (c.problem != "") || err != nil && !strings.Contains(err.Error(), c.problem) || err == nil && got != c.want {
			t.Errorf("%q, %q: got %v, %v, want %v %s", c.stdout, c.pattern, got, err, c.want, c.problem)
		}
	}
	lower, err := parse([]byte(strings.Replace(minimal, "false", "true", 1)))
	if err != nil {
		t.Fatal(err)
	}
	var undefined *metrics.Undefined
	if _, err := lower.definition.value(command.Printed{Stdout: "inf"}); !errors.As(err, &undefined) {
		t.Errorf("an infinite distance: %v", err)
	}
}

// script makes a metric of a shell script, which finds the files in $1 and $2.
func script(t *testing.T, body, keys string) *external {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell")
	}
	t.Setenv("TMPDIR", t.TempDir()) // a folder that the test can look into
	path := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	m, err := parse([]byte(strings.Replace(minimal, "no-such-program-1", path, 1) + keys))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// clean reports an error if temporary files are left.
func clean(t *testing.T) {
	t.Helper()
	if entries, err := os.ReadDir(os.TempDir()); err != nil || len(entries) > 0 {
		t.Errorf("%d temporary files are left, %v", len(entries), err)
	}
}

// TestFiles: the program reads the pictures, and sees the reference first.
func TestFiles(t *testing.T) {
	a, b := metrictest.Noise(t, 17, 5, 8, 1), metrictest.Noise(t, 17, 5, 8, 2)
	for _, format := range []string{"png", "ppm"} {
		kept := t.TempDir()
		m := script(t, `cp "$1" `+kept+`/ref; cp "$2" `+kept+`/dist; echo 42`, fmt.Sprintf("picture = %q", format))
		if v := metrictest.Measure(t, m, a, b); v.Number != 42 {
			t.Errorf("%s: got %v (%s)", format, v.Number, v.Note)
		}
		for name, want := range map[string]*picture.Picture{"ref": a, "dist": b} {
			if got := metrictest.Open(t, filepath.Join(kept, name)); !got.Equal(want) {
				t.Errorf("%s: %s is another picture", format, name)
			}
		}
		clean(t)
	}
}

func TestFailures(t *testing.T) {
	p := metrictest.Noise(t, 8, 8, 8, 1)
	for _, c := range []struct{ body, keys, want string }{
		{`echo "cannot read" >&2; exit 2`, "", "mine: program failed (exit status 2): cannot read"},
		{`echo 1; exit 1`, "success = [1, 2]", ""},
		{`echo 1; exit 0`, "success = [1, 2]", "exit status 0, which success does not name"},
		{`kill -9 $$`, "success = [0, 1]", "signal: killed"},
		{`exit 0`, "", "printed no number"},
	} {
		_, err := metrics.Measure(t.Context(), script(t, c.body, c.keys), metrictest.Pair(t, p, p))
		if (err != nil) != (c.want != "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.body, err, c.want)
		}
		clean(t)
	}
}

func TestLimits(t *testing.T) {
	p := metrictest.Noise(t, 8, 8, 8, 1)
	m := script(t, "sleep 60; echo 1", "")
	m.definition.Seconds = 1
	if _, err := metrics.Measure(t.Context(), m, metrictest.Pair(t, p, p)); err == nil || !strings.Contains(err.Error(), "more than 1s") {
		t.Errorf("time: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := metrics.Measure(ctx, script(t, "sleep 60 & wait", ""), metrictest.Pair(t, p, p)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("cancelled: %v", err)
	}
	clean(t)
}

// TestUnavailable: a missing program is no failure; the reason takes the value's place.
func TestUnavailable(t *testing.T) {
	m, err := parse([]byte(strings.Replace(minimal, `, "true"`, "", 1)))
	if err != nil {
		t.Fatal(err)
	}
	p := metrictest.Noise(t, 8, 8, 8, 1)
	v := metrictest.Measure(t, m, p, p)
	if v.Finite() || !strings.Contains(v.Note, "no-such-program-1 was not found") || runtime.GOOS == "linux" && !strings.Contains(v.Note, "apt-get install it") {
		t.Errorf("got %v (%s)", v.Number, v.Note)
	}
	if m.Info().Unavailable != v.Note {
		t.Errorf("info says %q", m.Info().Unavailable)
	}
}

// TestExamples: what the guide shows works where the program is installed.
func TestExamples(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	dir, found := t.TempDir(), 0
	var code []string
	for line := range strings.Lines(string(text)) {
		if inside, ok := strings.CutPrefix(line, "    "); ok || len(code) > 0 && strings.TrimSpace(line) == "" {
			code = append(code, inside)
			continue
		}
		if len(code) > 0 {
			found++
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.toml", found)), []byte(strings.Join(code, "")), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		code = nil
	}
	list, errs := Load(dir)
	if len(list) != found || found == 0 || errs != nil {
		t.Fatalf("%d examples, %d metrics, %v", found, len(list), errs)
	}
	near, far := metrictest.Noise(t, 256, 256, 4, 1), metrictest.Noise(t, 256, 256, 30, 1)
	for _, m := range list {
		info := m.Info()
		if info.Unavailable != "" {
			t.Logf("%s: %s", info.ID, info.Unavailable)
			continue
		}
		ref := metrictest.Noise(t, 256, 256, 0, 1)
		a, b := metrictest.Measure(t, m, ref, near), metrictest.Measure(t, m, ref, far)
		if !a.Finite() || !b.Finite() || (a.Number < b.Number) != info.Lower {
			t.Errorf("%s: little noise %v, much %v", info.ID, a, b)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(minimal), "31.5")
	f.Add([]byte(minimal+"value = 'a=(.*)'"), "a=inf")
	f.Fuzz(func(t *testing.T, text []byte, output string) {
		m, err := parse(text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), ":") {
				t.Fatalf("no line: %v", err)
			}
			return
		}
		if info := m.Info(); info.ID == "" || info.Name == "" || info.Summary == "" || info.Range == "" {
			t.Fatalf("accepted without a description: %+v", info)
		}
		if v, err := m.definition.value(command.Printed{Stdout: output}); err == nil && (math.IsNaN(v) || math.IsInf(v, -1)) {
			t.Fatalf("%q has the value %v", output, v)
		}
	})
}

// A change of the file makes it another version, so that no cached value survives it.
func TestVersionIsTheText(t *testing.T) {
	const text = "id = \"mine\"\nname = \"Mine\"\nlower = false\n[command]\nprograms = [\"true\"]\nargs = [\"{ref}\", \"{dist}\"]\n"
	version := func(text string) int {
		m, err := parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return m.Info().Version
	}
	same, again, other := version(text), version(text), version(strings.Replace(text, "false", "true", 1))
	if same < 1 || other < 1 || same != again || same == other {
		t.Errorf("versions %d and %d of one text, %d of another", same, again, other)
	}
}
