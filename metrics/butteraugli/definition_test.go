package butteraugli

import (
	"math"
	"slices"

	"codecworkbench/metrics/internal/raster"
)

// This file computes the metric by its definition, in float64 and whole planes, with no
// regard to speed. Its constants and lines are written down a second time on purpose.

type plane struct {
	w, h int
	v    []float64
}

func newPlane(w, h int) plane { return plane{w, h, make([]float64, w*h)} }

func (p plane) inside(x, y int) bool { return x >= 0 && y >= 0 && x < p.w && y < p.h }

// each returns a plane of f of the planes' samples.
func each(f func(v ...float64) float64, planes ...plane) plane {
	out := newPlane(planes[0].w, planes[0].h)
	args := make([]float64, len(planes))
	for i := range out.v {
		for k, p := range planes {
			args[k] = p.v[i]
		}
		out.v[i] = f(args...)
	}
	return out
}

func (p plane) blur(sigma float64, mirror bool) plane {
	radius := max(1, int(2.25*sigma))
	axis := func(p plane, dx, dy int) plane {
		out := newPlane(p.w, p.h)
		for y := range p.h {
			for x := range p.w {
				sum, weights := 0., 0.
				for i := -radius; i <= radius; i++ {
					u, v := x+i*dx, y+i*dy
					if mirror {
						u, v = reflect(u, p.w), reflect(v, p.h)
					}
					if p.inside(u, v) {
						w := math.Exp(-float64(i*i) / (2 * sigma * sigma))
						sum, weights = sum+w*p.v[v*p.w+u], weights+w
					}
				}
				out.v[y*p.w+x] = sum / weights
			}
		}
		return out
	}
	return axis(axis(p, 1, 0), 0, 1)
}

func reflect(i, n int) int {
	if i < 0 {
		return -1 - i
	}
	return min(i, 2*n-1-i)
}

func defOpsin(rgb [3]plane, nits float64) [3]plane {
	mix := [3][4]float64{
		{0.29956550340058319, 0.63373087833825936, 0.077705617820981968, 1.7557483643287353},
		{0.22158691104574774, 0.69391388044116142, 0.0987313588422, 1.7557483643287353},
		{0.02, 0.02, 0.20480129041026129, 12.226454707163354},
	}
	var smooth, cones [3]plane
	for c := range 3 {
		smooth[c] = rgb[c].blur(1.2, true)
	}
	for c, m := range mix {
		absorb := func(v []float64) float64 {
			return max(m[0]*v[0]*nits+m[1]*v[1]*nits+m[2]*v[2]*nits+m[3], m[3])
		}
		sensitivity := each(func(v ...float64) float64 {
			pre := absorb(v)
			return max((19.245013259874995*math.Log(max(pre, 0)+9.9710635769299145)-23.16046239805755)/pre, 1e-4)
		}, smooth[:]...)
		cones[c] = each(func(v ...float64) float64 { return max(absorb(v)*v[3], m[3]) }, rgb[0], rgb[1], rgb[2], sensitivity)
	}
	return [3]plane{
		each(func(v ...float64) float64 { return v[0] - v[1] }, cones[0], cones[1]),
		each(func(v ...float64) float64 { return v[0] + v[1] }, cones[0], cones[1]),
		cones[2],
	}
}

type defBands struct{ lf, mf, hf, uhf [3]plane }

func defShrink(v, t float64) float64 { return math.Copysign(max(math.Abs(v)-t, 0), v) }

func defAmplify(v, t float64) float64 {
	if math.Abs(v) > t {
		return v + math.Copysign(t, v)
	}
	return 2 * v
}

func defSoftClamp(v, m float64) float64 {
	if math.Abs(v) > m {
		return math.Copysign(m+(math.Abs(v)-m)*0.724216145665, v)
	}
	return v
}

func defSeparate(img [3]plane) (b defBands) {
	minus := func(v ...float64) float64 { return v[0] - v[1] }
	var lf, high [3]plane
	for c := range 3 {
		lf[c] = img[c].blur(7.15593339443, false)
		middle := each(minus, img[c], lf[c])
		b.mf[c] = middle.blur(3.22489901262, false)
		high[c] = each(minus, middle, b.mf[c])
	}
	b.lf[0] = each(func(v ...float64) float64 { return 33.832837186260 * v[0] }, lf[0])
	b.lf[1] = each(func(v ...float64) float64 { return 14.458268100570 * v[0] }, lf[1])
	b.lf[2] = each(func(v ...float64) float64 { return 49.87984651440 * (v[0] - 0.362267051518*v[1]) }, lf[2], lf[1])
	b.mf[0] = each(func(v ...float64) float64 { return defShrink(v[0], 0.29) }, b.mf[0])
	b.mf[1] = each(func(v ...float64) float64 { return defAmplify(v[0], 0.1) }, b.mf[1])
	high[0] = each(func(v ...float64) float64 {
		const s = 0.653020556257
		return v[0] * (s + (1-s)*46/(v[1]*v[1]+46))
	}, high[0], high[1])
	x, y := high[0].blur(1.56416327805, false), high[1].blur(1.56416327805, false)
	b.uhf[0] = each(func(v ...float64) float64 { return defShrink(v[0]-v[1], 0.04) }, high[0], x)
	b.hf[0] = each(func(v ...float64) float64 { return defShrink(v[0], 1.5) }, x)
	y = each(func(v ...float64) float64 { return defSoftClamp(v[0], 28.4691806922) }, y)
	b.uhf[1] = each(func(v ...float64) float64 { return defSoftClamp(v[0]-v[1], 5.19175294647) * 2.69313763794 }, high[1], y)
	b.hf[1] = each(func(v ...float64) float64 { return defAmplify(v[0]*2.155, 0.132) }, y)
	return b
}

// defExcess is by how much b falls short of low or goes beyond high, parts of a, signed.
func defExcess(a, b, low, high float64) float64 {
	low, high = low*math.Abs(a), high*math.Abs(a)
	switch {
	case a >= 0 && b < low:
		return low - b
	case a >= 0 && b > high:
		return -(b - high)
	case a < 0 && b > -low:
		return -(b + low)
	case a < 0 && b < -high:
		return -b - high
	}
	return 0
}

// The halves of the lines, as (dy, dx).
var (
	defLong = [][][2]int{
		{{0, 1}, {0, 2}, {0, 3}, {0, 4}}, {{1, 0}, {2, 0}, {3, 0}, {4, 0}}, {{1, 1}, {2, 2}, {3, 3}}, {{1, -1}, {2, -2}, {3, -3}},
		{{1, 0}, {2, -1}, {3, -1}, {4, -1}}, {{1, 0}, {2, -1}, {3, -1}, {4, -1}}, {{1, 0}, {2, 1}, {3, 1}, {4, 1}}, {{1, 0}, {2, 1}, {3, 1}, {4, 1}},
		{{0, 1}, {1, 2}, {1, 3}, {1, 4}}, {{0, 1}, {1, 2}, {1, 3}, {1, 4}}, {{0, 1}, {-1, 2}, {-1, 3}, {-1, 4}}, {{0, 1}, {-1, 2}, {-1, 3}, {-1, 4}},
		{{1, 1}, {2, 1}, {3, 2}}, {{1, -1}, {2, -1}, {3, -2}}, {{1, 1}, {1, 2}, {2, 3}}, {{1, -1}, {1, -2}, {2, -3}},
	}
	defShort = [][][2]int{
		{{0, 2}, {0, 4}}, {{2, 0}, {4, 0}}, {{2, 2}, {3, 3}}, {{2, -2}, {3, -3}}, {{2, -1}, {4, -1}}, {{2, 1}, {4, 1}},
		{{1, 2}, {1, 4}}, {{-1, 2}, {-1, 4}}, {{2, 1}, {3, 2}}, {{2, -1}, {3, -2}}, {{1, 2}, {2, 3}}, {{1, -2}, {2, -3}},
		{{-1, 2}, {-2, 4}}, {{1, 2}, {2, 4}}, {{2, 1}, {4, 2}}, {{2, -1}, {4, -2}},
	}
)

func defMalta(a, b plane, w, norm, mul float64, lines [][][2]int) plane {
	k0, k1 := mul*math.Sqrt(0.5*w)/8.5*norm, mul*math.Sqrt(0.33*w)/8.5*norm
	d := each(func(v ...float64) float64 {
		q := norm + (math.Abs(v[0])+math.Abs(v[1]))/2
		return k0*(v[0]-v[1])/q + k1*defExcess(v[0], v[1], 0.55, 1.05)/q
	}, a, b)
	out := newPlane(a.w, a.h)
	for y := range a.h {
		for x := range a.w {
			for _, line := range lines {
				sum := d.v[y*d.w+x]
				for _, o := range line {
					for _, s := range []int{-1, 1} {
						if u, v := x+s*o[1], y+s*o[0]; d.inside(u, v) {
							sum += d.v[v*d.w+u]
						}
					}
				}
				out.v[y*out.w+x] += sum * sum
			}
		}
	}
	return out
}

func defMask(b defBands) plane {
	const k, bias = 6.19424080439, 6.19424080439 * 12.61050594197
	return each(func(v ...float64) float64 {
		m := math.Hypot(2.5*(v[0]+v[1]), 0.4*v[2]+0.4*v[3])
		return math.Sqrt(k*m+bias) - math.Sqrt(bias)
	}, b.uhf[0], b.hf[0], b.uhf[1], b.hf[1]).blur(2.7, false)
}

func defErode(p plane) plane {
	out := newPlane(p.w, p.h)
	for y := range p.h {
		for x := range p.w {
			c := p.v[y*p.w+x]
			values := []float64{c, 2 * c, 2 * c}
			for _, dy := range []int{-3, 0, 3} {
				for _, dx := range []int{-3, 0, 3} {
					if (dx != 0 || dy != 0) && p.inside(x+dx, y+dy) {
						values = append(values, p.v[(y+dy)*p.w+x+dx])
					}
				}
			}
			slices.Sort(values)
			out.v[y*p.w+x] = 0.45*values[0] + 0.3*values[1] + 0.25*values[2]
		}
	}
	return out
}

// defScale is the difference map at one resolution.
func defScale(ref, dist [3]plane, nits float64) plane {
	a, b := defSeparate(defOpsin(ref, nits)), defSeparate(defOpsin(dist, nits))
	const long, short = 0.39905817637, 0.611612573796
	plus := func(v ...float64) float64 { return v[0] + v[1] }
	ac := defMalta(a.uhf[1], b.uhf[1], 1.10039032555, 71.7800275169, long, defLong)
	ac = each(plus, ac, defMalta(a.uhf[0], b.uhf[0], 173.5, 5, long, defLong))
	ac = each(plus, ac, defMalta(a.hf[1], b.hf[1], 18.7237414387, 4498534.45232, short, defShort))
	ac = each(plus, ac, defMalta(a.hf[0], b.hf[0], 6923.99476109, 8051.15833247, short, defShort))
	ac = each(plus, ac, defMalta(a.mf[1], b.mf[1], 37.0819870399, 130262059.556, short, defShort))
	ac = each(plus, ac, defMalta(a.mf[0], b.mf[0], 8246.75321353, 1009002.70582, short, defShort))
	dc := newPlane(ac.w, ac.h)
	square := func(w float64) func(v ...float64) float64 {
		return func(v ...float64) float64 { return v[0] + w*(v[1]-v[2])*(v[1]-v[2]) }
	}
	for c, w := range []float64{400, 1.50815703118} {
		ac = each(func(v ...float64) float64 {
			e := defExcess(v[1], v[2], 0.4, 1)
			return v[0] + 0.8*w*(v[1]-v[2])*(v[1]-v[2]) + 0.8*w*e*e
		}, ac, a.hf[c], b.hf[c])
	}
	for c, w := range []float64{2150, 10.6195433239, 16.2176043152} {
		ac = each(square(w), ac, a.mf[c], b.mf[c])
	}
	for c, w := range []float64{29.2353797994, 0.844626970982, 0.703646627719} {
		dc = each(square(w), dc, a.lf[c], b.lf[c])
	}
	b0, b1 := defMask(a), defMask(b)
	ac = each(square(10), ac, b0, b1)
	const g = 1 / (17.83 * 0.79079917404)
	return each(func(v ...float64) float64 {
		forAC := g * (1 + 2.5485944793/(0.451936922203*v[2]+0.829591754942))
		forDC := g * (1 + 0.505054525019/(3.87449418804*v[2]+0.20025578522))
		return math.Sqrt(v[1]*forDC*forDC + v[0]*forAC*forAC)
	}, ac, dc, defErode(b0))
}

func defHalve(p plane) plane {
	out := newPlane((p.w+1)/2, (p.h+1)/2)
	for y := range out.h {
		for x := range out.w {
			sum, n := 0., 0.
			for _, o := range [][2]int{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
				if p.inside(2*x+o[0], 2*y+o[1]) {
					sum, n = sum+p.v[(2*y+o[1])*p.w+2*x+o[0]], n+1
				}
			}
			out.v[y*out.w+x] = sum / n
		}
	}
	return out
}

// defMap is the difference map of two pictures whose sides are at least 8.
func defMap(ref, dist raster.RGB, nits float64) plane {
	var a, b, halfA, halfB [3]plane
	for c := range 3 {
		a[c], b[c] = defRead(ref, c), defRead(dist, c)
		halfA[c], halfB[c] = defHalve(a[c]), defHalve(b[c])
	}
	out := defScale(a, b, nits)
	if min(halfA[0].w, halfA[0].h) < 8 {
		return out
	}
	half := defScale(halfA, halfB, nits)
	for i := range out.v {
		x, y := i%out.w, i/out.w
		out.v[i] = 0.85*out.v[i] + 0.5*half.v[y/2*half.w+x/2]
	}
	return out
}

func defRead(src raster.RGB, c int) plane {
	w, h := src.Size()
	out := newPlane(w, h)
	rows := [3][]float32{make([]float32, w), make([]float32, w), make([]float32, w)}
	for y := range h {
		src.Read(&rows, 0, y)
		for x, v := range rows[c] {
			out.v[y*w+x] = float64(v)
		}
	}
	return out
}
