package classical

import (
	"image"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// All samples are counted, and the map covers the picture, whatever its size.
func TestPNGInside(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {17, 31}, {40, 24}} {
		img := image.NewNRGBA(image.Rectangle{Max: size})
		for i := range img.Pix {
			img.Pix[i] = 255
			if i%4 == 0 {
				img.Pix[i] = uint8(i / 4 % size.X * 3)
			}
		}
		p, err := picture.New(img, false, false, picture.Source{Name: "ramp"})
		if err != nil {
			t.Fatal(err)
		}
		c := NewPNG()
		s, err := c.Encode(t.Context(), p, codecs.EncodeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		trace, err := c.(codecs.Inspector).Inspect(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		h := trace.Panels[1].Data.(codecs.Histogram)
		n := 0
		for _, k := range h.Counts {
			n += k
		}
		if n != 3*size.X*size.Y {
			t.Errorf("%v: %d samples are counted", size, n)
		}
		plane := trace.Panels[0].Data.(codecs.Plane)
		if len(plane.Values) != plane.Width*plane.Height || plane.Width != (size.X+7)/8 {
			t.Errorf("%v: a map of %d x %d", size, plane.Width, plane.Height)
		}
		if len(trace.Places) == 0 {
			t.Errorf("%v: the picture's data has no place", size)
		}
	}
}
