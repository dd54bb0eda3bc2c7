package butteraugli

import (
	"math"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/metrics/internal/raster"
)

// Activity, which hides differences, is the length of the vector of detail in X and Y
// with these weights, drawn together by a square root.
const (
	activityX     = 2.5
	activityY     = 0.4
	activityScale = 6.19424080439
	activityBias  = activityScale * 12.61050594197
)

var activityWeights = []float32{activityScale * activityScale * activityX * activityX, activityScale * activityScale * activityY * activityY}

// activity writes the activity of row y, from the bands of this batch.
func (e *eye) activity(dst []float32, y int) {
	kernel.Add(e.t, e.hf[0].Row(y), e.uhf[0].Row(y))
	kernel.Square(e.t, e.t)
	kernel.Add(e.u, e.hf[1].Row(y), e.uhf[1].Row(y))
	kernel.Square(e.u, e.u)
	e.squares[0], e.squares[1] = e.t, e.u
	kernel.Blend(dst, e.squares[:], activityWeights, 0)
	kernel.Sqrt(dst, dst)
	kernel.Offset(dst, dst, activityBias)
	kernel.Sqrt(dst, dst)
	kernel.Offset(dst, dst, float32(-math.Sqrt(activityBias)))
}

// A visibility is what differences are multiplied by beside an activity M: the square of
// scale (1 + rise / (slope M + start)).
type visibility struct{ rise, slope, start float32 }

const visibilityScale = 1 / (17.83 * 0.79079917404)

var (
	visibilityAC = visibility{2.5485944793, 0.451936922203, 0.829591754942}
	visibilityDC = visibility{0.505054525019, 3.87449418804, 0.20025578522}
)

// apply multiplies a row of differences beside the activity M; rise is a row of
// visibilityScale v.rise.
func (v visibility) apply(row, activity, rise, t []float32) {
	kernel.Affine(t, activity, v.slope, v.start)
	kernel.Div(t, rise, t)
	kernel.Offset(t, t, visibilityScale)
	kernel.Square(t, t)
	kernel.Mul(row, row, t)
}

// erosion finds how little activity there is close by: what hides a difference is what
// it has on all sides. It takes the three smallest of the activity at a pixel, twice
// that two times over, and those at 8 pixels around it, a distance of reachErosion away.
type erosion struct {
	activity *raster.Ring // padded by reachErosion, as columns is
	nothing  []float32    // a row beyond the picture
	columns  [3][]float32 // the values above one another, in rising order
	least    [3][]float32
	t, twice []float32
	height   int
}

// beyond is more than any activity.
const beyond = math.MaxFloat32

var erosionWeights = []float32{0.45, 0.3, 0.25}

func newErosion(n, height int) *erosion {
	padded := n + 2*reachErosion
	e := &erosion{activity: raster.NewRing(2*reachErosion+batch, padded), nothing: filled(padded, beyond),
		t: make([]float32, padded), twice: make([]float32, n), height: height}
	for y := range 2*reachErosion + batch {
		copy(e.activity.Row(y), e.nothing)
	}
	for k := range e.columns {
		e.columns[k], e.least[k] = make([]float32, padded), make([]float32, n)
	}
	return e
}

// row is where row y of the activity is kept.
func (e *erosion) row(y int) []float32 {
	row := e.activity.Row(y)
	return row[reachErosion : len(row)-reachErosion]
}

// erode writes row y of the result.
func (e *erosion) erode(dst []float32, y int) {
	n := len(dst)
	for k := range e.columns {
		row := e.nothing
		if at := y + (k-1)*reachErosion; at >= 0 && at < e.height {
			row = e.activity.Row(at)
		}
		copy(e.columns[k], row)
	}
	sortThree(&e.columns, e.t)
	for k := range e.least {
		copy(e.least[k], e.columns[k][:n])
	}
	for _, shift := range []int{reachErosion, 2 * reachErosion} {
		for k, row := range e.least {
			least(row, row, e.columns[2-k][shift:])
		}
		sortThree(&e.least, e.t[:n])
	}
	kernel.Scale(e.twice, e.row(y), 2)
	least(e.least[1], e.least[1], e.twice)
	least(e.least[2], e.least[2], e.twice)
	kernel.Blend(dst, e.least[:], erosionWeights, 0)
}

// sortThree sorts what the rows have at the same place.
func sortThree(v *[3][]float32, t []float32) {
	for _, pair := range [][2]int{{0, 1}, {1, 2}, {0, 1}} {
		low, high := v[pair[0]], v[pair[1]]
		copy(t, low)
		least(low, low, high)
		kernel.Greater(high, high, t)
	}
}

func least(dst, x, y []float32) {
	for i := range dst {
		dst[i] = min(x[i], y[i])
	}
}
