package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// intMapsAVX2 emits what is done to integer sums and activations element by element.
func intMapsAVX2(c *build.Context) {
	requantize(c, "requantizeAVX2", narrowAVX2)
	addScaled(c)
	depthwise(c)
}

// intMapsAVX512 emits the one of them that wider registers speed up.
func intMapsAVX512(c *build.Context) {
	requantize(c, "requantizeAVX512", narrowAVX512)
}

// begin starts a function and returns a way to load its arguments.
func begin(c *build.Context, name, signature string, doc ...string) func(string) reg.GPVirtual {
	c.Function(name)
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr(signature)
	c.Pragma("noescape")
	c.Doc(doc...)
	return func(param string) reg.GPVirtual {
		r := c.GP64()
		c.Load(c.Param(param), r)
		return r
	}
}

// broadcast fills a register with an argument of 16, 32 or 64 bits.
func broadcast(c *build.Context, param string, v reg.VecVirtual) reg.VecVirtual {
	p, err := c.Param(param).Resolve()
	if err != nil {
		panic(err)
	}
	switch p.Type.String() {
	case "int16":
		c.VPBROADCASTW(p.Addr, v)
	case "int32":
		c.VBROADCASTSS(p.Addr, v) // the same as VPBROADCASTD, and vet knows its size
	default:
		c.VPBROADCASTQ(p.Addr, v)
	}
	return v
}

// count loads an argument as the count of a vector shift.
func count(c *build.Context, param string) reg.VecVirtual {
	p, err := c.Param(param).Resolve()
	if err != nil {
		panic(err)
	}
	v := c.XMM()
	c.VMOVQ(p.Addr, v)
	return v
}

// requantize emits a loop over blocks of 16 sums; narrow prepares it and returns what
// rescales and saturates a block to 16 bits.
func requantize(c *build.Context, name string, narrow func(*build.Context) func(acc, multiplier reg.GPVirtual) reg.VecVirtual) {
	argument := begin(c, name,
		"func(dst *int16, acc, multiplier *int32, dstSkip, accSkip, rows, blocks int, round int64, shift int, low, high, leakRound int16, leakShift int)",
		name+" requantises rows of blocks of 16 sums; skips, from the end of a row",
		"to the next, are in bytes; shift is that of the upper half of the products.")
	dst, acc, rows := argument("dst"), argument("acc"), argument("rows")
	dstSkip, accSkip := argument("dstSkip"), argument("accSkip")
	low, high, leakRound := broadcast(c, "low", c.YMM()), broadcast(c, "high", c.YMM()), broadcast(c, "leakRound", c.YMM())
	leakShift := count(c, "leakShift")
	block := narrow(c)

	c.Label("row")
	multiplier, blocks := argument("multiplier"), argument("blocks")
	c.Label("block")
	v, leak := block(acc, multiplier), c.YMM()
	c.VPMAXSW(low, v, v)
	c.VPMINSW(high, v, v)
	c.VPADDW(leakRound, v, leak)
	c.VPSRAW(leakShift, leak, leak)
	c.VPMAXSW(leak, v, v)
	c.VMOVDQU(v, operand.Mem{Base: dst})
	c.ADDQ(operand.U8(32), dst)
	c.ADDQ(operand.U8(64), acc)
	c.ADDQ(operand.U8(64), multiplier)
	c.DECQ(blocks)
	c.JNE(operand.LabelRef("block"))
	c.ADDQ(dstSkip, dst)
	c.ADDQ(accSkip, acc)
	c.DECQ(rows)
	c.JNE(operand.LabelRef("row"))
	c.VZEROUPPER()
	c.RET()
}

// narrowAVX2 takes a block in two halves.
func narrowAVX2(c *build.Context) func(acc, multiplier reg.GPVirtual) reg.VecVirtual {
	round, shift := broadcast(c, "round", c.YMM()), count(c, "shift")
	return func(acc, multiplier reg.GPVirtual) reg.VecVirtual {
		halves := [2]reg.VecVirtual{}
		for i := range halves {
			even, odd := products(c, operand.Mem{Base: acc, Disp: 32 * i}, operand.Mem{Base: multiplier, Disp: 32 * i}, round, c.YMM)
			c.VPBLENDD(operand.U8(0xaa), odd, even, even)
			c.VPSRAD(shift, even, even)
			halves[i] = even
		}
		v := halves[0]
		c.VPACKSSDW(halves[1], v, v)
		c.VPERMQ(operand.U8(0xd8), v, v) // VPACKSSDW interleaved the lanes
		return v
	}
}

// narrowAVX512 takes a block at once.
func narrowAVX512(c *build.Context) func(acc, multiplier reg.GPVirtual) reg.VecVirtual {
	round, shift := broadcast(c, "round", c.ZMM()), count(c, "shift")
	bits, odds := c.GP32(), c.K()
	c.MOVL(operand.U32(0xaaaa), bits)
	c.KMOVW(bits, odds)
	return func(acc, multiplier reg.GPVirtual) reg.VecVirtual {
		even, odd := products(c, operand.Mem{Base: acc}, operand.Mem{Base: multiplier}, round, c.ZMM)
		c.VMOVDQA32(odd, odds, even)
		c.VPSRAD(shift, even, even)
		v := c.YMM()
		c.VPMOVSDW(even, v)
		return v
	}
}

// products multiplies a register of sums by their multipliers in 64 bits and adds round.
// The upper halves are where the sums were: those of even sums in even, which has zeros
// besides, those of odd ones in odd.
func products(c *build.Context, acc, multiplier operand.Mem, round reg.VecVirtual, vector func() reg.VecVirtual) (even, odd reg.VecVirtual) {
	even, odd, m := vector(), vector(), vector()
	if even.Size() == 64 {
		c.VMOVDQU32(acc, even)
		c.VMOVDQU32(multiplier, m)
	} else {
		c.VMOVDQU(acc, even)
		c.VMOVDQU(multiplier, m)
	}
	c.VPSRLQ(operand.U8(32), even, odd)
	c.VPMULDQ(m, even, even)
	c.VPSRLQ(operand.U8(32), m, m)
	c.VPMULDQ(m, odd, odd)
	c.VPADDQ(round, even, even)
	c.VPADDQ(round, odd, odd)
	c.VPSRLQ(operand.U8(32), even, even)
	return even, odd
}

func addScaled(c *build.Context) {
	argument := begin(c, "intSumAVX2",
		"func(dst, a, b *int16, blocks int, factors, round int32, shift int, low, high int16)",
		"intSumAVX2 adds blocks of 16 elements of a and b, times the lower and the upper half",
		"of factors.")
	dst, a, b, blocks := argument("dst"), argument("a"), argument("b"), argument("blocks")
	factors, round, low, high := broadcast(c, "factors", c.YMM()), broadcast(c, "round", c.YMM()), broadcast(c, "low", c.YMM()), broadcast(c, "high", c.YMM())
	shift := count(c, "shift")

	c.Label("block")
	x, y, lower, upper := c.YMM(), c.YMM(), c.YMM(), c.YMM()
	c.VMOVDQU(operand.Mem{Base: a}, x)
	c.VMOVDQU(operand.Mem{Base: b}, y)
	c.VPUNPCKLWD(y, x, lower)
	c.VPUNPCKHWD(y, x, upper)
	for _, v := range []reg.VecVirtual{lower, upper} {
		c.VPMADDWD(factors, v, v)
		c.VPADDD(round, v, v)
		c.VPSRAD(shift, v, v)
	}
	c.VPACKSSDW(upper, lower, x)
	c.VPMAXSW(low, x, x)
	c.VPMINSW(high, x, x)
	c.VMOVDQU(x, operand.Mem{Base: dst})
	for _, p := range []reg.GPVirtual{dst, a, b} {
		c.ADDQ(operand.U8(32), p)
	}
	c.DECQ(blocks)
	c.JNE(operand.LabelRef("block"))
	c.VZEROUPPER()
	c.RET()
}

func depthwise(c *build.Context) {
	argument := begin(c, "intDepthwiseAVX2",
		"func(acc *int32, a, weights *int16, bias *int32, offsets *int, pairs, odd, accStride, stride, pixels int)",
		"intDepthwiseAVX2 convolves 16 channels of some pixels; strides are in bytes, offsets in",
		"elements; a tap without a partner, if odd is not 0, follows the pairs of taps.")
	acc, a, bias := argument("acc"), argument("a"), argument("bias")
	accStride, stride, pixels := argument("accStride"), argument("stride"), argument("pixels")
	first, second := c.YMM(), c.YMM() // of the bias
	c.VMOVDQU(operand.Mem{Base: bias}, first)
	c.VMOVDQU(operand.Mem{Base: bias, Disp: 32}, second)

	c.Label("pixel")
	weights, offsets, pairs := argument("weights"), argument("offsets"), argument("pairs")
	sums := [2]reg.VecVirtual{c.YMM(), c.YMM()}
	for _, s := range sums {
		c.VPXOR(s, s, s)
	}
	c.TESTQ(pairs, pairs)
	c.JEQ(operand.LabelRef("last"))
	c.Label("pair")
	x, y := tap(c, a, offsets, 0), tap(c, a, offsets, 8)
	addTaps(c, x, y, weights, sums)
	c.ADDQ(operand.U8(16), offsets)
	c.ADDQ(operand.U8(64), weights)
	c.DECQ(pairs)
	c.JNE(operand.LabelRef("pair"))
	c.Label("last")
	odd := argument("odd")
	c.TESTQ(odd, odd)
	c.JEQ(operand.LabelRef("store"))
	x = tap(c, a, offsets, 0)
	addTaps(c, x, x, weights, sums)
	c.Label("store")
	// The halves hold channels 0-3 and 8-11, and 4-7 and 12-15.
	for i, b := range []reg.VecVirtual{first, second} {
		v := c.YMM()
		c.VPERM2I128(operand.U8(0x20+0x11*i), sums[1], sums[0], v)
		c.VPADDD(b, v, v)
		c.VMOVDQU(v, operand.Mem{Base: acc, Disp: 32 * i})
	}
	c.ADDQ(accStride, acc)
	c.ADDQ(stride, a)
	c.DECQ(pixels)
	c.JNE(operand.LabelRef("pixel"))
	c.VZEROUPPER()
	c.RET()
}

// tap loads 16 channels at the offset that lies at offsets.
func tap(c *build.Context, a, offsets reg.GPVirtual, displacement int) reg.VecVirtual {
	at, v := c.GP64(), c.YMM()
	c.MOVQ(operand.Mem{Base: offsets, Disp: displacement}, at)
	c.VMOVDQU(operand.Mem{Base: a, Index: at, Scale: 2}, v)
	return v
}

// addTaps adds the products of two taps with their weights.
func addTaps(c *build.Context, x, y reg.VecVirtual, weights reg.GPVirtual, sums [2]reg.VecVirtual) {
	for i, unpack := range []func(...operand.Op){c.VPUNPCKLWD, c.VPUNPCKHWD} {
		v := c.YMM()
		unpack(y, x, v)
		c.VPMADDWD(operand.Mem{Base: weights, Disp: 32 * i}, v, v)
		c.VPADDD(v, sums[i], sums[i])
	}
}
