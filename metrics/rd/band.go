package rd

import (
	"math"
	"math/rand/v2"
	"slices"

	"codecworkbench/metrics"
)

// Spread says what a band round a mean curve shows.
type Spread string

// The spreads. Bootstrap says how far the mean would move with other pictures of the
// kind; Quartiles how far the pictures themselves lie apart.
const (
	NoSpread  Spread = ""
	Bootstrap Spread = "bootstrap" // percentile interval of the mean, pictures drawn with replacement
	Quartiles Spread = "quartiles" // of the pictures' values
)

// Interval is what a value may be; NaN: unknown.
type Interval struct{ Low, High float64 }

// Band returns an interval of a metric, in its own scale, for every point of a curve,
// over the pictures that its mean is made of, at each setting on its own. Points
// without at least two pictures' values have none; Quartiles need four.
func Band(c Curve, m metrics.Info, spread Spread, o Options) []Interval {
	out := make([]Interval, len(c.Points))
	for i := range out {
		out[i] = Interval{math.NaN(), math.NaN()}
	}
	sel := choose(c.WithMetric(m.ID, o.Mean).Images)
	used := make([]ImageCurve, len(sel.pictures))
	for i, k := range sel.pictures {
		used[i] = c.Images[k]
	}
	least := 2
	if spread == Quartiles {
		least = 4
	}
	for _, index := range sel.indices {
		if index >= len(out) {
			continue
		}
		d := o.Mean.domain(m.ID)
		values := slices.DeleteFunc(column(used, index, m.ID, d), func(v float64) bool { return !finite(v) })
		if len(values) < least {
			continue
		}
		switch spread {
		case Quartiles:
			slices.Sort(values)
			out[index] = ordered(d.out(quantile(values, 0.25)), d.out(quantile(values, 0.75)))
		case Bootstrap:
			out[index] = drawMeans(values, d, o)
		}
	}
	return out
}

// drawMeans is the percentile interval of the mean of values drawn with replacement.
func drawMeans(values []float64, d domain, o Options) Interval {
	source := rand.New(rand.NewPCG(o.Seed, 0xbb67ae8584caa73b))
	means := make([]float64, max(o.draws(), 1))
	for i := range means {
		sum := 0.
		for range values {
			sum += values[source.IntN(len(values))]
		}
		means[i] = sum / float64(len(values))
	}
	slices.Sort(means)
	level := o.level()
	return ordered(d.out(quantile(means, (1-level)/2)), d.out(quantile(means, (1+level)/2)))
}

// ordered puts an interval's ends in order: errors become decibels the other way round.
func ordered(a, b float64) Interval { return Interval{math.Min(a, b), math.Max(a, b)} }
