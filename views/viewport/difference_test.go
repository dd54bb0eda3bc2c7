package viewport

import (
	"context"
	"fmt"
	"image"
	"testing"
)

// The rows that a difference makes as it is drawn are, at every scale and place, those of
// a pyramid of the whole difference.
func TestDifferenceIsDrawnAsAWhole(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {17, 31}, {64, 48}, {3, 200}} {
		w, h := size[0], size[1]
		a, b := noise(w, h, false), noise(w, h, false)
		for i := range b.Pix {
			switch {
			case i%4 != 3:
				b.Pix[i] ^= uint8(i % 251)
			case i%7 == 0: // here and there
				a.Pix[i] = uint8(i)
			}
		}
		for k, make := range []func(context.Context, *image.NRGBA, *image.NRGBA) (*Pyramid, error){Difference, SignedDifference, LargestDifference} {
			lazy, err := make(context.Background(), a, b)
			if err != nil {
				t.Fatal(err)
			}
			whole := pyramid(t, plainDifference(a, b, k), false)
			if lazy.Levels() != whole.Levels() || lazy.Width() != w || lazy.Height() != h {
				t.Fatalf("%d levels of %d x %d", lazy.Levels(), lazy.Width(), lazy.Height())
			}
			for _, scale := range []float64{0.2, 0.5, 0.55, 0.8, 1, 1.7, 3, 40} {
				for _, smooth := range []bool{false, true} {
					v := View{PicW: w, PicH: h, PaneW: 90, PaneH: 70}.Fitted().ZoomAt(31, 17, scale)
					layer := Layer{Rect: image.Rect(0, 0, 90, 70), View: v, Gain: 3, Smooth: smooth, Grid: true}
					layer.Source = whole
					want := render(t, 90, 70, Scene{Layers: []Layer{layer}})
					layer.Source = lazy
					got := render(t, 90, 70, Scene{Layers: []Layer{layer}})
					if string(got.Pix) != string(want.Pix) {
						t.Errorf("%d x %d, kind %d, scale %g, smooth %v: other pixels", w, h, k, scale, smooth)
					}
				}
			}
		}
	}
}

// plainDifference is the difference as it is defined, in full size.
func plainDifference(a, b *image.NRGBA, kind int) *image.NRGBA {
	out := image.NewNRGBA(a.Rect)
	for i := 0; i < len(a.Pix); i += 4 {
		out.Pix[i+3] = 255
		most := 0
		for c := range 3 {
			d := int(mul255(a.Pix[i+c], a.Pix[i+3])) - int(mul255(b.Pix[i+c], b.Pix[i+3]))
			most = max(most, d, -d)
			switch kind {
			case 0:
				out.Pix[i+c] = uint8(max(d, -d))
			case 1:
				out.Pix[i+c] = uint8(min(max(d+128, 0), 255))
			}
		}
		if kind == 2 {
			out.Pix[i], out.Pix[i+1], out.Pix[i+2] = uint8(most), uint8(most), uint8(most)
		}
	}
	return out
}

// A difference takes a third of a picture's memory, not a picture and a third.
func TestDifferenceIsSmall(t *testing.T) {
	d, err := Difference(context.Background(), noise(600, 400, false), noise(600, 400, true))
	if err != nil {
		t.Fatal(err)
	}
	if n := d.Bytes(); n > 4*600*400*34/100 {
		t.Errorf("%d bytes for a picture of %d", n, 4*600*400)
	}
}

func BenchmarkDifference24MP(b *testing.B) {
	p, err := Difference(context.Background(), noise(6000, 4000, false), noise(6000, 4000, false))
	if err != nil {
		b.Fatal(err)
	}
	for _, scale := range []float64{0.15, 0.55, 0.7, 1, 8} {
		b.Run(fmt.Sprint(scale), func(b *testing.B) {
			s := NewSampler()
			defer s.Close()
			dst := image.NewRGBA(image.Rect(0, 0, 944, 682))
			v := View{PicW: 6000, PicH: 4000, PaneW: 944, PaneH: 682}.Fitted().ZoomAt(400, 300, scale)
			for b.Loop() {
				s.Render(dst, Scene{Layers: []Layer{{Rect: dst.Rect, View: v, Source: p, Gain: 8}}})
			}
		})
	}
}
