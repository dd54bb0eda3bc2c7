// Package flip is the metric FLIP.
package flip

import (
	"context"
	"math"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/metrics"
)

// metric is FLIP for pictures of low dynamic range (Andersson et al., "FLIP: A Difference
// Evaluator for Alternating Images", HPG 2020): what a person notices who sees two
// pictures flicker one after the other in the same place. Both are filtered by the eye's
// sensitivity to contrast at a viewing distance; the difference of their colours, in
// HyAB over CIELab with the Hunt effect, is raised where edges or points differ too.
// The value is the mean of the map. It follows version 1.6 of the authors' program, with
// which it agrees to 2e-5.
//
// Values go from 0, identical, to 1. It is good at saying where and how much a difference
// shows, for which its map is made, in rendered pictures above all; no published test
// says how well its mean ranks codecs, and it makes no allowance for what texture hides.
// Its setting "ppd" is how many pixels the eye sees in a degree: by default those of a
// screen 3840 pixels and 0.7 m wide at a distance of 0.7 m.
//
// A comparison needs 200 KB a core beside the pictures, whatever their size.
type metric struct{ set metrics.Settings }

// defaultPPD is the pixels in a degree of the viewing conditions above: distance times
// pixels a metre times the radians of a degree.
const defaultPPD = 0.7 * (3840 / 0.7) * (math.Pi / 180)

// New returns the metric "flip", in 0..1, 0 for identical pictures, of any size.
func New() metrics.Metric {
	return metric{metrics.NewSettings(metrics.Option{Name: "ppd", Summary: "Pixels in a degree of visual angle.",
		Default: defaultPPD, Min: 1, Max: 1000})}
}

// Info implements metrics.Metric.
func (m metric) Info() metrics.Info {
	return m.set.Label(metrics.Info{
		ID: "flip", Name: "FLIP", Version: 1, Lower: true, Range: "0 to 1, 0 is identical",
		Summary: "What one notices when the two pictures alternate on the screen; 0 is nothing.",
		Paper:   "Andersson et al., FLIP: A Difference Evaluator for Alternating Images, HPG 2020",
	})
}

// Settings implements metrics.Configurable.
func (m metric) Settings() metrics.Settings { return m.set }

// With implements metrics.Configurable.
func (m metric) With(s metrics.Settings) metrics.Metric { return metric{s} }

// Compare implements metrics.Metric.
func (m metric) Compare(ctx context.Context, p *metrics.Pair) (float64, error) {
	s := newScan(p, m.set.Number("ppd"))
	sums := make([]float64, s.tiles)
	err := s.run(ctx, func(tile, _, _ int, v []float32) {
		sums[tile] += float64(kernel.Sum(v))
	})
	return sum(sums) / (float64(p.Width()) * float64(p.Height())), err
}

// MapKinds implements metrics.Mapper.
func (m metric) MapKinds() []metrics.MapKind {
	return []metrics.MapKind{{ID: "flip", Name: "FLIP", Good: 0, Bad: 1,
		Summary: "How much one notices at every pixel when the pictures alternate; 0 is nothing."}}
}

// Map implements metrics.Mapper.
func (m metric) Map(ctx context.Context, p *metrics.Pair, _ string) (*metrics.Map, error) {
	out := &metrics.Map{Width: p.Width(), Height: p.Height(), Step: 1}
	out.Values = make([]float32, out.Width*out.Height)
	err := newScan(p, m.set.Number("ppd")).run(ctx, func(_, x, y int, v []float32) {
		copy(out.Values[y*out.Width+x:], v)
	})
	return out, err
}
