package kernel

// The portable product has tiles of 4 x 4: the sums and what feeds them fit the 32
// registers of arm64, where it runs for users.
const portableSide = 4

// square is a tile's sums, row by row.
type square [portableSide][portableSide]float32

func gemmPortable(m int, a Matrix, b *Panels, c []float32, ldc int, o GemmOptions) {
	for j := 0; j < b.N; j += portableSide {
		width := min(portableSide, b.N-j)
		columns := b.panel(j / panelWidth)[j%panelWidth:]
		for i := 0; i < m; i += portableSide {
			var rows [portableSide]int
			for r := range rows {
				rows[r] = min(i+r, m-1) * a.Stride // the last of too few again
			}
			var sums square
			for r := range a.Runs {
				sums.add(a.Data[r*a.RunStride:], rows, a.Run, columns[r*a.Run*panelWidth:])
			}
			for r := range min(portableSide, m-i) {
				finishRow(c[(i+r)*ldc+j:][:width], &sums[r], j, o)
			}
		}
	}
}

// finishRow adds sums to where they belong.
func finishRow(c []float32, sums *[portableSide]float32, j int, o GemmOptions) {
	for i := range c {
		switch {
		case o.Accumulate:
			c[i] += sums[i]
		case o.Bias != nil:
			c[i] = o.Bias[j+i] + sums[i]
		default:
			c[i] = sums[i]
		}
	}
}

// add adds the products of a run of four rows, which start in a at those places, with four
// columns of a panel.
func (s *square) add(a []float32, rows [portableSide]int, run int, b []float32) {
	x, y, z, w := a[rows[0]:][:run], a[rows[1]:][:run], a[rows[2]:][:run], a[rows[3]:][:run]
	x0, x1, x2, x3 := s[0][0], s[0][1], s[0][2], s[0][3]
	y0, y1, y2, y3 := s[1][0], s[1][1], s[1][2], s[1][3]
	z0, z1, z2, z3 := s[2][0], s[2][1], s[2][2], s[2][3]
	w0, w1, w2, w3 := s[3][0], s[3][1], s[3][2], s[3][3]
	for k, v := range x {
		row := b[k*panelWidth:][:portableSide]
		b0, b1, b2, b3 := row[0], row[1], row[2], row[3]
		x0 += v * b0
		x1 += v * b1
		x2 += v * b2
		x3 += v * b3
		v = y[k]
		y0 += v * b0
		y1 += v * b1
		y2 += v * b2
		y3 += v * b3
		v = z[k]
		z0 += v * b0
		z1 += v * b1
		z2 += v * b2
		z3 += v * b3
		v = w[k]
		w0 += v * b0
		w1 += v * b1
		w2 += v * b2
		w3 += v * b3
	}
	*s = square{{x0, x1, x2, x3}, {y0, y1, y2, y3}, {z0, z1, z2, z3}, {w0, w1, w2, w3}}
}
