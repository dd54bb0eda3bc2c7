package viewport

import (
	"image"
	"image/color"
	"math"
	"strconv"
)

// GridScale and ValueScale are the scales, in device pixels a picture pixel, from which
// a Layer with Grid shows lines between pixels, and their values in them.
const (
	GridScale  = 12
	ValueScale = 28
)

// gridContrast is how much lighter or darker than its pixel a line is.
const gridContrast = 30

// grid draws lines between large pixels and writes their values, in the layer's rows
// top to bottom.
func (s *Sampler) grid(l *Layer, c *columns, top, bottom int) {
	if l.View.Scale < GridScale || l.Smooth || top >= bottom {
		return
	}
	last := s.sourceRow(l, top)
	for y := top; y < bottom; y++ {
		row := s.dst.Pix[y*s.dst.Stride+4*c.x0 : y*s.dst.Stride+4*c.x1]
		if sy := s.sourceRow(l, y); sy != last {
			last = sy
			for x := range c.index {
				contrast(row[4*x : 4*x+4])
			}
			continue
		}
		for x := 1; x < len(c.index); x++ {
			if c.index[x] != c.index[x-1] {
				contrast(row[4*x : 4*x+4])
			}
		}
	}
	if l.View.Scale >= ValueScale && !l.Source.mapped {
		s.values(l, c, top, bottom)
	}
}

// sourceRow is the picture's row under the middle of a device row.
func (s *Sampler) sourceRow(l *Layer, y int) int {
	py := l.View.CY + (float64(y-l.Origin.Y)+.5-float64(l.View.PaneH)/2)/l.View.Scale
	return clampInt(int(math.Floor(py+snap)), 0, l.Source.Height()-1)
}

func contrast(p []uint8) {
	d := gridContrast
	if light(p) {
		d = -gridContrast
	}
	for c := range 3 {
		p[c] = uint8(min(max(int(p[c])+d, 0), 255))
	}
}

// light reports whether dark ink is read best on a pixel.
func light(p []uint8) bool { return 2*int(p[0])+5*int(p[1])+int(p[2]) > 8*130 }

// The inks of the values of the three channels on dark and on light pixels.
var (
	inksOnDark  = [3]color.RGBA{{255, 158, 158, 255}, {150, 240, 150, 255}, {165, 195, 255, 255}}
	inksOnLight = [3]color.RGBA{{135, 0, 0, 255}, {0, 84, 0, 255}, {0, 0, 150, 255}}
	greyInks    = [2]color.RGBA{{255, 255, 255, 255}, {0, 0, 0, 255}}
)

// values writes the values of the pixels that have a part in rows top to bottom.
func (s *Sampler) values(l *Layer, c *columns, top, bottom int) {
	size := int(l.View.Scale) / ValueScale
	clip := image.Rect(c.x0, top, c.x1, bottom)
	for sy := s.sourceRow(l, top); sy <= s.sourceRow(l, bottom-1); sy++ {
		for sx := int(c.index[0]); sx <= int(c.index[len(c.index)-1]); sx++ {
			x, y := l.View.ToPane(float64(sx)+.5, float64(sy)+.5)
			s.value(l, clip, l.Origin.Add(image.Pt(int(x), int(y))), sx, sy, size)
		}
	}
}

// value writes the values of one pixel around a point.
func (s *Sampler) value(l *Layer, clip image.Rectangle, centre image.Point, sx, sy, size int) {
	p, _ := l.Source.row(0, sy, sx, sx+1, nil)
	shown := [4]uint8{p[0], p[1], p[2], p[3]}
	l.Tone.apply(shown[:], l.Gain)
	bright := light(shown[:])
	inks := inksOnDark
	if bright {
		inks = inksOnLight
	}
	lines := 3
	if l.Tone == FalseColor {
		lines = 1
		inks[0] = greyInks[0]
		if bright {
			inks[0] = greyInks[1]
		}
	}
	const line = glyphHeight + 1
	y := centre.Y - (lines*line-1)*size/2
	for i := range lines {
		text := sample(p, i, l.Tone)
		drawText(s.dst, clip, image.Pt(centre.X-textWidth(text, size)/2, y+i*line*size), text, size, inks[i])
	}
}

// sample writes one channel's value: straight, not multiplied by alpha.
func sample(p []uint8, channel int, t Tone) string {
	v := int(p[channel])
	if t == Signed {
		return strconv.Itoa(v - zero)
	}
	if a := int(p[3]); a > 0 && a < 255 {
		v = min((v*255+a/2)/a, 255)
	}
	return strconv.Itoa(v)
}
