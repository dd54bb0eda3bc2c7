package kernel

import "fmt"

// Blend is a weighted sum of rows: dst[i] = bias + sum over k of w[k]*rows[k][i], with k
// rising and products fused where the processor can. Rows have at least dst's length, may
// overlap one another, but not dst: a filter along a row is rows[k] = row[k:], one down
// the columns takes the rows of a picture. Implementations differ by at most 1e-6 times the
// sum of the products' magnitudes; an element is the same to the bit wherever it lies.
func Blend(dst []float32, rows [][]float32, w []float32, bias float32) {
	if len(rows) != len(w) {
		panic(fmt.Sprintf("kernel: %d rows and %d weights", len(rows), len(w)))
	}
	for _, r := range rows {
		if len(r) < len(dst) {
			panic(fmt.Sprintf("kernel: %d results from a row of %d elements", len(dst), len(r)))
		}
	}
	active.blend(dst, rows, w, bias)
}

func blendPortable(dst []float32, rows [][]float32, w []float32, bias float32) {
	for i := range dst {
		dst[i] = bias
	}
	for k, r := range rows {
		f := w[k]
		for i, v := range r[:len(dst)] {
			dst[i] += float32(f * v)
		}
	}
}
