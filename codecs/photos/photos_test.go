package photos

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"codecworkbench/codecs/picture"
)

func pngFile(t *testing.T, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// makeSet lays out a pack, a loose image and a manifest that marks one of each for validation.
func makeSet(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i, name := range []string{"a.png", "notes.txt", "sub/b.PNG", "c.png"} {
		data := pngFile(t, 3+i, 2)
		if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(data)), Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	write(t, filepath.Join(dir, "one.tar"), b.Bytes())
	write(t, filepath.Join(dir, "loose.png"), pngFile(t, 9, 9))
	write(t, filepath.Join(dir, "readme.md"), []byte("hello"))
	write(t, filepath.Join(dir, manifestName), []byte("pack,file,photo,split\none.tar,a.png,p,train\none.tar,b.PNG,p,val\n"))
	if err := os.Symlink(filepath.Join(dir, "gone.png"), filepath.Join(dir, "dangling.png")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func collect(t *testing.T, walk func(context.Context, []string, Func) error, paths ...string) []string {
	t.Helper()
	var names []string
	err := walk(t.Context(), paths, func(name string, p *picture.Picture) error {
		names = append(names, filepath.Base(name))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestSplits(t *testing.T) {
	dir := makeSet(t)
	if got, want := collect(t, Train, dir), []string{"loose.png", "a.png", "c.png"}; !slices.Equal(got, want) {
		t.Errorf("training photos %v, want %v", got, want)
	}
	if got, want := collect(t, Val, dir), []string{"b.PNG"}; !slices.Equal(got, want) {
		t.Errorf("validation photos %v, want %v", got, want)
	}
	if got, want := collect(t, Train, filepath.Join(dir, "one.tar"), filepath.Join(dir, "loose.png")), []string{"a.png", "c.png", "loose.png"}; !slices.Equal(got, want) {
		t.Errorf("named paths give %v, want %v", got, want)
	}
}

func TestErrors(t *testing.T) {
	dir := makeSet(t)
	nothing := func(string, *picture.Picture) error { return nil }
	if err := Val(t.Context(), []string{filepath.Join(dir, "loose.png")}, nothing); !errors.Is(err, ErrNone) {
		t.Errorf("a set without validation photos gives %v", err)
	}
	if err := Train(t.Context(), []string{filepath.Join(dir, "absent")}, nothing); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing path gives %v", err)
	}
	if err := Train(t.Context(), []string{filepath.Join(dir, "readme.md")}, nothing); err == nil {
		t.Error("a named text file was accepted")
	}
	stop := errors.New("stop")
	if err := Train(t.Context(), []string{dir}, func(string, *picture.Picture) error { return stop }); err != stop {
		t.Errorf("the callback's error became %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Train(ctx, []string{dir}, nothing); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled walk gives %v", err)
	}
	cut, err := os.ReadFile(filepath.Join(dir, "one.tar"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "cut.tar"), cut[:530])
	if err := Train(t.Context(), []string{filepath.Join(dir, "cut.tar")}, nothing); err == nil {
		t.Error("a cut tar was accepted")
	}
}

func FuzzEntries(f *testing.F) {
	f.Add([]byte{})
	f.Add(make([]byte, 1024))
	f.Fuzz(func(t *testing.T, data []byte) {
		w := walker{ctx: t.Context(), want: func(string) bool { return true }, f: func(string, *picture.Picture) error { return nil }}
		_ = w.entries("x.tar", bytes.NewReader(data), nil)
	})
}
