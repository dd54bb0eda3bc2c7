package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// intSignature is that of the integer micro-kernels: pairs of 16-bit elements stand where
// the float ones have single elements.
const intSignature = "func(a, b *int16, c, from *int32, aStride, cStride, fromStride, runs, run, skip, depth, blocks, columns int)"

// intGemmAVX2 emits tiles of up to 6 x 16: 12 sums, 2 registers of B, 1 of A, 1 of products.
func intGemmAVX2(c *build.Context) {
	masks := maskTable(c, "intColumnMasks")
	for _, rows := range []int{6, 4, 2, 1} {
		t := &tile{Context: c, rows: rows, registers: 2, lanes: 8, vector: c.YMM, masks: masks, signature: intSignature, product: multiplyAddPairs}
		t.emit(fmt.Sprintf("intGemmAVX2x%d", rows))
	}
}

// intGemmAVX512 emits tiles of up to 14 x 32, with separate products and sums, and with
// both in one instruction for processors with VNNI.
func intGemmAVX512(c *build.Context) {
	for _, rows := range []int{14, 8, 4, 2, 1} {
		t := &tile{Context: c, rows: rows, registers: 2, lanes: 16, vector: c.ZMM, signature: intSignature, product: multiplyAddPairs}
		t.emit(fmt.Sprintf("intGemmAVX512x%d", rows))
	}
	for _, rows := range []int{14, 8, 4, 2, 1} {
		t := &tile{Context: c, rows: rows, registers: 2, lanes: 16, vector: c.ZMM, signature: intSignature, product: dotPairs}
		t.emit(fmt.Sprintf("intGemmVNNIx%d", rows))
	}
}

// multiplyAddPairs adds to each sum the products of a pair of A with a register of pairs
// of B. VPMADDWD wraps around nowhere: weights have 8 bits.
func multiplyAddPairs(t *tile, a operand.Mem, b, sums []reg.VecVirtual) {
	pair, products := t.vector(), t.vector()
	t.VPBROADCASTD(a, pair)
	for j, weights := range b {
		t.VPMADDWD(weights, pair, products)
		t.VPADDD(products, sums[j], sums[j])
	}
}

// dotPairs does the same with VPDPWSSD, which avo does not know.
func dotPairs(t *tile, a operand.Mem, b, sums []reg.VecVirtual) {
	pair := t.vector()
	t.VPBROADCASTD(a, pair)
	for j, weights := range b {
		t.Instruction(&ir.Instruction{
			Opcode:   "VPDPWSSD",
			Operands: []operand.Op{weights, pair, sums[j]},
			Inputs:   []operand.Op{weights, pair, sums[j]},
			Outputs:  []operand.Op{sums[j]},
		})
	}
}
