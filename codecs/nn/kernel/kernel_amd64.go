//go:build amd64 && !purego

package kernel

// dots is Dots for a length that is a multiple of 4 and not 0.
//
//go:noescape
func dots(x, rows []float32, out *[Rows]float32)

// addScaled is AddScaled for a length that is a multiple of 4.
//
//go:noescape
func addScaled(dst []float32, k float32, src []float32)

// addRow adds v times the elements from first, a multiple of 8 below 64, on.
//
//go:noescape
func addRow(sums *[64]int32, row *[64]int16, v int16, first int)
