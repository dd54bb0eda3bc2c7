//go:build amd64 && !purego

package kernel

import "golang.org/x/sys/cpu"

// vectorImplementations returns what the processor, and the system's saving of registers,
// allow.
func vectorImplementations() []implementation {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA || !cpu.X86.HasBMI2 {
		return nil
	}
	avx2 := implementation{
		name:         "avx2",
		gemm:         gemmAVX2,
		packRows:     packRows,
		depthwise:    depthwiseAVX2,
		blend:        blendAVX2,
		apply:        mapAVX2,
		signs:        signsVector,
		leakyBySigns: leakyBySignsVector,
		sum:          sumAVX2,
		max:          maxAVX2,
		sumSquares:   sumSquaresAVX2,
		normalize:    normalizeAVX2,
	}
	if !cpu.X86.HasAVX512F || !cpu.X86.HasAVX512BW || !cpu.X86.HasAVX512VL || !cpu.X86.HasAVX512DQ {
		return []implementation{avx2}
	}
	avx512 := avx2 // maps wait for memory more than for arithmetic
	avx512.name = "avx512"
	avx512.gemm, avx512.depthwise = gemmAVX512, depthwiseAVX512
	return []implementation{avx512, avx2}
}
