package assets

import (
	"bytes"
	"encoding/json"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestIcon(t *testing.T) {
	img, err := png.Decode(bytes.NewReader(Icon()))
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() != 512 || b.Dy() != 512 {
		t.Errorf("the icon has %d x %d pixels, not 512 x 512", b.Dx(), b.Dy())
	}
	if _, _, _, a := img.At(0, 0).RGBA(); a != 0 {
		t.Error("the icon's corner is not transparent")
	}
}

func TestModelsFolder(t *testing.T) {
	if _, err := fs.Stat(Models(), "README.md"); err != nil {
		t.Error(err)
	}
}

// The numbers of every curve must equal their original, character by character but for
// white space, so that no digit was lost on the way.
func TestPublishedDigitForDigit(t *testing.T) {
	const shared = "../../shared/published-rd"
	if _, err := os.Stat(shared); err != nil {
		t.Skip("no ../shared/published-rd beside the repository")
	}
	n := 0
	err := fs.WalkDir(Published(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		n++
		ours, err := fs.ReadFile(Published(), name)
		if err != nil {
			return err
		}
		theirs, err := os.ReadFile(filepath.Join(shared, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		if results(t, ours) != results(t, theirs) {
			t.Errorf("%s differs from its original", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n != 137 {
		t.Errorf("there are %d curves, not 137", n)
	}
}

// results returns a file's numbers as they stand, without white space.
func results(t *testing.T, file []byte) string {
	t.Helper()
	var parts struct{ Results json.RawMessage }
	if err := json.Unmarshal(file, &parts); err != nil || len(parts.Results) == 0 {
		t.Fatalf("no results: %v", err)
	}
	return strings.Join(strings.Fields(string(parts.Results)), "")
}
