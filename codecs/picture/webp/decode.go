package webp

import (
	"bytes"
	"image"

	"golang.org/x/image/vp8"
	"golang.org/x/image/vp8l"

	"codecworkbench/codecs/picture/raster"
)

// decode returns the frame's pixels.
func (f *frame) decode() (*image.NRGBA, error) {
	if f.vp8l != nil {
		return f.decodeLossless()
	}
	d := vp8.NewDecoder()
	d.Init(bytes.NewReader(f.vp8), len(f.vp8))
	if _, err := d.DecodeFrameHeader(); err != nil {
		return nil, raster.Damaged(format, "the VP8 header is broken (%v)", err)
	}
	yuv, err := d.DecodeFrame()
	if err != nil {
		return nil, raster.Damaged(format, "the VP8 pixels are broken or cut off (%v)", err)
	}
	img := toRGB(yuv)
	if f.alpha != nil {
		if err := f.decodeAlpha(img); err != nil {
			return nil, err
		}
	}
	return img, nil
}

func (f *frame) decodeLossless() (*image.NRGBA, error) {
	m, err := vp8l.Decode(bytes.NewReader(f.vp8l))
	if err != nil {
		return nil, raster.Damaged(format, "the VP8L pixels are broken or cut off (%v)", err)
	}
	img, ok := m.(*image.NRGBA)
	if !ok {
		return nil, raster.Unsupported(format, "pixels of type %T", m)
	}
	if alphaUsed := f.vp8l[4]>>4&1 != 0; !alphaUsed {
		for i := 3; i < len(img.Pix); i += 4 {
			img.Pix[i] = 255
		}
	}
	return img, nil
}

// decodeAlpha reads the ALPH chunk (RFC 9649, section 2.7.1.2) into img's alpha.
func (f *frame) decodeAlpha(img *image.NRGBA) error {
	if len(f.alpha) < 1 {
		return raster.Damaged(format, "the alpha channel is cut off")
	}
	compression, filter := f.alpha[0]&3, f.alpha[0]>>2&3
	plane := make([]byte, f.width*f.height)
	switch compression {
	case 0:
		if copy(plane, f.alpha[1:]) < len(plane) {
			return raster.Damaged(format, "the alpha channel is cut off")
		}
	case 1:
		// The bitstream is VP8L's without its header; alpha is in the green channel.
		w, h := uint32(f.width-1), uint32(f.height-1)
		v := w | h<<14
		head := []byte{0x2f, byte(v), byte(v >> 8), byte(v >> 16), byte(v >> 24)}
		m, err := vp8l.Decode(bytes.NewReader(append(head, f.alpha[1:]...)))
		if err != nil {
			return raster.Damaged(format, "the alpha channel is broken or cut off (%v)", err)
		}
		g, ok := m.(*image.NRGBA)
		if !ok || len(g.Pix) != 4*len(plane) {
			return raster.Damaged(format, "the alpha channel has another size")
		}
		for i := range plane {
			plane[i] = g.Pix[4*i+1]
		}
	default:
		return raster.Unsupported(format, "alpha compression %d", compression)
	}
	unfilter(plane, f.width, filter)
	for i, a := range plane {
		img.Pix[4*i+3] = a
	}
	return nil
}

// unfilter undoes the prediction of an alpha plane, in place. Row 0 is predicted from
// the left and column 0 from above by every filter.
func unfilter(p []byte, width int, filter byte) {
	if filter == 0 {
		return
	}
	for x := 1; x < width; x++ {
		p[x] += p[x-1]
	}
	for at := width; at < len(p); at += width {
		row, above := p[at:at+width], p[at-width:at]
		switch filter {
		case 1: // horizontal
			row[0] += above[0]
			for x := 1; x < width; x++ {
				row[x] += row[x-1]
			}
		case 2: // vertical
			for x, v := range above {
				row[x] += v
			}
		case 3: // gradient
			row[0] += above[0]
			for x := 1; x < width; x++ {
				row[x] += uint8(min(max(int(row[x-1])+int(above[x])-int(above[x-1]), 0), 255))
			}
		}
	}
}
