package classical

import (
	"context"
	"testing"

	"codecworkbench/codecs"
)

// What a decode is told to leave out or to replace changes the picture as it should.
func TestJPEGChanges(t *testing.T) {
	c := NewJPEG()
	s := jpegEncode(t, jpegPicture(t, 75, 50, false), codecs.Params{"q": "95"})
	trace, err := c.(codecs.Inspector).Inspect(context.Background(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	decode := func(o codecs.DecodeOptions) []uint8 {
		t.Helper()
		r, err := c.Decode(context.Background(), s, o)
		if err != nil {
			t.Fatal(err)
		}
		return r.Picture.RGB8().Pix
	}
	plain := decode(codecs.DecodeOptions{})
	different := func(a, b []uint8) (n int) {
		for i := range a {
			if a[i] != b[i] {
				n++
			}
		}
		return n
	}
	if n := different(plain, decode(codecs.DecodeOptions{UpTo: len(trace.Steps)})); n > 0 {
		t.Errorf("all %d steps leave %d samples different", len(trace.Steps), n)
	}
	last := len(plain) + 1
	for _, n := range []int{1, 3, 20} {
		d := different(plain, decode(codecs.DecodeOptions{UpTo: n}))
		if d == 0 || d >= last {
			t.Errorf("%d coefficients: %d samples differ, %d with fewer", n, d, last)
		}
		last = d
	}
	for _, sw := range trace.Switches {
		if different(plain, decode(codecs.DecodeOptions{Off: []string{sw.ID}})) == 0 {
			t.Errorf("switching %s off changes nothing", sw.ID)
		}
	}
	grey := decode(codecs.DecodeOptions{Off: []string{jpegChroma}})
	for i := 0; i < len(grey); i += 4 {
		if grey[i] != grey[i+1] || grey[i] != grey[i+2] {
			t.Fatalf("without chroma, pixel %d is not grey", i/4)
		}
	}
	luma := trace.Symbols[0]
	edit := codecs.Edit{Part: luma.Part, X: 2, Y: 3, Value: luma.At(2, 3)[0] + 10}
	if n := different(plain, decode(codecs.DecodeOptions{Edits: []codecs.Edit{edit}})); n == 0 || n > 3*64 {
		t.Errorf("an edit of one block's average changes %d samples", n)
	}
	for _, e := range []codecs.Edit{{Part: -1}, {Part: 192}, {X: 10}, {Y: 7}, {X: -1}} {
		if _, err := c.Decode(context.Background(), s, codecs.DecodeOptions{Edits: []codecs.Edit{e}}); err == nil {
			t.Errorf("edit %+v outside is accepted", e)
		}
	}
	file, _ := s.Native()
	bytes := 0
	for i, p := range codecs.PartsOf(c, file) {
		for _, place := range trace.Places {
			if place.Part == i {
				bytes += p.Bytes
			}
		}
	}
	if bytes < len(file)/2 || bytes >= len(file) {
		t.Errorf("%d of %d bytes have a place", bytes, len(file))
	}
}
