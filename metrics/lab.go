package metrics

import (
	"math"

	"codecworkbench/metrics/internal/raster"
)

// lab is a colour in CIE L*a*b* under D65: L* on 0..100, a* and b* about -110..110.
type lab struct{ l, a, b float64 }

// labTables convert 8-bit sRGB.
type labTables struct {
	light [256]float64 // linear light of a sample
	roots [rootOctaves << rootBits]struct{ inverse, root float64 }
}

// The table of cube roots has 2^rootBits steps in each octave from 2^rootLow on, which
// lies below labLinear.
const (
	rootBits, rootOctaves, rootLow = 6, 8, -7

	doubleFraction, doubleBias = 52, 1023 // of float64
)

// labLinear is where L*a*b* turns from a line to the cube root.
const labLinear = 0.008856

func newLabTables() *labTables {
	t := &labTables{}
	for i := range t.light {
		t.light[i] = raster.Decode(float64(i) / 255)
	}
	for i := range t.roots {
		octave, step := i>>rootBits, i&(1<<rootBits-1)
		centre := math.Ldexp(1+(float64(step)+0.5)/(1<<rootBits), rootLow+octave)
		t.roots[i].inverse, t.roots[i].root = 1/centre, math.Cbrt(centre)
	}
	return t
}

// lab converts one pixel. The matrix is that of sRGB (IEC 61966-2-1) to XYZ, each row
// over D65's white.
func (t *labTables) lab(r, g, b uint8) lab {
	const whiteX, whiteZ = 0.95047, 1.08883
	lr, lg, lb := t.light[r], t.light[g], t.light[b]
	x := t.f(0.412453/whiteX*lr + 0.357580/whiteX*lg + 0.180423/whiteX*lb)
	y := t.f(0.212671*lr + 0.715160*lg + 0.072169*lb)
	z := t.f(0.019334/whiteZ*lr + 0.119193/whiteZ*lg + 0.950227/whiteZ*lb)
	return lab{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// convert converts pixels of R, G, B and alpha.
func (t *labTables) convert(dst []lab, pix []uint8) {
	for i := range dst {
		px := pix[4*i : 4*i+3 : 4*i+3]
		dst[i] = t.lab(px[0], px[1], px[2])
	}
}

// f is the compression of L*a*b* for 0..1: a line, then the cube root, to 1e-12: that of
// the middle of a step times a Taylor polynomial.
func (t *labTables) f(v float64) float64 {
	if v <= labLinear {
		return 7.787*v + 16./116
	}
	const base = (doubleBias + rootLow) << rootBits
	e := &t.roots[(math.Float64bits(v)>>(doubleFraction-rootBits)-base)%(rootOctaves<<rootBits)]
	d := v*e.inverse - 1
	return e.root * (1 + d*(1./3+d*(-1./9+d*(5./81-d*(10./243)))))
}
