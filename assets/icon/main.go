// Command icon draws the program's icon: a picture shown twice, light and dark,
// and a rate-distortion curve through both halves.
package main

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/png"
	"log"
	"math"
	"os"
)

const size = 512

// Colours of the light and the dark window.
var (
	light       = color.NRGBA{0xf3, 0xf4, 0xf6, 0xff}
	dark        = color.NRGBA{0x21, 0x23, 0x27, 0xff}
	rim         = color.NRGBA{0x9a, 0xa1, 0xab, 0xff}
	accentLight = color.NRGBA{0x0b, 0x66, 0xc3, 0xff}
	accentDark  = color.NRGBA{0xe6, 0x9f, 0x00, 0xff}
)

func main() {
	out := flag.String("o", "icon.png", "the PNG file to write")
	flag.Parse()
	var buf bytes.Buffer
	if err := png.Encode(&buf, draw()); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*out, buf.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}

// draw paints every pixel from signed distances, which gives exact antialiasing.
func draw() *image.NRGBA {
	const radius, rimWidth, lineHalf, dot = 244, 10, 13, 27
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	curve, marks := rdCurve()
	for y := range size {
		for x := range size {
			p := point{float64(x) + .5, float64(y) + .5}
			side := cover(p.x - size/2)
			c := mix(light, dark, side)
			ink := mix(accentLight, accentDark, side)
			c = mix(c, ink, cover(lineHalf-distance(p, curve)))
			for _, m := range marks {
				r := math.Hypot(p.x-m.x, p.y-m.y)
				c = mix(c, ink, cover(dot-r))
				c = mix(c, mix(light, dark, side), cover(dot-13-r))
			}
			r := math.Hypot(p.x-size/2, p.y-size/2)
			c = mix(c, rim, cover(r-(radius-rimWidth)))
			c.A = uint8(math.Round(255 * cover(radius-r)))
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

type point struct{ x, y float64 }

// rdCurve returns a curve of quality over rate that rises ever more slowly, and
// its measured points, one of them on the line between the halves.
func rdCurve() (line, marks []point) {
	at := func(t float64) point {
		return point{128 + 256*t, 374 - 226*math.Log1p(9*t)/math.Log(10)}
	}
	for i := range 65 {
		line = append(line, at(float64(i)/64))
	}
	for _, t := range []float64{0, .14, .5, 1} {
		marks = append(marks, at(t))
	}
	return line, marks
}

// distance is that of p to the nearest segment of line.
func distance(p point, line []point) float64 {
	best := math.Inf(1)
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		dx, dy := b.x-a.x, b.y-a.y
		t := ((p.x-a.x)*dx + (p.y-a.y)*dy) / (dx*dx + dy*dy)
		t = max(0, min(1, t))
		best = min(best, math.Hypot(p.x-a.x-t*dx, p.y-a.y-t*dy))
	}
	return best
}

// cover turns a signed distance in pixels, positive inside, into coverage.
func cover(d float64) float64 { return max(0, min(1, d+.5)) }

func mix(a, b color.NRGBA, t float64) color.NRGBA {
	f := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + t*(float64(b)-float64(a)))) }
	return color.NRGBA{f(a.R, b.R), f(a.G, b.G), f(a.B, b.B), f(a.A, b.A)}
}
