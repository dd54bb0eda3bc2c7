//go:build amd64 && !purego

package kernel

// blendWide is how many elements the wide loop does at a time.
const blendWide = 64

// tailMask holds 8 set elements and then 8 that are not: a mask of n elements starts at 8-n.
var tailMask = [16]int32{-1, -1, -1, -1, -1, -1, -1, -1}

// blendAVX2 does the elements in blocks of 64; what is left over by a last block that
// begins earlier, over elements that are there already. Short rows go in blocks of 8, the
// last under a mask.
func blendAVX2(dst []float32, rows [][]float32, w []float32, bias float32) {
	n := len(dst)
	switch {
	case n == 0:
	case len(rows) == 0:
		blendPortable(dst, rows, w, bias)
	case n >= blendWide:
		blend64AVX2(dst, rows, w, bias, 0, n/blendWide)
		if n%blendWide != 0 {
			blend64AVX2(dst, rows, w, bias, n-blendWide, 1)
		}
	default:
		if n >= 8 {
			blend8AVX2(dst, rows, w, bias, 0, n/8)
		}
		if n%8 != 0 {
			blendTailAVX2(dst, rows, w, bias, n&^7, &tailMask[8-n%8])
		}
	}
}
