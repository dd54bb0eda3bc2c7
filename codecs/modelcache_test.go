package codecs_test

import (
	"errors"
	"testing"
	"testing/fstest"

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
