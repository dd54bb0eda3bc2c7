//go:build amd64 && !purego

package kernel

// mapsAVX2 holds the assembly of each map, for multiples of 8 elements.
var mapsAVX2 = [opCount]func(dst, x, y *float32, n int, s float32){
	opExp: expAVX2, opLog: logAVX2, opTanh: tanhAVX2, opSigmoid: sigmoidAVX2, opSiLU: siluAVX2,
	opGELU: geluAVX2, opNormalCDF: normalCDFAVX2, opLeaky: leakyAVX2, opSquare: squareAVX2,
	opAbs: absAVX2, opInvSqrt: invSqrtAVX2, opScale: scaleAVX2, opAdd: addAVX2, opSub: subAVX2,
	opMul: mulAVX2, opMulAdd: mulAddAVX2, opDiv: divAVX2, opMulSqrt: mulSqrtAVX2, opDivSqrt: divSqrtAVX2,
	opSqrt: sqrtAVX2, opCbrt: cbrtAVX2, opOffset: offsetAVX2, opAtLeast: atLeastAVX2, opAtMost: atMostAVX2,
	opGreater: greaterAVX2, opLess: lessAVX2, opFlipSign: flipSignAVX2,
}

func mapAVX2(op mapOp, dst, x, y []float32, s float32) {
	n := len(dst) &^ 7
	if n > 0 {
		mapsAVX2[op](&dst[0], &x[0], &y[0], n, s)
	}
	if n < len(dst) {
		mapPortable(op, dst[n:], x[n:], y[n:], s)
	}
}
