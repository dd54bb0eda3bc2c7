package jpeg

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
// a row. last is the place in zigzag order beyond which all coefficients are 0;
// extra is how many bits deeper than 8 the samples are, which are rounded away.
//
// The arithmetic is the integer transform of the paper in the order of libjpeg's
// "islow" method, so that results agree to the bit: columns first, then rows.
func idct(b *[64]int16, q *[64]uint16, last uint8, dst []uint8, stride int, extra uint) {
	if last == 0 {
		idctFlat(int32(b[0])*int32(q[0]), dst, stride, extra)
		return
	}
	var ws [64]int32
	// The first ten coefficients lie in the upper left 4 x 4.
	columns := 8
	if last < 10 {
		columns = 4
	}
	for x := range columns {
		c1, c2, c3 := b[8+x], b[16+x], b[24+x]
		c4, c5, c6, c7 := b[32+x], b[40+x], b[48+x], b[56+x]
		in0 := int32(b[x]) * int32(q[x])
		if c4|c5|c6|c7 == 0 {
			if c1|c2|c3 == 0 {
				v := in0 << passBits
				ws[x], ws[8+x], ws[16+x], ws[24+x] = v, v, v, v
				ws[32+x], ws[40+x], ws[48+x], ws[56+x] = v, v, v, v
				continue
			}
		}
		e0, e1, e2, e3, o0, o1, o2, o3 := idct8(in0, int32(c1)*int32(q[8+x]),
			int32(c2)*int32(q[16+x]), int32(c3)*int32(q[24+x]), int32(c4)*int32(q[32+x]),
			int32(c5)*int32(q[40+x]), int32(c6)*int32(q[48+x]), int32(c7)*int32(q[56+x]))
		const shift = constBits - passBits
		const half = 1 << (shift - 1)
		ws[x], ws[56+x] = (e0+o3+half)>>shift, (e0-o3+half)>>shift
		ws[8+x], ws[48+x] = (e1+o2+half)>>shift, (e1-o2+half)>>shift
		ws[16+x], ws[40+x] = (e2+o1+half)>>shift, (e2-o1+half)>>shift
		ws[24+x], ws[32+x] = (e3+o0+half)>>shift, (e3-o0+half)>>shift
	}
	shift := (constBits + passBits + 3 + extra) & 31
	// Half a unit for rounding, and the level shift of 128.
	bias := int32(1)<<(shift-1) + 128<<shift
	for y := range 8 {
		w := (*[8]int32)(ws[8*y:])
		p := (*[8]uint8)(dst[y*stride:])
		e0, e1, e2, e3, o0, o1, o2, o3 := idct8(w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7])
		e0, e1, e2, e3 = e0+bias, e1+bias, e2+bias, e3+bias
		p[0], p[7] = clamp((e0+o3)>>shift), clamp((e0-o3)>>shift)
		p[1], p[6] = clamp((e1+o2)>>shift), clamp((e1-o2)>>shift)
		p[2], p[5] = clamp((e2+o1)>>shift), clamp((e2-o1)>>shift)
		p[3], p[4] = clamp((e3+o0)>>shift), clamp((e3-o0)>>shift)
	}
}

// idct8 is the one-dimensional transform: even part e, odd part o, with constBits
// fraction bits. Output i is e[i]+o[3-i], output 7-i is e[i]-o[3-i].
func idct8(x0, x1, x2, x3, x4, x5, x6, x7 int32) (e0, e1, e2, e3, o0, o1, o2, o3 int32) {
	z := (x2 + x6) * fix0_541196100
	t2 := z - x6*fix1_847759065
	t3 := z + x2*fix0_765366865
	t0 := (x0 + x4) << constBits
	t1 := (x0 - x4) << constBits
	e0, e3 = t0+t3, t0-t3
	e1, e2 = t1+t2, t1-t2

	z1, z2, z3, z4 := x7+x1, x5+x3, x7+x3, x5+x1
	z5 := (z3 + z4) * fix1_175875602
	z1 *= -fix0_899976223
	z2 *= -fix2_562915447
	z3 = z5 - z3*fix1_961570560
	z4 = z5 - z4*fix0_390180644
	o0 = x7*fix0_298631336 + z1 + z3
	o1 = x5*fix2_053119869 + z2 + z4
	o2 = x3*fix3_072711026 + z2 + z3
	o3 = x1*fix1_501321110 + z1 + z4
	return
}

// idctFlat is idct for a block with only a DC coefficient.
func idctFlat(dc int32, dst []uint8, stride int, extra uint) {
	shift := passBits + 3 + extra
	v := uint64(clamp((dc<<passBits+1<<(shift-1))>>shift + 128))
	v *= 0x0101010101010101
	for y := range 8 {
		p := (*[8]uint8)(dst[y*stride:])
		*p = [8]uint8{uint8(v), uint8(v), uint8(v), uint8(v), uint8(v), uint8(v), uint8(v), uint8(v)}
	}
}

// clamp limits v to 0..255.
func clamp(v int32) uint8 {
	if uint32(v) > 255 {
		v = ^(v >> 31)
	}
	return uint8(v)
}
