package kernel

// The portable product takes two rows of A and four columns of B at a time: eight sums
// and what feeds them fit sixteen registers.
const portableColumns = 4

func gemmPortable(m int, a Matrix, b *Panels, c []float32, ldc int, o GemmOptions) {
	for j := 0; j < b.N; j += portableColumns {
		width := min(portableColumns, b.N-j)
		columns := b.panel(j / panelWidth)[j%panelWidth:]
		for i := 0; i < m; i += 2 {
			second := min(i+1, m-1) // the last of an odd number is computed twice
			sums0, sums1 := multiplyPair(a, i, second, columns)
			finishRow(c[i*ldc+j:][:width], &sums0, j, o)
			if second != i {
				finishRow(c[second*ldc+j:][:width], &sums1, j, o)
			}
		}
	}
}

// finishRow adds sums to where they belong.
func finishRow(c []float32, sums *[portableColumns]float32, j int, o GemmOptions) {
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

// multiplyPair returns the products of two rows of a with four columns of a panel.
func multiplyPair(a Matrix, i0, i1 int, b []float32) (s, t [portableColumns]float32) {
	var s0, s1, s2, s3, t0, t1, t2, t3 float32
	for r := range a.Runs {
		x := a.Data[i0*a.Stride+r*a.RunStride:][:a.Run]
		y := a.Data[i1*a.Stride+r*a.RunStride:][:a.Run]
		for k, u := range x {
			v := y[k]
			w := b[(r*a.Run+k)*panelWidth:][:portableColumns]
			s0 += u * w[0]
			s1 += u * w[1]
			s2 += u * w[2]
			s3 += u * w[3]
			t0 += v * w[0]
			t1 += v * w[1]
			t2 += v * w[2]
			t3 += v * w[3]
		}
	}
	return [portableColumns]float32{s0, s1, s2, s3}, [portableColumns]float32{t0, t1, t2, t3}
}
