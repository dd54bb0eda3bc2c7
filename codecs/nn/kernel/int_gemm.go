package kernel

import "fmt"

// IntPanels is a K x N right-hand matrix of 8-bit weights, and a bias, packed for the
// integer micro-kernels: panels of 16 columns, each of rows of 16 pairs of 16-bit
// elements (two steps of k of one column, what VPMADDWD and VPDPWSSD take), zero where a
// column is missing. K = Runs*Run as in IntMatrix; where Run is odd, each run's last pair
// has a zero. The number of panels is even. The layout is the same for every
// implementation. IntPanels is immutable and safe for concurrent use.
type IntPanels struct {
	Runs, Run, N int
	pairs        int // a run's
	data         []int16
	bias         []int32 // one a column of every panel
}

// PackInt packs the matrix whose element k, n is b[k*rowStride+n*colStride], with k from
// 0 to runs*run-1 and n from 0 to n-1, and a bias of n elements. No extent is below 1.
func PackInt(b []int8, runs, run, n, rowStride, colStride int, bias []int32) *IntPanels {
	k := runs * run
	if runs < 1 || run < 1 || n < 1 || rowStride < 0 || colStride < 0 || (k-1)*rowStride+(n-1)*colStride >= len(b) {
		panic(fmt.Sprintf("kernel: %d runs of %d x %d weights, strides %d and %d, do not lie in a slice of %d",
			runs, run, n, rowStride, colStride, len(b)))
	}
	if len(bias) != n {
		panic(fmt.Sprintf("kernel: a bias of %d elements for %d columns", len(bias), n))
	}
	p := &IntPanels{Runs: runs, Run: run, N: n, pairs: (run + 1) / 2}
	panels := (n + 2*panelWidth - 1) / (2 * panelWidth) * 2
	p.data = make([]int16, panels*p.panelSize())
	p.bias = make([]int32, panels*panelWidth)
	copy(p.bias, bias)
	for j := range n {
		panel := p.panel(j / panelWidth)[j%panelWidth*2:]
		for i := range k {
			pair := i/run*p.pairs + i%run/2
			panel[pair*2*panelWidth+i%run%2] = int16(b[i*rowStride+j*colStride])
		}
	}
	return p
}

// panelSize returns the number of 16-bit elements of a panel.
func (p *IntPanels) panelSize() int { return p.Runs * p.pairs * 2 * panelWidth }

// panel returns panel j.
func (p *IntPanels) panel(j int) []int16 {
	return p.data[j*p.panelSize() : (j+1)*p.panelSize()]
}

// IntMatrix is Matrix for 16-bit activations. Where Run is odd, the element after each
// run must lie in Data too; it is read, and counts for nothing.
type IntMatrix struct {
	Data      []int16
	Stride    int
	Runs, Run int
	RunStride int
}

// check panics if m rows do not lie in the data, or do not fit the right-hand matrix.
func (a *IntMatrix) check(m int, b *IntPanels) {
	if a.Runs != b.Runs || a.Run != b.Run {
		panic(fmt.Sprintf("kernel: %d runs of %d elements against a matrix of %d runs of %d", a.Runs, a.Run, b.Runs, b.Run))
	}
	if a.Stride < 0 || a.RunStride < 0 || (m-1)*a.Stride+(a.Runs-1)*a.RunStride+2*b.pairs > len(a.Data) {
		panic(fmt.Sprintf("kernel: %d rows %d apart of %d runs of %d, %d apart, do not lie in a slice of %d",
			m, a.Stride, a.Runs, a.Run, a.RunStride, len(a.Data)))
	}
}

// GemmInt multiplies: for i in [0,m) and j in [0,b.N),
//
//	c[i*ldc+j] = bias[j] + sum over k of A[i][k]*B[k][j]
//
// in 32 bits, in one goroutine and without allocation; callers share out m. Sums wrap
// around, in every implementation alike; who wants none to does so by the bound
// |bias| + sum of |weights| times the largest |activation| < 2^31, under which no part of
// a sum does either. Nothing else of c is written. It panics if a slice is too short.
func GemmInt(m int, a IntMatrix, b *IntPanels, c []int32, ldc int) {
	if m <= 0 {
		return
	}
	a.check(m, b)
	if ldc < b.N || (m-1)*ldc+b.N > len(c) {
		panic(fmt.Sprintf("kernel: %d rows of %d elements, %d apart, do not lie in a slice of %d", m, b.N, ldc, len(c)))
	}
	intKernels.gemm(m, a, b, c, ldc)
}

// gemmIntPortable takes one row of A and four columns of B at a time.
func gemmIntPortable(m int, a IntMatrix, b *IntPanels, c []int32, ldc int) {
	const columns = 4
	for j := 0; j < b.N; j += columns {
		weights := b.panel(j / panelWidth)[j%panelWidth*2:]
		for i := range m {
			sums := [columns]int32(b.bias[j:])
			for r := range a.Runs {
				x := a.Data[i*a.Stride+r*a.RunStride:][:2*b.pairs]
				dotPairs(x, weights[r*b.pairs*2*panelWidth:], &sums)
			}
			copy(c[i*ldc+j:][:min(columns, b.N-j)], sums[:])
		}
	}
}

// dotPairs adds the products of x with four columns of a panel.
func dotPairs(x, w []int16, sums *[4]int32) {
	s0, s1, s2, s3 := sums[0], sums[1], sums[2], sums[3]
	for ; len(x) >= 2; x = x[2:] {
		u, v := int32(x[0]), int32(x[1])
		p := w[:8]
		s0 += u*int32(p[0]) + v*int32(p[1])
		s1 += u*int32(p[2]) + v*int32(p[3])
		s2 += u*int32(p[4]) + v*int32(p[5])
		s3 += u*int32(p[6]) + v*int32(p[7])
		w = w[min(2*panelWidth, len(w)):]
	}
	*sums = [4]int32{s0, s1, s2, s3}
}
