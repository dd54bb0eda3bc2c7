package latent

import (
	"encoding/binary"
	"image"

	"codecworkbench/codecs/picture"
)

// middle is subtracted from samples 0..1.
const middle = 0.5

// ReadPixels returns the function that fills rows of an analysis' input, 3 numbers a pixel:
// samples 0..1 minus 0.5, the picture's edge repeated beyond it.
func ReadPixels(p *picture.Picture) func(y int, row []float32) {
	var scaled [256]float32
	for i := range scaled {
		scaled[i] = float32(i)/255 - middle
	}
	img, w, h := p.RGB8(), p.Width(), p.Height()
	return func(y int, row []float32) {
		src := img.Pix[min(y, h-1)*img.Stride:][:4*w]
		for x := range w {
			s, d := src[4*x:4*x+4:4*x+4], row[3*x:3*x+3:3*x+3]
			d[0], d[1], d[2] = scaled[s[0]], scaled[s[1]], scaled[s[2]]
		}
		for i := 3 * w; i < len(row); i++ {
			row[i] = row[i-3]
		}
	}
}

// WritePixels returns the function that takes rows of a synthesis' output into img, whose
// borders cut them; gray takes the mean of the three channels.
func WritePixels(img *image.NRGBA, gray bool) func(y int, row []float32) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	return func(y int, row []float32) {
		if y >= h {
			return
		}
		dst := img.Pix[y*img.Stride:][:4*w]
		for x := range w {
			s, d := row[3*x:3*x+3:3*x+3], dst[4*x:4*x+4:4*x+4]
			if gray {
				v := sample((s[0] + s[1] + s[2]) / 3)
				d[0], d[1], d[2], d[3] = v, v, v, 255
				continue
			}
			pixel := uint32(sample(s[0])) | uint32(sample(s[1]))<<8 | uint32(sample(s[2]))<<16 | 255<<24
			binary.LittleEndian.PutUint32(d, pixel)
		}
	}
}

// sample rounds to 8 bits.
func sample(v float32) uint8 {
	v = (v+middle)*255 + 0.5
	if i := int32(v); uint32(i) <= 255 { // nearly always, and faster than limits of floats
		return uint8(i)
	}
	if !(v > 0) {
		return 0
	}
	return 255
}
