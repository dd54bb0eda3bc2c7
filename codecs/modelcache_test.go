package codecs_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"codecworkbench/codecs"
)

func TestModelCache(t *testing.T) {
	files := fstest.MapFS{"x/good.safetensors": {Data: []byte("12")}, "x/bad.safetensors": {Data: []byte("no")}}
	parsed := 0
	errBad := errors.New("bad")
	cache := codecs.NewModelCache(codecs.NewModels(files), "x", func(data []byte) (int, error) {
		parsed++
		if string(data) == "no" {
			return 0, errBad
		}
		return len(data), nil
	})
	m, hash, err := cache.Load("good")
	if m != 2 || hash != codecs.HashModel([]byte("12")) || err != nil {
		t.Errorf("loading gives %d, %08x, %v", m, hash, err)
	}
	if m, err := cache.Find(hash); m != 2 || err != nil || parsed != 1 {
		t.Errorf("finding gives %d, %v after %d times of parsing", m, err, parsed)
	}
	if m, again, err := cache.Load("good"); m != 2 || again != hash || err != nil || parsed != 1 {
		t.Errorf("loading again gives %d, %08x, %v after %d times of parsing", m, again, err, parsed)
	}
	if _, _, err := cache.Load("bad"); !errors.Is(err, errBad) {
		t.Errorf("a bad file gives %v", err)
	}
	if _, err := cache.Find(codecs.HashModel([]byte("no"))); !errors.Is(err, errBad) {
		t.Errorf("a bad file found gives %v", err)
	}
	if _, _, err := cache.Load("none"); !errors.Is(err, codecs.ErrNoModel) {
		t.Errorf("no file gives %v", err)
	}
	if _, err := cache.Find(1); !errors.Is(err, codecs.ErrNoModel) {
		t.Errorf("an unknown hash gives %v", err)
	}
}

// TestModelCacheSeesChanges replaces a model's file by another of the same length.
func TestModelCacheSeesChanges(t *testing.T) {
	file := filepath.Join(t.TempDir(), "m.safetensors")
	cache := codecs.NewModelCache(codecs.NewModels(fstest.MapFS{}), "x", func(data []byte) (string, error) { return string(data), nil })
	for i, content := range []string{"one", "two"} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, time.Time{}, time.Unix(int64(1e9+i), 0)); err != nil {
			t.Fatal(err)
		}
		if m, hash, err := cache.Load(file); m != content || hash != codecs.HashModel([]byte(content)) || err != nil {
			t.Errorf("the file with %q gives %q, %08x, %v", content, m, hash, err)
		}
	}
}
