package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
)

// packing emits the copy of a panel's rows, where the columns lie side by side.
func packing(c *build.Context) {
	c.Function("packRowsAVX2")
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr("func(dst, src *float32, rows, stride int)")
	c.Pragma("noescape")
	c.Doc("packRowsAVX2 copies rows of 16 elements that lie stride bytes apart.")
	dst, src := c.Load(c.Param("dst"), c.GP64()), c.Load(c.Param("src"), c.GP64())
	rows, stride := c.Load(c.Param("rows"), c.GP64()), c.Load(c.Param("stride"), c.GP64())
	c.Label("row")
	left, right := c.YMM(), c.YMM()
	c.VMOVUPS(operand.Mem{Base: src}, left)
	c.VMOVUPS(operand.Mem{Base: src, Disp: 32}, right)
	c.VMOVUPS(left, operand.Mem{Base: dst})
	c.VMOVUPS(right, operand.Mem{Base: dst, Disp: 32})
	c.ADDQ(stride, src)
	c.ADDQ(operand.U8(4*panel), dst)
	c.DECQ(rows)
	c.JNE(operand.LabelRef("row"))
	c.VZEROUPPER()
	c.RET()
}
