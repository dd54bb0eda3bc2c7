package butteraugli

import (
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/metrics/internal/raster"
)

// The standard deviations, in pixels, of the blurs that separate the bands, and of those
// of the adaptation and of the mask.
const (
	sigmaAdaptation = 1.2
	sigmaLow        = 7.15593339443
	sigmaMiddle     = 3.22489901262
	sigmaHigh       = 1.56416327805
	sigmaMask       = 2.7
)

// How far the blurs reach (2.25 sigma, rounded down), and what looks at neighbours.
const (
	reachAdaptation = 2
	reachLow        = 16
	reachMiddle     = 7
	reachHigh       = 3
	reachMask       = 6
	reachErosion    = 3
	reachMalta      = 4
)

// What is done to the bands: small values are suppressed, large ones raised or limited.
const (
	shrinkMiddleX  = 0.29
	amplifyMiddleY = 0.1
	shrinkHighX    = 1.5
	shrinkUltraX   = 0.04
	limitHighY     = 28.4691806922
	limitUltraY    = 5.19175294647
	beyondLimit    = 0.724216145665 // what remains of what exceeds a limit
	scaleUltraY    = 2.69313763794
	scaleHighY     = 2.155
	amplifyHighY   = 0.132
	// Detail v in Y hides detail in X: hiddenLeast + (1-hiddenLeast) hiddenBy / (v^2 +
	// hiddenBy) remains.
	hiddenLeast = 0.653020556257
	hiddenBy    = 46
)

func blur(sigma float64, radius int, border raster.Border) *raster.Filter {
	return raster.NewFilter(raster.Gaussian(sigma, radius), border)
}

func rings(channels, rows, n int) []*raster.Ring {
	out := make([]*raster.Ring, channels)
	for c := range out {
		out[c] = raster.NewRing(rows, n)
	}
	return out
}

func filled(n int, v float32) []float32 {
	row := make([]float32, n)
	for i := range row {
		row[i] = v
	}
	return row
}

// An eye sees one of the two pictures: it separates its bands, some rows at a time, and
// keeps those that are still needed. "Along" is what was blurred along the rows.
type eye struct {
	src       raster.RGB
	x, height int // the first column looked at; the picture's height
	opsin     *opsin

	adapt, low, middle, high, mask *raster.Filter

	light, lightAlong    []*raster.Ring // R, G and B
	xyb, xybAlong        []*raster.Ring
	rest, restAlong      []*raster.Ring // XYB without the low band
	detail, detailAlong  []*raster.Ring // X and Y without the middle band
	lf, mf, hf, uhf      []*raster.Ring // the bands of this batch
	activityAlong        *raster.Ring
	around               [3][]float32
	lightRow, xybRow     [3][]float32 // those being worked on
	hidden, t, u, active []float32
	squares              [2][]float32
}

func newEye(src raster.RGB, n int, nits float64) *eye {
	_, height := src.Size()
	return &eye{
		src: src, height: height, opsin: newOpsin(n, nits),
		adapt:  blur(sigmaAdaptation, reachAdaptation, raster.Mirror),
		low:    blur(sigmaLow, reachLow, raster.Renormalized),
		middle: blur(sigmaMiddle, reachMiddle, raster.Renormalized),
		high:   blur(sigmaHigh, reachHigh, raster.Renormalized),
		mask:   blur(sigmaMask, reachMask, raster.Renormalized),

		light:         rings(3, reachAdaptation+batch, n),
		lightAlong:    rings(3, 2*reachAdaptation+batch, n),
		xyb:           rings(3, reachLow+batch, n),
		xybAlong:      rings(3, 2*reachLow+batch, n),
		rest:          rings(3, reachMiddle+batch, n),
		restAlong:     rings(3, 2*reachMiddle+batch, n),
		detail:        rings(2, reachHigh+batch, n),
		detailAlong:   rings(2, 2*reachHigh+batch, n),
		lf:            rings(3, batch, n),
		mf:            rings(3, batch, n),
		hf:            rings(2, batch, n),
		uhf:           rings(2, batch, n),
		activityAlong: raster.NewRing(2*reachMask+batch, n),

		around: [3][]float32{make([]float32, n), make([]float32, n), make([]float32, n)},
		hidden: filled(n, (1-hiddenLeast)*hiddenBy),
		t:      make([]float32, n), u: make([]float32, n), active: make([]float32, n),
	}
}

// pick fetches row y of three channels.
func pick(rows *[3][]float32, rings []*raster.Ring, y int) {
	for c, r := range rings {
		rows[c] = r.Row(y)
	}
}

// read reads rows of light.
func (e *eye) read(from, to int) {
	for y := from; y < to; y++ {
		pick(&e.lightRow, e.light, y)
		e.src.Read(&e.lightRow, e.x, y)
		for c, row := range e.lightRow {
			e.adapt.Row(e.lightAlong[c].Row(y), row)
		}
	}
}

// adaptRows makes rows of XYB.
func (e *eye) adaptRows(from, to int) {
	for y := from; y < to; y++ {
		for c, row := range e.around {
			e.adapt.Column(row, y, e.height, e.lightAlong[c])
		}
		pick(&e.lightRow, e.light, y)
		pick(&e.xybRow, e.xyb, y)
		e.opsin.row(&e.xybRow, &e.lightRow, &e.around)
		for c, row := range e.xybRow {
			e.low.Row(e.xybAlong[c].Row(y), row)
		}
	}
}

// separateLow splits off the low band.
func (e *eye) separateLow(from, to int) {
	for c, r := range e.xyb {
		for y := from; y < to; y++ {
			lf, rest := e.lf[c].Row(y), e.rest[c].Row(y)
			e.low.Column(lf, y, e.height, e.xybAlong[c])
			kernel.Sub(rest, r.Row(y), lf)
			e.middle.Row(e.restAlong[c].Row(y), rest)
		}
	}
}

// separateMiddle splits off the middle band; of B nothing finer is looked at.
func (e *eye) separateMiddle(from, to int) {
	for c, r := range e.rest {
		for y := from; y < to; y++ {
			mf := e.mf[c].Row(y)
			e.middle.Column(mf, y, e.height, e.restAlong[c])
			if c < len(e.detail) {
				kernel.Sub(e.detail[c].Row(y), r.Row(y), mf)
			}
		}
	}
	for y := from; y < to; y++ {
		e.shrink(e.mf[0].Row(y), shrinkMiddleX)
		e.amplify(e.mf[1].Row(y), amplifyMiddleY)
		e.hide(e.detail[0].Row(y), e.detail[1].Row(y))
		for c, r := range e.detail {
			e.high.Row(e.detailAlong[c].Row(y), r.Row(y))
		}
	}
}

// separateHigh splits what is left into the high and the ultra-high band.
func (e *eye) separateHigh(from, to int) {
	for y := from; y < to; y++ {
		hf, uhf := e.hf[0].Row(y), e.uhf[0].Row(y)
		e.high.Column(hf, y, e.height, e.detailAlong[0])
		kernel.Sub(uhf, e.detail[0].Row(y), hf)
		e.shrink(uhf, shrinkUltraX)
		e.shrink(hf, shrinkHighX)

		hf, uhf = e.hf[1].Row(y), e.uhf[1].Row(y)
		e.high.Column(hf, y, e.height, e.detailAlong[1])
		e.limit(hf, limitHighY)
		kernel.Sub(uhf, e.detail[1].Row(y), hf)
		e.limit(uhf, limitUltraY)
		kernel.Scale(uhf, uhf, scaleUltraY)
		kernel.Scale(hf, hf, scaleHighY)
		e.amplify(hf, amplifyHighY)

		e.activity(e.active, y)
		e.mask.Row(e.activityAlong.Row(y), e.active)
	}
}

// shrink moves samples towards 0 by t.
func (e *eye) shrink(row []float32, t float32) {
	kernel.Clamp(e.t, row, -t, t)
	kernel.Sub(row, row, e.t)
}

// amplify moves samples away from 0 by t, or doubles them if that is less.
func (e *eye) amplify(row []float32, t float32) {
	kernel.Clamp(e.t, row, -t, t)
	kernel.Add(row, row, e.t)
}

// limit reduces what exceeds m.
func (e *eye) limit(row []float32, m float32) {
	kernel.Clamp(e.t, row, -m, m)
	kernel.Sub(row, row, e.t)
	kernel.Scale(row, row, beyondLimit)
	kernel.Add(row, row, e.t)
}

// hide suppresses detail in X beside detail in Y.
func (e *eye) hide(x, y []float32) {
	kernel.Square(e.t, y)
	kernel.Offset(e.t, e.t, hiddenBy)
	kernel.Div(e.t, e.hidden, e.t)
	kernel.Offset(e.t, e.t, hiddenLeast)
	kernel.Mul(x, x, e.t)
}
