//go:build amd64 && !purego

#include "textflag.h"

// func dots(x, rows []float32, out *[4]float32)
// X0 to X3 hold the four strands of each row's sum.
TEXT ·dots(SB), NOSPLIT, $0-56
	MOVQ x_base+0(FP), SI
	MOVQ x_len+8(FP), CX
	MOVQ rows_base+24(FP), R8
	MOVQ out+48(FP), DI
	LEAQ (R8)(CX*4), R9
	LEAQ (R9)(CX*4), R10
	LEAQ (R10)(CX*4), R11
	XORPS X0, X0
	XORPS X1, X1
	XORPS X2, X2
	XORPS X3, X3
	XORQ AX, AX

loop:
	MOVUPS (SI)(AX*4), X8
	MOVUPS (R8)(AX*4), X4
	MOVUPS (R9)(AX*4), X5
	MOVUPS (R10)(AX*4), X6
	MOVUPS (R11)(AX*4), X7
	MULPS  X8, X4
	MULPS  X8, X5
	MULPS  X8, X6
	MULPS  X8, X7
	ADDPS  X4, X0
	ADDPS  X5, X1
	ADDPS  X6, X2
	ADDPS  X7, X3
	ADDQ   $4, AX
	CMPQ   AX, CX
	JLT    loop

	// Transpose, then add the strands: (0 + 1) + (2 + 3).
	MOVAPS   X0, X4
	UNPCKLPS X1, X4 // row 0 strand 0, row 1 strand 0, row 0 strand 1, row 1 strand 1
	UNPCKHPS X1, X0 // strands 2 and 3
	MOVAPS   X2, X5
	UNPCKLPS X3, X5
	UNPCKHPS X3, X2
	MOVAPS   X4, X6
	MOVLHPS  X5, X4 // strand 0
	MOVHLPS  X6, X5 // strand 1
	MOVAPS   X0, X7
	MOVLHPS  X2, X0 // strand 2
	MOVHLPS  X7, X2 // strand 3
	ADDPS    X5, X4
	ADDPS    X2, X0
	ADDPS    X0, X4
	MOVUPS   X4, (DI)
	RET

// func addScaled(dst []float32, k float32, src []float32)
TEXT ·addScaled(SB), NOSPLIT, $0-56
	MOVQ   dst_base+0(FP), DI
	MOVQ   dst_len+8(FP), CX
	MOVSS  k+24(FP), X0
	MOVQ   src_base+32(FP), SI
	SHUFPS $0, X0, X0
	XORQ   AX, AX
	JMP    test

four:
	MOVUPS (SI)(AX*4), X1
	MOVUPS (DI)(AX*4), X2
	MULPS  X0, X1
	ADDPS  X1, X2
	MOVUPS X2, (DI)(AX*4)
	ADDQ   $4, AX

test:
	CMPQ AX, CX
	JLT  four
	RET

// func addRow(sums *[64]int32, row *[64]int16, v int16, first int)
TEXT ·addRow(SB), NOSPLIT, $0-32
	MOVQ    sums+0(FP), DI
	MOVQ    row+8(FP), SI
	MOVWLSX v+16(FP), DX
	MOVQ    first+24(FP), AX
	MOVQ    DX, X0
	PSHUFLW $0, X0, X0
	PUNPCKLQDQ X0, X0

next:
	MOVOU     (SI)(AX*2), X1
	MOVO      X1, X2
	PMULLW    X0, X1 // low halves of the products
	PMULHW    X0, X2 // high halves
	MOVO      X1, X3
	PUNPCKLWL X2, X1
	PUNPCKHWL X2, X3
	MOVOU     (DI)(AX*4), X4
	MOVOU     16(DI)(AX*4), X5
	PADDL     X1, X4
	PADDL     X3, X5
	MOVOU     X4, (DI)(AX*4)
	MOVOU     X5, 16(DI)(AX*4)
	ADDQ      $8, AX
	CMPQ      AX, $64
	JLT       next
	RET
