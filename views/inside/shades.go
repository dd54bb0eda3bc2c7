package inside

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/codecs"
)

// shades colours the values of a plane: magma from the least to the greatest; of signed
// planes, blue below 0, dark at 0, orange above, which stay apart for colour-blind eyes.
type shades struct {
	lo, hi float64
	over   bool // values beyond hi are there
	table  [heatmap.Shades]color.RGBA
	unit   string
	signed bool
}

// rare is the share of values that may lie beyond the scale's ends: a few large ones
// would leave all others dark.
const rare = 0.002

func newShades(p codecs.Plane) *shades {
	s := &shades{unit: p.Unit, signed: p.Signed}
	s.lo, s.hi, s.over = spread(p)
	if p.Signed {
		for i := range s.table {
			s.table[i] = diverging(2*float64(i)/(heatmap.Shades-1) - 1)
		}
		return s
	}
	for i, c := range heatmap.Colors() {
		s.table[i] = color.RGBA{c[0], c[1], c[2], 255}
	}
	return s
}

// spread is the range of values that colours tell apart.
func spread(p codecs.Plane) (lo, hi float64, over bool) {
	sorted := make([]float32, 0, len(p.Values))
	for _, v := range p.Values {
		if f := float64(v); !math.IsNaN(f) && !math.IsInf(f, 0) {
			if p.Signed {
				v = float32(math.Abs(f))
			}
			sorted = append(sorted, v)
		}
	}
	if len(sorted) == 0 {
		return 0, 1, false
	}
	slices.Sort(sorted)
	most := float64(sorted[len(sorted)-1])
	lo, hi = float64(sorted[0]), float64(sorted[int(float64(len(sorted)-1)*(1-rare))])
	if most < 1.5*hi || hi <= 0 {
		hi = most
	}
	switch {
	case p.Signed:
		hi = math.Max(hi, 1e-9)
		return -hi, hi, most > hi
	case lo >= 0 && lo < hi/2:
		lo = 0
	}
	if hi <= lo {
		hi = lo + 1
	}
	return lo, hi, most > hi
}

// diverging is the colour of a share from -1 to 1.
func diverging(t float64) color.RGBA {
	dark := [3]float64{28, 30, 34}
	stops := [2][3]float64{{86, 180, 233}, {230, 159, 0}} // Okabe and Ito's sky blue and orange
	end := [2][3]float64{{222, 243, 255}, {255, 240, 205}}
	side := 0
	if t > 0 {
		side = 1
	}
	m := math.Min(math.Abs(t), 1)
	mix := func(a, b [3]float64, w float64) color.RGBA {
		var c [3]uint8
		for i := range c {
			c[i] = uint8(math.Round(a[i] + (b[i]-a[i])*w))
		}
		return color.RGBA{c[0], c[1], c[2], 255}
	}
	if m < 0.7 {
		return mix(dark, stops[side], m/0.7)
	}
	return mix(stops[side], end[side], (m-0.7)/0.3)
}

// at is the colour of a value; values that are none have none.
func (s *shades) at(v float32) color.RGBA {
	t := (float64(v) - s.lo) / (s.hi - s.lo)
	if math.IsNaN(t) {
		return color.RGBA{}
	}
	return s.table[int(math.Round(math.Min(math.Max(t, 0), 1)*(heatmap.Shades-1)))]
}

// ends are the labels of the scale's two ends.
func (s *shades) ends() (lo, hi string) {
	lo, hi = number(s.lo), number(s.hi)
	if s.over {
		hi = "≥ " + hi
		if s.signed {
			lo = "≤ " + lo
		}
	}
	return lo, hi + " " + s.unit
}

// number writes a value in three digits, or whole.
func number(v float64) string {
	switch a := math.Abs(v); {
	case a >= 100 || v == math.Trunc(v):
		return fmt.Sprintf("%.0f", v)
	case a >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// paint draws a plane, a pixel a value.
func (s *shades) paint(p codecs.Plane) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, max(p.Width, 1), max(p.Height, 1)))
	for i, v := range p.Values[:min(len(p.Values), p.Width*p.Height)] {
		c := s.at(v)
		copy(img.Pix[4*i:], []uint8{c.R, c.G, c.B, c.A})
	}
	return img
}

// band is the scale itself, from its lower to its upper end.
func (s *shades) band() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, heatmap.Shades, 1))
	for x, c := range s.table {
		img.SetRGBA(x, 0, c)
	}
	return img
}
