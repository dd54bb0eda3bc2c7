package workbench

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"codecworkbench/codecs"
)

func presetBench(t *testing.T) *bench {
	t.Helper()
	files := fstest.MapFS{
		"set.cwpreset":    {Data: []byte(`{"cwpreset":1,"name":"Set","equal_rate":true,"candidates":[{"codec":"two","params":{"q":2}},{"codec":"none","optional":true},{"codec":"one"},{"codec":"two","params":{"invert":true}}]}`)},
		"broken.cwpreset": {Data: []byte(`{`)},
	}
	b := newBench(t, Config{Presets: files, PresetDir: t.TempDir()}, &bits{id: "one"}, &bits{id: "two"})
	b.Start(nil)
	b.settle()
	b.SetMatch(Match{})
	return b
}

func (b *bench) candidates() (out []string) {
	for _, s := range b.Setup().Slots[1:] {
		out = append(out, s.Codec+" "+s.Params.String())
	}
	return out
}

// A set takes the place of all candidates, undo brings them back; what is optional and
// missing is no matter.
func TestPresetOfASet(t *testing.T) {
	b := presetBench(t)
	before := strings.Join(b.candidates(), ", ")
	list := b.Presets()
	if len(list) != 1 || list[0].Name != "Set" {
		t.Fatalf("%+v", list)
	}
	b.ApplyPreset(list[0])
	s := b.Setup()
	if got := strings.Join(b.candidates(), ", "); got != "two invert=false q=2, one invert=false q=4, two invert=true q=4" {
		t.Error(got)
	}
	if s.Left != 2 || s.Right != 3 || s.Active != 3 || !s.Match.On || !s.Match.All {
		t.Errorf("%+v", s)
	}
	if m, _ := b.Message(); m.Error {
		t.Error(m.Text)
	}
	b.settle()
	if one, two := b.Run(2).Result.Bytes, b.Run(3).Result.Bytes; one != two {
		t.Errorf("%d and %d bytes, not one rate", one, two)
	}
	b.Undo()
	if got := strings.Join(b.candidates(), ", "); got != before {
		t.Errorf("undo: %s, not %s", got, before)
	}
}

// What is saved is there to be chosen, and opens as a file that is dropped.
func TestPresetIsSavedAndOpened(t *testing.T) {
	b := presetBench(t)
	b.SetParam(2, "q", "7")
	b.Show(2)
	path := filepath.Join(b.PresetDir(), "Mine.cwpreset")
	b.SavePreset(false, path)
	b.settle()
	if list := b.Presets(); len(list) != 2 || list[1].Name != "Mine" || list[1].Path != path {
		t.Fatalf("%+v", list)
	}
	b.SetParam(2, "q", "1")
	b.SetCodec(3, "one")
	b.Show(3)
	b.OpenPaths([]string{path})
	b.settle()
	if s, _ := b.Slot(3); s.Codec != "one" || s.Params["q"] != "7" || len(b.Setup().Slots) != 3 {
		t.Errorf("the active candidate is %+v", s)
	}
	b.Show(Original)
	b.OpenPreset(path)
	b.settle()
	if s, ok := b.Slot(4); !ok || s.Params["q"] != "7" {
		t.Error("beside the original a preset of one is no candidate more")
	}
	all := filepath.Join(t.TempDir(), "all.cwpreset")
	b.SavePreset(true, all)
	b.settle()
	data, err := os.ReadFile(all)
	if err != nil || strings.Count(string(data), `"codec"`) != 3 {
		t.Errorf("%s %v", data, err)
	}
}

// What can't be applied is named; the rest is applied, and where there is none nothing
// changes.
func TestPresetProblems(t *testing.T) {
	b := presetBench(t)
	before := strings.Join(b.candidates(), ", ")
	dir := t.TempDir()
	open := func(text string) string {
		path := filepath.Join(dir, "p.cwpreset")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for m, n := b.Message(); n > 0; m, n = b.Message() {
			_ = m
			b.Dismiss()
		}
		b.OpenPreset(path)
		b.settle()
		var all []string
		for m, n := b.Message(); n > 0; m, n = b.Message() {
			all = append(all, m.Text)
			b.Dismiss()
		}
		return strings.Join(all, " ")
	}
	for text, want := range map[string]string{
		`x`: "p.cwpreset can't be opened: it is no preset",
		`{"cwpreset":1,"candidates":[{"codec":"none"}]}`:                                 `was not applied`,
		`{"cwpreset":1,"candidates":[{"codec":"one","params":{"q":99}},{"codec":"no"}]}`: "q",
	} {
		if got := open(text); !strings.Contains(got, want) {
			t.Errorf("%s: %q", text, got)
		}
	}
	if got := strings.Join(b.candidates(), ", "); got != before {
		t.Errorf("candidates changed: %s", got)
	}
	if got := open(`{"cwpreset":1,"name":"Half","candidates":[{"codec":"one"},{"codec":"no"}]}`); !strings.Contains(got, "Applied the preset Half.") || !strings.Contains(got, `"no"`) && !strings.Contains(got, " no") {
		t.Error(got)
	}
	if len(b.candidates()) != 1 {
		t.Errorf("%v", b.candidates())
	}
}

// Files that a parameter names are meant beside the preset, and travel with it.
func TestPresetFilesAreRelative(t *testing.T) {
	b := newBench(t, Config{}, &modelled{bits{id: "m"}})
	b.Start(nil)
	b.settle()
	dir := t.TempDir()
	model := filepath.Join(dir, "own.model")
	if err := os.WriteFile(model, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.SetParam(2, "model", model)
	path := filepath.Join(dir, "p.cwpreset")
	b.Show(2)
	b.SavePreset(false, path)
	b.settle()
	if data, err := os.ReadFile(path); err != nil || !strings.Contains(string(data), `"model": "own.model"`) {
		t.Fatalf("%s %v", data, err)
	}
	moved := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	b.OpenPreset(filepath.Join(moved, "p.cwpreset"))
	b.settle()
	if s, _ := b.Slot(2); s.Params["model"] != filepath.Join(moved, "own.model") {
		t.Errorf("model %q", s.Params["model"])
	}
}

// modelled is a codec whose model may be a file.
type modelled struct{ bits }

func (m *modelled) Info() codecs.Info {
	i := m.bits.Info()
	i.Params = append(i.Params, codecs.Param{Name: "model", Kind: codecs.Model, Default: "default"})
	return i
}
