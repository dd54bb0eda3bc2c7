package jpeg

import "encoding/binary"

// Constants of the Loeffler-Ligtenberg-Moschytz transform with 13 fraction bits;
// the names give the values.
const (
	fix0_298631336 = 2446
	fix0_390180644 = 3196
	fix0_541196100 = 4433
	fix0_765366865 = 6270
	fix0_899976223 = 7373
	fix1_175875602 = 9633
	fix1_501321110 = 12299
	fix1_847759065 = 15137
	fix1_961570560 = 16069
	fix2_053119869 = 16819
	fix2_562915447 = 20995
	fix3_072711026 = 25172

	constBits = 13
	// passBits is how many fraction bits the first pass leaves in.
	passBits = 2
)

// idct dequantizes a block and transforms it to 8-bit samples at dst, stride bytes
// a row. The highest bit of nonzero is the place in zigzag order beyond which all
// coefficients are 0; extra is how many bits deeper than 8 the samples are, which
// are rounded away.
//
// The arithmetic is the integer transform of the paper in the order of libjpeg's
// "islow" method, so that results agree to the bit: columns first, then rows.
func idct(b *[64]int16, q *[64]uint16, nonzero uint64, dst []uint8, stride int, extra uint) {
	if nonzero <= 1 {
		idctFlat(int32(b[0])*int32(q[0]), dst, stride, extra)
		return
	}
	var ws [64]int32
	if nonzero < 1<<10 { // the first ten coefficients lie in the upper left 4 x 4
		idctColumns4(b, q, &ws)
		idctRows4(&ws, dst, stride, extra)
		return
	}
	idctColumns(b, q, &ws)
	idctRows(&ws, dst, stride, extra)
}

// idctColumns is the first pass. The even part of a column (coefficients 0, 2, 4,
// 6) gives e0..e3, the odd part o0..o3; output i is e[i]+o[3-i], output 7-i their
// difference.
func idctColumns(b *[64]int16, q *[64]uint16, ws *[64]int32) {
	const shift = constBits - passBits
	const half = 1 << (shift - 1)
	for x := range 8 {
		x0 := int32(b[x]) * int32(q[x])
		c1, c2, c3, c4, c5, c6, c7 := b[8+x], b[16+x], b[24+x], b[32+x], b[40+x], b[48+x], b[56+x]
		if c1|c2|c3|c4|c5|c6|c7 == 0 {
			v := x0 << passBits
			ws[x], ws[8+x], ws[16+x], ws[24+x] = v, v, v, v
			ws[32+x], ws[40+x], ws[48+x], ws[56+x] = v, v, v, v
			continue
		}
		x2, x6 := int32(c2)*int32(q[16+x]), int32(c6)*int32(q[48+x])
		x4 := int32(c4) * int32(q[32+x])
		z := (x2+x6)*fix0_541196100 + half
		t0, t1 := (x0+x4)<<constBits, (x0-x4)<<constBits
		t2, t3 := z-x6*fix1_847759065, z+x2*fix0_765366865
		e0, e3 := t0+t3, t0-t3+2*half
		e1, e2 := t1+t2, t1-t2+2*half

		x1, x3 := int32(c1)*int32(q[8+x]), int32(c3)*int32(q[24+x])
		x5, x7 := int32(c5)*int32(q[40+x]), int32(c7)*int32(q[56+x])
		z5 := (x1 + x3 + x5 + x7) * fix1_175875602
		z1, z2 := (x7+x1)*fix0_899976223, (x5+x3)*fix2_562915447
		z3, z4 := z5-(x7+x3)*fix1_961570560, z5-(x5+x1)*fix0_390180644
		o0 := x7*fix0_298631336 - z1 + z3
		o1 := x5*fix2_053119869 - z2 + z4
		o2 := x3*fix3_072711026 - z2 + z3
		o3 := x1*fix1_501321110 - z1 + z4

		ws[x], ws[56+x] = (e0+o3)>>shift, (e0-o3)>>shift
		ws[8+x], ws[48+x] = (e1+o2)>>shift, (e1-o2)>>shift
		ws[16+x], ws[40+x] = (e2+o1)>>shift, (e2-o1)>>shift
		ws[24+x], ws[32+x] = (e3+o0)>>shift, (e3-o0)>>shift
	}
}

// idctRows is the second pass, with the level shift of 128. One test sees whether
// any of a row's samples needs limiting.
func idctRows(ws *[64]int32, dst []uint8, stride int, extra uint) {
	shift := (constBits + passBits + 3 + extra) & 31
	bias := int32(1)<<(shift-1) + 128<<shift
	for y := range 8 {
		w := (*[8]int32)(ws[8*y:])
		x2, x6 := w[2], w[6]
		z := (x2+x6)*fix0_541196100 + bias
		t0, t1 := (w[0]+w[4])<<constBits, (w[0]-w[4])<<constBits
		t2, t3 := z-x6*fix1_847759065, z+x2*fix0_765366865
		e0, e3 := t0+t3, t0-t3+2*bias
		e1, e2 := t1+t2, t1-t2+2*bias

		x1, x3, x5, x7 := w[1], w[3], w[5], w[7]
		z5 := (x1 + x3 + x5 + x7) * fix1_175875602
		z1, z2 := (x7+x1)*fix0_899976223, (x5+x3)*fix2_562915447
		z3, z4 := z5-(x7+x3)*fix1_961570560, z5-(x5+x1)*fix0_390180644
		o0 := x7*fix0_298631336 - z1 + z3
		o1 := x5*fix2_053119869 - z2 + z4
		o2 := x3*fix3_072711026 - z2 + z3
		o3 := x1*fix1_501321110 - z1 + z4

		p := (*[8]uint8)(dst[y*stride:])
		s0, s1, s2, s3 := (e0+o3)>>shift, (e1+o2)>>shift, (e2+o1)>>shift, (e3+o0)>>shift
		s4, s5, s6, s7 := (e3-o0)>>shift, (e2-o1)>>shift, (e1-o2)>>shift, (e0-o3)>>shift
		if uint32(s0|s1|s2|s3|s4|s5|s6|s7) > 255 {
			*p = [8]uint8{clamp(s0), clamp(s1), clamp(s2), clamp(s3), clamp(s4), clamp(s5), clamp(s6), clamp(s7)}
			continue
		}
		low, high := uint32(s0|s1<<8|s2<<16|s3<<24), uint32(s4|s5<<8|s6<<16|s7<<24)
		binary.LittleEndian.PutUint64(p[:], uint64(low)|uint64(high)<<32)
	}
}

// idctColumns4 is idctColumns for blocks that are 0 outside the upper left 4 x 4.
func idctColumns4(b *[64]int16, q *[64]uint16, ws *[64]int32) {
	const shift = constBits - passBits
	const half = 1 << (shift - 1)
	for x := range 4 {
		t0 := int32(b[x])*int32(q[x])<<constBits + half
		x1, x2, x3 := int32(b[8+x])*int32(q[8+x]), int32(b[16+x])*int32(q[16+x]), int32(b[24+x])*int32(q[24+x])
		t2, t3 := x2*fix0_541196100, x2*(fix0_541196100+fix0_765366865)
		e0, e1, e2, e3 := t0+t3, t0+t2, t0-t2, t0-t3
		z5 := (x1 + x3) * fix1_175875602
		o0 := z5 - x1*fix0_899976223 - x3*fix1_961570560
		o1 := z5 - x3*fix2_562915447 - x1*fix0_390180644
		o2 := z5 + x3*(fix3_072711026-fix2_562915447-fix1_961570560)
		o3 := z5 + x1*(fix1_501321110-fix0_899976223-fix0_390180644)
		ws[x], ws[56+x] = (e0+o3)>>shift, (e0-o3)>>shift
		ws[8+x], ws[48+x] = (e1+o2)>>shift, (e1-o2)>>shift
		ws[16+x], ws[40+x] = (e2+o1)>>shift, (e2-o1)>>shift
		ws[24+x], ws[32+x] = (e3+o0)>>shift, (e3-o0)>>shift
	}
}

// idctRows4 is idctRows for rows whose right halves are 0.
func idctRows4(ws *[64]int32, dst []uint8, stride int, extra uint) {
	shift := (constBits + passBits + 3 + extra) & 31
	bias := int32(1)<<(shift-1) + 128<<shift
	for y := range 8 {
		w := (*[4]int32)(ws[8*y:])
		x1, x2, x3 := w[1], w[2], w[3]
		t0 := w[0]<<constBits + bias
		t2, t3 := x2*fix0_541196100, x2*(fix0_541196100+fix0_765366865)
		e0, e1, e2, e3 := t0+t3, t0+t2, t0-t2, t0-t3
		z5 := (x1 + x3) * fix1_175875602
		o0 := z5 - x1*fix0_899976223 - x3*fix1_961570560
		o1 := z5 - x3*fix2_562915447 - x1*fix0_390180644
		o2 := z5 + x3*(fix3_072711026-fix2_562915447-fix1_961570560)
		o3 := z5 + x1*(fix1_501321110-fix0_899976223-fix0_390180644)
		p := (*[8]uint8)(dst[y*stride:])
		s0, s1, s2, s3 := (e0+o3)>>shift, (e1+o2)>>shift, (e2+o1)>>shift, (e3+o0)>>shift
		s4, s5, s6, s7 := (e3-o0)>>shift, (e2-o1)>>shift, (e1-o2)>>shift, (e0-o3)>>shift
		if uint32(s0|s1|s2|s3|s4|s5|s6|s7) > 255 {
			*p = [8]uint8{clamp(s0), clamp(s1), clamp(s2), clamp(s3), clamp(s4), clamp(s5), clamp(s6), clamp(s7)}
			continue
		}
		low, high := uint32(s0|s1<<8|s2<<16|s3<<24), uint32(s4|s5<<8|s6<<16|s7<<24)
		binary.LittleEndian.PutUint64(p[:], uint64(low)|uint64(high)<<32)
	}
}

// idctFlat is idct for a block with only a DC coefficient.
func idctFlat(dc int32, dst []uint8, stride int, extra uint) {
	shift := passBits + 3 + extra
	v := uint64(clamp((dc<<passBits+1<<(shift-1))>>shift + 128))
	v *= 0x0101010101010101
	for y := range 8 {
		binary.LittleEndian.PutUint64(dst[y*stride:], v)
	}
}

// clamp limits v to 0..255.
func clamp(v int32) uint8 {
	if uint32(v) > 255 {
		v = ^(v >> 31)
	}
	return uint8(v)
}
