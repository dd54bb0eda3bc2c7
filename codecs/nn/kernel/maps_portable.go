package kernel

import "math"

// Every product is converted to float32 before it is added to something, which forbids
// fused multiply-adds; the constants and their order are those of gen/maps.go.

// mapPortable is the map of every element, in Go.
func mapPortable(op mapOp, dst, x, y []float32, s float32) {
	x, y = x[:len(dst)], y[:len(dst)]
	switch op {
	case opExp, opLeaky, opScale, opOffset, opAtLeast, opAtMost:
		mapScalar(op, dst, x, s)
	case opLog, opTanh, opSigmoid, opSiLU, opGELU, opNormalCDF, opSqrt, opCbrt:
		mapFunction(op, dst, x)
	case opGreater, opLess, opFlipSign:
		mapChoice(op, dst, x, y)
	case opSquare:
		for i, v := range x {
			dst[i] = v * v
		}
	case opAbs:
		for i, v := range x {
			dst[i] = abs32(v)
		}
	case opInvSqrt:
		for i, v := range x {
			dst[i] = 1 / sqrt32(v)
		}
	default:
		mapBinary(op, dst, x, y)
	}
}

// mapScalar is a map of one operand and a number.
func mapScalar(op mapOp, dst, x []float32, s float32) {
	switch op {
	case opExp:
		for i, v := range x {
			dst[i] = exp32(v - s)
		}
	case opLeaky:
		for i, v := range x {
			if v < 0 {
				v *= s
			}
			dst[i] = v
		}
	case opScale:
		for i, v := range x {
			dst[i] = v * s
		}
	case opOffset:
		for i, v := range x {
			dst[i] = v + s
		}
	case opAtLeast:
		for i, v := range x {
			dst[i] = greater32(v, s)
		}
	case opAtMost:
		for i, v := range x {
			dst[i] = less32(v, s)
		}
	}
}

// mapFunction is a map of one operand that takes more than an operation.
func mapFunction(op mapOp, dst, x []float32) {
	f := [...]func(float32) float32{
		opLog: log32, opTanh: tanh32, opSigmoid: sigmoid32, opSiLU: silu32, opGELU: gelu32, opNormalCDF: normalCDF32,
		opSqrt: sqrt32, opCbrt: cbrt32,
	}[op]
	for i, v := range x {
		dst[i] = f(v)
	}
}

// mapBinary is a map of two operands, in arithmetic.
func mapBinary(op mapOp, dst, x, y []float32) {
	switch op {
	case opAdd:
		for i, v := range x {
			dst[i] = v + y[i]
		}
	case opSub:
		for i, v := range x {
			dst[i] = v - y[i]
		}
	case opMul:
		for i, v := range x {
			dst[i] = v * y[i]
		}
	case opMulAdd:
		for i, v := range x {
			dst[i] += float32(v * y[i])
		}
	case opDiv:
		for i, v := range x {
			dst[i] = v / y[i]
		}
	case opMulSqrt:
		for i, v := range x {
			dst[i] = v * sqrt32(y[i])
		}
	case opDivSqrt:
		for i, v := range x {
			dst[i] = v / sqrt32(y[i])
		}
	}
}

// mapChoice is a map of two operands that computes nothing.
func mapChoice(op mapOp, dst, x, y []float32) {
	switch op {
	case opGreater:
		for i, v := range x {
			dst[i] = greater32(v, y[i])
		}
	case opLess:
		for i, v := range x {
			dst[i] = less32(v, y[i])
		}
	case opFlipSign:
		for i, v := range x {
			dst[i] = math.Float32frombits(math.Float32bits(v) ^ math.Float32bits(y[i])&(1<<31))
		}
	}
}

// greater32 is b unless a is greater: b too where one is not a number.
func greater32(a, b float32) float32 {
	if a > b {
		return a
	}
	return b
}

// less32 is b unless a is less.
func less32(a, b float32) float32 {
	if a < b {
		return a
	}
	return b
}

func sqrt32(x float32) float32 { return float32(math.Sqrt(float64(x))) }

func abs32(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ (1 << 31)) }

// exp32 takes x = n*ln 2 + r and scales e^r by 2^n in two steps, so that denormal results
// and infinity come by themselves. The polynomial is that of Cephes' expf.
func exp32(x float32) float32 {
	const round = 3 << 22 // adding it rounds to an integer and puts it in the low bits
	if 89 < x {
		x = 89
	}
	if -104 > x {
		x = -104
	}
	z := float32(x*math.Log2E) + round
	n := z - round
	r := x - float32(n*0.693359375)
	r -= float32(n * -2.12194440e-4)
	y := float32(1.9875691500e-4*r) + 1.3981999507e-3
	y = float32(y*r) + 8.3334519073e-3
	y = float32(y*r) + 4.1665795894e-2
	y = float32(y*r) + 1.6666665459e-1
	y = float32(y*r) + 5.0000001201e-1
	y = float32(y*float32(r*r)) + r + 1
	k := int32(math.Float32bits(z) - math.Float32bits(round))
	half := k >> 1
	y *= math.Float32frombits(uint32(half+127) << 23)
	return y * math.Float32frombits(uint32(k-half+127)<<23)
}

// log32 takes x = 2^k*m with m from sqrt(1/2) to sqrt(2). The polynomial is that of
// Cephes' logf.
func log32(x float32) float32 {
	switch {
	case x == 0:
		return float32(math.Inf(-1))
	case !(x > 0):
		return float32(math.NaN())
	case x > math.MaxFloat32:
		return x
	}
	const minNormal = 0x1p-126
	var k float32
	if x < minNormal {
		x *= 1 << 23
		k = -23
	}
	const sqrtHalf = 0x3f3504f3
	exponent := int32(math.Float32bits(x)-sqrtHalf) >> 23
	k += float32(exponent)
	r := math.Float32frombits(math.Float32bits(x)-uint32(exponent)<<23) - 1
	square := float32(r * r)
	y := float32(7.0376836292e-2*r) - 1.1514610310e-1
	y = float32(y*r) + 1.1676998740e-1
	y = float32(y*r) - 1.2420140846e-1
	y = float32(y*r) + 1.4249322787e-1
	y = float32(y*r) - 1.6668057665e-1
	y = float32(y*r) + 2.0000714765e-1
	y = float32(y*r) - 2.4999993993e-1
	y = float32(y*r) + 3.3333331174e-1
	y = float32(float32(y*r)*square) + float32(k*-2.12194440e-4)
	y -= float32(square * 0.5)
	return (r + y) + float32(k*0.693359375)
}

// cbrt32 takes a third of the exponent and improves it twice by Halley's method.
func cbrt32(x float32) float32 {
	const third = 709964800
	a := abs32(x)
	if a < 0x1p-126 {
		return 0
	}
	t := math.Float32frombits(uint32(int32(float32(float32(int32(math.Float32bits(a)))*(1./3)))) + third)
	cube := float32(float32(t*t) * t)
	t *= (cube + (a + a)) / ((cube + cube) + a)
	cube = float32(float32(t*t) * t)
	t -= float32(t * ((cube - a) / ((cube + cube) + a)))
	return math.Float32frombits(math.Float32bits(t) | math.Float32bits(x)&(1<<31))
}

// tanh32 is Cephes' tanhf: a polynomial near 0, from the exponential elsewhere.
func tanh32(x float32) float32 {
	a := abs32(x)
	if a < 0.625 {
		z := float32(x * x)
		p := float32(-5.70498872745e-3*z) + 2.06390887954e-2
		p = float32(p*z) - 5.37397155531e-2
		p = float32(p*z) + 1.33314422036e-1
		p = float32(p*z) - 3.33332819422e-1
		return float32(float32(p*z)*x) + x
	}
	t := 1 - 2/(exp32(a+a)+1)
	return math.Float32frombits(math.Float32bits(t) | math.Float32bits(x)&(1<<31))
}

func sigmoid32(x float32) float32 { return 1 / (exp32(-x) + 1) }

func silu32(x float32) float32 { return x / (exp32(-x) + 1) }

func gelu32(x float32) float32 { return x * normalCDF32(x) }

// normalCDF32 is erfc(|x|/sqrt 2)/2, or 1 minus that. The rational exponent is erfcc of
// Press et al., Numerical Recipes.
func normalCDF32(x float32) float32 {
	a := abs32(x)
	t := 1 / (float32(a*(0.5*math.Sqrt2/2)) + 1)
	p := float32(0.17087277*t) - 0.82215223
	p = float32(p*t) + 1.48851587
	p = float32(p*t) - 1.13520398
	p = float32(p*t) + 0.27886807
	p = float32(p*t) - 0.18628806
	p = float32(p*t) + 0.09678418
	p = float32(p*t) + 0.37409196
	p = float32(p*t) + 1.00002368
	p = float32(p*t) - 1.26551223
	tail := float32(float32(t*0.5) * exp32(p-float32(float32(a*a)*0.5)))
	if x < 0 {
		return tail
	}
	return 1 - tail
}
