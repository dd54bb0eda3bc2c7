// Package reference finds the material that the tests compare with: values of
// other implementations and published curves, in the folder "shared" beside the
// repository. It is for tests alone.
package reference

import (
	"os"
	"path/filepath"
	"testing"
)

// Path returns the path of a file or folder of the material, or skips the test
// where it is absent.
func Path(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(filepath.Dir(dir), "shared", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is absent: no reference values to compare with", path)
	}
	return path
}
