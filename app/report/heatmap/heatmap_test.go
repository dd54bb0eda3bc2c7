package heatmap

import (
	"encoding/binary"
	"image"
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"

	"codecworkbench/metrics"
)

func labels(ticks []Tick) string {
	var out []string
	for _, t := range ticks {
		out = append(out, t.Label)
	}
	return strings.Join(out, " | ")
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		scale Scale
		want  string
	}{
		{Scale{0, 400}, "0 | 100 | 200 | 300 | ≥ 400"},
		{Scale{1, 0}, "1 | 0.75 | 0.5 | 0.25 | ≤ 0"},
		{Scale{0, 0.35}, "0 | 0.175 | ≥ 0.35"},
		{Scale{0, 30}, "0 | 7.5 | 15 | 22.5 | ≥ 30"},
	} {
		if got := labels(c.scale.Ticks()); got != c.want {
			t.Errorf("%+v: %s, want %s", c.scale, got, c.want)
		}
	}
}

func TestFormat(t *testing.T) {
	for _, c := range []struct {
		scale Scale
		v     float64
		want  string
	}{{Scale{0, 400}, 123.4, "123"}, {Scale{1, 0}, 0.98765, "0.988"}, {Scale{0, 30}, 1.26, "1.3"}} {
		if got := c.scale.Format(c.v); got != c.want {
			t.Errorf("%+v: %v is written %s, want %s", c.scale, c.v, got, c.want)
		}
	}
}

// The colours grow lighter step by step, as the eye judges lightness: that is what
// makes the scale readable for everybody and in grey.
func TestColorsGrowLighter(t *testing.T) {
	linear := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	last := -1.
	for i, c := range Colors() {
		y := 0.2126*linear(c[0]) + 0.7152*linear(c[1]) + 0.0722*linear(c[2])
		l := 116*math.Cbrt(y) - 16
		if y <= 216./24389 {
			l = y * 24389 / 27
		}
		if l < last-0.05 {
			t.Errorf("colour %d has lightness %.2f after %.2f", i, l, last)
		}
		last = l
	}
	if last < 95 {
		t.Errorf("the bad end has lightness %.1f only", last)
	}
}

// flat is a grey picture of one level.
func flat(w, h int, level uint8) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = level
		if i%4 == 3 {
			img.Pix[i] = 255
		}
	}
	return img
}

func at(img *image.RGBA, x, y int) [3]uint8 {
	c := img.RGBAAt(x, y)
	return [3]uint8{c.R, c.G, c.B}
}

// Every pixel has the colour of the value that belongs to it by Map.At, whatever the
// map's steps and borders; where there is none, the grey picture is seen.
func TestPaintFollowsTheMap(t *testing.T) {
	nan := float32(math.NaN())
	for _, m := range []*metrics.Map{
		{Width: 7, Height: 5, Step: 1, Values: make([]float32, 35)},
		{Width: 3, Height: 2, X: 2, Y: 1, Step: 1, Values: []float32{0, 1, 2, 3, nan, 9}},
		{Width: 2, Height: 2, Step: 4, Values: []float32{-3, 1, 2, float32(math.Inf(1))}},
		{Width: 1, Height: 1, X: 6, Y: 4, Step: 8, Values: []float32{4}},
	} {
		scale := Scale{0, 4}
		got := Paint(flat(7, 5, 90), m, scale, 1)
		colors := Colors()
		for y := range 5 {
			for x := range 7 {
				want := [3]uint8{90, 90, 90}
				if v, ok := m.At(x, y); ok && v == v {
					want = colors[int(math.Round(scale.Share(float64(v))*(Shades-1)))]
				}
				if at(got, x, y) != want {
					t.Errorf("map at %d,%d step %d: pixel %d,%d is %v, want %v", m.X, m.Y, m.Step, x, y, at(got, x, y), want)
				}
			}
		}
	}
}

func TestStrength(t *testing.T) {
	m := &metrics.Map{Width: 1, Height: 1, Step: 1, Values: []float32{1}}
	end := Colors()[Shades-1]
	for _, c := range []struct {
		strength float64
		want     [3]uint8
	}{{0, [3]uint8{40, 40, 40}}, {1, end}, {0.5, [3]uint8{uint8((int(end[0]) + 41) / 2), uint8((int(end[1]) + 41) / 2), uint8((int(end[2]) + 41) / 2)}}} {
		if got := at(Paint(flat(1, 1, 40), m, Scale{0, 1}, c.strength), 0, 0); got != c.want {
			t.Errorf("strength %v: %v, want %v", c.strength, got, c.want)
		}
	}
}

// The legend leaves the picture as it is, stands beside it, and has all colours of
// the scale, the bad end up.
func TestLegend(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {30, 300}, {64, 2500}} {
		m := &metrics.Map{Width: 1, Height: 1, Step: 4096, Values: []float32{0.3}}
		painted := Paint(flat(size.X, size.Y, 90), m, Scale{0, 1}, 1)
		img := WithLegend(painted, metrics.Info{ID: "ssim-y", Name: "A metric with a rather long name"},
			metrics.MapKind{ID: "a", Name: "Artifacts", Unit: "JND", Good: 0, Bad: 1})
		for y := range size.Y {
			for x := range size.X {
				if img.RGBAAt(x, y) != painted.RGBAAt(x, y) {
					t.Fatalf("%v: the legend changed pixel %d,%d", size, x, y)
				}
			}
		}
		var seen []color.RGBA
		column := size.X + int(min(max(float64(size.Y)/legendTall, 1), 8)*(legendMargin+2))
		for y := range img.Rect.Dy() {
			seen = append(seen, img.RGBAAt(column, y))
		}
		colors := Colors()
		first := slices.IndexFunc(seen, func(c color.RGBA) bool { return [3]uint8{c.R, c.G, c.B} == colors[Shades-1] })
		last := slices.IndexFunc(seen, func(c color.RGBA) bool { return [3]uint8{c.R, c.G, c.B} == colors[0] })
		if last-first < 90 {
			t.Errorf("%v: the bar runs from row %d to %d", size, first, last)
		}
	}
}

func TestNPY(t *testing.T) {
	m := &metrics.Map{Width: 3, Height: 2, Step: 1, Values: []float32{1, 2, 3, 4, 5, -0.5}}
	data := NPY(m)
	n := int(binary.LittleEndian.Uint16(data[8:]))
	if string(data[:8]) != "\x93NUMPY\x01\x00" || (10+n)%64 != 0 || len(data) != 10+n+4*6 || data[9+n] != '\n' {
		t.Fatalf("header of %d bytes, file of %d", n, len(data))
	}
	if h := string(data[10 : 10+n]); !strings.HasPrefix(h, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }") {
		t.Errorf("header %q", h)
	}
	if v := math.Float32frombits(binary.LittleEndian.Uint32(data[10+n+20:])); v != -0.5 {
		t.Errorf("the last value is %v", v)
	}
}

func BenchmarkPaint(b *testing.B) {
	const w, h = 1280, 800
	base := flat(w, h, 90)
	m := &metrics.Map{Width: w, Height: h, Step: 1, Values: make([]float32, w*h)}
	for i := range m.Values {
		m.Values[i] = float32(i%500) / 400
	}
	packed := image.NewRGBA(base.Rect)
	b.Run("pack", func(b *testing.B) {
		b.SetBytes(4 * w * h)
		for b.Loop() {
			for y := range h {
				Scale{0, 1}.Pack(packed.Pix[y*packed.Stride:], base, m, y, 0, w)
			}
		}
	})
	b.Run("row", func(b *testing.B) {
		p := NewPainter(0.7)
		pix := slices.Clone(packed.Pix)
		b.SetBytes(4 * w * h)
		for b.Loop() {
			copy(pix, packed.Pix)
			p.Row(pix)
		}
	})
}
