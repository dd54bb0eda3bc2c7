package metrics

// dct8x8 replaces 8x8 samples, row by row, by their orthonormal DCT-II: coefficient
// 8*v + u has vertical frequency v and horizontal frequency u.
func dct8x8(x *[64]float64) {
	for i := range 8 {
		row := (*[8]float64)(x[8*i:])
		row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7] =
			dct8(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7])
	}
	for i := range 8 {
		c := (*[57]float64)(x[i:])
		c[0], c[8], c[16], c[24], c[32], c[40], c[48], c[56] =
			dct8(c[0], c[8], c[16], c[24], c[32], c[40], c[48], c[56])
	}
}

// dct8 transforms 8 samples: sums of mirrored samples make the even coefficients,
// differences the odd ones.
func dct8(x0, x1, x2, x3, x4, x5, x6, x7 float64) (y0, y1, y2, y3, y4, y5, y6, y7 float64) {
	const ( // cos(k pi/16) / 2
		c1 = 0.4903926402016152
		c2 = 0.4619397662556434
		c3 = 0.4157348061512726
		c4 = 0.3535533905932738
		c5 = 0.2777851165098011
		c6 = 0.1913417161825449
		c7 = 0.0975451610080641
	)
	s0, s1, s2, s3 := x0+x7, x1+x6, x2+x5, x3+x4
	d0, d1, d2, d3 := x0-x7, x1-x6, x2-x5, x3-x4
	y0, y4 = c4*(s0+s3+s1+s2), c4*(s0+s3-s1-s2)
	y2, y6 = c2*(s0-s3)+c6*(s1-s2), c6*(s0-s3)-c2*(s1-s2)
	y1 = c1*d0 + c3*d1 + c5*d2 + c7*d3
	y3 = c3*d0 - c7*d1 - c1*d2 - c5*d3
	y5 = c5*d0 - c1*d1 + c7*d2 + c3*d3
	y7 = c7*d0 - c5*d1 + c3*d2 - c1*d3
	return
}
