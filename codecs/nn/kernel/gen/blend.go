package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// sliceHeader is the size of a slice in a slice of slices.
const sliceHeader = 24

// blends emits the weighted sums of rows. Blocks of eight registers keep both units for
// fused products busy in spite of their latency.
func blends(c *build.Context) {
	blend(c, 8)
	blend(c, 1)
	blendTail(c)
}

// blendLoop is one function over blocks of elements.
type blendLoop struct {
	*build.Context
	dst, at                   reg.GPVirtual // at: where the block starts, in bytes
	rows, weights, row, count reg.GPVirtual
	taps                      reg.GPVirtual
	bias                      reg.VecVirtual
}

func startBlend(c *build.Context, name, last, doc string) *blendLoop {
	c.Function(name)
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr("func(dst []float32, rows [][]float32, w []float32, bias float32, first int, " + last + ")")
	c.Pragma("noescape")
	c.Doc(doc)
	l := &blendLoop{Context: c, rows: c.GP64(), weights: c.GP64(), row: c.GP64(), count: c.GP64(), bias: c.YMM()}
	l.dst = c.Load(c.Param("dst").Base(), c.GP64()).(reg.GPVirtual)
	l.taps = c.Load(c.Param("rows").Len(), c.GP64()).(reg.GPVirtual)
	l.at = c.Load(c.Param("first"), c.GP64()).(reg.GPVirtual)
	c.SHLQ(operand.U8(2), l.at)
	broadcastParam(c, "bias", l.bias)
	return l
}

// block emits one block: load gives row elements of register i, as an operand.
func (l *blendLoop) block(registers int, fuse func(i int, weight, sum reg.VecVirtual)) []reg.VecVirtual {
	c := l.Context
	sums := make([]reg.VecVirtual, registers)
	for i := range sums {
		sums[i] = c.YMM()
		c.VMOVAPS(l.bias, sums[i])
	}
	c.Load(c.Param("rows").Base(), l.rows)
	c.Load(c.Param("w").Base(), l.weights)
	c.MOVQ(l.taps, l.count)
	c.Label("taps")
	c.MOVQ(operand.Mem{Base: l.rows}, l.row)
	weight := c.YMM()
	c.VBROADCASTSS(operand.Mem{Base: l.weights}, weight)
	for i, s := range sums {
		fuse(i, weight, s)
	}
	c.ADDQ(operand.U8(sliceHeader), l.rows)
	c.ADDQ(operand.U8(4), l.weights)
	c.DECQ(l.count)
	c.JNE(operand.LabelRef("taps"))
	return sums
}

func (l *blendLoop) mem(base reg.GPVirtual, i int) operand.Mem {
	return operand.Mem{Base: base, Index: l.at, Scale: 1, Disp: 32 * i}
}

func blend(c *build.Context, registers int) {
	name := fmt.Sprintf("blend%dAVX2", 8*registers)
	l := startBlend(c, name, "blocks int", fmt.Sprintf("%s writes blocks of %d elements, at least one, from first on.", name, 8*registers))
	blocks := c.Load(c.Param("blocks"), c.GP64())
	c.Label("blocks")
	sums := l.block(registers, func(i int, weight, sum reg.VecVirtual) { c.VFMADD231PS(l.mem(l.row, i), weight, sum) })
	for i, s := range sums {
		c.VMOVUPS(s, l.mem(l.dst, i))
	}
	c.ADDQ(operand.U32(32*registers), l.at)
	c.DECQ(blocks)
	c.JNE(operand.LabelRef("blocks"))
	c.VZEROUPPER()
	c.RET()
}

func blendTail(c *build.Context) {
	l := startBlend(c, "blendTailAVX2", "mask *int32", "blendTailAVX2 writes the elements from first on that the mask of 8 says.")
	mask := c.YMM()
	c.VMOVUPS(operand.Mem{Base: c.Load(c.Param("mask"), c.GP64())}, mask)
	sums := l.block(1, func(i int, weight, sum reg.VecVirtual) {
		elements := c.YMM()
		c.VMASKMOVPS(l.mem(l.row, i), mask, elements)
		c.VFMADD231PS(elements, weight, sum)
	})
	c.VMASKMOVPS(sums[0], mask, l.mem(l.dst, 0))
	c.VZEROUPPER()
	c.RET()
}
