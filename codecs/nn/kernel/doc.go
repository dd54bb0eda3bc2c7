// Package kernel holds the inner loops of everything that computes much: products of
// matrices, which convolutions are too; depthwise convolutions; element-wise maps,
// reductions and weighted sums of rows (filters of pictures); some of that in integers, for
// what entropy coding depends on; a few loops of the vector quantizers; and the loop over
// all cores. It knows no tensors and no layers.
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
// summation (the explicit conversions to float32 in Go forbid fusing). Gemm, Depthwise and
// Blend fuse where the processor can; implementations differ by at most 1e-6 times the sum of
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
//
// GFLOP/s and, in brackets, ratios to sgemm of OpenBLAS 0.3.21, on two cores of an AMD EPYC
// (Zen 3) that had other work too, with AVX2; the fastest of 14 turns about. "packing"
// packs B in every call, as OpenBLAS must; "in place" reads a convolution's input where it
// lies, where OpenBLAS was given it unfolded. "go run ./codecs/nn/kernel/bench" repeats it.
//
//	layer               m     k    n   1 core       packing      in place     2 cores
//	1x1 at 1/8       6144   192   96   94.9 (1.25)  95.5 (1.26)               186.5 (1.23)
//	1x1 at 1/8       6144    96   96   95.8 (1.26)  97.8 (1.28)               182.0 (1.96)
//	1x1 at 1/8       6144    96  192   96.9 (1.23)  97.9 (1.24)               184.0 (1.80)
//	3x3/2 to 1/16    1536   864  128   95.0 (1.07)  94.8 (1.06)  97.7 (1.10)  182.2 (1.32)
//	1x1 at 1/16      1536   128  384   96.0 (1.14)  96.7 (1.15)               180.8 (1.61)
//	5x5/2 to 1/2    98304    75  128   94.4 (1.48)  95.1 (1.49)  96.3 (1.51)  179.0 (1.91)
//	5x5/2 to 1/4    24576  3200  128   93.9 (1.18)  93.3 (1.18)  97.3 (1.23)  186.1 (1.32)
//	5x5/2 to 1/8     6144  3200  192   93.9 (1.10)  93.5 (1.10)  97.8 (1.15)  189.4 (1.21)
//	GDN at 1/2      98304   128  128   89.8 (1.28)  90.0 (1.28)               178.4 (1.59)
//	GDN at 1/4      24576   128  128   92.8 (1.34)  92.7 (1.34)               182.5 (1.67)
//	GDN at 1/8       6144   128  128   93.9 (1.20)  95.1 (1.21)               181.7 (1.68)
//
// The AVX-512 kernels pass the tests on an emulated processor; their speed is not known.
package kernel
