package quantize

import (
	"math"

	"codecworkbench/codecs/nn/kernel"
)

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
	candidates [fan * MaxBeam]candidate
	n          int   // candidates of the current level
	best       Match // of them
	power      float32
}

// candidate is the bits of a squared gain, which sort like the gain's size, above the
// index of its codeword.
type candidate uint64

const candidateIndex = 32 // bits below the squared gain

func (c candidate) power() uint32 { return uint32(c >> candidateIndex) }

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
	var prefixes [MaxBeam]int
	kept, from := 1, 0
	for i := range out {
		to := min(topLevel+i*stride, s.Bits)
		down := to - from
		q.n, q.power = 0, -1
		for _, prefix := range prefixes[:kept] {
			q.score(s, x, to, prefix<<down, 1<<down)
		}
		out[i] = q.best
		if i+1 < len(out) {
			kept, from = q.keep(&prefixes), to
		}
	}
}

// score tries count codewords of a level, from first on, on x.
func (q *Searcher) score(s *Shapes, x []float32, level, first, count int) {
	rows := s.levels[level][first*s.Dim : (first+count)*s.Dim]
	var gains [kernel.Rows]float32
	for ; count > 0; count -= kernel.Rows {
		tried := min(count, kernel.Rows)
		if tried == kernel.Rows {
			kernel.Dots(x, rows, &gains)
			rows = rows[kernel.Rows*s.Dim:]
		} else {
			for i := range tried {
				gains[i] = kernel.Dot(x, rows[i*s.Dim:])
			}
		}
		for _, g := range gains[:tried] {
			power := g * g
			if power > q.power {
				q.power, q.best = power, Match{first, g}
			}
			q.candidates[q.n] = candidate(math.Float32bits(power))<<candidateIndex | candidate(first)
			q.n++
			first++
		}
	}
}

// keep returns the indices of the strongest candidates and their number.
func (q *Searcher) keep(prefixes *[MaxBeam]int) int {
	c := q.candidates[:q.n]
	if len(c) > q.beam {
		selectTop(c, q.beam)
		c = c[:q.beam]
	}
	for i, v := range c {
		prefixes[i] = int(v & (1<<candidateIndex - 1))
	}
	return len(c)
}

// selectTop moves the k strongest candidates to the front, in any order (Hoare's
// quickselect).
func selectTop(c []candidate, k int) {
	low, high := 0, len(c)-1
	for low < high {
		pivot := c[(low+high)/2].power()
		i, j := low, high
		for i <= j {
			for c[i].power() > pivot {
				i++
			}
			for c[j].power() < pivot {
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
