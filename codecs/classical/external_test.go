package classical

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/command/userfile"
)

// minimal is a definition that is right.
const minimal = `id = "copy"
name = "Copy"
native = ".cpy"
lossless = true
seconds = 30

[install]
linux = "install coreutils: apt-get install coreutils"

[encoder]
programs = ["no-such-program-1", "cp"]
args = ["{in}", "{out}"]

[decoder]
programs = ["cp"]
args = ["{in}", "{out}"]
`

const withQuality = `id = "copy"
name = "Copy"
native = ".cpy"

[encoder]
programs = ["cp"]
args = ["-q={q}", "{in}", "{out}"]

[decoder]
programs = ["cp"]
args = ["{in}", "{out}"]

[quality]
worst = 63
best = 0
step = 1
default = 20
ladder = [60, 40, 20]
`

func TestParseExternal(t *testing.T) {
	x, err := parseExternal([]byte(minimal))
	if err != nil {
		t.Fatal(err)
	}
	if x.definition.Encoder.Picture != "png" || x.definition.Seconds != 30 {
		t.Errorf("%+v", x.definition)
	}
	x, err = parseExternal([]byte(withQuality))
	if err != nil {
		t.Fatal(err)
	}
	if x.definition.Seconds != userfile.DefaultSeconds {
		t.Errorf("a time limit of %d s by default", x.definition.Seconds)
	}
	q := x.Info().Quality
	if q.Min != 0 || q.Max != 63 || q.Default != 43 || q.Ladder[0] != 3 || q.Ladder[2] != 43 || !strings.Contains(q.Help, "63 - q") {
		t.Errorf("a scale that runs backwards: %+v", q)
	}
}

func TestExternalRatio(t *testing.T) {
	text := strings.Replace(withQuality, "worst = 63\nbest = 0\nstep = 1\ndefault = 20\nladder = [60, 40, 20]", "divide = 24\nworst = 0.1\nbest = 12\nstep = 0.1\ndefault = 0.5", 1)
	x, err := parseExternal([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if got := x.definition.Quality.native(0.5); got != 48 || x.Info().Quality.Default != 0.5 {
		t.Errorf("q 0.5 gives %g", got)
	}
}

// TestExternalErrorsNameTheLine: each change of a right file is refused at its line
// with words that help.
func TestExternalErrorsNameTheLine(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{`id = "copy"`, `id = copy`, ":1: "},
		{`id = "copy"`, `id = "Copy It"`, ":1: id"},
		{`name = "Copy"`, `nmae = "Copy"`, `:2: unknown key "nmae"`},
		{`name = "Copy"`, `name = 7`, `:2: key "name" has a value of the wrong type; give text in quotes`},
		{`native = ".cpy"`, `native = "cpy"`, ":3: native"},
		{`native = ".cpy"`, `native = "/etc/x"`, ":3: native"},
		{`seconds = 30`, `seconds = 0`, ":5: seconds"},
		{`lossless = true`, `lossless = false`, "the table [quality] is missing"},
		{`programs = ["cp"]`, `programs = []`, ":15: [decoder] names no programs"},
		{`programs = ["cp"]`, "programs = [\"cp\"]\nextra = 1", `:16: unknown key "decoder.extra"`},
		{`args = ["{in}", "{out}"]`, `args = ["{in}"]`, ":12: [encoder] never uses {out}"},
		{`args = ["{in}", "{out}"]`, `args = ["{in}", "{out}", "{q}"]`, ":12: [encoder] has the placeholder {q}"},
		{`args = ["{in}", "{out}"]`, "args = [\"{in}\", \"{out}\"]\npicture = \"bmp\"", ":13: [encoder] has picture"},
		{`args = ["{in}", "{out}"]`, `args = ["{in}", "{out}", "-{Q}"]`, ":12: [encoder] has the placeholder {Q}"},
		{`args = ["{in}", "{out}"]`, `args = "{in} {out}"`, `:12: key "encoder.args" has a value of the wrong type; give a list`},
		{`seconds = 30`, `seconds = "long"`, `:5: key "seconds" has a value of the wrong type; give a whole number`},
		{`lossless = true`, `lossless = 1`, `:4: key "lossless" has a value of the wrong type; give true or false`},
		{"[install]", "[install", "table name"},
	} {
		text := strings.Replace(minimal, c.from, c.to, 1)
		if text == minimal {
			t.Fatalf("%q is not in the file", c.from)
		}
		if _, err := parseExternal([]byte(text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\n  got  %v\n  want %s", c.to, err, c.want)
		}
	}
	for _, c := range []struct{ from, to, want string }{
		{"worst = 63", "worst = 0", ":15: worst and best"},
		{"step = 1", "step = 0", ":16: step"},
		{"default = 20", "default = 64", ":17: default"},
		{"step = 1", "step = 1\ndivide = 24", ":17: divide"},
		{"[60, 40, 20]", "[60, 20, 40]", ":18: the ladder"},
		{"[60, 40, 20]", "[99]", ":18: the ladder"},
		{`"-q={q}"`, `"-q"`, ":7: [encoder] never uses {q}"},
		{"ladder = [60, 40, 20]", "[[param]]\nname = \"q\"", ":19: parameter 1"},
		{"ladder = [60, 40, 20]", "[[param]]\nname = \"a\"\nkind = \"text\"", ":20: parameter a"},
		{"ladder = [60, 40, 20]", "[[param]]\nname = \"a\"\nkind = \"int\"\nmax = 9\ndefault = \"1\"\n[[param]]\nname = \"b\"\nkind = \"text\"", ":25: parameter b"},
		{"ladder = [60, 40, 20]", "[[param]]\nname = \"a\"\nkind = \"int\"\ndefault = \"x\"", ":21: the default"},
	} {
		text := strings.Replace(withQuality, c.from, c.to, 1)
		if _, err := parseExternal([]byte(text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\n  got  %v\n  want %s", c.to, err, c.want)
		}
	}
}

func TestLoadExternals(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"b.toml": minimal, "a.toml": strings.Replace(withQuality, "copy", "other", 1), "c.toml": "id = 1", "note.txt": "x", "big.toml": strings.Repeat("#", userfile.MaxBytes+1),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list, errs := LoadExternals(dir)
	if len(list) != 2 || list[0].Info().ID != "other" || list[1].Info().ID != "copy" {
		t.Errorf("%d codecs", len(list))
	}
	if len(errs) != 2 || !strings.Contains(errs[0].Error(), "big.toml: ") || !strings.Contains(errs[1].Error(), filepath.Join(dir, "c.toml")+":1: ") {
		t.Errorf("errors: %v", errs)
	}
	if list, errs := LoadExternals(filepath.Join(dir, "nothing")); list != nil || errs != nil {
		t.Errorf("no folder: %v, %v", list, errs)
	}
}

// TestExternalTakenIDs: a file whose id another codec has is left out, with its name.
func TestExternalTakenIDs(t *testing.T) {
	dir := t.TempDir()
	for name, id := range map[string]string{"a.toml": "copy", "b.toml": "copy", "c.toml": "avif", "d.toml": "webp-lossless", "e.toml": "klt"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Replace(minimal, `"copy"`, strconv.Quote(id), 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list, errs := LoadExternals(dir, "klt")
	if len(list) != 1 || len(errs) != 4 {
		t.Fatalf("%d codecs, %v", len(list), errs)
	}
	for i, want := range []string{
		`b.toml:1: id "copy" is taken by a.toml; give another one`, `c.toml:1: id "avif" is taken by the program`,
		`d.toml:1: id "webp-lossless" is taken`, `e.toml:1: id "klt" is taken`,
	} {
		if !strings.Contains(errs[i].Error(), want) {
			t.Errorf("%v, want %s", errs[i], want)
		}
	}
}

func TestMissingProgram(t *testing.T) {
	x, err := parseExternal([]byte(strings.Replace(minimal, `"cp"`, `"no-such-program-2"`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	info := x.Info()
	if runtime.GOOS == "linux" && !strings.Contains(info.Unavailable, "install coreutils: apt-get install coreutils") || !strings.Contains(info.Unavailable, "no-such-program-1") {
		t.Errorf("unavailable: %q", info.Unavailable)
	}
	if _, err := x.Encode(context.Background(), draw(t, 4, 4, false, false), codecs.EncodeOptions{}); !errors.Is(err, codecs.ErrUnavailable) {
		t.Errorf("encode: %v", err)
	}
	if _, err := x.Decode(context.Background(), codecs.NativeStream("copy", 4, 4, []byte{1}), codecs.DecodeOptions{}); !errors.Is(err, codecs.ErrUnavailable) {
		t.Errorf("decode: %v", err)
	}
}

func TestFingerprintNamesTheVersion(t *testing.T) {
	list, errs := Predefined()
	if len(errs) > 0 || len(list) != 5 {
		t.Fatalf("%d codecs, %v", len(list), errs)
	}
	for _, c := range list {
		info := c.Info()
		version, _, _ := strings.Cut(info.Fingerprint(), " | ")
		t.Logf("%-9s %s%s", info.ID, version, info.Unavailable)
		if info.Unavailable == "" && !versionPattern.MatchString(version) {
			t.Errorf("%s: fingerprint %q has no version", info.ID, info.Fingerprint())
		}
	}
}

func FuzzParseExternal(f *testing.F) {
	f.Add([]byte(minimal))
	f.Add([]byte(withQuality))
	f.Add([]byte("[[param]]\nname=\"x\""))
	f.Fuzz(func(t *testing.T, text []byte) {
		x, err := parseExternal(text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), ":") {
				t.Fatalf("no line: %v", err)
			}
			return
		}
		// Info looks for the programs but must not run one that a fuzzer names.
		x.definition.Encoder.Version = nil
		info := x.Info()
		if _, err := info.Resolve(nil); err != nil {
			t.Fatalf("accepted, but its defaults are refused: %v", err)
		}
	})
}
