package tiff

import (
	"math"

	"codecworkbench/codecs/picture/raster"
)

// rowConverter turns a row of samples, all channels of a pixel together, into RGBA.
type rowConverter func(dst []uint8, src []uint16)

// converter returns the conversion of this file's samples, which are at most top.
func (l *layout) converter(d *directory, top uint32) (rowConverter, error) {
	var colour func(dst []uint8, src []uint16)
	scale := raster.Scaler(int(top))
	switch l.photometric {
	case whiteIsZero:
		colour = func(dst []uint8, src []uint16) {
			g := 255 - scale[src[0]]
			dst[0], dst[1], dst[2] = g, g, g
		}
	case blackIsZero, mask:
		colour = func(dst []uint8, src []uint16) {
			g := scale[src[0]]
			dst[0], dst[1], dst[2] = g, g, g
		}
	case colourRGB:
		colour = func(dst []uint8, src []uint16) {
			dst[0], dst[1], dst[2] = scale[src[0]], scale[src[1]], scale[src[2]]
		}
	case palette:
		colours, err := l.colourMap(d)
		if err != nil {
			return nil, err
		}
		colour = func(dst []uint8, src []uint16) {
			if int(src[0]) < len(colours) {
				copy(dst[:3], colours[src[0]][:])
			}
		}
	case separated:
		colour = func(dst []uint8, src []uint16) {
			k := 255 - uint32(scale[src[3]])
			for c := range 3 {
				dst[c] = uint8(((255-uint32(scale[src[c]]))*k + 127) / 255)
			}
		}
	case yCbCr:
		y := newYCbCr(d)
		colour = func(dst []uint8, src []uint16) { y.convert(dst, float64(src[0]), float64(src[1]), float64(src[2])) }
	default:
		colour = labConverter(l.photometric == iccLab, l.bits)
	}
	return l.withAlpha(colour, top, scale), nil
}

// withAlpha applies a pixel's conversion to a row and adds alpha. Associated alpha is
// divided out at the samples' full depth.
func (l *layout) withAlpha(colour rowConverter, top uint32, scale []uint8) rowConverter {
	n, colours := l.samples, l.colours
	if l.alpha == alphaNone {
		return func(dst []uint8, src []uint16) {
			for ; len(dst) >= 4; dst, src = dst[4:], src[n:] {
				colour(dst, src)
			}
		}
	}
	divide := l.alpha == alphaAssociated && (l.photometric == blackIsZero || l.photometric == colourRGB)
	return func(dst []uint8, src []uint16) {
		for ; len(dst) >= 4; dst, src = dst[4:], src[n:] {
			a := uint32(src[colours])
			if divide {
				for c, v := range src[:colours] {
					if a > 0 {
						src[c] = uint16(min((uint64(v)*uint64(top)+uint64(a)/2)/uint64(a), uint64(top)))
					}
				}
			}
			colour(dst, src)
			dst[3] = scale[a]
		}
	}
}

// yCbCrConverter holds the coefficients of tag 529 and the coding range of tag 532.
type yCbCrConverter struct {
	r, g, b float64 // luma weights
	low     [3]float64
	scale   [3]float64
}

func newYCbCr(d *directory) *yCbCrConverter {
	k := d.numbers(tagYCbCrCoeff, 0.299, 0.587, 0.114)
	if !(k[1] > 0) {
		k = []float64{0.299, 0.587, 0.114}
	}
	y := &yCbCrConverter{r: k[0], g: k[1], b: k[2]}
	bw := d.numbers(tagReferenceBW, 0, 255, 128, 255, 128, 255)
	for c, full := range []float64{255, 127, 127} {
		y.low[c], y.scale[c] = bw[2*c], 1
		if span := bw[2*c+1] - bw[2*c]; span > 0 {
			y.scale[c] = full / span
		}
	}
	return y
}

func (c *yCbCrConverter) convert(dst []uint8, y, cb, cr float64) {
	y = (y - c.low[0]) * c.scale[0]
	cb = (cb - c.low[1]) * c.scale[1]
	cr = (cr - c.low[2]) * c.scale[2]
	r := y + cr*(2-2*c.r)
	b := y + cb*(2-2*c.b)
	g := (y - c.b*b - c.r*r) / c.g
	dst[0], dst[1], dst[2] = byteOf(r), byteOf(g), byteOf(b)
}

func byteOf(v float64) uint8 {
	if !(v > 0) {
		return 0
	}
	return uint8(min(v+0.5, 255))
}

// labConverter converts CIELab under D50 to sRGB. In the unsigned (ICC) encoding a*
// and b* are offset by half the range; otherwise they are two's complement.
func labConverter(unsigned bool, bits int) rowConverter {
	top := float64(uint32(1)<<bits - 1)
	unit := float64(uint32(1) << (bits - 8)) // one step of a* and b*
	chroma := func(v uint16) float64 {
		switch {
		case unsigned:
			return (float64(v) - 128*unit) / unit
		case bits == 8:
			return float64(int8(v))
		}
		return float64(int16(v)) / unit
	}
	return func(dst []uint8, src []uint16) {
		fy := (float64(src[0])/top*100 + 16) / 116
		// The white point of D50.
		x := 0.96422 * labInverse(fy+chroma(src[1])/500)
		y := labInverse(fy)
		z := 0.82521 * labInverse(fy-chroma(src[2])/200)
		// XYZ under D50 to linear sRGB with Bradford's adaptation (B. Lindbloom).
		dst[0] = byteOf(255 * encode(3.1338561*x-1.6168667*y-0.4906146*z))
		dst[1] = byteOf(255 * encode(-0.9787684*x+1.9161415*y+0.0334540*z))
		dst[2] = byteOf(255 * encode(0.0719453*x-0.2289914*y+1.4052427*z))
	}
}

func labInverse(t float64) float64 {
	if t > 6.0/29 {
		return t * t * t
	}
	return 3 * (6.0 / 29) * (6.0 / 29) * (t - 4.0/29)
}

// encode applies sRGB's transfer curve.
func encode(v float64) float64 {
	if v <= 0.0031308 {
		return 12.92 * v
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}
