package kernel

// intImplementation is one set of integer inner loops. What takes a whole number of
// vectors returns how many elements or channels it did; the rest is done portably.
type intImplementation struct {
	name       string
	float      string // the float implementation that needs the same processor, or almost
	gemm       func(m int, a IntMatrix, b *IntPanels, c []int32, ldc int)
	requantize func(q *Requantizer, rows int, dst []int16, dstStride int, acc []int32, accStride int) int
	add        func(s IntSum, dst, a, b []int16) int
	depthwise  func(d *IntDepthwise, pixels int, acc []int32, accStride int, a []int16, stride int, offsets []int) int
}

var portableInt = intImplementation{
	name:  "portable",
	float: "portable",
	gemm:  gemmIntPortable,
	requantize: func(*Requantizer, int, []int16, int, []int32, int) int {
		return 0
	},
	add: func(IntSum, []int16, []int16, []int16) int {
		return 0
	},
	depthwise: func(*IntDepthwise, int, []int32, int, []int16, int, []int) int {
		return 0
	},
}

// intImplementations lists what this machine can run, the fastest first; intKernels is
// what it runs.
var (
	intImplementations = append(vectorIntImplementations(), portableInt)
	intKernels         = chooseInt(active.name)
)

// chooseInt returns the fastest implementation that goes with a float one.
func chooseInt(float string) *intImplementation {
	for i := range intImplementations {
		if intImplementations[i].float == float {
			return &intImplementations[i]
		}
	}
	return &intImplementations[len(intImplementations)-1]
}

// IntName tells which implementation of the integer kernels runs: vnni, avx512, avx2 or
// portable. It follows Name; vnni is avx512 on processors with AVX512_VNNI.
func IntName() string { return intKernels.name }
