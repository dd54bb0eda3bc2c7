package nlpd

import "codecworkbench/codecs/nn/kernel"

// levels is how many there are: five bands and the low-pass rest.
const levels = 6

// A divisor says what the samples of a level are divided by: a constant and a
// weighted sum of the magnitudes of the four neighbours.
type divisor struct {
	constant float32
	// The weights are those of a kernel with which the magnitudes are convolved, so
	// that up belongs to the neighbour below, left to the one on the right.
	up, left, right, down float32
}

// divisors are the authors' constants, which make the samples of natural pictures as
// independent as can be, finest level first.
var divisors = [levels]divisor{
	{0.0248, 0.1011, 0.1493, 0.1460, 0.1015},
	{0.0185, 0.0757, 0.1986, 0.1846, 0.0837},
	{0.0179, 0.0477, 0.2138, 0.2243, 0.0467},
	{0.0191, 0, 0.2503, 0.2616, 0},
	{0.0220, 0, 0.2598, 0.2552, 0},
	{0.2782, 0, 0.2215, 0.0717, 0},
}

// A level is what the two pictures have at one scale. Its band is the difference
// between the plane and the enlarged next one, or the plane itself where that is nil.
type level struct {
	ref, dist           plane
	refBelow, distBelow *samples
	divisor             *divisor
}

// Tiles are what one piece of work covers; their rows stay in the first-level cache.
const (
	tileWidth  = 512 // even
	tileHeight = 64
)

// tiling shares out a level.
type tiling struct{ width, height, columns int }

func newTiling(width, height int) tiling {
	return tiling{width, height, (width + tileWidth - 1) / tileWidth}
}

func (t tiling) count() int { return t.columns * ((t.height + tileHeight - 1) / tileHeight) }

// scan hands out the difference of the normalised samples of tile i row by row:
// value k belongs to (x+k, y). The values may be changed; they are valid during the
// call.
func (t tiling) scan(w *worker, i int, use func(x, y int, difference []float32)) {
	x0, y0 := i%t.columns*tileWidth, i/t.columns*tileHeight
	x1, y1 := min(x0+tileWidth, t.width), min(y0+tileHeight, t.height)
	for y := y0 - 1; y <= y1; y++ {
		w.ref.band(x0, x1, y)
		w.dist.band(x0, x1, y)
		if y > y0 {
			a := w.ref.normalised(x1 - x0)
			kernel.Sub(a, a, w.dist.normalised(x1-x0))
			use(x0, y-1, a)
		}
	}
}

// A worker holds one goroutine's scratch memory.
type worker struct{ ref, dist side }

func newWorker(l *level) *worker {
	return &worker{newSide(l.ref, l.refBelow, l.divisor), newSide(l.dist, l.distBelow, l.divisor)}
}

// A row of a tile has two columns more on the left and one on the right, which are
// zero beyond the picture.
const (
	leftHalo  = 2 // even, as tiles begin
	rightHalo = 1
	rowWidth  = leftHalo + tileWidth + rightHalo
)

// side is one picture's part of the work.
type side struct {
	plane   plane
	below   *samples
	divisor *divisor
	weights []float32

	// The band of the last three rows, oldest first, and its magnitudes.
	bands, magnitudes [3][]float32
	neighbours        [][]float32
	quotient          []float32

	narrow    []float32 // a row of the plane below, from one column before the first that is needed
	even, odd []float32
	enlarged  []float32
	sources   [][]float32
}

// What the low-pass filter leaves of its weights, doubled, at positions where a
// sample lies and at those between two.
var atSample, between = []float32{2 * outer, 2 * middle, 2 * outer}, []float32{2 * inner, 2 * inner}

func newSide(p plane, below *samples, d *divisor) side {
	s := side{plane: p, below: below, divisor: d, weights: []float32{d.up, d.down, d.left, d.right},
		neighbours: make([][]float32, 4), quotient: make([]float32, tileWidth)}
	for i := range s.bands {
		s.bands[i], s.magnitudes[i] = make([]float32, rowWidth), make([]float32, rowWidth)
	}
	half := (rowWidth + 1) / 2
	s.narrow = make([]float32, half+2)
	s.even, s.odd, s.enlarged = make([]float32, half), make([]float32, half), make([]float32, 2*half)
	s.sources = make([][]float32, len(atSample))
	return s
}

// band computes the newest row: the band's samples of row y from column x0 to x1,
// and beyond them as far as the neighbours lie; zero outside the picture.
func (s *side) band(x0, x1, y int) {
	for _, rows := range []*[3][]float32{&s.bands, &s.magnitudes} {
		rows[0], rows[1], rows[2] = rows[1], rows[2], rows[0]
	}
	row := s.bands[2]
	width, height := s.plane.size()
	clear(row)
	if y >= 0 && y < height {
		first, last := max(x0-leftHalo, 0), min(x1+rightHalo, width)
		inside := row[first-(x0-leftHalo):][:last-first]
		s.plane.read(inside, first, y)
		if s.below != nil {
			kernel.Sub(inside, inside, s.enlarge(first, last, y))
		}
	}
	kernel.Abs(s.magnitudes[2], row)
}

// enlarge interpolates the plane below at row y, columns first (even) to last;
// borders are repeated.
func (s *side) enlarge(first, last, y int) []float32 {
	p := s.below
	c0, c1 := first/2, (last+1)/2 // columns of the plane below
	from, to := max(c0-1, 0), min(c1+1, p.width)
	part := func(y int) []float32 { return p.row(min(max(y, 0), p.height-1))[from:to] }
	narrow := s.narrow[:c1-c0+2]
	inside := narrow[from-(c0-1):][:to-from]
	if y%2 == 0 {
		s.blend(inside, atSample, part(y/2-1), part(y/2), part(y/2+1))
	} else {
		s.blend(inside, between, part(y/2), part(y/2+1))
	}
	if from > c0-1 {
		narrow[0] = narrow[1]
	}
	if to < c1+1 {
		narrow[len(narrow)-1] = narrow[len(narrow)-2]
	}
	even, odd, out := s.even[:c1-c0], s.odd[:c1-c0], s.enlarged[:2*(c1-c0)]
	s.blend(even, atSample, narrow, narrow[1:], narrow[2:])
	s.blend(odd, between, narrow[1:], narrow[2:])
	for i, v := range even {
		out[2*i], out[2*i+1] = v, odd[i]
	}
	return out[:last-first]
}

// blend is kernel.Blend without allocating.
func (s *side) blend(dst, weights []float32, rows ...[]float32) {
	n := copy(s.sources, rows)
	kernel.Blend(dst, s.sources[:n], weights, 0)
}

// normalised divides n samples of the middle row by what the divisor says.
func (s *side) normalised(n int) []float32 {
	middle, out := s.magnitudes[1], s.quotient[:n]
	s.neighbours[0], s.neighbours[1] = s.magnitudes[2][leftHalo:], s.magnitudes[0][leftHalo:]
	s.neighbours[2], s.neighbours[3] = middle[leftHalo+1:], middle[leftHalo-1:]
	kernel.Blend(out, s.neighbours, s.weights, s.divisor.constant)
	kernel.Div(out, s.bands[1][leftHalo:leftHalo+n], out)
	return out
}
