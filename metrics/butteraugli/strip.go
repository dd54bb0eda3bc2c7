package butteraugli

import (
	"context"

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
	lagHigh   = reachErosion + reachMask
	lagMiddle = lagHigh + reachHigh
	lagLow    = lagMiddle + reachMiddle
)

// strip computes the differences of a tile, top down.
type strip struct {
	height int
	eyes   [2]*eye // of the reference and of the distorted picture
	next   [stages]int

	dc, ac  *raster.Ring // sums of squared differences, in the low band and in the others
	lines   [lineBands]*malta
	erosion *erosion
	masked  []float32 // the distorted picture's activity

	riseAC, riseDC []float32

	// Scratch: differences, or their squares, and what compareBand leaves.
	squares                 [4][]float32
	a, b, gap, small, large []float32
	rows                    [3][]float32
}

func newStrip(ref, dist raster.RGB, n int, nits float64) *strip {
	_, height := ref.Size()
	s := &strip{
		height:  height,
		eyes:    [2]*eye{newEye(ref, n, nits), newEye(dist, n, nits)},
		dc:      raster.NewRing(lagLow+batch, n),
		ac:      raster.NewRing(lagMiddle+batch, n),
		erosion: newErosion(n, height),
		masked:  make([]float32, n),
		riseAC:  filled(n, visibilityScale*visibilityAC.rise),
		riseDC:  filled(n, visibilityScale*visibilityDC.rise),
	}
	for i := range s.lines {
		lag := lagHigh
		if i == middleX || i == middleY {
			lag = lagMiddle
		}
		s.lines[i] = newMalta(senses[i], n, lag, height)
	}
	for i := range s.squares {
		s.squares[i] = make([]float32, n)
	}
	for _, row := range []*[]float32{&s.a, &s.b, &s.gap, &s.small, &s.large} {
		*row = make([]float32, n)
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

// do makes some rows of a stage: first what concerns each picture, then the comparison.
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
