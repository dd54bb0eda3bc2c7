package raster

import (
	"errors"
	"image"
	"testing"
)

// corner returns an image of w x h pixels whose red is x and green is y.
func corner(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			i := img.PixOffset(x, y)
			img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = uint8(x), uint8(y), 7, uint8(200+x)
		}
	}
	return img
}

// TestOrient checks each transform against TIFF 6.0's definition: which corner of
// the picture the file's row 0 and column 0 are.
func TestOrient(t *testing.T) {
	const w, h = 5, 3
	src := corner(w, h)
	// from(X, Y) is where in the file the shown pixel X, Y lies.
	from := map[int]func(x, y int) (int, int){
		1: func(x, y int) (int, int) { return x, y },                 // row 0 top, column 0 left
		2: func(x, y int) (int, int) { return w - 1 - x, y },         // top, right
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y }, // bottom, right
		4: func(x, y int) (int, int) { return x, h - 1 - y },         // bottom, left
		5: func(x, y int) (int, int) { return y, x },                 // row 0 left, column 0 top
		6: func(x, y int) (int, int) { return y, h - 1 - x },         // right, top
		7: func(x, y int) (int, int) { return w - 1 - y, h - 1 - x }, // right, bottom
		8: func(x, y int) (int, int) { return w - 1 - y, x },         // left, bottom
	}
	for o, f := range from {
		got := Orient(src, o)
		gw, gh := got.Rect.Dx(), got.Rect.Dy()
		if Swaps(o) != (gw == h && gh == w) {
			t.Fatalf("orientation %d: %d x %d", o, gw, gh)
		}
		for y := range gh {
			for x := range gw {
				sx, sy := f(x, y)
				if got.NRGBAAt(x, y) != src.NRGBAAt(sx, sy) {
					t.Errorf("orientation %d at %d,%d: %v, want %v", o, x, y, got.NRGBAAt(x, y), src.NRGBAAt(sx, sy))
				}
			}
		}
	}
	for _, o := range []int{-1, 0, 9, 1 << 20} {
		if Orient(src, o) != src {
			t.Errorf("orientation %d changed the image", o)
		}
	}
}

func TestScaling(t *testing.T) {
	for _, c := range []struct {
		in   uint32
		want uint8
	}{{0, 0}, {128, 0}, {129, 1}, {32767, 127}, {32768, 128}, {65535, 255}, {257 * 77, 77}} {
		if got := Round16(c.in); got != c.want {
			t.Errorf("Round16(%d) = %d, want %d", c.in, got, c.want)
		}
	}
	if s := Scaler(1); s[0] != 0 || s[1] != 255 {
		t.Errorf("Scaler(1) = %v", s)
	}
	if s := Scaler(31); s[16] != 132 {
		t.Errorf("5-bit 16 became %d, want 132", s[16])
	}
}

func TestErrors(t *testing.T) {
	if !errors.Is(Damaged("PNG", "row %d is missing", 3), ErrDamaged) || !errors.Is(Unsupported("TIFF", "x"), ErrUnsupported) {
		t.Error("errors lost their kind")
	}
	none := errors.New("no")
	if _, err := New(5, 5, false, func(int, int) error { return none }); err != none {
		t.Errorf("New ignored the limit: %v", err)
	}
}
