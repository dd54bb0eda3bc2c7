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
// that two times over, and the activities at 8 pixels around it, reachErosion away.
type erosion struct {
	activity *raster.Ring // padded by reachErosion, as columns are
	nothing  []float32    // a row beyond the picture
	height   int
	columns  [3][]float32 // three values above one another, in rising order
	smallest [3][]float32
	merged   [3][]float32
	t        []float32
}

// beyond is more than any activity.
const beyond = math.MaxFloat32

var erosionWeights = []float32{0.45, 0.3, 0.25}

func newErosion(n, height int) *erosion {
	padded := n + 2*reachErosion
	e := &erosion{
		activity: raster.NewRing(2*reachErosion+batch, padded), nothing: filled(padded, beyond), height: height,
		t: make([]float32, padded),
	}
	for y := range 2*reachErosion + batch {
		copy(e.activity.Row(y), e.nothing)
	}
	for k := range 3 {
		e.columns[k], e.smallest[k], e.merged[k] = make([]float32, padded), make([]float32, n), make([]float32, n)
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
	var rows [3][]float32
	for k := range rows {
		rows[k] = e.nothing
		if at := y + (k-1)*reachErosion; at >= 0 && at < e.height {
			rows[k] = e.activity.Row(at)
		}
	}
	sortThree(&e.columns, &rows, e.t)
	e.merge(&e.columns, reachErosion)
	e.merge(&e.smallest, 2*reachErosion)
	twice := e.t[:len(dst)]
	kernel.Scale(twice, e.row(y), 2)
	for _, row := range e.smallest[1:] { // twice is not less than the first
		kernel.Less(row, row, twice)
	}
	kernel.Blend(dst, e.smallest[:], erosionWeights, 0)
}

// merge finds the smallest three of some sorted three and of the columns that are that
// far to the right, and sorts them.
func (e *erosion) merge(with *[3][]float32, shift int) {
	for k, row := range e.merged {
		kernel.Less(row, with[k], e.columns[2-k][shift:])
	}
	sortThree(&e.smallest, &e.merged, e.t)
}

// sortThree sorts what the rows v have at the same place.
func sortThree(dst, v *[3][]float32, t []float32) {
	t = t[:len(dst[0])]
	kernel.Less(dst[0], v[0], v[1])
	kernel.Greater(dst[1], v[0], v[1])
	kernel.Greater(t, dst[0], v[2])
	kernel.Less(dst[0], dst[0], v[2])
	kernel.Greater(dst[2], dst[1], t)
	kernel.Less(dst[1], dst[1], t)
}
