package icc

import (
	"fmt"
	"image"
	"math"
	"runtime"
	"sync"
)

// toLinearSRGB takes XYZ under D50 to linear sRGB: the inverse of sRGB's primaries
// adapted from D65 with Bradford's transform (IEC 61966-2-1, amendment 1; the figures
// are B. Lindbloom's).
var toLinearSRGB = [3][3]float64{
	{3.1338561, -1.6168667, -0.4906146},
	{-0.9787684, 1.9161415, 0.0334540},
	{0.0719453, -0.2289914, 1.4052427},
}

// steps is the resolution of linear light in the table that encodes it: at black,
// where sRGB is steepest, a step is 1/20 of an 8-bit level.
const steps = 1 << 16

// encodeTable maps linear light, in steps, to 8-bit sRGB.
var encodeTable = sync.OnceValue(func() *[steps + 1]uint8 {
	var t [steps + 1]uint8
	for i := range t {
		v := float64(i) / steps
		if v <= 0.0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		t[i] = uint8(v*255 + 0.5)
	}
	return &t
})

// encode returns linear light as 8-bit sRGB, clipped.
func encode(t *[steps + 1]uint8, v float32) uint8 {
	if !(v > 0) {
		return 0
	}
	return t[int(min(v, 1)*steps+0.5)]
}

// transform is a profile made ready for 8-bit samples.
type transform struct {
	linear [3][256]float32
	matrix [3][3]float32 // linear RGB of the profile to that of sRGB
	gray   [256]uint8    // for grey pictures
	table  *[steps + 1]uint8
}

func (p *Profile) transform() *transform {
	t := &transform{table: encodeTable()}
	for c := range p.curves {
		for v := range 256 {
			t.linear[c][v] = float32(p.curves[c](float64(v) / 255))
		}
	}
	for i := range 3 {
		for c := range 3 {
			for k := range 3 {
				t.matrix[i][c] += float32(toLinearSRGB[i][k] * p.matrix[k][c])
			}
		}
	}
	for v := range t.gray {
		t.gray[v] = encode(t.table, p.luminance(t, v))
	}
	return t
}

// luminance returns the Y of a grey sample.
func (p *Profile) luminance(t *transform, v int) float32 {
	switch {
	case p.gray && p.lab:
		f := (float64(t.linear[0][v])*100 + 16) / 116
		if f > 6.0/29 {
			return float32(f * f * f)
		}
		return float32(3 * (6.0 / 29) * (6.0 / 29) * (f - 4.0/29))
	case p.gray:
		return t.linear[0][v]
	}
	var y float64
	for c := range 3 {
		y += p.matrix[1][c] * float64(t.linear[c][v])
	}
	return float32(y)
}

func (t *transform) pixel(r, g, b uint8) (uint8, uint8, uint8) {
	lr, lg, lb := t.linear[0][r], t.linear[1][g], t.linear[2][b]
	m := &t.matrix
	return encode(t.table, m[0][0]*lr+m[0][1]*lg+m[0][2]*lb),
		encode(t.table, m[1][0]*lr+m[1][1]*lg+m[1][2]*lb),
		encode(t.table, m[2][0]*lr+m[2][1]*lg+m[2][2]*lb)
}

// isSRGB reports whether the conversion changes no sample by more than one level, for
// greys and for a grid of colours.
func (t *transform) isSRGB(gray bool) bool {
	near := func(a, b uint8) bool { return max(a, b)-min(a, b) <= 1 }
	for v := range t.gray {
		if !near(t.gray[v], uint8(v)) {
			return false
		}
	}
	if gray {
		return true
	}
	const step = 15 // divides 255
	for r := 0; r < 256; r += step {
		for g := 0; g < 256; g += step {
			for b := 0; b < 256; b += step {
				x, y, z := t.pixel(uint8(r), uint8(g), uint8(b))
				if !near(x, uint8(r)) || !near(y, uint8(g)) || !near(z, uint8(b)) {
					return false
				}
			}
		}
	}
	return true
}

// Apply converts a packed picture to sRGB, in place, if the profile can be applied to
// it; gray says that R=G=B everywhere, which stays so. The note tells what was done;
// it is empty where the profile is sRGB already.
func Apply(profile []byte, img *image.NRGBA, gray bool) (note string) {
	p, name, err := Parse(profile)
	if name == "" {
		name = "without a name"
	} else {
		name = fmt.Sprintf("%q", name)
	}
	if err == nil && p.gray && !gray {
		err = fmt.Errorf("for grey pictures")
	}
	if err != nil {
		return fmt.Sprintf("colour profile %s (%v) was not applied: colours may be off", name, err)
	}
	t := p.transform()
	if t.isSRGB(p.gray) {
		return ""
	}
	t.apply(img, gray)
	return fmt.Sprintf("colours were converted from profile %s to sRGB", name)
}

func (t *transform) apply(img *image.NRGBA, gray bool) {
	workers := runtime.GOMAXPROCS(0)
	if len(img.Pix) < 1<<18 {
		workers = 1
	}
	var wg sync.WaitGroup
	n := len(img.Pix) / 4
	for i := range workers {
		wg.Go(func() {
			pix := img.Pix[4*(n*i/workers) : 4*(n*(i+1)/workers)]
			for ; len(pix) >= 4; pix = pix[4:] {
				if gray {
					g := t.gray[pix[0]]
					pix[0], pix[1], pix[2] = g, g, g
				} else {
					pix[0], pix[1], pix[2] = t.pixel(pix[0], pix[1], pix[2])
				}
			}
		})
	}
	wg.Wait()
}
