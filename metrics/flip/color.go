package flip

import (
	"math"

	"codecworkbench/codecs/nn/kernel"
)

// How far two colours are apart is their distance in HyAB, |dL| + sqrt(da^2 + db^2), to
// the power of hyabPower. Of the greatest such error, green against blue, the part up to
// lowPart takes lowRange of the scale from 0 to 1, the rest what remains.
const (
	hyabPower = 0.7
	lowPart   = 0.4
	lowRange  = 0.95
)

// greatestError is that of green against blue.
func greatestError() float64 {
	var c [2][3]float64
	for i, rgb := range [2][3]float64{{0, 1, 0}, {0, 0, 1}} {
		var f [3]float64
		for j, row := range relative() {
			v := row[0]*rgb[0] + row[1]*rgb[1] + row[2]*rgb[2]
			f[j] = math.Cbrt(max(v, linearPart)) + linearSlope*min(v-linearPart, 0)
		}
		l := 116*f[1] - 16
		c[i] = [3]float64{l, 0.01 * l * 500 * (f[0] - f[1]), 0.01 * l * 200 * (f[1] - f[2])}
	}
	hyab := math.Abs(c[0][0]-c[1][0]) + math.Hypot(c[0][1]-c[1][1], c[0][2]-c[1][2])
	return math.Pow(hyab, hyabPower)
}

// colorColumns are a row's opponent colours, filtered down the columns.
type colorColumns struct {
	yColumn, cxColumn column
	czColumns         [2]column
	alongCz           [][]float32 // of both
	alongCzWeights    []float32
	greatest          float32
}

func newColorColumns(s *scan) colorColumns {
	c := colorColumns{yColumn: newColumn(s, len(s.y)), cxColumn: newColumn(s, len(s.cx))}
	for i, weights := range s.cz {
		c.czColumns[i] = newColumn(s, len(weights))
		c.alongCz = append(c.alongCz, c.czColumns[i].along...)
		c.alongCzWeights = append(c.alongCzWeights, weights...)
	}
	c.greatest = float32(greatestError())
	return c
}

// color filters a picture as the eye does and takes it to CIELab.
func (w *worker) color(s *side, y, n int) {
	w.down(w.yColumn, s.opponent[0], w.y, y, n)
	w.down(w.cxColumn, s.opponent[1], w.cx, y, n)
	w.down(w.czColumns[0], s.opponent[2], w.cz[0], y, n)
	w.down(w.czColumns[1], s.opponent[2], w.cz[1], y, n)
	a, b := &w.tmp[0], &w.tmp[1]
	for c := range 3 {
		a[c], b[c], s.lab[c] = a[c][:n], b[c][:n], s.lab[c][:n]
	}
	kernel.Blend(a[0], w.yColumn.along, w.y, 0)
	kernel.Blend(a[1], w.cxColumn.along, w.cx, 0)
	kernel.Blend(a[2], w.alongCz, w.alongCzWeights, 0)
	w.fromOpponent.apply(b, a)
	for _, v := range b {
		kernel.Clamp(v, v, 0, 1)
	}
	w.toRelative.apply(a, b)
	lab(&s.lab, a)
}

// colorDifference returns how much the filtered colours differ, 0..1. It uses them up.
func (w *worker) colorDifference(n int) []float32 {
	ref, dist := &w.sides[0].lab, &w.sides[1].lab
	for c := range 3 {
		kernel.Sub(ref[c], ref[c], dist[c])
	}
	l, ab := ref[0], ref[1]
	kernel.Abs(l, l)
	kernel.Square(ab, ab)
	kernel.MulAdd(ab, ref[2], ref[2])
	kernel.Sqrt(ab, ab)
	e := w.out[:n]
	kernel.Add(e, l, ab)
	kernel.Log(e, e)
	kernel.Scale(e, e, hyabPower)
	kernel.Exp(e, e)
	// Both parts of the scale are straight.
	bend := lowPart * w.greatest
	high := ab
	kernel.AtLeast(high, e, bend)
	kernel.Offset(high, high, -bend)
	kernel.AtMost(e, e, bend)
	kernel.Scale(e, e, lowRange/bend)
	kernel.AddScaled(e, (1-lowRange)/(w.greatest-bend), high)
	return e
}
