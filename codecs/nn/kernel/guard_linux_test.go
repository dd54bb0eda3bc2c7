package kernel

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"
)

// fenced returns n random elements that end, or start, at a page that must not be touched.
func fenced(t *testing.T, rng *rand.Rand, n int, atEnd bool) []float32 {
	t.Helper()
	page := syscall.Getpagesize()
	size := (4*n + page - 1) / page * page
	all, err := syscall.Mmap(-1, 0, size+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Skipf("no guarded memory: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(all) })
	for _, fence := range [][]byte{all[:page], all[page+size:]} {
		if err := syscall.Mprotect(fence, syscall.PROT_NONE); err != nil {
			t.Skipf("no guarded memory: %v", err)
		}
	}
	first := page
	if atEnd {
		first += size - 4*n
	}
	s := unsafe.Slice((*float32)(unsafe.Pointer(&all[first])), n)
	copy(s, vector(rng, n))
	return s
}

// No kernel reads or writes outside its slices: a fault would end the test.
func TestNothingBeyondTheSlices(t *testing.T) {
	each(t, func(t *testing.T, impl *implementation) {
		rng := rand.New(rand.NewPCG(9, 9))
		for i := range rounds() / 5 {
			atEnd := i%2 == 0
			fence := func(n int) []float32 { return fenced(t, rng, n, atEnd) }
			m, n, runs, run := shape(rng)
			p := newProduct(rng, m, n, runs, run)
			p.a.Data = append(fence(len(p.a.Data))[:0], p.a.Data...)
			impl.packRows(fence(runs*panelWidth), fence((runs-1)*n+panelWidth), n)
			c := fence(len(p.c))
			bias := fence(n)
			impl.gemm(m, p.a, p.b, c, p.ldc, GemmOptions{Bias: bias})
			impl.gemm(m, p.a, p.b, c, p.ldc, GemmOptions{Accumulate: true})

			size, stride, width := 3+2*(i%2), 1+i/2%2, m
			d := NewDepthwise(size, n, fence(size*size*n), bias)
			row := ((width-1)*stride + size) * n
			impl.depthwise(d, fence(width*n), fence(size*row), row, stride, width)

			dst, x, y := fence(n), fence(n), fence(n)
			for op := range opCount {
				impl.apply(op, dst, x, y, 0.5)
			}
			impl.blend(dst, [][]float32{x, y, x}, []float32{1, 2, 3}, 4)
			whole := fence((1 + m) * strands)
			impl.sum(whole)
			impl.sumSquares(whole, 1)
			impl.max(whole)
			impl.normalize(whole, fence(len(whole)), fence(len(whole)), fence(len(whole)), 0, 1)
		}
	})
}
