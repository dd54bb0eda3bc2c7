package kernel

import (
	"fmt"
	"math"
)

// Limits of a requantisation's shift. From 32 on the result lies in the upper half of the
// 64-bit product, which is what makes it cheap in vectors; up to 62 nothing overflows.
const (
	MinShift = 32
	MaxShift = 62
)

// Requantizer takes 32-bit sums back to 16-bit activations, one multiplier a channel
// (dyadic requantisation, He et al. 2022, arXiv:2202.07513): with a 64-bit product and
// an arithmetic shift, which rounds halves up,
//
//	y = clamp((sum*multiplier + 2^(shift-1)) >> shift, low, high)
//
// and then, if it is leaky, LeakyReLU of slope 1/8: max(y, (y+4)>>3). It is immutable and
// safe for concurrent use.
type Requantizer struct {
	n          int
	shift      uint
	low, high  int16
	leakRound  int16 // LeakyReLU is max(y, (y+leakRound)>>leakShift); zeros leave y as it is
	leakShift  uint
	multiplier []int32 // one a channel, and zeros up to a multiple of 16
}

// NewRequantizer makes a requantizer for as many channels as there are multipliers, which
// must not be negative; shift is MinShift to MaxShift, and low is not above high.
func NewRequantizer(multiplier []int32, shift uint, low, high int16, leaky bool) (*Requantizer, error) {
	if shift < MinShift || shift > MaxShift {
		return nil, fmt.Errorf("requantisation with a shift of %d: %d to %d are allowed", shift, MinShift, MaxShift)
	}
	if low > high {
		return nil, fmt.Errorf("requantisation to %d to %d", low, high)
	}
	q := &Requantizer{n: len(multiplier), shift: shift, low: low, high: high}
	if leaky {
		q.leakRound, q.leakShift = leakyRound, leakyShift
	}
	q.multiplier = make([]int32, (q.n+panelWidth-1)/panelWidth*panelWidth)
	copy(q.multiplier, multiplier)
	for i, m := range multiplier {
		if m < 0 {
			return nil, fmt.Errorf("requantisation of channel %d with a multiplier of %d", i, m)
		}
	}
	return q, nil
}

// LeakyReLU's slope of 1/8 as a shift and what is added before it.
const (
	leakyShift = 3
	leakyRound = 1 << (leakyShift - 1)
)

// Apply requantises rows of sums, accStride apart in acc, to rows of activations,
// dstStride apart in dst. Nothing else of dst is written. It panics if a slice is too
// short.
func (q *Requantizer) Apply(rows int, dst []int16, dstStride int, acc []int32, accStride int) {
	if rows <= 0 || q.n == 0 {
		return
	}
	if dstStride < 0 || accStride < 0 || (rows-1)*dstStride+q.n > len(dst) || (rows-1)*accStride+q.n > len(acc) {
		panic(fmt.Sprintf("kernel: %d rows of %d elements, %d and %d apart, do not lie in slices of %d and %d",
			rows, q.n, dstStride, accStride, len(dst), len(acc)))
	}
	done := intKernels.requantize(q, rows, dst, dstStride, acc, accStride)
	q.portable(done, rows, dst, dstStride, acc, accStride)
}

// portable does the channels from first on.
func (q *Requantizer) portable(first, rows int, dst []int16, dstStride int, acc []int32, accStride int) {
	if first == q.n {
		return
	}
	multiplier := q.multiplier[first:q.n]
	for i := range rows {
		out, in := dst[i*dstStride+first:][:len(multiplier)], acc[i*accStride+first:][:len(multiplier)]
		for j, m := range multiplier {
			out[j] = q.one(in[j], m)
		}
	}
}

func (q *Requantizer) one(sum, multiplier int32) int16 {
	v := (int64(sum)*int64(multiplier) + 1<<(q.shift-1)) >> q.shift
	y := int16(min(max(v, int64(q.low)), int64(q.high)))
	return max(y, (y+q.leakRound)>>q.leakShift)
}

// LeakyReLU writes max(x, (x+4)>>3) of every element to dst, which is as long as src and
// may be the same: slope 1/8, rounded to the nearest, halves up.
func LeakyReLU(dst, src []int16) {
	for i, x := range src[:len(dst)] {
		// x+4 wraps around only where x itself is the larger.
		dst[i] = max(x, (x+leakyRound)>>leakyShift)
	}
}

// IntSum adds two tensors of different scales.
type IntSum struct {
	A, B      int16 // factors of the two, not negative
	Shift     uint  // 0 to 30
	Low, High int16
}

// Check returns an error if a sum of elements of up to maxA and maxB in magnitude could
// leave 32 bits.
func (s IntSum) Check(maxA, maxB int) error {
	if s.A < 0 || s.B < 0 || s.Shift > 30 || s.Low > s.High {
		return fmt.Errorf("sum with factors %d and %d, shift %d, to %d to %d", s.A, s.B, s.Shift, s.Low, s.High)
	}
	if largest := int64(s.A)*int64(maxA) + int64(s.B)*int64(maxB) + s.round(); largest > math.MaxInt32 {
		return fmt.Errorf("sum of up to %d does not fit 32 bits", largest)
	}
	return nil
}

// round returns what makes the shift round to the nearest.
func (s IntSum) round() int64 { return 1 << s.Shift >> 1 }

// Add writes clamp((a*A + b*B + 2^(Shift-1)) >> Shift, Low, High) of all elements to dst,
// which is as long as both and may be one of them; a shift of 0 rounds nothing. Sums are
// taken in 32 bits (see Check).
func (s IntSum) Add(dst, a, b []int16) {
	a, b = a[:len(dst)], b[:len(dst)]
	done := intKernels.add(s, dst, a, b)
	s.addPortable(dst[done:], a[done:], b[done:])
}

func (s IntSum) addPortable(dst, a, b []int16) {
	round := int32(s.round())
	for i := range dst {
		v := (int32(a[i])*int32(s.A) + int32(b[i])*int32(s.B) + round) >> s.Shift
		dst[i] = int16(min(max(v, int32(s.Low)), int32(s.High)))
	}
}
