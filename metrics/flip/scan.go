package flip

import (
	"context"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/metrics"
	"codecworkbench/metrics/internal/raster"
)

// Work is done in tiles, whose intermediate rows fit into the caches at usual resolutions.
// They also are the pieces of the parallel work and of the sum, so that the result
// depends on the pictures alone, not on the machine.
const (
	minTileWidth = 296
	tileHeight   = 128
)

// Package kernel likes rows that are filtered best in blocks, others in vectors.
const block, vector = 64, 8

// A scan is a comparison of two pictures.
type scan struct {
	*kernels
	pair          [2]raster.RGB
	width, height int
	radius        int // how far the filters reach
	rowLength     int // of a tile with its surroundings: whole blocks
	tileWidth     int
	columns       int // of tiles
	tiles         int
}

func newScan(p *metrics.Pair, ppd float64) *scan {
	s := &scan{kernels: newKernels(ppd), width: p.Width(), height: p.Height()}
	s.pair = [2]raster.RGB{raster.Linear(p.Ref().RGB8()), raster.Linear(p.Dist().RGB8())}
	s.radius = s.reach()
	s.rowLength = (minTileWidth + 2*s.radius + block - 1) / block * block
	s.tileWidth = (s.rowLength - 2*s.radius) / vector * vector
	s.columns = (s.width + s.tileWidth - 1) / s.tileWidth
	s.tiles = s.columns * ((s.height + tileHeight - 1) / tileHeight)
	return s
}

// run computes FLIP and hands it out row by row, tile by tile: v[i] belongs to pixel
// (x+i, y). use is called from several goroutines, but from one at a time for a given
// tile; v is valid during the call alone.
func (s *scan) run(ctx context.Context, use func(tile, x, y int, v []float32)) error {
	return kernel.Parallel(ctx, s.tiles, func() func(int) {
		w := newWorker(s)
		return func(tile int) {
			x0, y0 := tile%s.columns*s.tileWidth, tile/s.columns*tileHeight
			n, y1 := min(s.tileWidth, s.width-x0), min(y0+tileHeight, s.height)
			for y := y0 - s.radius; y < y1+s.radius; y++ {
				w.read(x0-s.radius, y, n+2*s.radius)
				if y >= y0+s.radius {
					use(tile, x0, y-s.radius, w.row(y-s.radius, n))
				}
			}
		}
	})
}

// A worker holds one goroutine's scratch memory: 200 KB at usual resolutions, 4 MB at the
// highest.
type worker struct {
	*scan
	sides [2]side
	part  [2][3][]float32 // of the part of a row that lies in the picture: linear light, opponent colours
	tmp   [2][3][]float32
	out   []float32
	spaces
	colorColumns
	featureColumns
}

// side is what a worker has of one of the pictures.
type side struct {
	opponent    [3]*raster.Ring // the last rows, not filtered
	lab         [3][]float32    // of a row
	edge, point []float32       // the strengths of features along a row
}

func newWorker(s *scan) *worker {
	w := &worker{scan: s, spaces: newSpaces()}
	row := func() []float32 { return make([]float32, s.rowLength) }
	for i := range w.sides {
		side := &w.sides[i]
		for c := range 3 {
			side.opponent[c] = raster.NewRing(2*s.radius+1, s.rowLength)
			side.lab[c], w.part[i][c], w.tmp[i][c] = row(), row(), row()
		}
		side.edge, side.point = row(), row()
	}
	w.out = row()
	w.colorColumns, w.featureColumns = newColorColumns(s), newFeatureColumns(s)
	return w
}

// read puts row y, n pixels from column x on, into the rings. Outside the picture are
// the pixels at its edge.
func (w *worker) read(x, y, n int) {
	left, right := max(-x, 0), min(w.width-x, n)
	rgb, opponent := &w.part[0], &w.part[1]
	for i := range w.sides {
		for c, ring := range w.sides[i].opponent {
			rgb[c], opponent[c] = rgb[c][:right-left], ring.Row(y)[left:right]
		}
		w.pair[i].Read(rgb, x+left, min(max(y, 0), w.height-1))
		w.toOpponent.apply(opponent, rgb)
		for _, ring := range w.sides[i].opponent {
			whole := ring.Row(y)[:n]
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

// row computes FLIP along row y of the tile, of n pixels: the difference of colours to the
// power of 1 less the difference of features.
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

// A column is what a filter down the columns makes of a row and its surroundings.
type column struct {
	row   []float32
	along [][]float32 // as a filter along the row takes it
}

// newColumn makes a column for a filter of so many taps along the row.
func newColumn(s *scan, taps int) column {
	row := make([]float32, s.rowLength)
	return column{row, raster.Shifts(row[s.radius-taps/2:], taps)}
}

// down filters the columns of n pixels and their surroundings around row y.
func (w *worker) down(dst column, src *raster.Ring, weights []float32, y, n int) {
	kernel.Blend(dst.row[:n+2*w.radius], src.Around(y, len(weights)/2), weights, 0)
}
