package vq

import (
	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"testing"
)

// symbolHash is of everything that a stream says, by a fixed text form.
func symbolHash(c *coded) string {
	h := sha256.New()
	for i := range c.planes() {
		fmt.Fprintln(h, c.means[i].w, c.means[i].h, c.means[i].v)
	}
	c.each(func(cls, x, y int, n *node) {
		fmt.Fprintln(h, cls, x, y, n.split, n.words[:n.n])
	})
	return hex.EncodeToString(h.Sum(nil))[:16]
}

func TestGolden(t *testing.T) {
	if *update {
		file, _ := trainTiny(t)
		if err := os.WriteFile(tinyModel, file, 0o644); err != nil {
			t.Fatal(err)
		}
		data, err := codecs.Marshal(encode(t, tiny(t), scene(100, 70, false, 11), 5))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(goldenFile, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c := tiny(t)
	data, err := os.ReadFile(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	f, err := container.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	s := &codecs.Stream{Codec: "vq", Model: f.Model, Width: f.Width, Height: f.Height, Sections: f.Sections}
	m, err := c.modelOf(s)
	if err != nil {
		t.Fatal(err)
	}
	d, err := read(t.Context(), s, m)
	if err != nil {
		t.Fatal(err)
	}
	if got := symbolHash(d); got != goldenHash {
		t.Errorf("the golden stream decodes to symbols %s, want %s", got, goldenHash)
	}
	if d := mse(scene(100, 70, false, 11), decode(t, c, s, codecs.DecodeOptions{})); d > 150 {
		t.Errorf("the golden stream decodes with MSE %.1f", d)
	}
	now, err := codecs.Marshal(encode(t, c, scene(100, 70, false, 11), 5))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(now)
	if got := hex.EncodeToString(sum[:8]); got != goldenBytes || version != 1 {
		t.Errorf("the encoder writes other bytes (%s, was %s at version 1): raise Version, then pin the new hash", got, goldenBytes)
	}
}
