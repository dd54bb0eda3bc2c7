package figure

import (
	"context"
	"image"
	"image/color"
	"testing"

	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
)

// simulation turns linear sRGB into what a dichromat sees (Machado, Oliveira and Fernandes
// 2009, severity 1.0).
type simulation [3][3]float64

var sights = map[string]simulation{
	"all cones":    {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
}

func (s simulation) of(c color.NRGBA) color.NRGBA {
	in, out := [3]float64{linear(c.R), linear(c.G), linear(c.B)}, [3]uint8{}
	for i, row := range s {
		out[i] = fromLinear(row[0]*in[0] + row[1]*in[1] + row[2]*in[2])
	}
	return color.NRGBA{out[0], out[1], out[2], 0xff}
}

func flat(t *testing.T, c color.NRGBA) *picture.Picture {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	for i := range img.Pix {
		img.Pix[i] = [4]uint8{c.R, c.G, c.B, 0xff}[i%4]
	}
	p, err := picture.New(img, false, false, picture.Source{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Any two of the colours of one figure, and the grey of the original, lie at least 10
// CIEDE2000 apart, also for deuteranopes and protanopes: ten times what is just noticed
// side by side.
func TestColorsStayApart(t *testing.T) {
	const apart = 10
	for name, theme := range map[string]Theme{"paper": Paper(), "light": Light(), "dark": Dark()} {
		colors := []color.NRGBA{}
		for slot := range onDark {
			colors = append(colors, theme.Color(slot+1))
		}
		if name == "dark" {
			colors = append(colors, rgb(0xcfd2d6)) // the window's grey
		}
		for sight, s := range sights {
			for i, a := range colors {
				for k, b := range colors[:i] {
					if d := difference(t, s.of(a), s.of(b)); d < apart {
						t.Errorf("%s, %s: slots %d and %d lie %.1f apart", name, sight, k+1, i+1, d)
					}
				}
			}
		}
	}
}

func difference(t *testing.T, a, b color.NRGBA) float64 {
	t.Helper()
	pair, err := metrics.NewPair(flat(t, a), flat(t, b))
	if err != nil {
		t.Fatal(err)
	}
	d, err := metrics.NewCIEDE2000().Compare(context.Background(), pair)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
