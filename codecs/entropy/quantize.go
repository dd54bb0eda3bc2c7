package entropy

import (
	"container/heap"
	"fmt"
	"math"
)

// Quantize turns probabilities into the cumulative frequencies that NewTable takes:
// len(p)+1 values from 0 to 1<<width, every symbol at least 1, with the least
// expected code length under p that such integers allow. p need not sum to 1, and
// zeros are allowed. It works in floating point and is meant for when a model is
// exported, never for coding.
func Quantize(p []float64, width uint) ([]uint32, error) {
	sum, err := checkQuantize(p, width)
	if err != nil {
		return nil, err
	}
	total := 1 << width
	// Code length is convex in each frequency, so giving each next count to the symbol
	// that gains most is optimal. allot does so for all but the last few at once: it
	// gives every symbol all counts whose gain is at least slope.
	low, high := 0.0, 2.0 // allot(high) gives 1 to each; allot(low) too many
	for range 60 {
		slope := (low + high) / 2
		if _, n := allot(p, sum, slope, total); n > total {
			low = slope
		} else {
			high = slope
		}
	}
	freq, used := allot(p, sum, high, total)
	h := &gainHeap{}
	for i, v := range p {
		*h = append(*h, gain{i, stepGain(v/sum, freq[i])})
	}
	heap.Init(h)
	for ; used < total; used++ {
		top := &(*h)[0]
		freq[top.symbol]++
		top.bits = stepGain(p[top.symbol]/sum, freq[top.symbol])
		heap.Fix(h, 0)
	}
	cum := make([]uint32, len(p)+1)
	for i, f := range freq {
		cum[i+1] = cum[i] + uint32(f)
	}
	return cum, nil
}

// checkQuantize checks Quantize's arguments and returns the sum of p.
func checkQuantize(p []float64, width uint) (sum float64, err error) {
	if width < 1 || width > MaxBits {
		return 0, fmt.Errorf("quantize to %d-bit frequencies: 1 to %d bits are allowed", width, MaxBits)
	}
	if len(p) == 0 || len(p) > 1<<width {
		return 0, fmt.Errorf("quantize %d symbols to frequencies of %d in total", len(p), 1<<width)
	}
	for i, v := range p {
		if v < 0 || math.IsNaN(v) || math.IsInf(v, 0) {
			return 0, fmt.Errorf("quantize: probability %d is %g", i, v)
		}
		sum += v
	}
	if sum <= 0 || math.IsInf(sum, 0) {
		return 0, fmt.Errorf("quantize: the probabilities sum to %g", sum)
	}
	return sum, nil
}

// stepGain is the expected bits saved by raising a frequency from f to f+1.
func stepGain(p float64, f int) float64 { return p * math.Log2(1+1/float64(f)) }

// allot gives each symbol the highest frequency whose last step gained at least
// slope bits, at least 1 and at most total, and returns the sum too.
func allot(p []float64, sum, slope float64, total int) (freq []int, used int) {
	freq = make([]int, len(p))
	for i, v := range p {
		// p log2(f/(f-1)) >= slope  <=>  f <= 1 / (1 - 2^(-slope/p))
		f := 1.0
		if v > 0 {
			f = -1 / math.Expm1(-slope*math.Ln2*sum/v)
		}
		freq[i] = int(min(max(f, 1), float64(total)))
		used += freq[i]
	}
	return freq, used
}

type gain struct {
	symbol int
	bits   float64
}

// gainHeap has the largest gain on top; ties go to the lower symbol.
type gainHeap []gain

func (h gainHeap) Len() int { return len(h) }
func (h gainHeap) Less(i, j int) bool {
	return h[i].bits > h[j].bits || h[i].bits == h[j].bits && h[i].symbol < h[j].symbol
}
func (h gainHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *gainHeap) Push(x any)   { *h = append(*h, x.(gain)) }
func (h *gainHeap) Pop() any     { g := (*h)[len(*h)-1]; *h = (*h)[:len(*h)-1]; return g }
