package butteraugli

import (
	"math"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/metrics/internal/raster"
)

// The eye is good at seeing lines. Differences are summed along short lines through each
// pixel, in 16 directions and shapes, and the squares of the sums added up.

// A line is half of one: it goes on through the pixel to the points opposite.
type line struct {
	times float64  // how often it counts
	half  [][2]int // down, right
}

var longLines = []line{
	{1, [][2]int{{0, 1}, {0, 2}, {0, 3}, {0, 4}}},
	{1, [][2]int{{1, 0}, {2, 0}, {3, 0}, {4, 0}}},
	{1, [][2]int{{1, 1}, {2, 2}, {3, 3}}},
	{1, [][2]int{{1, -1}, {2, -2}, {3, -3}}},
	{2, [][2]int{{1, 0}, {2, -1}, {3, -1}, {4, -1}}},
	{2, [][2]int{{1, 0}, {2, 1}, {3, 1}, {4, 1}}},
	{2, [][2]int{{0, 1}, {1, 2}, {1, 3}, {1, 4}}},
	{2, [][2]int{{0, 1}, {-1, 2}, {-1, 3}, {-1, 4}}},
	{1, [][2]int{{1, 1}, {2, 1}, {3, 2}}},
	{1, [][2]int{{1, -1}, {2, -1}, {3, -2}}},
	{1, [][2]int{{1, 1}, {1, 2}, {2, 3}}},
	{1, [][2]int{{1, -1}, {1, -2}, {2, -3}}},
}

// shortLines leave points out: bands without fine detail change little in between.
var shortLines = []line{
	{1, [][2]int{{0, 2}, {0, 4}}},
	{1, [][2]int{{2, 0}, {4, 0}}},
	{1, [][2]int{{2, 2}, {3, 3}}},
	{1, [][2]int{{2, -2}, {3, -3}}},
	{1, [][2]int{{2, -1}, {4, -1}}},
	{1, [][2]int{{2, 1}, {4, 1}}},
	{1, [][2]int{{1, 2}, {1, 4}}},
	{1, [][2]int{{-1, 2}, {-1, 4}}},
	{1, [][2]int{{2, 1}, {3, 2}}},
	{1, [][2]int{{2, -1}, {3, -2}}},
	{1, [][2]int{{1, 2}, {2, 3}}},
	{1, [][2]int{{1, -2}, {2, -3}}},
	{1, [][2]int{{-1, 2}, {-2, 4}}},
	{1, [][2]int{{1, 2}, {2, 4}}},
	{1, [][2]int{{2, 1}, {4, 2}}},
	{1, [][2]int{{2, -1}, {4, -2}}},
}

// The bands that lines are looked for in.
const (
	ultraY = iota
	ultraX
	highY
	highX
	middleY
	middleX
	lineBands
)

// A sense is how much differences in a band count: weight at first, and less where the
// band's values come near the norm; and whether they are summed along the long lines.
type sense struct {
	weight, norm float64
	long         bool
}

var senses = [lineBands]sense{
	ultraY:  {1.10039032555, 71.7800275169, true},
	ultraX:  {173.5, 5, true},
	highY:   {18.7237414387, 4498534.45232, false},
	highX:   {6923.99476109, 8051.15833247, false},
	middleY: {37.0819870399, 130262059.556, false},
	middleX: {8246.75321353, 1009002.70582, false},
}

const (
	plainPart  = 0.5  // of the weight: for any difference
	excessPart = 0.33 // for what is out of bounds
	lineLength = 8.5
	scaleLong  = 0.39905817637
	scaleShort = 0.611612573796
)

// malta is the comparison of one band along lines.
type malta struct {
	differences *raster.Ring // padded by reachMalta with zeros
	zeros       []float32    // a row beyond the picture
	size        int          // of the ring
	height      int
	lines       []pattern
	// views are, for a row at each place of the ring, the rows shifted to every point of
	// every line, one line after another; edge is the same for a row whose surroundings
	// are not all in the picture.
	views   [][][]float32
	edge    [][]float32
	weights []float32 // of a difference, of b being too small and of its being too large
	norm    float32
}

// pattern is a whole line: the offsets of its points, and their weights.
type pattern struct {
	points  [][2]int
	weights []float32
}

// newMalta makes the comparison of a band that is lag rows ahead of the lines' centres.
func newMalta(s sense, n, lag, height int) *malta {
	scale, lines := scaleShort, shortLines
	if s.long {
		scale, lines = scaleLong, longLines
	}
	plain := scale * math.Sqrt(plainPart*s.weight) / lineLength * s.norm
	excess := scale * math.Sqrt(excessPart*s.weight) / lineLength * s.norm
	m := &malta{
		zeros: make([]float32, n+2*reachMalta), size: lag + reachMalta + batch, height: height,
		weights: []float32{float32(plain), float32(excess), float32(-excess)}, norm: float32(s.norm),
	}
	m.differences = raster.NewRing(m.size, n+2*reachMalta)
	for _, l := range lines {
		p := pattern{points: [][2]int{{0, 0}}}
		for _, o := range l.half {
			p.points = append(p.points, o, [2]int{-o[0], -o[1]})
		}
		for range p.points {
			p.weights = append(p.weights, float32(math.Sqrt(l.times)))
		}
		m.lines = append(m.lines, p)
	}
	for y := range m.size {
		m.views = append(m.views, m.look(nil, m.differences.Around(y, reachMalta)))
	}
	return m
}

// look appends the views of the points of all lines to list; around are the rows.
func (m *malta) look(list, around [][]float32) [][]float32 {
	for _, l := range m.lines {
		for _, p := range l.points {
			list = append(list, around[reachMalta+p[0]][reachMalta+p[1]:])
		}
	}
	return list
}

// row is where row y of the differences is kept.
func (m *malta) row(y int) []float32 {
	row := m.differences.Row(y)
	return row[reachMalta : len(row)-reachMalta]
}

// add adds the squares of the sums along the lines through row y.
func (m *malta) add(ac, sum []float32, y int) {
	views := m.views[y%m.size]
	if y < reachMalta || y+reachMalta >= m.height {
		var around [2*reachMalta + 1][]float32
		for k := range around {
			around[k] = m.zeros
			if at := y + k - reachMalta; at >= 0 && at < m.height {
				around[k] = m.differences.Row(at)
			}
		}
		m.edge = m.look(m.edge[:0], around[:])
		views = m.edge
	}
	for _, l := range m.lines {
		kernel.Blend(sum, views[:len(l.points)], l.weights, 0)
		kernel.MulAdd(ac, sum, sum)
		views = views[len(l.points):]
	}
}
