package vq

import (
	"bytes"
	"codecworkbench/codecs/picture"
	"errors"
	"testing"
)

func TestTrain(t *testing.T) {
	file, usage := trainTiny(t)
	again, _ := trainTiny(t)
	if !bytes.Equal(file, again) {
		t.Error("two trainings with one seed differ")
	}
	if len(usage) != classes {
		t.Fatalf("%d codebooks reported", len(usage))
	}
	for _, u := range usage {
		if u.Class == "luma8" && (u.Perplexity < 4 || u.Captured < 0.3) {
			t.Errorf("%s: perplexity %.1f, captured %.2f", u.Class, u.Perplexity, u.Captured)
		}
	}
	if _, err := LoadModel(file); err != nil {
		t.Error(err)
	}
	none := func(func(string, *picture.Picture) error) error { return nil }
	if _, _, err := Train(t.Context(), none, Training{}); !errors.Is(err, errNoPictures) {
		t.Errorf("training on nothing gives %v", err)
	}
}
