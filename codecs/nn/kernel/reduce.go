package kernel

// Sums are taken in one fixed order, the same for every implementation: 32 strands, element
// i in strand i modulo 32 as far as 32 divides, (0 to 7 + 8 to 15) + (16 to 23 + 24 to 31),
// then the upper half onto the lower, and then what remains, one after another.
const strands = 32

// Sum is the sum of all elements, 0 of none.
func Sum(x []float32) float32 {
	whole := len(x) / strands * strands
	var sum float32
	if whole > 0 {
		sum = active.sum(x[:whole])
	}
	for _, v := range x[whole:] {
		sum += v
	}
	return sum
}

// SumSquares is the sum of the squares of the elements' distances from center, 0 of none.
func SumSquares(x []float32, center float32) float32 {
	whole := len(x) / strands * strands
	var sum float32
	if whole > 0 {
		sum = active.sumSquares(x[:whole], center)
	}
	for _, v := range x[whole:] {
		sum += float32((v - center) * (v - center))
	}
	return sum
}

// Max is the greatest element of at least one; none is NaN.
func Max(x []float32) float32 {
	most := x[0]
	whole := len(x) / strands * strands
	if whole > 0 {
		most = active.max(x[:whole])
	}
	for _, v := range x[whole:] {
		most = max(most, v)
	}
	return most
}

// Softmax is e^x over the sum of all e^x, taken from the greatest x on so that nothing
// overflows. There is at least one element, and a finite one; -Inf gives 0.
func Softmax(dst, x []float32) {
	apply(opExp, dst, x, x, Max(x[:len(dst)]))
	Scale(dst, dst, 1/Sum(dst))
}

// Normalize is (x-mean)*inverse*w + b: what layer normalisation does with the weights and
// biases of the channels. x, w and b are at least as long as dst, which may be x.
func Normalize(dst, x []float32, mean, inverse float32, w, b []float32) {
	n := len(dst)
	whole := n &^ 7
	if whole > 0 {
		active.normalize(dst[:whole], x[:whole], w[:whole], b[:whole], mean, inverse)
	}
	normalizePortable(dst[whole:], x[whole:n], w[whole:n], b[whole:n], mean, inverse)
}

func normalizePortable(dst, x, w, b []float32, mean, inverse float32) {
	for i, v := range x {
		v = (v - mean) * inverse
		dst[i] = float32(v*w[i]) + b[i]
	}
}

func sumPortable(x []float32) float32 {
	var s [strands]float32
	for ; len(x) > 0; x = x[strands:] {
		for i, v := range x[:strands] {
			s[i] += v
		}
	}
	return fold(&s)
}

func sumSquaresPortable(x []float32, center float32) float32 {
	var s [strands]float32
	for ; len(x) > 0; x = x[strands:] {
		for i, v := range x[:strands] {
			s[i] += float32((v - center) * (v - center))
		}
	}
	return fold(&s)
}

// fold adds the strands.
func fold(s *[strands]float32) float32 {
	for i := range 8 {
		s[i] = (s[i] + s[8+i]) + (s[16+i] + s[24+i])
	}
	for half := 4; half > 0; half /= 2 {
		for i := range half {
			s[i] += s[half+i]
		}
	}
	return s[0]
}

func maxPortable(x []float32) float32 {
	most := x[0]
	for _, v := range x {
		most = max(most, v)
	}
	return most
}
