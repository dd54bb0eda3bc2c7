package heatmap

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"
	"strings"

	"codecworkbench/codecs"
)

// Values colours the numbers of a plane: magma from the least to the greatest; of signed
// planes, blue below 0, dark at 0, orange above, which stay apart for colour-blind eyes.
type Values struct {
	Lo, Hi float64 // what the scale's ends stand for
	Over   bool    // values beyond them are there
	Unit   string
	Signed bool

	table [Shades]color.RGBA
}

// rare is the share of values that may lie beyond the scale's ends: a few large ones
// would leave all others dark.
const rare = 0.002

// NewValues returns a plane's scale of colours.
func NewValues(p codecs.Plane) *Values {
	s := &Values{Unit: p.Unit, Signed: p.Signed}
	s.Lo, s.Hi, s.Over = spread(p)
	if p.Signed {
		for i := range s.table {
			s.table[i] = diverging(2*float64(i)/(Shades-1) - 1)
		}
		return s
	}
	for i, c := range Colors() {
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
	lo, hi = float64(sorted[0]), float64(sorted[int(math.Ceil(float64(len(sorted)-1)*(1-rare)))])
	switch {
	case p.Most > 0:
		hi = float64(p.Most)
	case most < 1.5*hi || hi <= 0:
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

// At is the colour of a value; values that are none have none.
func (s *Values) At(v float32) color.RGBA {
	t := (float64(v) - s.Lo) / (s.Hi - s.Lo)
	if math.IsNaN(t) {
		return color.RGBA{}
	}
	return s.Color(t)
}

// Ends are the labels of the scale's two ends.
func (s *Values) Ends() (lo, hi string) {
	ticks := s.Ticks()
	lo, hi = ticks[0].Label, ticks[2].Label
	return lo, strings.TrimSpace(hi + " " + s.Unit)
}

// Color is the colour of a share of the scale, 0 at its lower end to 1 at the upper one.
func (s *Values) Color(share float64) color.RGBA {
	return s.table[int(math.Round(math.Min(math.Max(share, 0), 1)*(Shades-1)))]
}

// Ticks names the ends and the middle, and whether values lie beyond.
func (s *Values) Ticks() []Tick {
	out := []Tick{{0, Number(s.Lo)}, {0.5, Number((s.Lo + s.Hi) / 2)}, {1, Number(s.Hi)}}
	if s.Over {
		out[2].Label = "≥ " + out[2].Label
		if s.Signed {
			out[0].Label = "≤ " + out[0].Label
		}
	}
	return out
}

// Number writes a value in three digits, or whole.
func Number(v float64) string {
	switch a := math.Abs(v); {
	case a >= 100 || v == math.Trunc(v):
		return fmt.Sprintf("%.0f", v)
	case a >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// Paint draws a plane, a pixel a value.
func (s *Values) Paint(p codecs.Plane) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, max(p.Width, 1), max(p.Height, 1)))
	for i, v := range p.Values[:min(len(p.Values), p.Width*p.Height)] {
		c := s.At(v)
		copy(img.Pix[4*i:], []uint8{c.R, c.G, c.B, c.A})
	}
	return img
}

// Band is the scale itself, from its lower to its upper end.
func (s *Values) Band() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, Shades, 1))
	for x, c := range s.table {
		img.SetRGBA(x, 0, c)
	}
	return img
}
