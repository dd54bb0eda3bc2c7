package main

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// charts are pictures in which codecs show one fault each.
func charts() map[string]func() image.Image {
	return map[string]func() image.Image{"text": textPage, "gradient": gradientSweep, "zone-plate": zonePlate}
}

const chartWidth, chartHeight = 768, 512

// zonePlate is cos(k r^2): every frequency and direction up to one cycle in two
// pixels at the left and right edges.
func zonePlate() image.Image {
	img := image.NewGray(image.Rect(0, 0, chartWidth, chartHeight))
	for y := range chartHeight {
		for x := range chartWidth {
			dx, dy := float64(x)-chartWidth/2+0.5, float64(y)-chartHeight/2+0.5
			// The phase's slope reaches pi, the Nyquist limit, at chartWidth/2.
			v := 127.5 + 127.5*math.Cos(math.Pi*(dx*dx+dy*dy)/chartWidth)
			img.SetGray(x, y, color.Gray{Y: uint8(math.Round(v))})
		}
	}
	return img
}

// gradientSweep shows banding: grey ramps of falling contrast above, hues below.
func gradientSweep() image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, chartWidth, chartHeight))
	for y := range chartHeight {
		for x := range chartWidth {
			t := float64(x) / (chartWidth - 1)
			var c color.NRGBA
			switch band := y / 64; {
			case band < 4:
				span := 255 / math.Pow(4, float64(band))
				v := uint8(math.Round(clamp(128+span*(t-0.5), 0, 255)))
				c = color.NRGBA{v, v, v, 255}
			default:
				s := 1 - float64(y-256)/256*0.9
				c = hue(6*t, s, 0.35+0.6*s)
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

// hue is HSV with the hue in 0..6.
func hue(h, s, v float64) color.NRGBA {
	f := func(n float64) uint8 {
		k := math.Mod(n+h, 6)
		return uint8(math.Round(255 * (v - v*s*clamp(min(k, 4-k), 0, 1))))
	}
	return color.NRGBA{f(5), f(3), f(1), 255}
}

// textPage is a page of type at several sizes, on white and on black.
func textPage() image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, chartWidth, chartHeight))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.NRGBA{252, 252, 250, 255}), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(0, 372, chartWidth, chartHeight), image.NewUniform(color.NRGBA{24, 26, 30, 255}), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(500, 92, 732, 348), image.NewUniform(color.NRGBA{238, 232, 214, 255}), image.Point{}, draw.Src)
	dark, light := color.NRGBA{26, 26, 28, 255}, color.NRGBA{232, 232, 230, 255}
	red, blue := color.NRGBA{190, 30, 36, 255}, color.NRGBA{30, 70, 170, 255}
	lines := []struct {
		x, y, size float64
		ttf        []byte
		ink        color.Color
		text       string
	}{
		{36, 58, 34, gobold.TTF, dark, "What a codec does to text"},
		{36, 96, 17, goitalic.TTF, blue, "Edges are every frequency at once."},
		{36, 130, 15, goregular.TTF, dark, "A block transform spreads the sharp edge of a letter"},
		{36, 152, 15, goregular.TTF, dark, "over all of its coefficients. Where the fine ones are"},
		{36, 174, 15, goregular.TTF, dark, "dropped, ripples appear beside the stroke: ringing."},
		{36, 206, 12, goregular.TTF, dark, "Twelve points: The quick brown fox jumps over the lazy dog. 0123456789"},
		{36, 228, 10, goregular.TTF, dark, "Ten points: The quick brown fox jumps over the lazy dog. 0123456789 (){}[]"},
		{36, 248, 9, goregular.TTF, dark, "Nine points: The quick brown fox jumps over the lazy dog. 0123456789 @#%&"},
		{36, 282, 16, gobold.TTF, red, "Red on white loses its edges with the chroma."},
		{36, 312, 16, gobold.TTF, blue, "Blue on white keeps them a little longer."},
		{36, 344, 13, gomono.TTF, dark, "for i := range n { sum += x[i] * w[i] }"},
		{516, 122, 14, gobold.TTF, dark, "bpp      PSNR    MS-SSIM"},
		{516, 148, 13, gomono.TTF, dark, "0.25    28.4 dB   0.921"},
		{516, 170, 13, gomono.TTF, dark, "0.50    31.0 dB   0.957"},
		{516, 192, 13, gomono.TTF, dark, "0.75    32.8 dB   0.972"},
		{516, 214, 13, gomono.TTF, dark, "1.00    34.1 dB   0.981"},
		{516, 250, 12, goitalic.TTF, red, "Figures made up, to be read."},
		{516, 290, 11, goregular.TTF, dark, "Iil1| O0Q  rn m  cl d  vv w"},
		{516, 314, 11, goregular.TTF, dark, "e c o a s z  E F B 8 3  S 5"},
		{516, 336, 9, goregular.TTF, dark, "e c o a s z  E F B 8 3  S 5  Iil1|"},
		{36, 414, 22, gobold.TTF, light, "Light on dark"},
		{36, 446, 14, goregular.TTF, light, "shows mosquito noise where the ground should be even."},
		{36, 472, 11, gomono.TTF, light, "$ codecworkbench encode --codec klt --bpp 0.5 text.png -o text.cwb"},
		{36, 494, 9, goregular.TTF, color.NRGBA{140, 190, 250, 255}, "Pale blue, nine points: the smallest that should survive half a bit per pixel."},
	}
	for _, l := range lines {
		parsed, err := opentype.Parse(l.ttf)
		if err != nil {
			panic(err) // the fonts are constants
		}
		face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: l.size, DPI: 72, Hinting: font.HintingFull})
		if err != nil {
			panic(err)
		}
		d := font.Drawer{Dst: img, Src: image.NewUniform(l.ink), Face: face,
			Dot: fixed.Point26_6{X: fixed.I(int(l.x)), Y: fixed.I(int(l.y))}}
		d.DrawString(l.text)
	}
	return img
}
