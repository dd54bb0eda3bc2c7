package refine

import (
	"math"

	"codecworkbench/codecs/entropy"
)

// Rate is the cost of a latent's symbols in bits. Beyond the table's values the cost stays
// that of the last escape in it: symbols there are rare, and are counted exactly when hard
// symbols are measured.
type Rate struct {
	first int // the symbol of bits[0]
	bits  []float32
}

// escapes is how many symbols a rate knows on either side of its table.
const escapes = 8

// NewRates are the rates of all tables.
func NewRates(tables *entropy.Factorized) []Rate {
	out := make([]Rate, tables.Len())
	for i := range out {
		t := tables.At(i)
		r := Rate{first: t.First() - escapes}
		for s := r.first; s <= t.Last()+escapes; s++ {
			r.bits = append(r.bits, float32(t.Bits(s)))
		}
		out[i] = r
	}
	return out
}

// At returns the cost of a symbol.
func (r *Rate) At(s int) float32 {
	return r.bits[min(max(s-r.first, 0), len(r.bits)-1)]
}

// maxSteps bounds how many intervals a step may cross by its bits.
const maxSteps = 16

// soft returns the u that minimises
//
//	k/2 (u-v)^2 + bits(u) + b/2 f (1-f)
//
// with bits linear between integers, f the fraction of u, and k > b. Where bits are convex
// over the integers, so is the whole: kinks at integers point down, and between them the
// curvature is k - b.
func (r *Rate) soft(v, k, b float32) float32 {
	n := int(math.Floor(float64(v)))
	for came := 0; ; {
		f := (k*(v-float32(n)) - (r.At(n+1) - r.At(n)) - b/2) / (k - b)
		switch {
		case f <= 0:
			if came > 0 || came <= -maxSteps {
				return float32(n)
			}
			n--
			came--
		case f >= 1:
			if came < 0 || came >= maxSteps {
				return float32(n + 1)
			}
			n++
			came++
		default:
			return float32(n) + f
		}
	}
}

// hard returns the integer u that minimises k/2 (u-v)^2 + bits(u), searched downhill from
// the nearest.
func (r *Rate) hard(v, k float32) int {
	n := int(math.Floor(float64(v) + 0.5))
	cost := func(n int) float32 {
		d := float32(n) - v
		return k/2*d*d + r.At(n)
	}
	best := cost(n)
	for _, way := range [2]int{-1, 1} {
		for range maxSteps {
			c := cost(n + way)
			if c >= best {
				break
			}
			n, best = n+way, c
		}
	}
	return n
}
