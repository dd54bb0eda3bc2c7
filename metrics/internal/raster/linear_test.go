package raster

import (
	"image"
	"math"
	"testing"
)

func gradient(width, height int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		img.Pix[i] = uint8(i*7 + i/256*11)
	}
	return img
}

func read(src RGB, n, x, y int) [3][]float32 {
	dst := [3][]float32{make([]float32, n), make([]float32, n), make([]float32, n)}
	src.Read(&dst, x, y)
	return dst
}

// The decoding function has no gap where its two parts meet.
func TestDecode(t *testing.T) {
	for _, c := range []struct{ encoded, want float64 }{
		{0, 0}, {1, 1}, {0.04045, 0.04045 / 12.92}, {0.5, 0.21404114}, {128. / 255, 0.21586050},
	} {
		if got := Decode(c.encoded); math.Abs(got-c.want) > 1e-8 {
			t.Errorf("%v: got %.9f, want %.9f", c.encoded, got, c.want)
		}
	}
	if low, high := Decode(0.04045), Decode(0.0404501); high-low > 1e-7 {
		t.Errorf("from %v to %v", low, high)
	}
}

func TestLinear(t *testing.T) {
	img := gradient(37, 5)
	src := Linear(img)
	if w, h := src.Size(); w != 37 || h != 5 {
		t.Fatalf("%d x %d", w, h)
	}
	got := read(src, 20, 9, 3)
	for i := range 20 {
		px := img.NRGBAAt(9+i, 3)
		for c, v := range [3]uint8{px.R, px.G, px.B} {
			if want := float32(Decode(float64(v) / 255)); got[c][i] != want {
				t.Fatalf("channel %d of pixel %d: got %v, want %v", c, i, got[c][i], want)
			}
		}
	}
}

// Blending happens in encoded samples, to the precision of float32.
func TestLinearOn(t *testing.T) {
	img := gradient(256, 9)
	for _, grey := range []float64{0, 0.1, 0.9, 1} {
		src := LinearOn(img, grey)
		for y := range 9 {
			got := read(src, 256, 0, y)
			for x := range 256 {
				px := img.NRGBAAt(x, y)
				alpha := float64(px.A) / 255
				for c, v := range [3]uint8{px.R, px.G, px.B} {
					want := Decode(alpha*float64(v)/255 + (1-alpha)*grey)
					if d := math.Abs(float64(got[c][x]) - want); d > 4e-7 {
						t.Fatalf("%v on %v: got %v, want %v", px, grey, got[c][x], want)
					}
				}
			}
		}
	}
}
