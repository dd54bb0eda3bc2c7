package ssimulacra2_test

import (
	"fmt"
	"image"
	"math"
	"testing"

	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
	"codecworkbench/metrics/internal/metrictest"
	"codecworkbench/metrics/ssimulacra2"
)

// This file is the metric by its definition: slow, in float64, one whole plane after the
// other, with every term of every channel and scale, whatever its weight.

type plane struct {
	width, height int
	v             []float64
}

func newPlane(width, height int, at func(x, y int) float64) plane {
	p := plane{width, height, make([]float64, width*height)}
	for y := range height {
		for x := range width {
			p.v[y*width+x] = at(x, y)
		}
	}
	return p
}

func (p plane) at(x, y int) float64 { return p.v[y*p.width+x] }

// with computes a plane pixel by pixel from two.
func (p plane) with(q plane, f func(a, b float64) float64) plane {
	return newPlane(p.width, p.height, func(x, y int) float64 { return f(p.at(x, y), q.at(x, y)) })
}

func (p plane) mean(f func(v float64) float64) float64 {
	sum := 0.
	for _, v := range p.v {
		sum += f(v)
	}
	return sum / float64(len(p.v))
}

func (p plane) halved() plane {
	return newPlane((p.width+1)/2, (p.height+1)/2, func(x, y int) float64 {
		right, below := min(2*x+1, p.width-1), min(2*y+1, p.height-1)
		return (p.at(2*x, 2*y) + p.at(right, 2*y) + p.at(2*x, below) + p.at(right, below)) / 4
	})
}

func (p plane) blurred() plane {
	weights := []float64{0.2646211055, 0.2129285920, 0.1093353728, 0.0360111147, 0.0094143678}
	axis := func(p plane, dx, dy int) plane {
		return newPlane(p.width, p.height, func(x, y int) float64 {
			sum := 0.
			for k := -4; k <= 4; k++ {
				u, v := x+k*dx, y+k*dy
				if u >= 0 && u < p.width && v >= 0 && v < p.height {
					sum += weights[max(k, -k)] * p.at(u, v)
				}
			}
			return sum
		})
	}
	return axis(axis(p, 1, 0), 0, 1)
}

// light returns R, G and B in linear light, on a grey.
func light(img *image.NRGBA, grey float64) (rgb [3]plane) {
	for c := range rgb {
		rgb[c] = newPlane(img.Rect.Dx(), img.Rect.Dy(), func(x, y int) float64 {
			px := img.Pix[y*img.Stride+4*x:]
			alpha := float64(px[3]) / 255
			s := float64(px[c])/255*alpha + grey*(1-alpha)
			if s <= 0.04045 {
				return s / 12.92
			}
			return math.Pow((s+0.055)/1.055, 2.4)
		})
	}
	return rgb
}

func toXYB(rgb [3]plane) (xyb [3]plane) {
	const bias = 0.0037930732552754493
	mixes := [3][3]float64{{0.30, 0.622, 0.078}, {0.23, 0.692, 0.078},
		{0.24342268924547819, 0.20476744424496821, 0.55180986650955360}}
	for c := range xyb {
		xyb[c] = newPlane(rgb[0].width, rgb[0].height, func(i, j int) float64 {
			var p [3]float64
			for k, m := range mixes {
				p[k] = math.Cbrt(m[0]*rgb[0].at(i, j)+m[1]*rgb[1].at(i, j)+m[2]*rgb[2].at(i, j)+bias) - math.Cbrt(bias)
			}
			x, y := (p[0]-p[1])/2, (p[0]+p[1])/2
			return [3]float64{14*x + 0.42, y + 0.01, p[2] - y + 0.55}[c]
		})
	}
	return xyb
}

// errorsOf returns 1-SSIM, artifacts and lost detail.
func errorsOf(a, b plane) (e [3]plane) {
	mul := func(u, v float64) float64 { return u * v }
	mu1, mu2 := a.blurred(), b.blurred()
	s11, s22, s12 := a.with(a, mul).blurred(), b.with(b, mul).blurred(), a.with(b, mul).blurred()
	e[0] = newPlane(a.width, a.height, func(x, y int) float64 {
		m1, m2 := mu1.at(x, y), mu2.at(x, y)
		above := (1 - (m1-m2)*(m1-m2)) * (2*(s12.at(x, y)-m1*m2) + 0.0009)
		return max(0, 1-above/((s11.at(x, y)-m1*m1)+(s22.at(x, y)-m2*m2)+0.0009))
	})
	apart := func(u, v float64) float64 { return math.Abs(u - v) }
	edge := a.with(mu1, apart).with(b.with(mu2, apart), func(r, d float64) float64 { return (1+d)/(1+r) - 1 })
	e[1] = edge.with(edge, func(v, _ float64) float64 { return max(v, 0) })
	e[2] = edge.with(edge, func(v, _ float64) float64 { return max(-v, 0) })
	return e
}

// allErrors returns the errors by scale and channel.
func allErrors(ref, dist [3]plane) (out [][3][3]plane) {
	for scale := range 6 {
		if min(ref[0].width, ref[0].height) < 8 {
			break
		}
		for c := range 3 {
			if scale > 0 {
				ref[c], dist[c] = ref[c].halved(), dist[c].halved()
			}
		}
		a, b := toXYB(ref), toXYB(dist)
		var e [3][3]plane
		for c := range e {
			e[c] = errorsOf(a[c], b[c])
		}
		out = append(out, e)
	}
	return out
}

func scoreOf(errors [][3][3]plane) float64 {
	total, row := 0., 0
	for c := range 3 {
		for _, e := range errors {
			mean, norm := ssimulacra2.Weights(row)
			row++
			for t, p := range e[c] {
				total += mean[t] * p.mean(math.Abs)
				total += norm[t] * math.Pow(p.mean(func(v float64) float64 { return v * v * v * v }), 0.25)
			}
		}
	}
	return curve(total)
}

func curve(s float64) float64 {
	s *= 0.9562382616834844
	s = 2.326765642916932*s - 0.020884521182843837*s*s + 6.248496625763138e-05*s*s*s
	if s <= 0 {
		return 100
	}
	return 100 - 10*math.Pow(s, 0.6276336467831387)
}

// translucent gives a picture an alpha that varies.
func translucent(t *testing.T, p *picture.Picture) *picture.Picture {
	img := image.NewNRGBA(p.RGB8().Rect)
	copy(img.Pix, p.RGB8().Pix)
	for i := 3; i < len(img.Pix); i += 4 {
		img.Pix[i] = uint8(i / 4 * 5)
	}
	out, err := picture.New(img, false, true, picture.Source{})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Sizes with one to six scales, odd ones, more than a tile in both directions, alpha.
func TestDefinition(t *testing.T) {
	for _, c := range []struct {
		width, height int
		alpha         bool
	}{{8, 8, false}, {11, 9, false}, {33, 16, false}, {97, 61, false}, {523, 141, false}, {179, 131, true}} {
		t.Run(fmt.Sprintf("%dx%d", c.width, c.height), func(t *testing.T) {
			ref, dist := metrictest.Noise(t, c.width, c.height, 2, 1), metrictest.Noise(t, c.width, c.height, 6, 2)
			greys := []float64{0}
			if c.alpha {
				ref, dist, greys = translucent(t, ref), translucent(t, dist), []float64{0.1, 0.9}
			}
			want := 100.
			for _, grey := range greys {
				want = min(want, scoreOf(allErrors(light(ref.RGB8(), grey), light(dist.RGB8(), grey))))
			}
			if got := metrictest.Measure(t, ssimulacra2.New(), ref, dist).Number; math.Abs(got-want) > 1e-3 {
				t.Errorf("got %.6f, want %.6f", got, want)
			}
		})
	}
}

// The maps of one term have its values in Y at the finest scale.
func TestTermMaps(t *testing.T) {
	ref, dist := metrictest.Noise(t, 523, 141, 2, 1), metrictest.Noise(t, 523, 141, 6, 2)
	want := errorsOf(toXYB(light(ref.RGB8(), 0))[1], toXYB(light(dist.RGB8(), 0))[1])
	for i, kind := range []string{"ssim", "artifacts", "lost"} {
		got, err := metrics.MapOf(t.Context(), ssimulacra2.New().(metrics.Mapper), metrictest.Pair(t, ref, dist), kind)
		if err != nil {
			t.Fatal(err)
		}
		for j, v := range got.Values {
			if d := math.Abs(float64(v) - want[i].v[j]); !(d < 1e-4) {
				t.Fatalf("%s map: value %d is %v, want %v", kind, j, v, want[i].v[j])
			}
		}
	}
}

// Where pictures differ by the same all over, the map of scores has the score that
// follows from the errors at each scale, as far as float32 lets c2 be small.
func TestScoreMap(t *testing.T) {
	const side = 500
	grey := func(v uint8) *picture.Picture {
		img := image.NewNRGBA(image.Rect(0, 0, side, side))
		for i := range img.Pix {
			img.Pix[i] = v
		}
		p, err := picture.New(img, false, false, picture.Source{})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	ref, dist := grey(120), grey(160)
	total := 0.
	all := allErrors(light(ref.RGB8(), 0), light(dist.RGB8(), 0))
	for c := range 3 {
		for scale, e := range all {
			mean, norm := ssimulacra2.Weights(6*c + scale)
			for t, p := range e[c] {
				total += (mean[t] + norm[t]) * p.at(p.width/2, p.height/2)
			}
		}
	}
	got, err := metrics.MapOf(t.Context(), ssimulacra2.New().(metrics.Mapper), metrictest.Pair(t, ref, dist), "score")
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range [][2]int{{250, 250}, {235, 262}} {
		v, _ := got.At(at[0], at[1])
		if want := curve(total); math.Abs(float64(v)-want) > 0.03 || want > 90 {
			t.Errorf("at %v: got %v, want %v", at, v, want)
		}
	}
}
