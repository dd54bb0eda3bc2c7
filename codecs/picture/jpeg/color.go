package jpeg

import "encoding/binary"

// converter chooses the conversion of component samples to RGBA by libjpeg's
// rules: a JFIF segment means YCbCr, an Adobe segment says, ids can spell RGB.
func (d *decoder) converter() func(dst []uint8, rows [][]uint8) {
	c := d.frame.comps
	if d.raw {
		return componentsRow
	}
	switch len(c) {
	case 1:
		return grayRow
	case 3:
		rgbIDs := c[0].id == 'R' && c[1].id == 'G' && c[2].id == 'B'
		if !d.jfif && (d.adobe == 0 || d.adobe < 0 && rgbIDs) {
			return rgbRow
		}
		return yccRow
	}
	d.note("CMYK converted to RGB without a colour profile")
	if d.adobe >= 1 {
		return ycckRow
	}
	return cmykRow
}

// componentsRow puts each component into a channel of its own.
func componentsRow(dst []uint8, rows [][]uint8) {
	for c, row := range rows {
		for i, v := range row {
			dst[4*i+c] = v
		}
	}
}

const opaque = 255 << 24

func grayRow(dst []uint8, rows [][]uint8) {
	for _, v := range rows[0] {
		binary.LittleEndian.PutUint32(dst, uint32(v)*0x010101|opaque)
		dst = dst[4:]
	}
}

func rgbRow(dst []uint8, rows [][]uint8) {
	red := rows[0]
	green, blue := rows[1][:len(red)], rows[2][:len(red)]
	for i, v := range red {
		binary.LittleEndian.PutUint32(dst, uint32(v)|uint32(green[i])<<8|uint32(blue[i])<<16|opaque)
		dst = dst[4:]
	}
}

// Coefficients of the conversion from YCbCr (T.871 section 7) with 16 fraction bits.
const (
	crToR = 91881  // 1.402
	cbToG = -22554 // -0.344136
	crToG = -46802 // -0.714136
	cbToB = 116130 // 1.772
	half  = 1 << 15
)

// The conversion adds three numbers with a field for each channel: green with 16
// fraction bits in bits 0..31, red in bits 32..47, blue in bits 48..63. Each sum is
// 256 too large, so that no field borrows from the next and one test finds sums
// outside 0..255. This is 1.4 times as fast as multiplying.
var (
	cbSums = chromaSums(func(c int32) (r, g, b int32) { return 0, cbToG*c + half, (cbToB*c + half) >> 16 })
	crSums = chromaSums(func(c int32) (r, g, b int32) { return (crToR*c + half) >> 16, crToG * c, 0 })
)

const (
	lumaSum  = 1<<48 | 1<<32 | 1<<16 // a grey level of one
	sumRange = 0x0300<<48 | 0x0300<<32 | 0x0300<<16
	sumValid = 0x0100<<48 | 0x0100<<32 | 0x0100<<16
)

func chromaSums(f func(c int32) (r, g, b int32)) (t [256]uint64) {
	for i := range t {
		r, g, b := f(int32(i) - 128)
		// Half of the 256 comes from each chroma.
		t[i] = uint64(b+128)<<48 + uint64(r+128)<<32 + uint64(g+128<<16)
	}
	return t
}

// clampRGBA turns a sum into a pixel with channels limited to 0..255.
func clampRGBA(sum uint64) uint32 {
	r, g, b := clamp(int32(sum>>32&0xFFFF)-256), clamp(int32(sum>>16&0xFFFF)-256), clamp(int32(sum>>48)-256)
	return uint32(r) | uint32(g)<<8 | uint32(b)<<16 | opaque
}

func yccRow(dst []uint8, rows [][]uint8) {
	luma := rows[0]
	n := len(luma)
	cb, cr, dst := rows[1][:n], rows[2][:n], dst[:4*n]
	for i, l := range luma {
		sum := uint64(l)*lumaSum + cbSums[cb[i]] + crSums[cr[i]]
		pixel := uint32(sum>>32)&0xFF00FF | uint32(sum>>8)&0xFF00 | opaque
		if sum&sumRange != sumValid {
			pixel = clampRGBA(sum)
		}
		binary.LittleEndian.PutUint32(dst[4*i:], pixel)
	}
}

// cmykRow takes samples in Adobe's inverted convention (255: no ink), which is the
// one that CMYK files have in practice.
func cmykRow(dst []uint8, rows [][]uint8) {
	for i := range rows[0] {
		putCMYK(dst[4*i:], rows[0][i], rows[1][i], rows[2][i], rows[3][i])
	}
}

// ycckRow takes CMY stored as YCbCr of its complement, and K.
func ycckRow(dst []uint8, rows [][]uint8) {
	for i := range rows[0] {
		cmy := ^clampRGBA(uint64(rows[0][i])*lumaSum + cbSums[rows[1][i]] + crSums[rows[2][i]])
		putCMYK(dst[4*i:], uint8(cmy), uint8(cmy>>8), uint8(cmy>>16), rows[3][i])
	}
}

func putCMYK(dst []uint8, c, m, y, k uint8) {
	dst[0] = uint8((uint32(c)*uint32(k) + 127) / 255)
	dst[1] = uint8((uint32(m)*uint32(k) + 127) / 255)
	dst[2] = uint8((uint32(y)*uint32(k) + 127) / 255)
	dst[3] = 255
}
