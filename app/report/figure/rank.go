package figure

import (
	"cmp"
	"math"
	"slices"
)

// rank orders the series for the legend by the first panel, the best first: by how
// many others a curve lies above on the average of their common rates. Curves that
// share no rates with any other keep their order.
func (p *plan) rank() {
	if p.KeepOrder {
		return
	}
	n := len(p.series)
	wins := make([]int, n)
	sorted := make([][]point, n)
	for i, l := range p.data[0] {
		for _, q := range l.points {
			if q.drawn() {
				sorted[i] = append(sorted[i], q)
			}
		}
		slices.SortStableFunc(sorted[i], func(a, b point) int { return cmp.Compare(a.x, b.x) })
	}
	for i := range n {
		for k := range i {
			d := meanDifference(sorted[i], sorted[k])
			if p.Metrics[0].Lower {
				d = -d
			}
			switch {
			case d > 0:
				wins[i], wins[k] = wins[i]+1, wins[k]-1
			case d < 0:
				wins[i], wins[k] = wins[i]-1, wins[k]+1
			}
		}
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(wins[b], wins[a]) })
	p.series = permute(p.series, order)
	for i, lines := range p.data {
		p.data[i] = permute(lines, order)
	}
}

func permute[T any](list []T, order []int) []T {
	out := make([]T, len(list))
	for i, k := range order {
		out[i] = list[k]
	}
	return out
}

// meanDifference is a - b, averaged over 33 places of the common x range; 0 where
// there is none.
func meanDifference(a, b []point) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	lo := math.Max(a[0].x, b[0].x)
	hi := math.Min(a[len(a)-1].x, b[len(b)-1].x)
	if lo > hi {
		return 0
	}
	const places = 32
	sum := 0.
	for i := range places + 1 {
		x := lo + (hi-lo)*float64(i)/places
		sum += interpolate(a, x) - interpolate(b, x)
	}
	return sum / (places + 1)
}

// interpolate reads a curve sorted by x at a place within it.
func interpolate(c []point, x float64) float64 {
	i, exact := slices.BinarySearchFunc(c, x, func(p point, x float64) int { return cmp.Compare(p.x, x) })
	if exact || i == 0 {
		return c[min(i, len(c)-1)].y
	}
	if i == len(c) {
		return c[i-1].y
	}
	t := (x - c[i-1].x) / (c[i].x - c[i-1].x)
	return c[i-1].y + t*(c[i].y-c[i-1].y)
}
