package butteraugli

import (
	"context"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/metrics"
	"codecworkbench/metrics/internal/raster"
)

// A picture of half the size enters with the first of these weights; the full size then
// has the second.
const (
	halfWeight = 0.5
	fullWeight = 0.85
)

// leastSide is the shortest side of a picture that differences are computed of.
const leastSide = 8

// use takes row[i], the differences of the pixels (x+i, y). It is called from several
// goroutines, but from one at a time for a given tile, and may change the row.
type use func(tile, x, y int, row []float32)

// compare computes the differences of a pair. With alpha they are the larger ones of
// those seen on black and on white.
func compare(ctx context.Context, p *metrics.Pair, nits float64, do use) error {
	ref, dist := p.Ref().RGB8(), p.Dist().RGB8()
	if !p.Alpha() {
		return compareAnySize(ctx, raster.Linear(ref), raster.Linear(dist), nits, do)
	}
	width := p.Width()
	onBlack := make([]float32, width*p.Height())
	err := compareAnySize(ctx, raster.LinearOn(ref, 0), raster.LinearOn(dist, 0), nits, func(_, x, y int, row []float32) {
		copy(onBlack[y*width+x:], row)
	})
	if err != nil {
		return err
	}
	return compareAnySize(ctx, raster.LinearOn(ref, 1), raster.LinearOn(dist, 1), nits, func(tile, x, y int, row []float32) {
		kernel.Greater(row, row, onBlack[y*width+x:])
		do(tile, x, y, row)
	})
}

// compareAnySize extends pictures that are too small.
func compareAnySize(ctx context.Context, ref, dist raster.RGB, nits float64, do use) error {
	width, height := ref.Size()
	if min(width, height) >= leastSide {
		return compareBoth(ctx, ref, dist, nits, do)
	}
	a, b := extend(ref), extend(dist)
	return compareBoth(ctx, a, b, nits, func(tile, x, y int, row []float32) {
		left, right := max(a.left-x, 0), min(a.left+width-x, len(row))
		if y >= a.top && y < a.top+height && left < right {
			do(tile, x+left-a.left, y-a.top, row[left:right])
		}
	})
}

// compareBoth computes what is seen at the full and at half the size together.
func compareBoth(ctx context.Context, ref, dist raster.RGB, nits float64, do use) error {
	if width, height := ref.Size(); min(width, height)+1 < 2*leastSide {
		return compareOne(ctx, ref, dist, nits, do)
	}
	halfRef, halfDist := raster.Half(ref), raster.Half(dist)
	width, height := halfRef.Size()
	half := make([]float32, width*height)
	err := compareOne(ctx, halfRef, halfDist, nits, func(_, x, y int, row []float32) { copy(half[y*width+x:], row) })
	if err != nil {
		return err
	}
	return compareOne(ctx, ref, dist, nits, func(tile, x, y int, row []float32) {
		coarse := half[y/2*width:]
		for i, v := range row {
			row[i] = float32(fullWeight*v) + float32(halfWeight*coarse[(x+i)/2])
		}
		do(tile, x, y, row)
	})
}

// compareOne computes the differences at one resolution.
func compareOne(ctx context.Context, ref, dist raster.RGB, nits float64, do use) error {
	list, n := tiles(ref.Size())
	return kernel.Parallel(ctx, len(list), func() func(int) {
		s := newStrip(ref, dist, n, nits)
		return func(i int) {
			s.run(ctx, list[i], func(y int, row []float32) { do(i, list[i].x0, y, row) })
		}
	})
}

// pieces is how many tiles compare works on.
func pieces(width, height int) int {
	list, _ := tiles(max(width, leastSide), max(height, leastSide))
	return len(list)
}

// extended is a picture whose edges were repeated on all sides until none of its sides
// is shorter than leastSide.
type extended struct {
	raster.RGB
	left, top int
}

func extend(src raster.RGB) *extended {
	width, height := src.Size()
	return &extended{RGB: src, left: max(leastSide-width, 0) / 2, top: max(leastSide-height, 0) / 2}
}

// Size implements raster.RGB.
func (e *extended) Size() (width, height int) {
	width, height = e.RGB.Size()
	return max(width, leastSide), max(height, leastSide)
}

// Read implements raster.RGB.
func (e *extended) Read(dst *[3][]float32, x, y int) {
	width, height := e.RGB.Size()
	y = min(max(y-e.top, 0), height-1)
	if width >= leastSide {
		e.RGB.Read(dst, x, y)
		return
	}
	// All of the extended row is asked for: it is no longer than a tile.
	inner := [3][]float32{}
	for c, row := range dst {
		inner[c] = row[e.left : e.left+width]
	}
	e.RGB.Read(&inner, 0, y)
	for c, row := range dst {
		for i := range row {
			if k := min(max(i, e.left), e.left+width-1); k != i {
				row[i] = inner[c][k-e.left]
			}
		}
	}
}
