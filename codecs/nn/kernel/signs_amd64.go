//go:build amd64 && !purego

package kernel

func signsVector(signs []byte, x []float32) {
	if len(signs) > 0 {
		signsAVX2(&signs[0], &x[0], len(signs))
	}
}

func leakyBySignsVector(dst, x []float32, signs []byte, slope float32) {
	if len(signs) > 0 {
		leakyBySignsAVX2(&dst[0], &x[0], &signs[0], len(signs), slope)
	}
}
