package flip

import (
	"math"

	"codecworkbench/codecs/nn/kernel"
)

// featureColumns are a row's brightness, filtered down the columns.
type featureColumns struct{ smoothColumn, edgeColumn, pointColumn column }

func newFeatureColumns(s *scan) featureColumns {
	taps := len(s.smooth)
	return featureColumns{newColumn(s, taps), newColumn(s, taps), newColumn(s, taps)}
}

// features computes the strengths of edges and points in a picture's brightness, which
// is not filtered.
func (w *worker) features(s *side, y, n int) {
	brightness := s.opponent[0]
	w.down(w.smoothColumn, brightness, w.smooth, y, n)
	w.down(w.edgeColumn, brightness, w.edge, y, n)
	w.down(w.pointColumn, brightness, w.point, y, n)
	s.edge, s.point = s.edge[:n], s.point[:n]
	w.strength(s.edge, w.edgeColumn, w.edge)
	w.strength(s.point, w.pointColumn, w.point)
}

// strength is the length of a feature's vector: its derivative along the row, and the
// one down the columns, each smooth along the other axis.
func (w *worker) strength(dst []float32, down column, derivative []float32) {
	x, y := w.tmp[0][0][:len(dst)], w.tmp[0][1][:len(dst)]
	kernel.Blend(x, w.smoothColumn.along, derivative, 0)
	kernel.Blend(y, down.along, w.smooth, 0)
	kernel.Square(dst, x)
	kernel.MulAdd(dst, y, y)
	kernel.Sqrt(dst, dst)
}

// leastPower keeps 0 to the power of 0 away.
const leastPower = 1e-6

// featureDifference returns 1 less how much edges or points differ, whichever differ more.
func (w *worker) featureDifference(n int) []float32 {
	ref, dist := &w.sides[0], &w.sides[1]
	edge, point := w.tmp[0][0][:n], w.tmp[0][1][:n]
	kernel.Sub(edge, ref.edge, dist.edge)
	kernel.Abs(edge, edge)
	kernel.Sub(point, ref.point, dist.point)
	kernel.Abs(point, point)
	kernel.Greater(edge, edge, point)
	kernel.Scale(edge, edge, 1/math.Sqrt2)
	kernel.Sqrt(edge, edge)
	kernel.Affine(edge, edge, -1, 1)
	kernel.AtLeast(edge, edge, leastPower)
	return edge
}
