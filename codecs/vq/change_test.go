package vq

import (
	"image"
	"slices"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/codectest"
)

func decodeWith(t *testing.T, c *Codec, s *codecs.Stream, o codecs.DecodeOptions) *codecs.Result {
	t.Helper()
	r, err := c.Decode(t.Context(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What a trace says a decode can do otherwise, it does.
func TestChanges(t *testing.T) {
	c := tiny(t)
	s := encode(t, c, scene(200, 140, false, 5), 6)
	trace, err := c.Inspect(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	codectest.Changes(t, c, s, trace)
}

// Lost sections leave other slices as they are, and can be inspected around.
func TestLostSections(t *testing.T) {
	c := tiny(t)
	s := encode(t, c, scene(150, 600, false, 2), 6)
	plain := decodeWith(t, c, s, codecs.DecodeOptions{}).Picture
	trace, err := c.Inspect(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, place := range trace.Places {
		if place.Rect.Min.Y != 0 {
			continue
		}
		lost := *s
		lost.Sections = slices.Clone(s.Sections)
		sec := &lost.Sections[place.Part]
		sec.Damaged, sec.Payload = true, nil
		much := len(s.Sections[place.Part].Payload) > 20
		r := decodeWith(t, c, &lost, codecs.DecodeOptions{})
		if len(r.Warnings) != 1 || much && r.Picture.Equal(plain) {
			t.Errorf("section %d: warnings %q, equal %t", place.Part, r.Warnings, r.Picture.Equal(plain))
		}
		far := image.Rect(0, 560, 150, 600)
		a, _ := r.Picture.Crop(far)
		b, _ := plain.Crop(far)
		if !a.Equal(b) {
			t.Errorf("section %d reaches into the other slice", place.Part)
		}
		if _, err := c.Inspect(t.Context(), &lost, nil); err != nil {
			t.Errorf("section %d lost: %v", place.Part, err)
		}
	}
}
