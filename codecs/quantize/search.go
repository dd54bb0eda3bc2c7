package quantize

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
	candidates [2 * MaxBeam]candidate
}

type candidate struct {
	index int
	gain  float32
	power float32 // gain squared
}

// NewSearcher returns a searcher that follows the best beam prefixes down the
// tree, 1 to MaxBeam. A beam of 16 finds the best codeword, or one about as good.
func NewSearcher(beam int) *Searcher { return &Searcher{beam: min(max(beam, 1), MaxBeam)} }

// Find searches a codebook for x, Dim elements, and fills in the best match of
// every level: out[b] of the codebook of 2^b shapes, b from 0 to Bits.
func (q *Searcher) Find(s *Shapes, x []float32, out []Match) {
	x = x[:s.Dim]
	out[0] = Match{0, Dot(x, s.Codeword(0, 0))}
	q.index[0] = 0
	kept := 1
	for b := 1; b <= s.Bits; b++ {
		level := s.levels[b]
		best, power := 0, float32(-1)
		for i := range kept {
			for side := range 2 {
				index := 2*q.index[i] + side
				g := Dot(x, level[index*s.Dim:(index+1)*s.Dim])
				n := 2*i + side
				q.candidates[n] = candidate{index, g, g * g}
				if g*g > power {
					best, power = n, g*g
				}
			}
		}
		out[b] = Match{q.candidates[best].index, q.candidates[best].gain}
		kept = q.keep(2 * kept)
	}
}

// keep moves the strongest candidates into the beam and returns their number.
func (q *Searcher) keep(n int) int {
	c := q.candidates[:n]
	if n > q.beam {
		selectTop(c, q.beam)
		c = c[:q.beam]
	}
	for i := range c {
		q.index[i] = c[i].index
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
