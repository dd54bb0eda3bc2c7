package picture_test

import (
	"image"
	"testing"

	"codecworkbench/codecs/picture"
)

func TestCrop(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 5, 4))
	for i := range img.Pix {
		img.Pix[i] = uint8(i)
	}
	p, err := picture.New(img, false, true, picture.Source{Name: "a"})
	if err != nil {
		t.Fatal(err)
	}
	c, err := p.Crop(image.Rect(3, 1, 9, 3))
	if err != nil {
		t.Fatal(err)
	}
	if c.Width() != 2 || c.Height() != 2 || !c.Alpha() || c.RGB8().NRGBAAt(1, 1) != img.NRGBAAt(4, 2) {
		t.Errorf("a crop of %d x %d with %v", c.Width(), c.Height(), c.RGB8().Pix)
	}
	if _, err := p.Crop(image.Rect(5, 0, 9, 9)); err == nil {
		t.Error("an empty crop is no picture")
	}
}

func TestOnWhite(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 3, 1))
	copy(img.Pix, []uint8{10, 20, 30, 255, 10, 20, 30, 0, 0, 100, 255, 128})
	p, err := picture.New(img, false, true, picture.Source{})
	if err != nil {
		t.Fatal(err)
	}
	want := []uint8{10, 20, 30, 255, 255, 255, 255, 255, 127, 177, 255, 255}
	if got := p.OnWhite(); string(got.RGB8().Pix) != string(want) || got.Alpha() {
		t.Errorf("on white: %v, want %v", got.RGB8().Pix, want)
	}
}

// The hash knows pictures by pixels, size and flags: caches depend on it.
func TestHash(t *testing.T) {
	hash := func(w, h int, gray, alpha bool, first uint8) picture.Hash {
		img := image.NewNRGBA(image.Rect(0, 0, w, h))
		for i := range img.Pix {
			img.Pix[i] = 255
		}
		img.Pix[0], img.Pix[1], img.Pix[2] = first, first, first
		p, err := picture.New(img, gray, alpha, picture.Source{})
		if err != nil {
			t.Fatal(err)
		}
		return p.Hash()
	}
	base := hash(4, 2, false, false, 7)
	if base != hash(4, 2, false, false, 7) {
		t.Error("the same picture has two hashes")
	}
	for name, other := range map[string]picture.Hash{"size": hash(2, 4, false, false, 7), "grey": hash(4, 2, true, false, 7),
		"alpha": hash(4, 2, false, true, 7), "pixels": hash(4, 2, false, false, 8)} {
		if other == base {
			t.Errorf("another %s, the same hash", name)
		}
	}
}
