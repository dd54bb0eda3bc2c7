package kernel

import "os"

// implementation is one set of inner loops.
type implementation struct {
	name string
	gemm func(m int, a Matrix, b *Panels, c []float32, ldc int, o GemmOptions)

	packRows  func(dst, src []float32, stride int)
	depthwise func(d *Depthwise, dst, src []float32, rowStride, stride, width int)

	blend func(dst []float32, rows [][]float32, w []float32, bias float32)

	// apply is a map, of operands as long as dst; see maps.go.
	apply func(op mapOp, dst, x, y []float32, s float32)

	// Of whole bytes of signs; see signs.go.
	signs        func(signs []byte, x []float32)
	leakyBySigns func(dst, x []float32, signs []byte, slope float32)

	// Reductions take a multiple of 32 elements, normalize one of 8, and not none; see reduce.go.
	sum, max   func(x []float32) float32
	sumSquares func(x []float32, center float32) float32
	normalize  func(dst, x, w, b []float32, mean, inverse float32)
}

var portable = implementation{
	name:         "portable",
	gemm:         gemmPortable,
	packRows:     packRowsPortable,
	depthwise:    depthwisePortable,
	blend:        blendPortable,
	apply:        mapPortable,
	signs:        signsPortable,
	leakyBySigns: leakyBySignsPortable,
	sum:          sumPortable,
	max:          maxPortable,
	sumSquares:   sumSquaresPortable,
	normalize:    normalizePortable,
}

// implementations lists what this machine can run, the fastest first; active is what it runs.
var (
	implementations = append(vectorImplementations(), portable)
	active          = choose(os.Getenv("CODECWORKBENCH_KERNEL"))
)

// choose returns the implementation of that name; the next lower one if this machine
// lacks it, and the fastest if the name says nothing.
func choose(name string) *implementation {
	order := []string{"avx512", "avx2", "portable"}
	for len(order) > 0 && order[0] != name {
		order = order[1:]
	}
	for _, n := range order {
		for i := range implementations {
			if implementations[i].name == n {
				return &implementations[i]
			}
		}
	}
	return &implementations[0]
}

// Name tells which implementation of the vector kernels runs: avx512, avx2 or portable.
// The environment variable CODECWORKBENCH_KERNEL, read at start, forces one of them; where
// the processor lacks it, the next lower one runs.
func Name() string { return active.name }
