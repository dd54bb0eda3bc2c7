package kernel

import "fmt"

// This file holds the element-wise maps. All take slices of at least dst's length; dst may
// be one of the others, but not overlap one otherwise. No map fuses a multiplication with an
// addition: results are the same to the bit on every machine and with every implementation.

// mapOp names an element-wise map in the tables of the implementations.
type mapOp int

const (
	opExp mapOp = iota
	opLog
	opTanh
	opSigmoid
	opSiLU
	opGELU
	opNormalCDF
	opLeaky
	opSquare
	opAbs
	opSqrt
	opInvSqrt
	opCbrt
	opScale
	opOffset
	opAtLeast
	opAtMost
	opAdd
	opSub
	opMul
	opMulAdd
	opDiv
	opMulSqrt
	opDivSqrt
	opGreater
	opLess
	opFlipSign
	opCount
)

// apply checks lengths and runs a map; maps of one operand do not look at y.
func apply(op mapOp, dst, x, y []float32, s float32) {
	if len(x) < len(dst) || len(y) < len(dst) {
		panic(fmt.Sprintf("kernel: %d results from %d and %d elements", len(dst), len(x), len(y)))
	}
	active.apply(op, dst, x[:len(dst)], y[:len(dst)], s)
}

// Exp is e^x, to 1.1 ulp; denormal results too; +Inf from 88.73 on, 0 below -103.98.
func Exp(dst, x []float32) { apply(opExp, dst, x, x, 0) }

// Log is the natural logarithm, to 1 ulp; -Inf of 0, NaN below.
func Log(dst, x []float32) { apply(opLog, dst, x, x, 0) }

// Tanh is the hyperbolic tangent, to 2 ulp.
func Tanh(dst, x []float32) { apply(opTanh, dst, x, x, 0) }

// Sigmoid is 1/(1+e^-x), to 3 ulp above -87; below it is less than 2e-38.
func Sigmoid(dst, x []float32) { apply(opSigmoid, dst, x, x, 0) }

// SiLU is x times the sigmoid of x, to 3 ulp above -87; x is finite.
func SiLU(dst, x []float32) { apply(opSiLU, dst, x, x, 0) }

// NormalCDF is the standard normal distribution function, to 2e-7 absolutely and, down
// to -5, 2.4e-6 relatively (Press et al., Numerical Recipes, erfc with Chebyshev's error).
func NormalCDF(dst, x []float32) { apply(opNormalCDF, dst, x, x, 0) }

// GELU is x times NormalCDF of x (the exact GELU, with erf), to 3e-7 times the greater of 1
// and |x|; x is finite.
func GELU(dst, x []float32) { apply(opGELU, dst, x, x, 0) }

// Leaky is x, times slope where x is negative: LeakyReLU, and with slope 0 ReLU.
func Leaky(dst, x []float32, slope float32) { apply(opLeaky, dst, x, x, slope) }

// Square is x*x.
func Square(dst, x []float32) { apply(opSquare, dst, x, x, 0) }

// Abs is |x|.
func Abs(dst, x []float32) { apply(opAbs, dst, x, x, 0) }

// Sqrt is the square root, rounded correctly.
func Sqrt(dst, x []float32) { apply(opSqrt, dst, x, x, 0) }

// Cbrt is the cube root, to 2 ulp, of magnitudes from 1e-30 to 1e37; 0 of 0.
func Cbrt(dst, x []float32) { apply(opCbrt, dst, x, x, 0) }

// InvSqrt is 1/sqrt(x), both operations rounded correctly.
func InvSqrt(dst, x []float32) { apply(opInvSqrt, dst, x, x, 0) }

// Scale is s*x.
func Scale(dst, x []float32, s float32) { apply(opScale, dst, x, x, s) }

// Offset is x+s.
func Offset(dst, x []float32, s float32) { apply(opOffset, dst, x, x, s) }

// Affine is s*x, rounded, plus t.
func Affine(dst, x []float32, s, t float32) {
	apply(opScale, dst, x, x, s)
	apply(opOffset, dst, dst, dst, t)
}

// AtLeast is x where that is greater than s, s elsewhere.
func AtLeast(dst, x []float32, s float32) { apply(opAtLeast, dst, x, x, s) }

// AtMost is x where that is less than s, s elsewhere.
func AtMost(dst, x []float32, s float32) { apply(opAtMost, dst, x, x, s) }

// Clamp is x, but low where it is below and high where it is above.
func Clamp(dst, x []float32, low, high float32) {
	apply(opAtLeast, dst, x, x, low)
	apply(opAtMost, dst, dst, dst, high)
}

// Greater is x where that is greater than y, y elsewhere.
func Greater(dst, x, y []float32) { apply(opGreater, dst, x, y, 0) }

// Less is x where that is less than y, y elsewhere.
func Less(dst, x, y []float32) { apply(opLess, dst, x, y, 0) }

// FlipSign is -x where y has the sign bit, x elsewhere.
func FlipSign(dst, x, y []float32) { apply(opFlipSign, dst, x, y, 0) }

// Add is x+y.
func Add(dst, x, y []float32) { apply(opAdd, dst, x, y, 0) }

// Sub is x-y.
func Sub(dst, x, y []float32) { apply(opSub, dst, x, y, 0) }

// Mul is x*y.
func Mul(dst, x, y []float32) { apply(opMul, dst, x, y, 0) }

// MulAdd adds x*y, rounded, to dst.
func MulAdd(dst, x, y []float32) { apply(opMulAdd, dst, x, y, 0) }

// Div is x/y.
func Div(dst, x, y []float32) { apply(opDiv, dst, x, y, 0) }

// MulSqrt is x*sqrt(y): what inverse GDN does with its norm.
func MulSqrt(dst, x, y []float32) { apply(opMulSqrt, dst, x, y, 0) }

// DivSqrt is x/sqrt(y): what GDN does with its norm.
func DivSqrt(dst, x, y []float32) { apply(opDivSqrt, dst, x, y, 0) }

// MulRows multiplies every row of len(v) elements by v: a scale for each channel of NHWC
// data. dst holds whole rows.
func MulRows(dst, x, v []float32) {
	for i := 0; i < len(dst); i += len(v) {
		apply(opMul, dst[i:i+len(v)], x[i:i+len(v)], v, 0)
	}
}
