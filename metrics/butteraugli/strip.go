package butteraugli

import (
	"context"
	"math"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/metrics/internal/raster"
)

// batch is how many rows a stage does at a time.
const batch = 8

// The stages of the work, each of which needs rows of the one before around those that
// it makes.
const (
	readStage = iota
	adaptStage
	lowStage
	middleStage
	highStage
	maskStage
	differenceStage
	stages
)

// reach is how many rows of the stage before a row needs above and below it.
var reach = [stages]int{0, reachAdaptation, reachLow, reachMiddle, reachHigh, reachMask, reachErosion}

// halo is how far a difference depends on what is around it.
const halo = reachAdaptation + reachLow + reachMiddle + reachHigh + reachMask + reachErosion

// How far some stages are ahead of the last one.
const (
	lagMask   = reachErosion
	lagHigh   = lagMask + reachMask
	lagMiddle = lagHigh + reachHigh
	lagLow    = lagMiddle + reachMiddle
)

// The weights of squared differences in the bands' channels; of the low band, the
// channels' own scales included.
var (
	lowWeights    = []float32{29.2353797994 * 33.832837186260 * 33.832837186260, 0.844626970982 * 14.458268100570 * 14.458268100570, 0.703646627719 * 49.87984651440 * 49.87984651440}
	middleWeights = []float32{2150, 10.6195433239, 16.2176043152}
	highWeights   = []float32{0.8 * 400, 0.8 * 1.50815703118, 0.8 * 400, 0.8 * 1.50815703118}
)

const (
	lowYInB    = 0.362267051518 // the part of Y that the low band's B is free of
	maskWeight = 10
)

// strip computes the differences of a tile, top down.
type strip struct {
	n, height int
	eyes      [2]*eye // of the reference and of the distorted picture
	next      [stages]int

	dc, ac  *raster.Ring
	lines   [lineBands]*malta
	erosion *erosion
	masked  []float32 // the distorted picture's activity

	riseAC, riseDC []float32
	t              [9][]float32
	rows           [4][]float32
}

func newStrip(ref, dist raster.RGB, n int, nits float64) *strip {
	_, height := ref.Size()
	s := &strip{
		n: n, height: height,
		eyes: [2]*eye{newEye(ref, n, nits), newEye(dist, n, nits)},
		dc:   raster.NewRing(lagLow+batch, n), ac: raster.NewRing(lagMiddle+batch, n),
		erosion: newErosion(n, height), masked: make([]float32, n),
		riseAC: filled(n, visibilityScale*visibilityAC.rise), riseDC: filled(n, visibilityScale*visibilityDC.rise),
	}
	for i := range s.lines {
		lag := lagHigh
		if i == middleX || i == middleY {
			lag = lagMiddle
		}
		s.lines[i] = newMalta(senses[i], n, lag, height)
	}
	for i := range s.t {
		s.t[i] = make([]float32, n)
	}
	return s
}

// run computes a tile and hands out its rows.
func (s *strip) run(ctx context.Context, t tile, use func(y int, row []float32)) {
	start := t.y0 - halo
	for stage := range s.next {
		start += reach[stage]
		s.next[stage] = max(start, 0)
	}
	for _, e := range s.eyes {
		e.x = t.x
	}
	for y := t.y0; y < t.y1 && ctx.Err() == nil; y += batch {
		to := min(y+batch, t.y1)
		s.advance(differenceStage, to)
		for i := y; i < to; i++ {
			use(i, s.ac.Row(i)[t.x0-t.x:t.x1-t.x])
		}
	}
}

// advance makes the rows of a stage up to the one before to.
func (s *strip) advance(stage, to int) {
	for to = min(to, s.height); s.next[stage] < to; {
		from := s.next[stage]
		until := min(from+batch, to)
		if stage > 0 {
			s.advance(stage-1, until+reach[stage])
		}
		s.do(stage, from, until)
		s.next[stage] = until
	}
}

func (s *strip) do(stage, from, to int) {
	for _, e := range s.eyes {
		switch stage {
		case readStage:
			e.read(from, to)
		case adaptStage:
			e.adaptRows(from, to)
		case lowStage:
			e.separateLow(from, to)
		case middleStage:
			e.separateMiddle(from, to)
		case highStage:
			e.separateHigh(from, to)
		}
	}
	for y := from; y < to; y++ {
		switch stage {
		case lowStage:
			s.compareLow(y)
		case middleStage:
			s.compareMiddle(y)
		case highStage:
			s.compareHigh(y)
		case maskStage:
			s.compareMasks(y)
		case differenceStage:
			s.difference(y)
		}
	}
}

// compareLow makes a row of DC.
func (s *strip) compareLow(y int) {
	a, b := s.eyes[0].lf, s.eyes[1].lf
	for c := range a {
		kernel.Sub(s.t[c], a[c].Row(y), b[c].Row(y))
	}
	kernel.Scale(s.t[3], s.t[1], lowYInB)
	kernel.Sub(s.t[2], s.t[2], s.t[3])
	for c := range a {
		kernel.Square(s.t[c], s.t[c])
	}
	kernel.Blend(s.dc.Row(y), s.t[:3], lowWeights, 0)
}

// compareMiddle begins a row of AC.
func (s *strip) compareMiddle(y int) {
	a, b := s.eyes[0].mf, s.eyes[1].mf
	for c := range a {
		kernel.Sub(s.t[c], a[c].Row(y), b[c].Row(y))
		kernel.Square(s.t[c], s.t[c])
	}
	kernel.Blend(s.ac.Row(y), s.t[:3], middleWeights, 0)
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
		excess, difference := s.t[5+c], s.t[7+c]
		kernel.Square(difference, s.t[2])
		s.excess(excess, s.t[3], highBounds)
		kernel.Sub(excess, excess, s.t[3])
		kernel.Square(excess, excess)
	}
	kernel.Blend(s.t[0], s.t[5:9], highWeights, 0)
	kernel.Add(s.ac.Row(y), s.ac.Row(y), s.t[0])
}

// compareBand makes a row of differences to be summed along lines. The signs are such
// that the reference is positive. It leaves |a| in t[0], b in t[1] and |a| - b in t[2].
func (s *strip) compareBand(band, y int, refs, dists *raster.Ring) {
	m, ref, dist := s.lines[band], refs.Row(y), dists.Row(y)
	a, b, d, small, large := s.t[0], s.t[1], s.t[2], s.t[3], s.t[4]
	kernel.Abs(a, ref)
	kernel.FlipSign(b, dist, ref)
	kernel.Sub(d, a, b)
	s.excess(small, large, lineBounds)
	s.rows[0], s.rows[1], s.rows[2] = d, small, large
	out := m.row(y)
	kernel.Blend(out, s.rows[:3], m.weights, 0)
	kernel.Abs(small, b)
	s.rows[0], s.rows[1] = a, small
	kernel.Blend(large, s.rows[:2], halves, m.norm)
	kernel.Div(out, out, large)
	kernel.FlipSign(out, out, ref)
}

var halves = []float32{0.5, 0.5}

// bounds are the parts of the reference beyond which a difference counts more, as the
// weights of what falls short of the lower and of what goes beyond the upper one.
type bounds struct{ below, above []float32 }

func newBounds(low, high float32) bounds { return bounds{[]float32{low, -1}, []float32{-high, 1}} }

var (
	lineBounds = newBounds(0.55, 1.05)
	highBounds = newBounds(0.4, 1)
)

// excess writes by how much b of compareBand is out of bounds, which are parts of a.
func (s *strip) excess(small, large []float32, b bounds) {
	s.rows[0], s.rows[1] = s.t[0], s.t[1]
	kernel.Blend(small, s.rows[:2], b.below, 0)
	kernel.AtLeast(small, small, 0)
	kernel.Blend(large, s.rows[:2], b.above, 0)
	kernel.AtLeast(large, large, 0)
}

// compareMasks adds to a row of AC how much the activities differ.
func (s *strip) compareMasks(y int) {
	ref := s.erosion.row(y)
	for i, row := range [2][]float32{ref, s.masked} {
		e := s.eyes[i]
		e.mask.Column(row, y, s.height, e.activityAlong)
	}
	kernel.Sub(s.t[0], ref, s.masked)
	kernel.Scale(s.t[0], s.t[0], float32(math.Sqrt(maskWeight)))
	kernel.MulAdd(s.ac.Row(y), s.t[0], s.t[0])
}

// difference completes a row of AC and turns it into the row of differences.
func (s *strip) difference(y int) {
	ac, dc, activity, t := s.ac.Row(y), s.dc.Row(y), s.t[0], s.t[1]
	for _, m := range s.lines {
		m.add(ac, t, y)
	}
	s.erosion.erode(activity, y)
	visibilityAC.apply(ac, activity, s.riseAC, t)
	visibilityDC.apply(dc, activity, s.riseDC, t)
	kernel.Add(ac, ac, dc)
	kernel.Sqrt(ac, ac)
}
