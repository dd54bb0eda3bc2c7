package workbench

import (
	"image"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// Of a very large picture the file is kept, of others what it decodes to as well.
func TestKeepResults(t *testing.T) {
	b := newBench(t, Config{CacheBytes: 64 << 10}, &bits{id: "one"})
	for _, c := range []struct {
		key  string
		w, h int
		vast bool
	}{{"small", 64, 48, false}, {"vast", 65, 64, true}} {
		p, err := picture.New(image.NewNRGBA(image.Rect(0, 0, c.w, c.h)), false, false, picture.Source{})
		if err != nil {
			t.Fatal(err)
		}
		b.keep(&Result{key: c.key, Stream: &codecs.Stream{}, Decoded: p, Bytes: 7})
		if kept := b.cache.get(c.key); (kept == nil) != c.vast {
			t.Errorf("%s: decoded it is kept as %v", c.key, kept)
		}
		parked := b.parked.get(c.key)
		if (parked != nil) != c.vast || c.vast && (parked.Decoded != nil || parked.Bytes != 7) {
			t.Errorf("%s: its file is kept as %+v", c.key, parked)
		}
	}
	if n := b.parked.bytes; n > 4096 {
		t.Errorf("the file takes %d bytes", n)
	}
}
