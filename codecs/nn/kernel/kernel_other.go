//go:build !amd64 || purego

package kernel

func dots(x, rows []float32, out *[Rows]float32) { dotsGo(x, rows, out) }

func addScaled(dst []float32, k float32, src []float32) { addScaledGo(dst, k, src) }

func addRow(sums *[64]int32, row *[64]int16, v int16, first int) { addRowGo(sums, row, v, first) }
