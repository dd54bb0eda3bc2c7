package rd

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"codecworkbench/metrics"
)

const (
	defaultDraws = 1000
	defaultLevel = 0.95
)

// interval is a bootstrap interval, or the note that says why there is none.
type interval struct {
	low, high float64
	images    int
	note      string
}

func noInterval(format string, args ...any) interval {
	return interval{math.NaN(), math.NaN(), 0, "no interval: " + fmt.Sprintf(format, args...)}
}

// bootstrap draws the pictures with replacement (Efron 1979), the same ones for
// both curves, computes the mean curves and their BD-rate anew, and returns the
// percentile interval. Both curves must have been measured on the same pictures,
// recognised by hash or, where one is missing, by name. Draws without a common
// quality are left out; if that is more than one in twenty there is no interval.
func bootstrap(ctx context.Context, anchor, test Curve, m metrics.Info, o Options) (interval, error) {
	a, t := newSample(anchor.Images, m, o.Mean), newSample(test.Images, m, o.Mean)
	if len(a.images) == 0 || len(t.images) == 0 {
		return noInterval("a curve has no values by picture"), ctx.Err()
	}
	if common := t.alignTo(a); common < len(a.images) || common < len(t.images) {
		return noInterval("the curves were measured on %d and %d pictures, of which %d are the same",
			len(a.images), len(t.images), common), ctx.Err()
	}
	n := len(a.images)
	if n < 2 {
		return noInterval("it takes at least 2 pictures"), ctx.Err()
	}
	a.load()
	t.load()
	values, err := draw(ctx, a, t, n, o)
	if err != nil {
		return interval{}, err
	}
	draws := o.draws()
	if 20*(draws-len(values)) > draws {
		return noInterval("%d of %d draws of the pictures have no delta", draws-len(values), draws), nil
	}
	slices.Sort(values)
	level := o.level()
	return interval{quantile(values, (1-level)/2), quantile(values, (1+level)/2), n, ""}, nil
}

func (o Options) level() float64 {
	if o.Level > 0 && o.Level < 1 {
		return o.Level
	}
	return defaultLevel
}

func (o Options) draws() int {
	if o.Draws == 0 {
		return defaultDraws
	}
	return o.Draws
}

// draw returns the BD-rates of all draws that have one.
func draw(ctx context.Context, a, t *sample, n int, o Options) ([]float64, error) {
	// The overlap was judged once, for the whole set: refusing single draws by it
	// would cut off one end of their distribution.
	o.MinOverlap = -1
	source := rand.New(rand.NewPCG(o.Seed, 0x6a09e667f3bcc908))
	weights := make([]int, n)
	var values []float64
	for i := range o.draws() {
		if i%16 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		clear(weights)
		for range n {
			weights[source.IntN(n)]++
		}
		if r := BDRate(a.mean(weights), t.mean(weights), o); finite(r.Value) {
			values = append(values, r.Value)
		}
	}
	return values, nil
}

// sample is one curve's values by picture, ready to be averaged many times.
type sample struct {
	images  []ImageCurve
	indices []int
	metric  metrics.Info
	domain  domain
	// By used index of the ladder, then picture.
	bpp, quality [][]float64
	points       []XY // scratch
}

// newSample takes the pictures and indices that Mean uses.
func newSample(images []ImageCurve, m metrics.Info, o MeanOptions) *sample {
	sel := choose(images)
	s := &sample{indices: sel.indices, metric: m, domain: o.domain(m.ID)}
	for _, i := range sel.pictures {
		s.images = append(s.images, images[i])
	}
	return s
}

// alignTo puts the pictures into the order of another sample's and returns how
// many the two have in common.
func (s *sample) alignTo(other *sample) int {
	byHash := true
	for _, c := range slices.Concat(s.images, other.images) {
		byHash = byHash && c.Hash != ""
	}
	key := func(c ImageCurve) string {
		if byHash {
			return c.Hash
		}
		return c.Name
	}
	where := map[string][]ImageCurve{}
	for _, c := range s.images {
		where[key(c)] = append(where[key(c)], c)
	}
	var aligned []ImageCurve
	for _, c := range other.images {
		if same := where[key(c)]; len(same) > 0 {
			aligned = append(aligned, same[0])
			where[key(c)] = same[1:]
		}
	}
	if len(aligned) == len(s.images) {
		s.images = aligned
	}
	return len(aligned)
}

// load brings the values into columns.
func (s *sample) load() {
	for _, index := range s.indices {
		s.bpp = append(s.bpp, column(s.images, index, KeyBPP, domain{}))
		s.quality = append(s.quality, column(s.images, index, s.metric.ID, s.domain))
	}
}

// mean returns the mean curve with every picture counted weights[i] times. It is
// valid until the next call.
func (s *sample) mean(weights []int) []XY {
	s.points = s.points[:0]
	for k := range s.bpp {
		rate, _ := weightedMean(s.bpp[k], weights)
		v, _ := weightedMean(s.quality[k], weights)
		if q := orient(s.metric, s.domain.out(v)); finite(rate) && finite(q) {
			s.points = append(s.points, XY{rate, q})
		}
	}
	return s.points
}

// quantile returns the p-quantile of sorted values, p in 0..1, linear between neighbours.
func quantile(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	k := int(at)
	if k+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[k] + (at-float64(k))*(sorted[k+1]-sorted[k])
}
