// Package heatmap shows the maps of metrics in colour: one scale of colours for all,
// from black where nothing differs to bright where much does, mixed with the grey
// picture below; its legend; and the files that the command line writes of a map.
// It knows no window toolkit: the window paints with the same code.
package heatmap

import (
	"image"
	"math"
	"strconv"

	"codecworkbench/metrics"
)

// Scale lays values on the scale of colours. Values beyond its ends get the ends'
// colours.
type Scale struct{ Good, Bad float64 }

// ScaleOf is the scale that a kind of map asks for.
func ScaleOf(k metrics.MapKind) Scale { return Scale{k.Good, k.Bad} }

// Reaching returns a kind of map with its bad end moved: 2 is twice as far from the
// good one.
func Reaching(k metrics.MapKind, factor float64) metrics.MapKind {
	k.Bad = k.Good + factor*(k.Bad-k.Good)
	return k
}

// Share is where a value lies: 0 at the good end, 1 at the bad one; NaN has no place.
func (s Scale) Share(v float64) float64 {
	if s.Good == s.Bad {
		return 0
	}
	return math.Min(math.Max((v-s.Good)/(s.Bad-s.Good), 0), 1)
}

// Tick is a value that the legend names.
type Tick struct {
	At    float64 // its Share
	Label string
}

// Ticks names the ends and what lies between: the quarters where they are short
// numbers, else the middle. The bad end's label says that values may lie beyond.
func (s Scale) Ticks() []Tick {
	for _, parts := range []int{4, 2} {
		var out []Tick
		short := true
		for i := range parts + 1 {
			at := float64(i) / float64(parts)
			label := strconv.FormatFloat(s.Good+at*(s.Bad-s.Good), 'g', 3, 64)
			short = short && len(label) <= 4
			out = append(out, Tick{at, label})
		}
		if short || parts == 2 {
			sign := "≥ "
			if s.Bad < s.Good {
				sign = "≤ "
			}
			out[parts].Label = sign + out[parts].Label
			return out
		}
	}
	return nil
}

// Format writes one of a map's values, as precisely as its scale deserves.
func (s Scale) Format(v float64) string {
	digits := 0
	if span := math.Abs(s.Bad - s.Good); span > 0 && span < 300 {
		digits = min(max(int(math.Ceil(math.Log10(300/span))), 0), 6)
	}
	return strconv.FormatFloat(v, 'f', digits, 64)
}

// Pack packs a row of a map and the picture below it, so that both can be scaled together
// before they are coloured: of every pixel the red sample is the shade, the green one
// the grey of the picture, the blue one 255 where the map has a value. Pixels without
// one get the shade of their nearest neighbour with one, so that scaling mixes no
// foreign shade into the map's edge.
//
// base is opaque, packed at origin 0,0. Pixels x0 to x1-1 of row y are written to dst.
func (s Scale) Pack(dst []uint8, base *image.NRGBA, m *metrics.Map, y, x0, x1 int) {
	j := min(max((y-m.Y)/m.Step, 0), m.Height-1)
	cover := uint8(255)
	if y < m.Y || (y-m.Y)/m.Step >= m.Height {
		cover = 0
	}
	values := m.Values[j*m.Width : (j+1)*m.Width]
	scale := float32(0)
	if s.Good != s.Bad {
		scale = float32((Shades - 1) / (s.Bad - s.Good))
	}
	good := float32(s.Good)
	in := base.Pix[y*base.Stride+4*x0 : y*base.Stride+4*x1]
	dst = dst[:len(in)]
	for x := x0; x < x1; x++ {
		k := 4 * (x - x0)
		p, q := in[k:k+4:k+4], dst[k:k+4:k+4]
		at := x - m.X
		if m.Step > 1 {
			at /= m.Step
		}
		shade, covered := uint8(0), cover
		switch v := (values[min(max(at, 0), m.Width-1)] - good) * scale; {
		case v != v:
			covered = 0
		case v >= Shades-1:
			shade = Shades - 1
		case v > 0:
			shade = uint8(v + .5)
		}
		if x < m.X || at >= m.Width {
			covered = 0
		}
		q[0], q[2], q[3] = shade, covered, 255
		q[1] = uint8((299*uint32(p[0]) + 587*uint32(p[1]) + 114*uint32(p[2]) + 500) / 1000)
	}
}

// Painter colours what Scale.Pack packed.
type Painter struct {
	ink   [Shades][3]uint16 // colours times strength
	under uint16            // of 256: how much of the grey picture is left
}

// NewPainter returns a painter whose colours cover the grey picture by a share, 0 to
// 1: the map alone is 1.
func NewPainter(strength float64) *Painter {
	p := &Painter{}
	over := uint16(math.Round(256 * math.Min(math.Max(strength, 0), 1)))
	p.under = 256 - over
	for i, c := range Colors() {
		for k := range 3 {
			p.ink[i][k] = uint16(c[k]) * over
		}
	}
	return p
}

// Row colours packed pixels in place. Where the map has no value, the grey picture
// stays.
func (p *Painter) Row(pix []uint8) {
	for len(pix) >= 4 {
		ink, grey, cover := &p.ink[pix[0]], uint16(pix[1]), pix[2]
		under := grey*p.under + 128
		if cover == 255 {
			pix[0], pix[1], pix[2] = uint8((ink[0]+under)>>8), uint8((ink[1]+under)>>8), uint8((ink[2]+under)>>8)
		} else {
			for k := range 3 {
				mixed := uint32((ink[k] + under) >> 8)
				pix[k] = uint8((mixed*uint32(cover) + uint32(grey)*uint32(255-cover) + 127) / 255)
			}
		}
		pix[3] = 255
		pix = pix[4:]
	}
}

// Paint colours a map over a picture of its pair, opaque and packed at origin 0,0.
func Paint(base *image.NRGBA, m *metrics.Map, s Scale, strength float64) *image.RGBA {
	out := image.NewRGBA(base.Rect)
	for y := range base.Rect.Dy() {
		s.Pack(out.Pix[y*out.Stride:], base, m, y, 0, base.Rect.Dx())
	}
	NewPainter(strength).Row(out.Pix)
	return out
}
