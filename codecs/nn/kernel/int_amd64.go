//go:build amd64 && !purego

package kernel

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

// vectorIntImplementations returns what goes with the float implementations that the
// processor allows. Only what takes most of the time is worth more than AVX2.
func vectorIntImplementations() []intImplementation {
	avx2 := intImplementation{name: "avx2", float: "avx2", gemm: gemmIntAVX2, requantize: requantizeBlocks(requantizeAVX2).apply, add: addVector, depthwise: depthwiseVector}
	avx512, vnni := avx2, avx2
	wide := requantizeBlocks(requantizeAVX512).apply
	avx512.name, avx512.float, avx512.gemm, avx512.requantize = "avx512", "avx512", gemmIntAVX512, wide
	vnni.name, vnni.float, vnni.gemm, vnni.requantize = "vnni", "avx512", gemmIntVNNI, wide
	var list []intImplementation
	for _, float := range vectorImplementations() {
		switch float.name {
		case "avx512":
			if cpu.X86.HasAVX512VNNI {
				list = append(list, vnni)
			}
			list = append(list, avx512)
		case "avx2":
			list = append(list, avx2)
		}
	}
	return list
}

// intTile is a micro-kernel for blocks of so many rows.
type intTile struct {
	rows int
	run  func(a, b *int16, c, from *int32, aStride, cStride, fromStride, runs, run, skip, depth, blocks, columns int)
}

// Tiles from the largest to one row.
var (
	intTilesAVX2   = []intTile{{6, intGemmAVX2x6}, {4, intGemmAVX2x4}, {2, intGemmAVX2x2}, {1, intGemmAVX2x1}}
	intTilesAVX512 = []intTile{{14, intGemmAVX512x14}, {8, intGemmAVX512x8}, {4, intGemmAVX512x4}, {2, intGemmAVX512x2}, {1, intGemmAVX512x1}}
	intTilesVNNI   = []intTile{{14, intGemmVNNIx14}, {8, intGemmVNNIx8}, {4, intGemmVNNIx4}, {2, intGemmVNNIx2}, {1, intGemmVNNIx1}}
)

func gemmIntAVX2(m int, a IntMatrix, b *IntPanels, c []int32, ldc int) {
	gemmIntTiles(intTilesAVX2, panelWidth, m, a, b, c, ldc)
}

func gemmIntAVX512(m int, a IntMatrix, b *IntPanels, c []int32, ldc int) {
	gemmIntTiles(intTilesAVX512, 2*panelWidth, m, a, b, c, ldc)
}

func gemmIntVNNI(m int, a IntMatrix, b *IntPanels, c []int32, ldc int) {
	gemmIntTiles(intTilesVNNI, 2*panelWidth, m, a, b, c, ldc)
}

// gemmIntTiles multiplies with micro-kernels of width columns, each over the whole of K:
// callers hand over few enough rows for the caches, because they requantise them next.
func gemmIntTiles(tiles []intTile, width, m int, a IntMatrix, b *IntPanels, c []int32, ldc int) {
	for j := 0; j < b.N; j += width {
		i := 0
		for _, t := range tiles {
			blocks := (m - i) / t.rows
			if blocks == 0 {
				continue
			}
			t.run(&a.Data[i*a.Stride], &b.panel(j / panelWidth)[0], &c[i*ldc+j], &b.bias[j],
				2*a.Stride, 4*ldc, 0, a.Runs, b.pairs, 2*a.RunStride-4*b.pairs, 2*b.panelSize(), blocks, min(width, b.N-j))
			i += blocks * t.rows
		}
	}
}

// requantizeBlocks is either implementation of requantisation.
type requantizeBlocks func(dst *int16, acc, multiplier *int32, dstSkip, accSkip, rows, blocks int, round int64, shift int, low, high, leakRound int16, leakShift int)

func (run requantizeBlocks) apply(q *Requantizer, rows int, dst []int16, dstStride int, acc []int32, accStride int) int {
	blocks := q.n / 16
	if blocks > 0 {
		run(&dst[0], &acc[0], &q.multiplier[0], 2*dstStride-32*blocks, 4*accStride-64*blocks, rows, blocks,
			1<<(q.shift-1), int(q.shift-MinShift), q.low, q.high, q.leakRound, int(q.leakShift))
	}
	return 16 * blocks
}

func addVector(s IntSum, dst, a, b []int16) int {
	blocks := len(dst) / 16
	if blocks > 0 {
		intSumAVX2(&dst[0], &a[0], &b[0], blocks, int32(s.A)|int32(s.B)<<16, int32(s.round()), int(s.Shift), s.Low, s.High)
	}
	return 16 * blocks
}

func depthwiseVector(d *IntDepthwise, pixels int, acc []int32, accStride int, a []int16, stride int, offsets []int) int {
	blocks := d.Channels / 16
	size := (d.Taps + 1) / 2 * 32 // packed weights of a block
	for i := range blocks {
		intDepthwiseAVX2(&acc[16*i], &a[16*i], &d.packed[i*size], &d.bias[16*i], unsafe.SliceData(offsets),
			d.Taps/2, d.Taps%2, 4*accStride, 2*stride, pixels)
	}
	return 16 * blocks
}
