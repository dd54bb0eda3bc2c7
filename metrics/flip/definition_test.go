package flip_test

import (
	"fmt"
	"image"
	"math"
	"testing"

	"codecworkbench/metrics"
	"codecworkbench/metrics/flip"
	"codecworkbench/metrics/internal/metrictest"
)

// This file is the metric by its definition: slow, in float64, with 2-D filters.

type pixels struct {
	width, height int
	v             [][3]float64
}

func (p *pixels) at(x, y int) [3]float64 {
	return p.v[min(max(y, 0), p.height-1)*p.width+min(max(x, 0), p.width-1)]
}

func toXYZ(rgb [3]float64) [3]float64 {
	r, g, b := rgb[0], rgb[1], rgb[2]
	return [3]float64{
		(10135552*r + 8788810*g + 4435075*b) / 24577794,
		(2613072*r + 8788810*g + 887015*b) / 12288897,
		(1425312*r + 8788810*g + 70074185*b) / 73733382,
	}
}

// toRGB solves toXYZ by Cramer's rule.
func toRGB(xyz [3]float64) (rgb [3]float64) {
	columns := [3][3]float64{toXYZ([3]float64{1, 0, 0}), toXYZ([3]float64{0, 1, 0}), toXYZ([3]float64{0, 0, 1})}
	det := func(a, b, c [3]float64) float64 {
		return a[0]*(b[1]*c[2]-b[2]*c[1]) - b[0]*(a[1]*c[2]-a[2]*c[1]) + c[0]*(a[1]*b[2]-a[2]*b[1])
	}
	for i := range rgb {
		replaced := columns
		replaced[i] = xyz
		rgb[i] = det(replaced[0], replaced[1], replaced[2]) / det(columns[0], columns[1], columns[2])
	}
	return rgb
}

func toYCxCz(img *image.NRGBA) *pixels {
	p := &pixels{width: img.Rect.Dx(), height: img.Rect.Dy()}
	white := toXYZ([3]float64{1, 1, 1})
	for i := 0; i < len(img.Pix); i += 4 {
		var rgb [3]float64
		for c := range rgb {
			s := float64(img.Pix[i+c]) / 255
			if rgb[c] = s / 12.92; s > 0.04045 {
				rgb[c] = math.Pow((s+0.055)/1.055, 2.4)
			}
		}
		xyz := toXYZ(rgb)
		x, y, z := xyz[0]/white[0], xyz[1]/white[1], xyz[2]/white[2]
		p.v = append(p.v, [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)})
	}
	return p
}

// filter2D is a filter of any shape, normalised to a sum of 1.
func filter2D(p *pixels, c, x, y, radius int, weight func(i, j float64) float64) float64 {
	sum, total := 0., 0.
	for j := -radius; j <= radius; j++ {
		for i := -radius; i <= radius; i++ {
			w := weight(float64(i), float64(j))
			sum, total = sum+w*p.at(x+i, y+j)[c], total+w
		}
	}
	return sum / total
}

// huntLab is CIELab with the Hunt effect of a filtered pixel.
func huntLab(p *pixels, x, y int, ppd float64) [3]float64 {
	gaussian := func(a, b, i, j float64) float64 {
		return a * math.Pi / b * math.Exp(-math.Pi*math.Pi*(i*i+j*j)/(ppd*ppd*b))
	}
	// Cz is two 1-D Gaussians with the root of their factors each, along both axes.
	cz := func(a, b, i, j float64) float64 { return a * math.Sqrt(b/math.Pi) * gaussian(1, b, i, j) }
	radius := int(math.Ceil(3 * math.Sqrt(0.04/(2*math.Pi*math.Pi)) * ppd))
	v := [3]float64{
		filter2D(p, 0, x, y, radius, func(i, j float64) float64 { return gaussian(1, 0.0047, i, j) }),
		filter2D(p, 1, x, y, radius, func(i, j float64) float64 { return gaussian(1, 0.0053, i, j) }),
		filter2D(p, 2, x, y, radius, func(i, j float64) float64 { return cz(34.1, 0.04, i, j) + cz(13.5, 0.025, i, j) }),
	}
	white := toXYZ([3]float64{1, 1, 1})
	v[0] = (v[0] + 16) / 116
	rgb := toRGB([3]float64{white[0] * (v[1]/500 + v[0]), white[1] * v[0], white[2] * (v[0] - v[2]/200)})
	for c := range rgb {
		rgb[c] = min(max(rgb[c], 0), 1)
	}
	return lab(rgb)
}

func lab(rgb [3]float64) [3]float64 {
	f, white := toXYZ(rgb), toXYZ([3]float64{1, 1, 1})
	for c, v := range f {
		v /= white[c]
		if f[c] = math.Cbrt(v); v <= 6.*6*6/29/29/29 {
			f[c] = v*29*29/3/6/6 + 4./29
		}
	}
	l := 116*f[1] - 16
	return [3]float64{l, 0.01 * l * 500 * (f[0] - f[1]), 0.01 * l * 200 * (f[1] - f[2])}
}

func hyabError(a, b [3]float64) float64 {
	return math.Pow(math.Abs(a[0]-b[0])+math.Hypot(a[1]-b[1], a[2]-b[2]), 0.7)
}

// featuresOf returns the strengths of the edge and the point at a pixel.
func featuresOf(p *pixels, x, y int, ppd float64) (edge, point float64) {
	sigma := 0.5 * 0.082 * ppd
	radius := int(math.Ceil(3 * sigma))
	g := func(i float64) float64 { return math.Exp(-i * i / (2 * sigma * sigma)) }
	first := func(i float64) float64 { return -i * g(i) }
	second := func(i float64) float64 { return (i*i/(sigma*sigma) - 1) * g(i) }
	respond := func(f func(float64) float64, alongX bool) float64 {
		above, below, positive, negative := 0., 0., 0., 0.
		for j := -radius; j <= radius; j++ {
			for i := -radius; i <= radius; i++ {
				w := f(float64(i)) * g(float64(j))
				if !alongX {
					w = f(float64(j)) * g(float64(i))
				}
				v := w * (p.at(x+i, y+j)[0] + 16) / 116
				if w > 0 {
					above, positive = above+v, positive+w
				} else {
					below, negative = below+v, negative-w
				}
			}
		}
		return above/positive + below/negative
	}
	return math.Hypot(respond(first, true), respond(first, false)), math.Hypot(respond(second, true), respond(second, false))
}

func flipAt(ref, dist *pixels, x, y int, ppd float64) float64 {
	most := hyabError(lab([3]float64{0, 1, 0}), lab([3]float64{0, 0, 1}))
	e, bend := hyabError(huntLab(ref, x, y, ppd), huntLab(dist, x, y, ppd)), 0.4*most
	color := 0.95 * e / bend
	if e >= bend {
		color = 0.95 + 0.05*(e-bend)/(most-bend)
	}
	edge1, point1 := featuresOf(ref, x, y, ppd)
	edge2, point2 := featuresOf(dist, x, y, ppd)
	feature := math.Sqrt(max(math.Abs(edge1-edge2), math.Abs(point1-point2)) / math.Sqrt2)
	return math.Pow(color, 1-feature)
}

// Every pixel of small pictures, at resolutions from less than a pixel's filter to one
// wider than the picture, and some of a picture of several tiles. The root of features
// makes 1e-8 of float32's rounding 1e-4 in places that are flat.
func TestDefinition(t *testing.T) {
	for _, c := range []struct {
		width, height int
		ppd           string
		step          int
	}{
		{1, 1, "", 1}, {1, 9, "", 1}, {23, 14, "", 1}, {23, 14, "1", 1}, {23, 14, "9.5", 1},
		{17, 12, "200", 3}, {701, 140, "", 137}, {400, 130, "300", 7901},
	} {
		t.Run(fmt.Sprintf("%dx%d@%s", c.width, c.height, c.ppd), func(t *testing.T) {
			m, ppd := flip.New(), 3840*math.Pi/180
			if c.ppd != "" {
				set, err := m.(metrics.Configurable).Settings().Set("ppd", c.ppd)
				if err != nil {
					t.Fatal(err)
				}
				m, ppd = m.(metrics.Configurable).With(set), set.Number("ppd")
			}
			ref, dist := metrictest.Noise(t, c.width, c.height, 5, 1), metrictest.Noise(t, c.width, c.height, 25, 2)
			got, err := metrics.MapOf(t.Context(), m.(metrics.Mapper), metrictest.Pair(t, ref, dist), "")
			if err != nil {
				t.Fatal(err)
			}
			a, b := toYCxCz(ref.RGB8()), toYCxCz(dist.RGB8())
			for i := 0; i < len(got.Values); i += c.step {
				want := flipAt(a, b, i%c.width, i/c.width, ppd)
				if d := math.Abs(float64(got.Values[i]) - want); !(d <= 1e-4) {
					t.Fatalf("pixel %d, %d: got %v, want %v", i%c.width, i/c.width, got.Values[i], want)
				}
			}
		})
	}
}

// The mean of the map is the value.
func TestMapAveragesToTheValue(t *testing.T) {
	p := metrictest.Pair(t, metrictest.Noise(t, 701, 140, 5, 1), metrictest.Noise(t, 701, 140, 25, 2))
	shown, err := metrics.MapOf(t.Context(), flip.New().(metrics.Mapper), p, "")
	if err != nil {
		t.Fatal(err)
	}
	mean := 0.
	for _, v := range shown.Values {
		mean += float64(v) / float64(len(shown.Values))
	}
	if v, err := metrics.Measure(t.Context(), flip.New(), p); err != nil || math.Abs(mean-v.Number) > 1e-6 {
		t.Errorf("the map averages to %.9f, the value is %.9f, %v", mean, v.Number, err)
	}
}
