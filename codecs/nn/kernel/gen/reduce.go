package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// strands is how many registers of 8 partial results a reduction has.
const strands = 4

// reductions emits sums and the maximum over a multiple of 32 elements, and the
// normalisation that follows two of them.
func reductions(c *build.Context) {
	add := func(a, b operand.Op, r reg.Register) { c.VADDPS(b, a, r) }
	reduce(c, "sumAVX2", "func(x []float32) float32", func(x operand.Mem, sum reg.VecVirtual) {
		c.VADDPS(x, sum, sum)
	}, add)
	var center reg.VecVirtual
	reduce(c, "sumSquaresAVX2", "func(x []float32, center float32) float32", func(x operand.Mem, sum reg.VecVirtual) {
		if center == nil {
			center = c.YMM()
		}
		broadcastParam(c, "center", center)
		d := c.YMM()
		c.VMOVUPS(x, d)
		c.VSUBPS(center, d, d)
		c.VMULPS(d, d, d)
		c.VADDPS(d, sum, sum)
	}, add)
	reduce(c, "maxAVX2", "func(x []float32) float32", func(x operand.Mem, most reg.VecVirtual) {
		c.VMAXPS(x, most, most)
	}, func(a, b operand.Op, r reg.Register) { c.VMAXPS(b, a, r) })
	normalize(c)
}

func broadcastParam(c *build.Context, name string, r reg.Register) {
	p, err := c.Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	c.VBROADCASTSS(p.Addr, r)
}

// reduce emits a loop of steps into strands, and their combination: (0+1)+(2+3), then
// halves of what is left. Strands of sums start from 0, of others from the first elements.
func reduce(c *build.Context, name, signature string, step func(x operand.Mem, r reg.VecVirtual), combine func(a, b operand.Op, r reg.Register)) {
	c.Function(name)
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr(signature)
	c.Pragma("noescape")
	c.Doc(name + " reduces elements, a multiple of 32 and not 0.")
	x, n := c.Load(c.Param("x").Base(), c.GP64()), c.Load(c.Param("x").Len(), c.GP64())
	var s [strands]reg.VecVirtual
	for i := range s {
		s[i] = c.YMM()
		if name == "maxAVX2" {
			c.VMOVUPS(operand.Mem{Base: x, Disp: 32 * i}, s[i])
		} else {
			c.VXORPS(s[i], s[i], s[i])
		}
	}
	c.Label("loop")
	for i := range s {
		step(operand.Mem{Base: x, Disp: 32 * i}, s[i])
	}
	c.ADDQ(operand.U32(32*strands), x)
	c.SUBQ(operand.U8(8*strands), n)
	c.JNE(operand.LabelRef("loop"))
	combine(s[0], s[1], s[0])
	combine(s[2], s[3], s[2])
	combine(s[0], s[2], s[0])
	low, high := s[0].AsX(), c.XMM()
	c.VEXTRACTF128(operand.U8(1), s[0], high)
	combine(low, high, low)
	c.VPSHUFD(operand.U8(0b1110), low, high)
	combine(low, high, low)
	c.VPSHUFD(operand.U8(1), low, high)
	combine(low, high, low)
	c.Store(low, c.ReturnIndex(0))
	c.VZEROUPPER()
	c.RET()
}

// normalize emits dst = (x-mean)*inverse*w + b.
func normalize(c *build.Context) {
	c.Function("normalizeAVX2")
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr("func(dst, x, w, b []float32, mean, inverse float32)")
	c.Pragma("noescape")
	c.Doc("normalizeAVX2 writes (x-mean)*inverse*w + b for len(dst) elements, a multiple of 8 and not 0.")
	n := c.Load(c.Param("dst").Len(), c.GP64())
	at := map[string]operand.Mem{}
	for _, name := range []string{"dst", "x", "w", "b"} {
		p := c.Load(c.Param(name).Base(), c.GP64())
		c.LEAQ(operand.Mem{Base: p, Index: n, Scale: 4}, p)
		at[name] = operand.Mem{Base: p, Index: n, Scale: 4}
	}
	c.NEGQ(n)
	mean, inverse := c.YMM(), c.YMM()
	broadcastParam(c, "mean", mean)
	broadcastParam(c, "inverse", inverse)
	c.Label("loop")
	v := c.YMM()
	c.VMOVUPS(at["x"], v)
	c.VSUBPS(mean, v, v)
	c.VMULPS(inverse, v, v)
	c.VMULPS(at["w"], v, v)
	c.VADDPS(at["b"], v, v)
	c.VMOVUPS(v, at["dst"])
	c.ADDQ(operand.U8(8), n)
	c.JNE(operand.LabelRef("loop"))
	c.VZEROUPPER()
	c.RET()
}
