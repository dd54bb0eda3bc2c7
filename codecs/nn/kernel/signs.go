package kernel

import "fmt"

// Signs writes the sign bits of x, eight to a byte, from the lowest bit on: what Leaky's
// derivative has to know. x has eight elements for each byte.
func Signs(signs []byte, x []float32) {
	if len(x) != 8*len(signs) {
		panic(fmt.Sprintf("kernel: %d elements for %d bytes of signs", len(x), len(signs)))
	}
	active.signs(signs, x)
}

// LeakyBySigns is x, times slope where the sign bit is set: the derivative of Leaky of what
// the signs are of, times x. There are eight elements for each byte; dst may be x.
func LeakyBySigns(dst, x []float32, signs []byte, slope float32) {
	if len(x) != 8*len(signs) || len(dst) != len(x) {
		panic(fmt.Sprintf("kernel: %d results from %d elements and %d bytes of signs", len(dst), len(x), len(signs)))
	}
	active.leakyBySigns(dst, x, signs, slope)
}
