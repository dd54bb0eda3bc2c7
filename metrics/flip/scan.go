package flip

import (
	"context"
	"math"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/metrics"
	"codecworkbench/metrics/internal/raster"
)

// Work is done in tiles, whose intermediate rows fit into the second-level cache at usual
// resolutions. They also are the pieces of the parallel work and of the sum, so that
// the result depends on the pictures alone, not on the machine.
const (
	tileWidth  = 512
	tileHeight = 128
)

func tilesOf(width, height int) (columns, lines int) {
	return (width + tileWidth - 1) / tileWidth, (height + tileHeight - 1) / tileHeight
}

// scan computes FLIP and hands it out row by row, tile by tile: v[i] belongs to pixel
// (x+i, y). use is called from several goroutines, but from one at a time for a given
// tile; v may be changed and is valid during the call alone.
func scan(ctx context.Context, p *metrics.Pair, ppd float64, use func(tile, x, y int, v []float32)) error {
	width, height := p.Width(), p.Height()
	columns, lines := tilesOf(width, height)
	pair := [2]raster.RGB{raster.Linear(p.Ref().RGB8()), raster.Linear(p.Dist().RGB8())}
	k := newKernels(ppd)
	r := max(k.colorRadius, k.featureRadius)
	return kernel.Parallel(ctx, columns*lines, func() func(int) {
		w := newWorker(pair, k)
		return func(tile int) {
			column, line := tile%columns, tile/columns
			x0, x1 := width*column/columns, width*(column+1)/columns
			y0, y1 := height*line/lines, height*(line+1)/lines
			for y := y0 - r; y < y1+r; y++ {
				w.read(x0-r, y, x1-x0+2*r)
				if y >= y0+r {
					use(tile, x0, y-r, w.row(y-r, x1-x0))
				}
			}
		}
	})
}

// A worker holds one goroutine's scratch memory: 400 KB at usual resolutions, 6 MB at the
// highest.
type worker struct {
	*kernels
	pair     [2]raster.RGB
	radius   int
	toOpp    rows
	fromOpp  rows
	relative rows
	sides    [2]side
	rgb, tmp [3][]float32
	out      []float32
	greatest float32

	// Results of filters down the columns, and the same as filters along the row take
	// them: brightness, red-green, both of yellow-blue; then the features' three.
	columns               [7][]float32
	alongY, alongCx       [][]float32
	alongCz               [][]float32 // both
	alongSmooth           [][]float32
	alongEdge, alongPoint [][]float32
	czTwice               []float32 // the kernels of both
}

// side is what a worker has of one of the pictures.
type side struct {
	opponent    [3]*raster.Ring // the last rows, not filtered
	lab         [3][]float32    // of a row
	edge, point []float32       // the strengths of features along a row
}

func newWorker(pair [2]raster.RGB, k *kernels) *worker {
	w := &worker{kernels: k, pair: pair, radius: max(k.colorRadius, k.featureRadius)}
	w.toOpp, w.fromOpp, w.relative = opponent().rows(), opponent().inverse().rows(), relative().rows()
	w.greatest = float32(greatestError())
	n := tileWidth + 2*w.radius
	row := func() []float32 { return make([]float32, n) }
	for i := range w.sides {
		s := &w.sides[i]
		for c := range 3 {
			s.opponent[c] = raster.NewRing(2*w.radius+1, n)
			s.lab[c] = row()
		}
		s.edge, s.point = row(), row()
	}
	for c := range 3 {
		w.rgb[c], w.tmp[c] = row(), row()
	}
	w.out = row()
	for i := range w.columns {
		w.columns[i] = row()
	}
	along := func(i, radius int) [][]float32 {
		return raster.Shifts(w.columns[i][w.radius-radius:], 2*radius+1)
	}
	w.alongY, w.alongCx = along(0, k.colorRadius), along(1, k.colorRadius)
	w.alongCz = append(along(2, k.colorRadius), along(3, k.colorRadius)...)
	w.czTwice = append(append([]float32{}, k.cz[0]...), k.cz[1]...)
	w.alongSmooth, w.alongEdge, w.alongPoint = along(4, k.featureRadius), along(5, k.featureRadius), along(6, k.featureRadius)
	return w
}

// read puts row y, n pixels from column x on, into the rings. Outside the picture are
// the pixels at its edge.
func (w *worker) read(x, y, n int) {
	width, height := w.pair[0].Size()
	left, right := max(-x, 0), min(width-x, n)
	for i := range w.sides {
		var rgb, dst [3][]float32
		for c := range 3 {
			rgb[c], dst[c] = w.rgb[c][:right-left], w.sides[i].opponent[c].Row(y)[left:right]
		}
		w.pair[i].Read(&rgb, x+left, min(max(y, 0), height-1))
		w.toOpp.apply(&dst, &rgb)
		for c := range 3 {
			whole := w.sides[i].opponent[c].Row(y)[:n]
			fill(whole[:left], whole[left])
			fill(whole[right:], whole[right-1])
		}
	}
}

func fill(dst []float32, v float32) {
	for i := range dst {
		dst[i] = v
	}
}

// row computes FLIP along row y of the tile, of n pixels: the difference in colour to the
// power of 1 less the difference in features.
func (w *worker) row(y, n int) []float32 {
	for i := range w.sides {
		w.color(&w.sides[i], y, n)
		w.features(&w.sides[i], y, n)
	}
	features := w.featureDifference(n)
	out := w.colorDifference(n)
	kernel.Log(out, out)
	kernel.Mul(out, out, features)
	kernel.Exp(out, out)
	return out
}

// color filters a picture as the eye does and takes it to CIELab.
func (w *worker) color(s *side, y, n int) {
	m := n + 2*w.radius
	around := func(c int) [][]float32 { return s.opponent[c].Around(y, w.colorRadius) }
	kernel.Blend(w.columns[0][:m], around(0), w.y, 0)
	kernel.Blend(w.columns[1][:m], around(1), w.cx, 0)
	kernel.Blend(w.columns[2][:m], around(2), w.cz[0], 0)
	kernel.Blend(w.columns[3][:m], around(2), w.cz[1], 0)
	var a, b [3][]float32
	for c := range 3 {
		a[c], b[c], s.lab[c] = w.tmp[c][:n], w.rgb[c][:n], s.lab[c][:n]
	}
	kernel.Blend(a[0], w.alongY, w.y, 0)
	kernel.Blend(a[1], w.alongCx, w.cx, 0)
	kernel.Blend(a[2], w.alongCz, w.czTwice, 0)
	w.fromOpp.apply(&b, &a)
	for _, v := range b {
		kernel.Clamp(v, v, 0, 1)
	}
	w.relative.apply(&a, &b)
	lab(&s.lab, &a)
}

// features computes the strengths of edges and points in a picture's brightness.
func (w *worker) features(s *side, y, n int) {
	m := n + 2*w.radius
	around := s.opponent[0].Around(y, w.featureRadius)
	kernel.Blend(w.columns[4][:m], around, w.smooth, 0)
	kernel.Blend(w.columns[5][:m], around, w.edge, 0)
	kernel.Blend(w.columns[6][:m], around, w.point, 0)
	s.edge, s.point = s.edge[:n], s.point[:n]
	w.strength(s.edge, w.alongEdge, w.edge)
	w.strength(s.point, w.alongPoint, w.point)
}

// strength is the length of a feature's vector: its derivative along the row, and the
// one down the columns, which is smooth along the row.
func (w *worker) strength(dst []float32, down [][]float32, derivative []float32) {
	x, y := w.tmp[0][:len(dst)], w.tmp[1][:len(dst)]
	kernel.Blend(x, w.alongSmooth, derivative, 0)
	kernel.Blend(y, down, w.smooth, 0)
	kernel.Square(dst, x)
	kernel.MulAdd(dst, y, y)
	kernel.Sqrt(dst, dst)
}

// featureDifference returns 1 less how much edges or points differ, whichever differ more.
func (w *worker) featureDifference(n int) []float32 {
	a, b := &w.sides[0], &w.sides[1]
	edge, point := w.tmp[0][:n], w.tmp[1][:n]
	kernel.Sub(edge, a.edge, b.edge)
	kernel.Abs(edge, edge)
	kernel.Sub(point, a.point, b.point)
	kernel.Abs(point, point)
	kernel.Greater(edge, edge, point)
	kernel.Scale(edge, edge, 1/math.Sqrt2)
	kernel.Sqrt(edge, edge)
	kernel.Affine(edge, edge, -1, 1)
	kernel.AtLeast(edge, edge, leastPower)
	return edge
}

// leastPower keeps 0 to the power of 0 away.
const leastPower = 1e-6

// colorDifference returns how much the filtered colours differ, 0..1.
func (w *worker) colorDifference(n int) []float32 {
	a, b := &w.sides[0].lab, &w.sides[1].lab
	for c := range 3 {
		kernel.Sub(a[c], a[c], b[c])
	}
	kernel.Abs(a[0], a[0])
	kernel.Square(a[1], a[1])
	kernel.MulAdd(a[1], a[2], a[2])
	kernel.Sqrt(a[1], a[1])
	e := w.out[:n]
	kernel.Add(e, a[0], a[1])
	kernel.Log(e, e)
	kernel.Scale(e, e, hyabPower)
	kernel.Exp(e, e)
	// Both parts of the scale are straight.
	bend := lowPart * w.greatest
	low, high := a[0], a[1]
	kernel.AtMost(low, e, bend)
	kernel.AtLeast(high, e, bend)
	kernel.Offset(high, high, -bend)
	kernel.Scale(e, low, lowRange/bend)
	kernel.AddScaled(e, (1-lowRange)/(w.greatest-bend), high)
	return e
}
