package quantize

import (
	"fmt"
	"math"

	"codecworkbench/codecs/nn/kernel"
)

// Limits on a codebook; they hold before anything is allocated.
const (
	MaxBits = 14  // 2^MaxBits codewords
	MaxDim  = 256 // elements of a codeword
)

// Shapes is a codebook of 2^Bits unit vectors of Dim elements, with the coarser
// codebooks that the prefixes of its indices address. It is read-only after NewShapes
// and safe for concurrent use.
type Shapes struct {
	Dim, Bits int
	levels    [][]float32 // levels[b]: 2^b unit vectors
}

// NewShapes takes 2^bits codewords of dim elements, row by row, in index order,
// and how often each is used. They are scaled to length 1; the shape of a prefix is
// the line that keeps most energy of the codewords below it, weighted by use, and
// codewords are turned (their sign changed) to point the way of their prefix.
func NewShapes(dim, bits int, codewords []float32, uses []float32) (*Shapes, error) {
	if bits < 1 || bits > MaxBits || dim < 1 || dim > MaxDim {
		return nil, fmt.Errorf("a codebook of 2^%d codewords of %d elements is outside the limits (2^%d, %d)", bits, dim, MaxBits, MaxDim)
	}
	n := 1 << bits
	if len(codewords) != n*dim || len(uses) != n {
		return nil, fmt.Errorf("a codebook of %d codewords of %d elements got %d numbers and %d counts", n, dim, len(codewords), len(uses))
	}
	s := &Shapes{Dim: dim, Bits: bits, levels: make([][]float32, bits+1)}
	leaves := append([]float32(nil), codewords...)
	for i := range n {
		c := leaves[i*dim : (i+1)*dim]
		for _, v := range c {
			if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
				return nil, fmt.Errorf("codeword %d is not finite", i)
			}
		}
		if !normalize(c) {
			c[0] = 1 // a codeword of zeros stands for no shape; any unit vector does
		}
	}
	s.levels[bits] = leaves
	for b := range bits {
		s.levels[b] = make([]float32, dim<<b)
		span := n >> b
		for i := range 1 << b {
			w := uses[i*span : (i+1)*span]
			principalLine(s.levels[b][i*dim:(i+1)*dim], leaves[i*span*dim:(i+1)*span*dim], w, b)
		}
	}
	s.align()
	return s, nil
}

// align turns every shape to point the way of its prefix.
func (s *Shapes) align() {
	for b := 1; b <= s.Bits; b++ {
		for i := range 1 << b {
			c := s.Codeword(i, b)
			if kernel.Dot(c, s.Codeword(i>>1, b-1)) < 0 {
				for k := range c {
					c[k] = -c[k]
				}
			}
		}
	}
}

// principalLine finds by power iteration the unit vector v that maximizes the sum
// of w (v.c)^2 over the rows c.
func principalLine(v, rows []float32, w []float32, level int) {
	dim := len(v)
	best := 0
	for i := range w {
		if w[i] > w[best] {
			best = i
		}
	}
	copy(v, rows[best*dim:(best+1)*dim])
	// Few codewords converge at once; coarse levels only steer the search and need no more.
	iterations := 12
	if level < 3 {
		iterations = 6
	}
	var gains [kernel.Rows]float32
	next := make([]float32, dim)
	for range iterations {
		clear(next)
		for i := 0; i < len(w); i += kernel.Rows {
			n := min(kernel.Rows, len(w)-i)
			if n == kernel.Rows {
				kernel.Dots(v, rows[i*dim:], &gains)
			} else {
				for k := range n {
					gains[k] = kernel.Dot(v, rows[(i+k)*dim:])
				}
			}
			for k, g := range gains[:n] {
				kernel.AddScaled(next, (w[i+k]+1)*g, rows[(i+k)*dim:])
			}
		}
		if !normalize(next) {
			return
		}
		copy(v, next)
	}
}

// Codeword returns the shape of a prefix: index of the given number of bits, 0 to
// Bits. It belongs to the codebook and must not be changed.
func (s *Shapes) Codeword(index, bits int) []float32 {
	return s.levels[bits][index*s.Dim : (index+1)*s.Dim]
}

// Leaves returns the full codebook, 2^Bits x Dim, row by row.
func (s *Shapes) Leaves() []float32 { return s.levels[s.Bits] }
