//go:build amd64 && !purego

package kernel

import "golang.org/x/sys/cpu"

// vectorImplementations returns what the processor, and the system's saving of registers,
// allow.
func vectorImplementations() []implementation {
	var list []implementation
	avx2 := cpu.X86.HasAVX2 && cpu.X86.HasFMA && cpu.X86.HasBMI2
	if avx2 && cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512DQ {
		list = append(list, implementation{name: "avx512", gemm: gemmAVX512})
	}
	if avx2 {
		list = append(list, implementation{name: "avx2", gemm: gemmAVX2})
	}
	return list
}
