package kernel

import (
	"fmt"
	"unsafe"
)

// panelWidth is how many columns of the right-hand matrix lie together in Panels: two
// AVX2 registers, one of AVX-512.
const panelWidth = 16

// Panels is a K x N right-hand matrix packed for the micro-kernels: panels of 16 columns,
// each K rows of 16 elements that follow one another, zero where a column is missing. The
// number of panels is even, so that wider registers can take two at a time. The layout is
// the same for every implementation. Panels is safe for concurrent use while nobody
// repacks it.
type Panels struct {
	K, N int
	data []float32
}

// Pack packs the matrix whose element k, n, with k from 0 to K-1 and n from 0 to N-1,
// is b[k*rowStride+n*colStride], so that a transpose is a swap of the strides. K and N are
// at least 1.
func Pack(b []float32, k, n, rowStride, colStride int) *Panels {
	p := new(Panels)
	p.Repack(b, k, n, rowStride, colStride)
	return p
}

// Repack is Pack into the memory of p, which grows if it has to.
func (p *Panels) Repack(b []float32, k, n, rowStride, colStride int) {
	if k < 1 || n < 1 || rowStride < 0 || colStride < 0 || (k-1)*rowStride+(n-1)*colStride >= len(b) {
		panic(fmt.Sprintf("kernel: %d x %d elements, strides %d and %d, do not lie in a slice of %d", k, n, rowStride, colStride, len(b)))
	}
	p.K, p.N = k, n
	size := p.panels() * k * panelWidth
	if cap(p.data) < size {
		p.data = aligned(size)
	}
	p.data = p.data[:size]
	for j := range p.panels() {
		first := j * panelWidth
		width := max(0, min(panelWidth, n-first))
		var src []float32
		if width > 0 {
			src = b[first*colStride:]
		}
		if colStride == 1 && width == panelWidth {
			active.packRows(p.panel(j), src, rowStride)
		} else {
			packPanel(p.panel(j), src, width, rowStride, colStride)
		}
	}
}

// aligned returns n zeros that start at a cache line.
func aligned(n int) []float32 {
	const line = 64 / 4
	s := make([]float32, n+line-1)
	skip := -int(uintptr(unsafe.Pointer(unsafe.SliceData(s)))/4) & (line - 1)
	return s[skip : skip+n : skip+n]
}

// packRowsPortable fills a panel with rows that lie stride apart.
func packRowsPortable(dst, src []float32, stride int) {
	for i, at := 0, 0; i < len(dst); i, at = i+panelWidth, at+stride {
		copy(dst[i:i+panelWidth], src[at:])
	}
}

// packPanel fills one panel with width columns of src and zeros.
func packPanel(dst, src []float32, width, rowStride, colStride int) {
	for i, at := 0, 0; i < len(dst); i, at = i+panelWidth, at+rowStride {
		row := dst[i : i+panelWidth]
		clear(row)
		for j := range row[:width] {
			row[j] = src[at+j*colStride]
		}
	}
}

// panels returns how many panels there are, the empty one of an odd number included.
func (p *Panels) panels() int {
	return (p.N + 2*panelWidth - 1) / (2 * panelWidth) * 2
}

// panel returns the K rows of panel j.
func (p *Panels) panel(j int) []float32 {
	size := p.K * panelWidth
	return p.data[j*size : (j+1)*size]
}

// Matrix is the left-hand matrix of a product, read where it lies. Row i is the
// concatenation of Runs runs of Run elements each, K = Runs*Run together; run r of row i
// starts at Data[i*Stride+r*RunStride]. An ordinary matrix has one run. A k x k
// convolution over NHWC rows that are padded already has k runs of k*Cin elements,
// Stride = its stride times Cin, and RunStride = padded width times Cin.
type Matrix struct {
	Data      []float32
	Stride    int
	Runs, Run int
	RunStride int
}

// check panics if m rows do not lie in the data, or are not of k elements.
func (a *Matrix) check(m, k int) {
	if a.Runs < 1 || a.Run < 1 || a.Runs*a.Run != k {
		panic(fmt.Sprintf("kernel: %d runs of %d elements against a matrix of %d rows", a.Runs, a.Run, k))
	}
	if a.Stride < 0 || a.RunStride < 0 || (m-1)*a.Stride+(a.Runs-1)*a.RunStride+a.Run > len(a.Data) {
		panic(fmt.Sprintf("kernel: %d rows %d apart of %d runs of %d, %d apart, do not lie in a slice of %d",
			m, a.Stride, a.Runs, a.Run, a.RunStride, len(a.Data)))
	}
}

// GemmOptions says what a product is added to.
type GemmOptions struct {
	Accumulate bool      // to what the result's memory holds; Bias is not looked at
	Bias       []float32 // to this row of N elements; nil is zero
}

// Gemm multiplies: for i in [0,m) and j in [0,b.N),
//
//	c[i*ldc+j] = (Accumulate ? c[i*ldc+j] : Bias[j] or 0) + sum over k of A[i][k]*B[k][j]
//
// with k rising, in one goroutine and without allocation; callers share out m. Nothing
// else of c is written. c overlaps neither matrix. It panics if a slice is too short.
func Gemm(m int, a Matrix, b *Panels, c []float32, ldc int, o GemmOptions) {
	if m <= 0 {
		return
	}
	a.check(m, b.K)
	if ldc < b.N || (m-1)*ldc+b.N > len(c) {
		panic(fmt.Sprintf("kernel: %d rows of %d elements, %d apart, do not lie in a slice of %d", m, b.N, ldc, len(c)))
	}
	if o.Accumulate {
		o.Bias = nil
	} else if o.Bias != nil && len(o.Bias) < b.N {
		panic(fmt.Sprintf("kernel: a bias of %d elements for %d columns", len(o.Bias), b.N))
	}
	active.gemm(m, a, b, c, ldc, o)
}
