package rd

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"codecworkbench/metrics"
)

// RateAt returns the bpp at which a curve reaches a quality, given as the metric is
// plotted (MS-SSIM: dB). Between the points it follows PCHIP through the logarithm
// of the rate, as BDRate does; it doesn't extrapolate.
func RateAt(c Curve, m metrics.Info, quality float64) (float64, error) {
	points, _ := XYs(c.Points, m)
	x := quality
	if m.Lower {
		x = -x
	}
	v, err := lookUp(points, x, func(p XY) (x, y float64) { return p.Quality, math.Log(p.Rate) }, "quality")
	if err != nil {
		return 0, fmt.Errorf("%s at %s %g: %w", c.Name, m.ID, quality, err)
	}
	return math.Exp(v), nil
}

// QualityAt returns a curve's quality at a rate in bpp, as the metric is plotted;
// the inverse of RateAt.
func QualityAt(c Curve, m metrics.Info, bpp float64) (float64, error) {
	points, _ := XYs(c.Points, m)
	v, err := lookUp(points, math.Log(bpp), func(p XY) (x, y float64) { return math.Log(p.Rate), p.Quality }, "rate")
	if err != nil {
		return 0, fmt.Errorf("%s at %g bpp: %w", c.Name, bpp, err)
	}
	if m.Lower {
		v = -v
	}
	return v, nil
}

func lookUp(points []XY, x float64, axes func(XY) (x, y float64), abscissa string) (float64, error) {
	a, note := newAxis(points, PCHIP, axes, "given", abscissa)
	if note != "" {
		return 0, errors.New(note)
	}
	if !(x >= a.lo() && x <= a.hi()) {
		return 0, fmt.Errorf("outside of the curve's %s range", abscissa)
	}
	v := pchip(a.x, a.y).at(x)
	if !finite(v) {
		return 0, errNumbers
	}
	return v, nil
}

// Front returns the indices of the points that no other point beats (lower or
// equal rate and higher or equal quality, one of them strictly), by rising rate:
// the Pareto front of any number of curves' points together. Of equal points the
// first stands for all; points that are not finite are never on the front.
func Front(points []XY) []int {
	var order []int
	for i, p := range points {
		if finite(p.Rate) && finite(p.Quality) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(points[i].Rate, points[j].Rate), cmp.Compare(points[j].Quality, points[i].Quality))
	})
	best := math.Inf(-1)
	return slices.DeleteFunc(order, func(i int) bool {
		if points[i].Quality <= best {
			return true
		}
		best = points[i].Quality
		return false
	})
}
