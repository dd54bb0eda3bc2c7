package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// signBits emits the maps between numbers and bits, eight to a byte.
func signBits(c *build.Context) {
	v := &vec{Context: c, constants: map[uint32]operand.Mem{}}
	c.Function("signsAVX2")
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr("func(signs *byte, x *float32, n int)")
	c.Pragma("noescape")
	c.Doc("signsAVX2 writes the sign bits of 8n elements, n above 0.")
	signs, x, n := c.Load(c.Param("signs"), c.GP64()), c.Load(c.Param("x"), c.GP64()), c.Load(c.Param("n"), c.GP64())
	c.Label("byte")
	values, bits := c.YMM(), c.GP32()
	c.VMOVUPS(operand.Mem{Base: x}, values)
	c.VMOVMSKPS(values, bits)
	c.MOVB(bits.As8(), operand.Mem{Base: signs})
	next(c, "byte", signs, n, x)

	c.Function("leakyBySignsAVX2")
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr("func(dst, x *float32, signs *byte, n int, slope float32)")
	c.Pragma("noescape")
	c.Doc("leakyBySignsAVX2 multiplies those of 8n elements, n above 0, whose bits are set.")
	dst, x := c.Load(c.Param("dst"), c.GP64()), c.Load(c.Param("x"), c.GP64())
	signs, n = c.Load(c.Param("signs"), c.GP64()), c.Load(c.Param("n"), c.GP64())
	slope, err := c.Param("slope").Resolve()
	if err != nil {
		panic(err)
	}
	v.s = c.YMM()
	c.VBROADCASTSS(slope.Addr, v.s)
	shifts := c.YMM()
	c.VMOVDQU(upwards(c), shifts)
	c.Label("byte")
	values, mask := c.YMM(), c.YMM()
	c.VPBROADCASTB(operand.Mem{Base: signs}, mask)
	c.VPSLLVD(shifts, mask, mask)
	c.VMOVUPS(operand.Mem{Base: x}, values)
	c.VMOVUPS(v.blend(mask, values, v.mul(values, v.scalar())), operand.Mem{Base: dst})
	next(c, "byte", signs, n, x, dst)
}

// next goes on to the next byte and eight numbers.
func next(c *build.Context, label string, signs, n reg.Register, numbers ...reg.Register) {
	for _, p := range numbers {
		c.ADDQ(operand.U8(32), p)
	}
	c.INCQ(signs)
	c.DECQ(n)
	c.JNE(operand.LabelRef(label))
	c.VZEROUPPER()
	c.RET()
}

// upwards is by how much a byte's bits, from the lowest on, lie below the sign bit.
func upwards(c *build.Context) operand.Mem {
	m := c.StaticGlobal("upwards")
	c.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range 8 {
		c.AddDatum(4*i, operand.U32(31-i))
	}
	return m
}
