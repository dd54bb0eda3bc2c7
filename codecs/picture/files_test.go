package picture

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out.png")
	for _, data := range []string{"first", "second, longer", ""} {
		if err := WriteFile(path, []byte(data)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != data {
			t.Errorf("holds %q, %v", got, err)
		}
	}
	if got := names(t, dir); !slices.Equal(got, []string{"out.png"}) {
		t.Errorf("left behind: %v", got)
	}
	long := filepath.Join(dir, strings.Repeat("n", 250)+".png")
	if err := WriteFile(long, []byte("x")); err != nil {
		t.Errorf("long name: %v", err)
	}
}

func TestWriteFilePermissions(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs Unix permissions")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	write(t, path, []byte("old"))
	if err := os.Chmod(path, 0o604); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(path, []byte("new")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o604 {
		t.Errorf("permissions %v, %v", info.Mode(), err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(link, []byte("through the link")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v", err)
	}
	if got, _ := os.ReadFile(path); string(got) != "through the link" {
		t.Errorf("the link's target holds %q", got)
	}
	if err := WriteFile(os.DevNull, []byte("gone")); err != nil {
		t.Errorf("device: %v", err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Errorf("the device became a file: %v", err)
	}
}

// TestWriteFileFails checks that a failure names the path and leaves the old file.
func TestWriteFileFails(t *testing.T) {
	dir := t.TempDir()
	for name, path := range map[string]string{
		"folder": dir, "missing folder": filepath.Join(dir, "no", "out.png"), "a file for a folder": filepath.Join(dir, "file", "out.png"),
	} {
		if name == "a file for a folder" {
			write(t, filepath.Join(dir, "file"), []byte("x"))
		}
		if err := WriteFile(path, []byte("x")); err == nil || !strings.Contains(err.Error(), path) || strings.Count(err.Error(), path) > 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	path := filepath.Join(dir, "protected")
	write(t, path, []byte("old"))
	if err := os.Chmod(path, 0o444); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(path, []byte("new")); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("protected file: %v", err)
	}
	locked := filepath.Join(dir, "locked")
	if err := os.Mkdir(locked, 0o555); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(filepath.Join(locked, "x"), []byte("new")); err == nil {
		t.Error("wrote into a locked folder")
	}
}

func TestList(t *testing.T) {
	dir := t.TempDir()
	for _, n := range []string{"b10.png", "b9.PNG", "B1.jpg", "a.tiff", "notes.txt", ".hidden.png", "b09.png"} {
		write(t, filepath.Join(dir, n), []byte("x"))
	}
	below := filepath.Join(dir, "sub.png") // a folder in spite of its name
	if err := os.Mkdir(below, 0o777); err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(t.TempDir(), "outside.png")
	write(t, outside, []byte("x"))
	if err := os.Symlink(outside, filepath.Join(dir, "c.png")); err != nil {
		t.Skip("needs symbolic links")
	}
	if err := os.Symlink("nowhere", filepath.Join(dir, "broken.png")); err != nil {
		t.Fatal(err)
	}
	got, err := List(filepath.Join(dir, "notes.txt"), dir, filepath.Join(dir, "a.tiff"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		got[i] = filepath.Base(got[i])
	}
	if want := []string{"notes.txt", "a.tiff", "B1.jpg", "b09.png", "b9.PNG", "b10.png", "c.png"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	missing := filepath.Join(dir, "missing")
	for _, path := range []string{missing, below} {
		if _, err := List(dir, path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestCompareNatural(t *testing.T) {
	in := []string{"x100", "x20", "x3", "X4", "x", "y1a", "y1", "x03", "x99999999999999999999", "x99999999999999999998", "1", "10", "2"}
	want := []string{"1", "2", "10", "x", "x03", "x3", "X4", "x20", "x100", "x99999999999999999998", "x99999999999999999999", "y1", "y1a"}
	slices.SortFunc(in, compareNatural)
	if !slices.Equal(in, want) {
		t.Errorf("%v, want %v", in, want)
	}
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.png")
	write(t, empty, nil)
	for name, c := range map[string]struct{ path, says string }{
		"missing":        {filepath.Join(dir, "missing.png"), "no such file"},
		"missing folder": {filepath.Join(dir, "no", "x.png"), "no such file"},
		"folder":         {dir, "folder"},
		"empty":          {empty, "empty"},
		"device":         {os.DevNull, "no regular file"},
	} {
		_, err := Open(c.path)
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), c.path) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if runtime.GOOS != "linux" {
		t.Skip("needs sparse files")
	}
	big := filepath.Join(dir, "big.png")
	write(t, big, nil)
	if err := os.Truncate(big, MaxFileBytes+1); err != nil {
		t.Skip(err)
	}
	if _, err := Open(big); err == nil || !strings.Contains(err.Error(), "MiB") {
		t.Errorf("too large a file: %v", err)
	}
}

func TestExtensions(t *testing.T) {
	for _, name := range []string{"a.png", "a.JPG", "dir.x/b.jpeg", "c.webp", "d.gif", "e.bmp", "f.tif", "g.TIFF", "h.ppm", "i.pam"} {
		if !IsPictureFile(name) {
			t.Errorf("%s is none", name)
		}
	}
	for _, name := range []string{"a", "png", "a.png.txt", "a.avif", "a.cwb", ".png/x"} {
		if IsPictureFile(name) {
			t.Errorf("%s is one", name)
		}
	}
	for _, e := range Extensions() {
		if e[0] != '.' || e != strings.ToLower(e) {
			t.Errorf("extension %q", e)
		}
	}
}

func TestEncodePNGIsStable(t *testing.T) {
	p := example(t, 17, 31, false, true)
	a, err1 := p.EncodePNG()
	b, err2 := p.EncodePNG()
	if err1 != nil || err2 != nil || !bytes.Equal(a, b) {
		t.Errorf("two encodes differ (%v, %v)", err1, err2)
	}
}
