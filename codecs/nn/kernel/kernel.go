package kernel

// Rows is how many rows Dots takes at a time.
const Rows = 4

// Dot returns the inner product of two vectors; b is at least as long as a. Elements
// are added in four strands, i modulo 4, and then these.
func Dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32
	for len(a) >= 4 && len(b) >= 4 {
		s0 += float32(a[0] * b[0])
		s1 += float32(a[1] * b[1])
		s2 += float32(a[2] * b[2])
		s3 += float32(a[3] * b[3])
		a, b = a[4:], b[4:]
	}
	for i, v := range a {
		s0 += float32(v * b[i])
	}
	return s0 + s1 + (s2 + s3)
}

// Dots writes the inner products of x with each of Rows vectors of its length, which
// follow one another in rows: Dot of each.
func Dots(x, rows []float32, out *[Rows]float32) {
	rows = rows[:Rows*len(x)]
	if len(x)%4 != 0 || len(x) == 0 {
		dotsGo(x, rows, out)
		return
	}
	dots(x, rows, out)
}

func dotsGo(x, rows []float32, out *[Rows]float32) {
	for i := range out {
		out[i] = Dot(x, rows[i*len(x):])
	}
}

// AddScaled adds k times src to dst, element by element.
func AddScaled(dst []float32, k float32, src []float32) {
	src = src[:len(dst)]
	done := len(dst) &^ 3
	addScaled(dst[:done], k, src)
	addScaledGo(dst[done:], k, src[done:])
}

func addScaledGo(dst []float32, k float32, src []float32) {
	for i := range dst {
		dst[i] += float32(k * src[i])
	}
}

// AddRow adds v times a row of 64 weights to sums, from the group of eight elements on
// that holds first, 0 to 63. Sums wrap around at 32 bits.
func AddRow(sums *[64]int32, row *[64]int16, v int16, first int) {
	addRow(sums, row, v, first&^7&63)
}

func addRowGo(sums *[64]int32, row *[64]int16, v int16, first int) {
	o, r := sums[first:], row[first:]
	for i := range o {
		o[i] += int32(v) * int32(r[i])
	}
}
