package pnm

import (
	"encoding/binary"
	"image"
	"math"

	"codecworkbench/codecs/picture/raster"
)

// allocate makes the image once the data is known to be long enough.
func (h *header) allocate(have, need int64, limit raster.Limit) (*raster.Image, error) {
	if have < need {
		return nil, raster.Damaged(format, "it is cut off: %d of at least %d bytes of pixels are there", have, need)
	}
	pix, err := raster.New(h.width, h.height, false, limit)
	if err != nil {
		return nil, err
	}
	return &raster.Image{Pix: pix, Gray: h.channels == 1}, nil
}

// plain reads P1, P2 and P3.
func (h *header) plain(data []byte, limit raster.Limit) (*raster.Image, []byte, error) {
	samples := int64(h.width) * int64(h.height) * int64(h.channels)
	need := 2*samples - 1
	if h.kind == '1' {
		need = samples // its digits need no space between them
	}
	img, err := h.allocate(int64(len(data)), need, limit)
	if err != nil {
		return nil, nil, err
	}
	s := &scanner{data: data}
	table := raster.Scaler(h.maxval)
	pix := img.Pix.Pix
	for i := 0; i < len(pix); i += 4 {
		for c := range h.channels {
			v, err := h.sample(s)
			if err != nil {
				return nil, nil, err
			}
			pix[i+c] = table[v]
		}
		if h.channels == 1 {
			pix[i+1], pix[i+2] = pix[i], pix[i]
		}
	}
	return img, data[s.at:], nil
}

// sample reads one plain sample; a PBM's 1 is black and comes back as 0.
func (h *header) sample(s *scanner) (int, error) {
	s.skip()
	if s.at >= len(s.data) {
		return 0, raster.Damaged(format, "it is cut off before its last pixel")
	}
	start := s.at
	v := 0
	for s.at < len(s.data) && s.data[s.at] >= '0' && s.data[s.at] <= '9' {
		v = v*10 + int(s.data[s.at]-'0')
		s.at++
		if h.kind == '1' {
			break
		}
		if v > h.maxval {
			return 0, raster.Damaged(format, "a sample is above the maxval %d", h.maxval)
		}
	}
	if s.at == start || v > h.maxval {
		return 0, raster.Damaged(format, "a sample starts with %q", s.data[start])
	}
	if h.kind == '1' {
		v = 1 - v
	}
	return v, nil
}

// bitmap reads P4: rows of packed bits, 1 is black.
func (h *header) bitmap(data []byte, limit raster.Limit) (*raster.Image, []byte, error) {
	stride := (h.width + 7) / 8
	img, err := h.allocate(int64(len(data)), int64(stride)*int64(h.height), limit)
	if err != nil {
		return nil, nil, err
	}
	for y := range h.height {
		src, dst := data[y*stride:(y+1)*stride], img.Pix.Pix[y*img.Pix.Stride:]
		for x := range h.width {
			if src[x>>3]>>(7-x&7)&1 == 0 {
				dst[4*x], dst[4*x+1], dst[4*x+2] = 255, 255, 255
			}
		}
	}
	return img, data[stride*h.height:], nil
}

// raw reads P5, P6 and P7. Samples above the maxval count as the maxval.
func (h *header) raw(data []byte, limit raster.Limit) (*raster.Image, []byte, error) {
	colours, alpha := h.channels, false
	if h.kind == '7' {
		var err error
		if colours, alpha, err = h.layout(); err != nil {
			return nil, nil, err
		}
	}
	size := 1
	if h.maxval > 255 {
		size = 2
	}
	if h.channels > 1024 {
		return nil, nil, raster.Unsupported(format, "%d channels", h.channels)
	}
	step := h.channels * size
	need := int64(h.width) * int64(h.height) * int64(step)
	img, err := h.allocate(int64(len(data)), need, limit)
	if err != nil {
		return nil, nil, err
	}
	img.Gray = colours == 1
	table := raster.Scaler(h.maxval)
	sample := func(s []byte, c int) uint8 {
		v := int(s[c*size])
		if size == 2 {
			v = int(binary.BigEndian.Uint16(s[2*c:]))
		}
		return table[min(v, h.maxval)]
	}
	for i, pix := 0, img.Pix.Pix; i < len(pix)/4; i++ {
		s, d := data[i*step:(i+1)*step], pix[4*i:4*i+4]
		for c := range colours {
			d[c] = sample(s, c)
		}
		if colours == 1 {
			d[1], d[2] = d[0], d[0]
		}
		if alpha {
			d[3] = sample(s, colours)
		}
	}
	if h.channels > colours+1 || h.channels > colours && !alpha {
		img.Notes = append(img.Notes, "further channels of the PAM file were left out")
	}
	return img, data[need:], nil
}

// floats reads PFM, whose rows run from bottom to top. Its samples are taken as
// Netpbm takes them: 0 to 1 as black to white, without a transfer curve.
func (h *header) floats(data []byte, limit raster.Limit) (*raster.Image, []byte, error) {
	need := 4 * int64(h.width) * int64(h.height) * int64(h.channels)
	img, err := h.allocate(int64(len(data)), need, limit)
	if err != nil {
		return nil, nil, err
	}
	img.Depth = 32
	img.Notes = []string{"float samples were clipped to 0 to 1 and taken as they are, without a transfer curve"}
	var order binary.ByteOrder = binary.BigEndian
	if h.scale < 0 {
		order = binary.LittleEndian
	}
	for y := range h.height {
		row := data[4*y*h.width*h.channels:]
		floatRow(img.Pix, h.height-1-y, row, order, h.channels)
	}
	return img, data[need:], nil
}

func floatRow(pix *image.NRGBA, y int, src []byte, order binary.ByteOrder, channels int) {
	dst := pix.Pix[y*pix.Stride : (y+1)*pix.Stride]
	for x := range len(dst) / 4 {
		for c := range channels {
			v := float64(math.Float32frombits(order.Uint32(src[4*(x*channels+c):])))
			if !(v > 0) { // NaN too
				v = 0
			}
			dst[4*x+c] = uint8(min(v, 1)*255 + 0.5)
		}
		if channels == 1 {
			dst[4*x+1], dst[4*x+2] = dst[4*x], dst[4*x]
		}
	}
}
