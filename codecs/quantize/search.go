package quantize

import "codecworkbench/codecs/nn/kernel"

// Match is the best codeword of one level for a vector.
type Match struct {
	Index int     // of as many bits as the level
	Gain  float32 // inner product of vector and codeword, with its sign
}

// MaxBeam bounds how many prefixes a Searcher keeps at each level.
const MaxBeam = 64

// Searcher finds codewords. It holds the memory of a search, so that each
// goroutine needs its own.
type Searcher struct {
	beam       int
	index      [MaxBeam]int
	candidates [fan * MaxBeam]candidate
}

type candidate struct {
	index int32
	gain  float32
	power float32 // gain squared
}

const (
	stride   = 2 // levels of the tree that one step of a search descends
	fan      = 1 << stride
	topLevel = 4 // the first level searched, whole
)

// NewSearcher returns a searcher that follows the best beam prefixes down the
// tree, 4 to MaxBeam. A beam of 12 finds the best codeword, or one about as good.
func NewSearcher(beam int) *Searcher { return &Searcher{beam: min(max(beam, 4), MaxBeam)} }

// Levels lists the index lengths that a search of a codebook of the given bits
// finds matches for: 4, 6, 8 and so on, and the full length.
func Levels(bits int) []int {
	var out []int
	for b := topLevel; b < bits; b += stride {
		out = append(out, b)
	}
	return append(out, bits)
}

// Find searches a codebook for x, Dim elements, and fills in the best match of each
// of its Levels.
func (q *Searcher) Find(s *Shapes, x []float32, out []Match) {
	x = x[:s.Dim]
	kept, from := 1, 0
	q.index[0] = 0
	for i := range out {
		to := min(topLevel+i*stride, s.Bits)
		down := to - from
		n := 0
		for _, prefix := range q.index[:kept] {
			n = q.score(s, x, to, prefix<<down, 1<<down, n)
		}
		best, power := 0, float32(-1)
		for k := range q.candidates[:n] {
			if c := &q.candidates[k]; c.power > power {
				best, power = k, c.power
			}
		}
		out[i] = Match{int(q.candidates[best].index), q.candidates[best].gain}
		if i+1 < len(out) {
			kept, from = q.keep(n), to
		}
	}
}

// score appends count codewords of a level, from first on, to the n candidates for x
// and returns their new number.
func (q *Searcher) score(s *Shapes, x []float32, level, first, count, n int) int {
	rows := s.levels[level][first*s.Dim : (first+count)*s.Dim]
	var gains [kernel.Rows]float32
	for k := 0; k < count; k += kernel.Rows {
		if count-k >= kernel.Rows {
			kernel.Dots(x, rows[k*s.Dim:], &gains)
		} else {
			for i := range count - k {
				gains[i] = kernel.Dot(x, rows[(k+i)*s.Dim:])
			}
		}
		for i, g := range gains[:min(kernel.Rows, count-k)] {
			q.candidates[n] = candidate{int32(first + k + i), g, g * g}
			n++
		}
	}
	return n
}

// keep moves the strongest candidates into the beam and returns their number.
func (q *Searcher) keep(n int) int {
	c := q.candidates[:n]
	if n > q.beam {
		selectTop(c, q.beam)
		c = c[:q.beam]
	}
	for i := range c {
		q.index[i] = int(c[i].index)
	}
	return len(c)
}

// selectTop moves the k strongest candidates to the front, in any order (Hoare's
// quickselect).
func selectTop(c []candidate, k int) {
	low, high := 0, len(c)-1
	for low < high {
		pivot := c[(low+high)/2].power
		i, j := low, high
		for i <= j {
			for c[i].power > pivot {
				i++
			}
			for c[j].power < pivot {
				j--
			}
			if i <= j {
				c[i], c[j] = c[j], c[i]
				i++
				j--
			}
		}
		switch {
		case k-1 <= j:
			high = j
		case k-1 >= i:
			low = i
		default:
			return
		}
	}
}
