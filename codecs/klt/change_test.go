package klt

import (
	"image"
	"slices"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/codectest"
	"codecworkbench/codecs/picture"
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
	c := tinyCodec(t)
	s := encode(t, c, scene(t, 100, 600, false, 14), nil)
	trace, err := c.Inspect(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	plain := decodeWith(t, c, s, codecs.DecodeOptions{}).Picture
	codectest.Changes(t, c, s, trace)
	for i, sym := range trace.Symbols {
		other := codecs.Edit{Part: sym.Part + 3, X: 4, Y: 70, Value: sym.At(4, 70)[3] + 9}
		got := decodeWith(t, c, s, codecs.DecodeOptions{Edits: []codecs.Edit{other}}).Picture
		if got.Equal(plain) {
			t.Errorf("channel %d: an edit changes nothing", i)
		}
		far := image.Rect(0, 0, 100, 500)
		if !crop(t, got, far).Equal(crop(t, plain, far)) {
			t.Errorf("channel %d: an edit reaches across the picture", i)
		}
	}
	for _, e := range []codecs.Edit{{Part: -1}, {Part: 3 * coefs}, {X: 13}, {Y: 75}} {
		if _, err := c.Decode(t.Context(), s, codecs.DecodeOptions{Edits: []codecs.Edit{e}}); err == nil {
			t.Errorf("edit %+v outside is accepted", e)
		}
	}
}

// A lost slice leaves the others as they are, and lies where the trace says.
func TestLostSlice(t *testing.T) {
	c := tinyCodec(t)
	s := encode(t, c, scene(t, 100, 1100, false, 3), nil)
	plain := decodeWith(t, c, s, codecs.DecodeOptions{}).Picture
	trace, err := c.Inspect(t.Context(), s, nil)
	if err != nil || len(trace.Places) != 3 {
		t.Fatalf("%d places, %v", len(trace.Places), err)
	}
	lost := *s
	lost.Sections = slices.Clone(s.Sections)
	at := trace.Places[2].Part
	lost.Sections[at].Damaged, lost.Sections[at].Payload = true, nil
	r := decodeWith(t, c, &lost, codecs.DecodeOptions{})
	if len(r.Warnings) != 1 {
		t.Errorf("warnings: %q", r.Warnings)
	}
	whole := image.Rect(0, 0, 100, trace.Places[2].Rect.Min.Y-8) // lapping reaches over the edge
	if !crop(t, r.Picture, whole).Equal(crop(t, plain, whole)) {
		t.Error("a lost slice changes another one")
	}
	if crop(t, r.Picture, trace.Places[2].Rect).Equal(crop(t, plain, trace.Places[2].Rect)) {
		t.Error("a lost slice is there all the same")
	}
	if _, err := c.Inspect(t.Context(), &lost, nil); err != nil {
		t.Errorf("a file with a lost slice can't be inspected: %v", err)
	}
}

func crop(t *testing.T, p *picture.Picture, r image.Rectangle) *picture.Picture {
	t.Helper()
	out, err := p.Crop(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
