// Package kernel holds the inner loops of everything that computes much: products of
// matrices, which convolutions are too; depthwise convolutions; element-wise maps and
// reductions; the same in integers for what entropy coding depends on; a few loops of the
// vector quantizers; and the loop over all cores. It knows no tensors and no layers.
//
// # Implementations
//
// There are three: avx512 (F, BW, DQ, VL), avx2 (with FMA and BMI2) and portable, in Go.
// The best that the processor has is chosen at start; Name tells which. The environment
// variable CODECWORKBENCH_KERNEL forces one of them, and the build tag purego leaves
// assembly out. Assembly is generated with avo by the program in gen ("go generate"); what
// needs no more than SSE2 is written by hand.
//
// # What agrees
//
// Integers are the same everywhere. So are element-wise maps and reductions, and Dot, Dots
// and AddScaled: they fuse no multiplication with an addition and have one order of
// summation (the explicit conversions to float32 in Go forbid fusing). Gemm and Depthwise
// fuse where the processor can; implementations differ by at most 1e-6 times the sum of
// the magnitudes of the products. In one implementation, a row or a pixel is the same to the
// bit however the rest is shared out.
//
// # Matrix products
//
// The right-hand matrix is packed once into panels of 16 columns, the left-hand one is
// read where it lies (Matrix), so that a convolution over NHWC rows needs no unfolding. A
// tile of 6 x 16 (AVX2) or 14 x 32 (AVX-512) sums stays in registers over up to 320 steps
// of k: that slice of a panel fits the first-level cache. The design is that of Goto and
// van de Geijn, Anatomy of High-Performance Matrix Multiplication (2008), less the packing
// of the left-hand side.
package kernel
