package vq

import (
	"math"

	"codecworkbench/codecs/quantize"
)

// statistics counts an encoder's decisions.
type statistics struct {
	bits   [classes]int
	more   [classes][maxWords + 1][2]int
	split  [classes][maxWords + 1][2]int
	gain   [classes][unaryGain + 2]int
	length [classes][maxLengths]int
}

func (s *statistics) count(c *coded) {
	c.each(func(cls, _, _ int, n *node) {
		for i, w := range n.words[:n.n] {
			s.more[cls][i][1]++
			s.gain[cls][min(int(max(w.gain, -w.gain)), unaryGain+1)]++
			for k, bits := range quantize.Levels(s.bits[cls]) {
				if bits == int(w.bits) {
					s.length[cls][k]++
				}
			}
		}
		if n.n < maxWords {
			s.more[cls][n.n][0]++
		}
		if classTable[cls].child >= 0 {
			s.split[cls][n.n][sign(n.split)]++
		}
	})
}

// costs turns counts into bits.
func (s *statistics) costs(uses [classes][]float32) *costs {
	c := &costs{}
	for i := range classes {
		for n := range maxWords + 1 {
			toBits(s.more[i][n][:], c.More[i][n][:], 2)
			toBits(s.split[i][n][:], c.Split[i][n][:], 2)
		}
		toBits(s.gain[i][1:], c.Gain[i][1:], 1)
		lengths := len(quantize.Levels(s.bits[i]))
		toBits(s.length[i][:lengths], c.Length[i][:lengths], 2)
		c.Index[i] = indexCosts(uses[i], s.bits[i])
	}
	return c
}

// toBits writes -log2 of relative frequencies, each count raised by extra.
func toBits(counts []int, out []float32, extra float64) {
	total := 0.0
	for _, n := range counts {
		total += float64(n) + extra
	}
	for i, n := range counts {
		out[i] = float32(math.Log2(total / (float64(n) + extra)))
	}
}
