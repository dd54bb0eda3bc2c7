package raster

import (
	"image"
	"math"
)

// RGB is a picture of R, G and B in linear light, 0..1, read a part of a row at a time
// so that no metric needs a floating-point copy of a whole large picture. It is safe for
// concurrent use.
type RGB interface {
	Size() (width, height int)
	// Read fills dst, three rows of one length, with R, G and B of row y from column
	// x on.
	Read(dst *[3][]float32, x, y int)
}

// Decode is the decoding function of sRGB (IEC 61966-2-1): linear light of an encoded
// sample, both 0..1.
func Decode(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// opaque is an 8-bit picture without regard to its alpha.
type opaque struct {
	img   *image.NRGBA
	light [256]float32 // of each sample
}

// Linear reads an 8-bit sRGB picture, whose alpha it does not look at.
func Linear(img *image.NRGBA) RGB {
	p := &opaque{img: img}
	for i := range p.light {
		p.light[i] = float32(Decode(float64(i) / 255))
	}
	return p
}

func (p *opaque) Size() (width, height int) { return p.img.Rect.Dx(), p.img.Rect.Dy() }

func (p *opaque) Read(dst *[3][]float32, x, y int) {
	r, g, b := dst[0], dst[1], dst[2]
	g, b = g[:len(r)], b[:len(r)]
	pix := p.img.Pix[y*p.img.Stride+4*x:][:4*len(r)]
	for i := range r {
		px := pix[4*i : 4*i+3 : 4*i+3]
		r[i], g[i], b[i] = p.light[px[0]], p.light[px[1]], p.light[px[2]]
	}
}

// decodeSteps is how many intervals the table of blended has. Between its entries the
// decoding function is taken for straight, which is wrong by less than 3e-8.
const decodeSteps = 4096

// blended is an 8-bit picture on a grey background.
type blended struct {
	img   *image.NRGBA
	grey  float32                  // encoded, in steps of the table
	light [decodeSteps + 2]float32 // of encoded samples
}

// LinearOn reads an 8-bit sRGB picture with straight alpha on a background of one grey,
// 0..1. It blends encoded samples, as browsers do.
func LinearOn(img *image.NRGBA, grey float64) RGB {
	p := &blended{img: img, grey: float32(grey * decodeSteps)}
	for i := range p.light {
		p.light[i] = float32(Decode(float64(i) / decodeSteps))
	}
	return p
}

func (p *blended) Size() (width, height int) { return p.img.Rect.Dx(), p.img.Rect.Dy() }

func (p *blended) Read(dst *[3][]float32, x, y int) {
	pix := p.img.Pix[y*p.img.Stride+4*x:][:4*len(dst[0])]
	for i := range dst[0] {
		px := pix[4*i : 4*i+4 : 4*i+4]
		alpha := float32(px[3]) / 255
		under := float32(p.grey * (1 - alpha))
		for c := range 3 {
			dst[c][i] = p.decode(under + float32(alpha*(float32(px[c])*(decodeSteps/255.))))
		}
	}
}

// decode is linear light of an encoded sample, 0..decodeSteps.
func (p *blended) decode(v float32) float32 {
	i := min(int(v), decodeSteps)
	low := p.light[i]
	return low + float32((v-float32(i))*(p.light[i+1]-low))
}
