package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// elementwise emits one loop over 8 elements at a time for each map. Bodies repeat, step
// by step, the functions of maps_portable.go.
func elementwise(c *build.Context) {
	v := &vec{Context: c, constants: map[uint32]operand.Mem{}}
	for _, m := range []struct {
		name string
		body func(v *vec, x, y reg.VecVirtual, dst operand.Mem) reg.VecVirtual
	}{
		{"exp", func(v *vec, x, _ reg.VecVirtual, _ operand.Mem) reg.VecVirtual { return v.exp(v.sub(x, v.scalar())) }},
		{"log", func(v *vec, x, _ reg.VecVirtual, _ operand.Mem) reg.VecVirtual { return v.log(x) }},
		{"tanh", func(v *vec, x, _ reg.VecVirtual, _ operand.Mem) reg.VecVirtual { return v.tanh(x) }},
		{"sigmoid", func(v *vec, x, _ reg.VecVirtual, _ operand.Mem) reg.VecVirtual {
			return v.div(v.broadcast(1), v.add(v.exp(v.negate(x)), v.constant(1)))
		}},
		{"silu", func(v *vec, x, _ reg.VecVirtual, _ operand.Mem) reg.VecVirtual {
			return v.div(x, v.add(v.exp(v.negate(x)), v.constant(1)))
		}},
		{"gelu", func(v *vec, x, _ reg.VecVirtual, _ operand.Mem) reg.VecVirtual { return v.mul(v.normalCDF(x), x) }},
		{"normalCDF", func(v *vec, x, _ reg.VecVirtual, _ operand.Mem) reg.VecVirtual { return v.normalCDF(x) }},
		{"leaky", func(v *vec, x, _ reg.VecVirtual, _ operand.Mem) reg.VecVirtual {
			return v.blend(x, x, v.mul(x, v.scalar()))
		}},
		{"square", func(v *vec, x, _ reg.VecVirtual, _ operand.Mem) reg.VecVirtual { return v.mul(x, x) }},
		{"abs", func(v *vec, x, _ reg.VecVirtual, _ operand.Mem) reg.VecVirtual { return v.abs(x) }},
		{"sqrt", func(v *vec, x, _ reg.VecVirtual, _ operand.Mem) reg.VecVirtual { return v.sqrt(x) }},
		{"cbrt", func(v *vec, x, _ reg.VecVirtual, _ operand.Mem) reg.VecVirtual { return v.cbrt(x) }},
		{"offset", func(v *vec, x, _ reg.VecVirtual, _ operand.Mem) reg.VecVirtual { return v.add(x, v.scalar()) }},
		{"atLeast", func(v *vec, x, _ reg.VecVirtual, _ operand.Mem) reg.VecVirtual {
			return v.binary(v.VMAXPS, x, v.scalar())
		}},
		{"atMost", func(v *vec, x, _ reg.VecVirtual, _ operand.Mem) reg.VecVirtual {
			return v.binary(v.VMINPS, x, v.scalar())
		}},
		{"greater", func(v *vec, x, y reg.VecVirtual, _ operand.Mem) reg.VecVirtual { return v.binary(v.VMAXPS, x, y) }},
		{"less", func(v *vec, x, y reg.VecVirtual, _ operand.Mem) reg.VecVirtual { return v.binary(v.VMINPS, x, y) }},
		{"flipSign", func(v *vec, x, y reg.VecVirtual, _ operand.Mem) reg.VecVirtual {
			return v.binary(v.VXORPS, x, v.and(y, 1<<31))
		}},
		{"invSqrt", func(v *vec, x, _ reg.VecVirtual, _ operand.Mem) reg.VecVirtual {
			return v.div(v.broadcast(1), v.sqrt(x))
		}},
		{"scale", func(v *vec, x, _ reg.VecVirtual, _ operand.Mem) reg.VecVirtual { return v.mul(x, v.scalar()) }},
		{"add", func(v *vec, x, y reg.VecVirtual, _ operand.Mem) reg.VecVirtual { return v.add(x, y) }},
		{"sub", func(v *vec, x, y reg.VecVirtual, _ operand.Mem) reg.VecVirtual { return v.sub(x, y) }},
		{"mul", func(v *vec, x, y reg.VecVirtual, _ operand.Mem) reg.VecVirtual { return v.mul(x, y) }},
		{"mulAdd", func(v *vec, x, y reg.VecVirtual, dst operand.Mem) reg.VecVirtual { return v.add(v.mul(x, y), dst) }},
		{"div", func(v *vec, x, y reg.VecVirtual, _ operand.Mem) reg.VecVirtual { return v.div(x, y) }},
		{"mulSqrt", func(v *vec, x, y reg.VecVirtual, _ operand.Mem) reg.VecVirtual { return v.mul(x, v.sqrt(y)) }},
		{"divSqrt", func(v *vec, x, y reg.VecVirtual, _ operand.Mem) reg.VecVirtual { return v.div(x, v.sqrt(y)) }},
	} {
		v.emit(m.name+"AVX2", m.body)
	}
}

// vec emits operations on eight floats; values go in and come out in registers.
type vec struct {
	*build.Context
	constants map[uint32]operand.Mem // by bits
	s         reg.VecVirtual         // the function's scalar, once somebody asked
}

func (v *vec) emit(name string, body func(v *vec, x, y reg.VecVirtual, dst operand.Mem) reg.VecVirtual) {
	c := v.Context
	c.Function(name)
	c.Attributes(attr.NOSPLIT)
	c.SignatureExpr("func(dst, x, y *float32, n int, s float32)")
	c.Pragma("noescape")
	c.Doc(name + " applies the map to n elements, a multiple of 8 and not 0.")
	dst, x := c.Load(c.Param("dst"), c.GP64()), c.Load(c.Param("x"), c.GP64())
	y, n := c.Load(c.Param("y"), c.GP64()), c.Load(c.Param("n"), c.GP64())
	end := c.GP64()
	c.MOVQ(n, end)
	// Count up from -n, so that one index serves all pointers.
	for _, p := range []reg.Register{dst, x, y} {
		c.LEAQ(operand.Mem{Base: p, Index: end, Scale: 4}, p)
	}
	c.NEGQ(end)
	s, err := c.Param("s").Resolve()
	if err != nil {
		panic(err)
	}
	v.s = c.YMM()
	c.VBROADCASTSS(s.Addr, v.s)
	at := func(p reg.Register) operand.Mem { return operand.Mem{Base: p, Index: end, Scale: 4} }
	c.Label("loop")
	a, b := c.YMM(), c.YMM()
	c.VMOVUPS(at(x), a)
	c.VMOVUPS(at(y), b)
	c.VMOVUPS(body(v, a, b, at(dst)), at(dst))
	c.ADDQ(operand.U8(8), end)
	c.JNE(operand.LabelRef("loop"))
	c.VZEROUPPER()
	c.RET()
}

// scalar returns the function's s in all lanes.
func (v *vec) scalar() reg.VecVirtual { return v.s }

// bits returns a constant of eight times these bits, in read-only memory.
func (v *vec) bits(b uint32) operand.Mem {
	if m, ok := v.constants[b]; ok {
		return m
	}
	m := v.StaticGlobal(fmt.Sprintf("all%08x", b))
	v.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range 4 {
		v.AddDatum(8*i, operand.U64(uint64(b)<<32|uint64(b)))
	}
	v.constants[b] = m
	return m
}

func (v *vec) constant(f float64) operand.Mem { return v.bits(math.Float32bits(float32(f))) }

// broadcast loads a constant.
func (v *vec) broadcast(f float64) reg.VecVirtual {
	r := v.YMM()
	v.VMOVUPS(v.constant(f), r)
	return r
}

func (v *vec) binary(op func(...operand.Op), a reg.VecVirtual, b operand.Op) reg.VecVirtual {
	r := v.YMM()
	op(b, a, r)
	return r
}

// Operations on a, a register, and b, a register or memory.
func (v *vec) add(a reg.VecVirtual, b operand.Op) reg.VecVirtual { return v.binary(v.VADDPS, a, b) }
func (v *vec) sub(a reg.VecVirtual, b operand.Op) reg.VecVirtual { return v.binary(v.VSUBPS, a, b) }
func (v *vec) mul(a reg.VecVirtual, b operand.Op) reg.VecVirtual { return v.binary(v.VMULPS, a, b) }
func (v *vec) div(a reg.VecVirtual, b operand.Op) reg.VecVirtual { return v.binary(v.VDIVPS, a, b) }

func (v *vec) sqrt(a operand.Op) reg.VecVirtual {
	r := v.YMM()
	v.VSQRTPS(a, r)
	return r
}

// integer operations on the bits.
func (v *vec) addBits(a reg.VecVirtual, b operand.Op) reg.VecVirtual { return v.binary(v.VPADDD, a, b) }
func (v *vec) subBits(a reg.VecVirtual, b operand.Op) reg.VecVirtual { return v.binary(v.VPSUBD, a, b) }

func (v *vec) and(a reg.VecVirtual, bits uint32) reg.VecVirtual {
	r := v.YMM()
	v.VANDPS(v.bits(bits), a, r)
	return r
}

func (v *vec) abs(a reg.VecVirtual) reg.VecVirtual { return v.and(a, 1<<31-1) }

func (v *vec) negate(a reg.VecVirtual) reg.VecVirtual {
	r := v.YMM()
	v.VXORPS(v.constant(math.Copysign(0, -1)), a, r)
	return r
}

// Predicates of compare.
const (
	equal = 0x00
	less  = 0x11
	more  = 0x1e
)

// compare returns a mask: a predicate b.
func (v *vec) compare(a reg.VecVirtual, predicate uint8, b operand.Op) reg.VecVirtual {
	r := v.YMM()
	v.VCMPPS(operand.U8(predicate), b, a, r)
	return r
}

// blend returns yes where mask's sign bit is set, no elsewhere.
func (v *vec) blend(mask, no reg.VecVirtual, yes operand.Op) reg.VecVirtual {
	r := v.YMM()
	v.VBLENDVPS(mask, yes, no, r)
	return r
}

func (v *vec) horner(x reg.VecVirtual, coefficients ...float64) reg.VecVirtual {
	p := v.mul(x, v.constant(coefficients[0]))
	for i, c := range coefficients[1:] {
		if i > 0 {
			p = v.mul(p, x)
		}
		p = v.add(p, v.constant(c))
	}
	return p
}

func (v *vec) exp(x reg.VecVirtual) reg.VecVirtual {
	const round = 3 << 22
	x = v.binary(v.VMINPS, v.broadcast(89), x)
	x = v.binary(v.VMAXPS, v.broadcast(-104), x)
	z := v.add(v.mul(x, v.constant(math.Log2E)), v.constant(round))
	n := v.sub(z, v.constant(round))
	r := v.sub(x, v.mul(n, v.constant(0.693359375)))
	r = v.sub(r, v.mul(n, v.constant(-2.12194440e-4)))
	y := v.horner(r, 1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1)
	y = v.add(v.add(v.mul(y, v.mul(r, r)), r), v.constant(1))
	k := v.subBits(z, v.constant(round))
	half := v.YMM()
	v.VPSRAD(operand.U8(1), k, half)
	k = v.subBits(k, half)
	for _, e := range []reg.VecVirtual{half, k} {
		power := v.addBits(e, v.bits(127))
		v.VPSLLD(operand.U8(23), power, power)
		y = v.mul(y, power)
	}
	return y
}

func (v *vec) log(x reg.VecVirtual) reg.VecVirtual {
	const sqrtHalf = 0x3f3504f3
	tiny := v.compare(x, less, v.constant(0x1p-126))
	scaled := v.blend(tiny, x, v.mul(x, v.constant(1<<23)))
	k := v.YMM()
	v.VANDPS(v.constant(-23), tiny, k)
	exponent := v.subBits(scaled, v.bits(sqrtHalf))
	v.VPSRAD(operand.U8(23), exponent, exponent)
	shifted, count := v.YMM(), v.YMM()
	v.VPSLLD(operand.U8(23), exponent, shifted)
	v.VCVTDQ2PS(exponent, count)
	k = v.add(k, count)
	r := v.sub(v.subBits(scaled, shifted), v.constant(1))
	square := v.mul(r, r)
	y := v.horner(r, 7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
		-1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1)
	y = v.add(v.mul(v.mul(y, r), square), v.mul(k, v.constant(-2.12194440e-4)))
	y = v.sub(y, v.mul(square, v.constant(0.5)))
	y = v.add(v.add(r, y), v.mul(k, v.constant(0.693359375)))
	y = v.blend(v.compare(x, more, v.constant(math.MaxFloat32)), y, x)
	zero := v.blend(v.compare(x, equal, v.constant(0)), v.broadcast(math.NaN()), v.constant(math.Inf(-1)))
	return v.blend(v.compare(x, more, v.constant(0)), zero, y)
}

func (v *vec) cbrt(x reg.VecVirtual) reg.VecVirtual {
	const third = 709964800
	a := v.abs(x)
	guess, t := v.YMM(), v.YMM()
	v.VCVTDQ2PS(a, guess)
	v.VCVTTPS2DQ(v.mul(guess, v.constant(1./3)), t)
	t = v.addBits(t, v.bits(third))
	twice := v.add(a, a)
	cube := v.mul(v.mul(t, t), t)
	t = v.mul(t, v.div(v.add(cube, twice), v.add(v.add(cube, cube), a)))
	cube = v.mul(v.mul(t, t), t)
	t = v.sub(t, v.mul(t, v.div(v.sub(cube, a), v.add(v.add(cube, cube), a))))
	v.VORPS(v.and(x, 1<<31), t, t)
	return v.blend(v.compare(a, less, v.constant(0x1p-126)), t, v.constant(0))
}

func (v *vec) tanh(x reg.VecVirtual) reg.VecVirtual {
	a := v.abs(x)
	t := v.sub(v.broadcast(1), v.div(v.broadcast(2), v.add(v.exp(v.add(a, a)), v.constant(1))))
	v.VORPS(v.and(x, 1<<31), t, t)
	z := v.mul(x, x)
	p := v.horner(z, -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1)
	p = v.add(v.mul(v.mul(p, z), x), x)
	return v.blend(v.compare(v.abs(x), less, v.constant(0.625)), t, p)
}

func (v *vec) normalCDF(x reg.VecVirtual) reg.VecVirtual {
	a := v.abs(x)
	t := v.div(v.broadcast(1), v.add(v.mul(a, v.constant(0.5*math.Sqrt2/2)), v.constant(1)))
	p := v.horner(t, 0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223)
	e := v.exp(v.sub(p, v.mul(v.mul(a, a), v.constant(0.5))))
	tail := v.mul(v.mul(t, v.constant(0.5)), e)
	return v.blend(v.compare(x, less, v.constant(0)), v.sub(v.broadcast(1), tail), tail)
}
