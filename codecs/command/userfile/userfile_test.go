package userfile

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// file is a definition as simple as can be.
type file struct {
	ID    string `toml:"id"`
	Table []struct {
		Key int `toml:"key"`
	} `toml:"table"`
}

func parse(text []byte) (Loaded[string], error) {
	var f file
	err := Decode(text, &f, func(toml.MetaData) *Mistake {
		for i, table := range f.Table {
			if table.Key < 0 {
				return &Mistake{toml.Key{"table", "key"}, "it is negative", i}
			}
		}
		return CheckID(f.ID)
	})
	return Loaded[string]{f.ID, f.ID, LineOf(text, toml.Key{"id"}, 0)}, err
}

// TestErrorsNameTheLine, whatever is wrong.
func TestErrorsNameTheLine(t *testing.T) {
	for text, want := range map[string]string{
		"id = \"a\"\n[[table]]\nkey = 1\n[[table]]\nkey = -1": ":5: it is negative",
		"id = \"a\"\n[[table]]\nkey = \"1\"":                  ":3: key \"table.key\" has a value of the wrong type; give a whole number",
		"id = \"a\"\n\nname = 1":                              ":3: unknown key \"name\"",
		"# none\n":                                            ":1: id \"\"; give",
		"id = a":                                              ":1: ",
		"\nid = \"a":                                          ":2: ",
	} {
		if _, err := parse([]byte(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

func TestLoadDir(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"b.toml": `id = "b"`, "a.TOML": `id = "a"`, "c.toml": `id = "b"`, "d.toml": `id = "ours"`, "e.toml": "id = 1",
		"f.toml": strings.Repeat("#", MaxBytes+1), "note.txt": "x",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list, errs := LoadDir(dir, []string{"ours"}, parse)
	if !slices.Equal(list, []string{"a", "b"}) {
		t.Errorf("got %q", list)
	}
	want := []string{`c.toml:1: id "b" is taken by b.toml`, `d.toml:1: id "ours" is taken by the program`, "e.toml:1: ", "f.toml: it is no regular file"}
	for i, w := range want {
		if len(errs) != len(want) || !strings.HasPrefix(errs[i].Error(), filepath.Join(dir, w)) {
			t.Fatalf("got %v, want %q", errs, want)
		}
	}
	if list, errs := LoadDir(filepath.Join(dir, "nothing"), nil, parse); list != nil || errs != nil {
		t.Errorf("no folder: %v, %v", list, errs)
	}
}

func TestCheckProgram(t *testing.T) {
	for _, c := range []struct {
		programs, args []string
		want           string
	}{
		{[]string{"x"}, []string{"-a={in}{in}", "{out}"}, "<nil>"},
		{nil, []string{"{in}", "{out}"}, "names no programs"},
		{[]string{""}, []string{"{in}", "{out}"}, "names no programs"},
		{[]string{"x"}, []string{"{in}"}, "never uses {out}"},
		{[]string{"x"}, []string{"{in}", "{out}", "{In}"}, "has the placeholder {In}; there are: {in} {out}"},
	} {
		got := "<nil>"
		if m := CheckProgram("tool", c.programs, c.args, []string{"{in}", "{out}"}); m != nil {
			got = fmt.Sprint(m.Key, m.Text)
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%q: got %s, want %s", c.args, got, c.want)
		}
	}
}
