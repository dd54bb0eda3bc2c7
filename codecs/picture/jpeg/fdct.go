package jpeg

// quantizer transforms and quantizes blocks with one table.
type quantizer struct {
	step [64]uint16 // row by row
	// In zigzag order, for coefficients that the transform leaves 8 times too large:
	half  [64]int32  // half a step
	recip [64]uint32 // 2^32 / step, rounded up
}

func newQuantizer(step [64]uint16) quantizer {
	q := quantizer{step: step}
	for k, at := range ZigZag {
		d := 8 * uint32(step[at])
		q.half[k] = int32(d / 2)
		// Exact for dividends below 2^16: the excess of d/2^32 each is below 1 in all.
		q.recip[k] = uint32((1<<32 + uint64(d) - 1) / uint64(d))
	}
	return q
}

// maxAC bounds AC coefficients: baseline codes have no more than ten bits for them.
const maxAC = 1023

// quantize transforms 8 x 8 samples at src, stride bytes a row, and writes the
// quantized coefficients in zigzag order. The result has bit k set where
// coefficient k is not 0. Halves round away from 0.
func (q *quantizer) quantize(src []uint8, stride int, out *[64]int16) (mask uint64) {
	var ws [64]int32
	fdct(&ws, src, stride)
	for k := range 64 {
		v := ws[ZigZag[k]&63]
		sign := v >> 31
		a := (v ^ sign) - sign + q.half[k]
		a = int32(uint64(uint32(a)) * uint64(q.recip[k]) >> 32)
		if a == 0 {
			out[k] = 0
			continue
		}
		if k > 0 {
			a = min(a, maxAC)
		}
		out[k] = int16((a ^ sign) - sign)
		mask |= 1 << k
	}
	return mask
}

// fdct is the forward transform that idct inverts, in the order of libjpeg's
// "islow" method: rows first, then columns. Results are 8 times the orthonormal
// transform's of samples less 128.
func fdct(ws *[64]int32, src []uint8, stride int) {
	for y := range 8 {
		s := (*[8]uint8)(src[y*stride:])
		w := (*[8]int32)(ws[8*y:])
		e0, e1, e2, e3, o0, o1, o2, o3 := fdct8(int32(s[0]), int32(s[1]), int32(s[2]), int32(s[3]),
			int32(s[4]), int32(s[5]), int32(s[6]), int32(s[7]))
		const shift = constBits - passBits
		const half = 1 << (shift - 1)
		w[0], w[4] = (e0-8*128)<<passBits, e1<<passBits
		w[2], w[6] = (e2+half)>>shift, (e3+half)>>shift
		w[1], w[3], w[5], w[7] = (o0+half)>>shift, (o1+half)>>shift, (o2+half)>>shift, (o3+half)>>shift
	}
	for x := range 8 {
		e0, e1, e2, e3, o0, o1, o2, o3 := fdct8(ws[x], ws[8+x], ws[16+x], ws[24+x],
			ws[32+x], ws[40+x], ws[48+x], ws[56+x])
		const shift = constBits + passBits
		const half = 1 << (shift - 1)
		const low = 1 << (passBits - 1)
		ws[x], ws[32+x] = (e0+low)>>passBits, (e1+low)>>passBits
		ws[16+x], ws[48+x] = (e2+half)>>shift, (e3+half)>>shift
		ws[8+x], ws[24+x], ws[40+x], ws[56+x] = (o0+half)>>shift, (o1+half)>>shift, (o2+half)>>shift, (o3+half)>>shift
	}
}

// fdct8 is the one-dimensional transform. Outputs 0 and 4 (e0, e1) are exact sums;
// outputs 2, 6 (e2, e3) and 1, 3, 5, 7 (o0..o3) have constBits fraction bits.
func fdct8(x0, x1, x2, x3, x4, x5, x6, x7 int32) (e0, e1, e2, e3, o0, o1, o2, o3 int32) {
	s0, d0 := x0+x7, x0-x7
	s1, d1 := x1+x6, x1-x6
	s2, d2 := x2+x5, x2-x5
	s3, d3 := x3+x4, x3-x4

	a0, a3 := s0+s3, s0-s3
	a1, a2 := s1+s2, s1-s2
	e0, e1 = a0+a1, a0-a1
	z := (a2 + a3) * fix0_541196100
	e2 = z + a3*fix0_765366865
	e3 = z - a2*fix1_847759065

	z1 := (d3 + d0) * -fix0_899976223
	z2 := (d2 + d1) * -fix2_562915447
	z3, z4 := d3+d1, d2+d0
	z5 := (z3 + z4) * fix1_175875602
	z3 = z5 - z3*fix1_961570560
	z4 = z5 - z4*fix0_390180644
	o0 = d0*fix1_501321110 + z1 + z4
	o1 = d1*fix3_072711026 + z2 + z3
	o2 = d2*fix2_053119869 + z2 + z4
	o3 = d3*fix0_298631336 + z1 + z3
	return
}
