package butteraugli

import (
	"math"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/metrics/internal/raster"
)

// The weights of squared differences in the channels of the bands; in the low band, with
// the channels' own scales. In the high band a difference and what of it is out of bounds
// have equal parts.
var (
	lowWeights = []float32{
		29.2353797994 * 33.832837186260 * 33.832837186260,
		0.844626970982 * 14.458268100570 * 14.458268100570,
		0.703646627719 * 49.87984651440 * 49.87984651440,
	}
	middleWeights = []float32{2150, 10.6195433239, 16.2176043152}
	highWeights   = []float32{0.8 * 400, 0.8 * 400, 0.8 * 1.50815703118, 0.8 * 1.50815703118}
)

const (
	lowYInB    = 0.362267051518 // the part of Y that is taken off B in the low band
	maskWeight = 10             // of differences in activity
)

// bounds are the parts of the reference beyond which a difference counts more, as the
// weights of the two for what falls short of the lower one and for what exceeds the upper.
type bounds struct{ below, above []float32 }

func newBounds(low, high float32) bounds { return bounds{[]float32{low, -1}, []float32{-high, 1}} }

var (
	lineBounds = newBounds(0.55, 1.05)
	highBounds = newBounds(0.4, 1)
)

var halves = []float32{0.5, 0.5}

// compareLow makes a row of DC.
func (s *strip) compareLow(y int) {
	a, b := s.eyes[0].lf, s.eyes[1].lf
	for c := range a {
		kernel.Sub(s.squares[c], a[c].Row(y), b[c].Row(y))
	}
	kernel.Scale(s.gap, s.squares[1], lowYInB)
	kernel.Sub(s.squares[2], s.squares[2], s.gap)
	for c := range a {
		kernel.Square(s.squares[c], s.squares[c])
	}
	kernel.Blend(s.dc.Row(y), s.squares[:3], lowWeights, 0)
}

// compareMiddle begins a row of AC.
func (s *strip) compareMiddle(y int) {
	a, b := s.eyes[0].mf, s.eyes[1].mf
	for c := range a {
		kernel.Sub(s.squares[c], a[c].Row(y), b[c].Row(y))
		kernel.Square(s.squares[c], s.squares[c])
	}
	kernel.Blend(s.ac.Row(y), s.squares[:3], middleWeights, 0)
	s.compareBand(middleX, y, a[0], b[0])
	s.compareBand(middleY, y, a[1], b[1])
}

// compareHigh adds to a row of AC.
func (s *strip) compareHigh(y int) {
	a, b := s.eyes[0], s.eyes[1]
	s.compareBand(ultraX, y, a.uhf[0], b.uhf[0])
	s.compareBand(ultraY, y, a.uhf[1], b.uhf[1])
	for c, band := range []int{highX, highY} {
		s.compareBand(band, y, a.hf[c], b.hf[c])
		gap, excess := s.squares[2*c], s.squares[2*c+1]
		kernel.Square(gap, s.gap)
		s.exceed(highBounds)
		kernel.Sub(excess, s.small, s.large)
		kernel.Square(excess, excess)
	}
	kernel.Blend(s.gap, s.squares[:], highWeights, 0)
	kernel.Add(s.ac.Row(y), s.ac.Row(y), s.gap)
}

// compareBand makes a row of differences to be summed along lines. It leaves the band of
// both pictures in a and b, with the signs turned so that the reference, a, is positive,
// and a - b in gap.
func (s *strip) compareBand(band, y int, refs, dists *raster.Ring) {
	m, ref, dist := s.lines[band], refs.Row(y), dists.Row(y)
	kernel.Abs(s.a, ref)
	kernel.FlipSign(s.b, dist, ref)
	kernel.Sub(s.gap, s.a, s.b)
	s.exceed(lineBounds)
	out := m.row(y)
	s.rows = [3][]float32{s.gap, s.small, s.large}
	kernel.Blend(out, s.rows[:], m.weights, 0)
	kernel.Abs(s.small, s.b)
	s.rows = [3][]float32{s.a, s.small}
	kernel.Blend(s.large, s.rows[:2], halves, m.norm)
	kernel.Div(out, out, s.large)
	kernel.FlipSign(out, out, ref)
}

// exceed writes by how much b is out of bounds, which are parts of a: how much too small
// or too large it is, 0 where it is not.
func (s *strip) exceed(of bounds) {
	s.rows = [3][]float32{s.a, s.b}
	kernel.Blend(s.small, s.rows[:2], of.below, 0)
	kernel.AtLeast(s.small, s.small, 0)
	kernel.Blend(s.large, s.rows[:2], of.above, 0)
	kernel.AtLeast(s.large, s.large, 0)
}

// compareMasks adds to a row of AC how much the activities differ.
func (s *strip) compareMasks(y int) {
	ref := s.erosion.row(y)
	for i, row := range [2][]float32{ref, s.masked} {
		e := s.eyes[i]
		e.mask.Column(row, y, s.height, e.activityAlong)
	}
	kernel.Sub(s.gap, ref, s.masked)
	kernel.Scale(s.gap, s.gap, float32(math.Sqrt(maskWeight)))
	kernel.MulAdd(s.ac.Row(y), s.gap, s.gap)
}

// difference completes a row of AC and turns it into the row of differences.
func (s *strip) difference(y int) {
	ac, dc, activity, t := s.ac.Row(y), s.dc.Row(y), s.a, s.b
	for _, m := range s.lines {
		m.add(ac, t, y)
	}
	s.erosion.erode(activity, y)
	visibilityAC.apply(ac, activity, s.riseAC, t)
	visibilityDC.apply(dc, activity, s.riseDC, t)
	kernel.Add(ac, ac, dc)
	kernel.Sqrt(ac, ac)
}
