package rd

import (
	"context"
	"fmt"
	"math"
	"slices"

	"codecworkbench/metrics"
)

// Delta is a test curve against an anchor in one metric. Numbers are NaN where
// they are undefined or were refused, with the reason in Note.
type Delta struct {
	Anchor, Test string // the curves' names
	Metric       string // its id
	Method       Method
	Percent      float64 // BD-rate: below 0, the test curve needs less rate
	// Quality is the BD-quality in the unit that the metric is plotted in (MS-SSIM: dB);
	// above 0, the test curve is better, also for metrics of which less is better.
	Quality   float64
	Overlap   float64 // of the quality ranges, 0..1
	Low, High float64 // bootstrap interval of Percent over the pictures
	Images    int     // pictures that the interval was drawn from; 0: no interval
	Note      string  // what is missing and why, and warnings
}

// Compare returns the Bjontegaard deltas of two curves' mean points, bpp against
// the metric as it is plotted: MS-SSIM as -10 log10(1 - mean), metrics of which
// less is better negated. Points without a finite value are left out and counted in
// the note; so are pictures without one, see WithMetric. The interval resamples the pictures that both curves were measured on;
// see interval. The only error is ctx's.
func Compare(ctx context.Context, anchor, test Curve, m metrics.Info, o Options) (Delta, error) {
	d := Delta{
		Anchor: anchor.Name, Test: test.Name, Metric: m.ID,
		Quality: math.NaN(), Low: math.NaN(), High: math.NaN(),
	}
	lacking := joinNotes(lackingNote("anchor", anchor, m), lackingNote("test", test, m))
	anchor, test = anchor.WithMetric(m.ID, o.Mean), test.WithMetric(m.ID, o.Mean)
	a, droppedA := XYs(anchor.Points, m)
	t, droppedT := XYs(test.Points, m)
	rate := BDRate(a, t, o)
	quality := BDQuality(a, t, o)
	d.Percent, d.Quality, d.Method, d.Overlap = rate.Value, quality.Value, rate.Method, rate.Overlap
	d.Note = joinNotes(rate.Note, lacking, droppedNote("anchor", droppedA, m), droppedNote("test", droppedT, m))
	if rate.Note == "" {
		d.Note = joinNotes(d.Note, quality.Note)
	}
	if math.IsNaN(d.Percent) || o.Draws < 0 {
		return d, ctx.Err()
	}
	i, err := bootstrap(ctx, anchor, test, m, o)
	if err != nil {
		return d, err
	}
	d.Low, d.High, d.Images = i.low, i.high, i.images
	d.Note = joinNotes(d.Note, i.note)
	return d, nil
}

// lackingNote counts the pictures that WithMetric leaves out whole.
func lackingNote(name string, c Curve, m metrics.Info) string {
	lacking := 0
	for _, image := range c.Images {
		if !slices.ContainsFunc(image.Points, func(p Point) bool {
			v, ok := p.Values[m.ID]
			return ok && finite(v)
		}) {
			lacking++
		}
	}
	if lacking == 0 || lacking == len(c.Images) {
		return ""
	}
	return fmt.Sprintf("%d of the %s curve's %d pictures left out: no finite %s", lacking, name, len(c.Images), m.ID)
}

func droppedNote(name string, n int, m metrics.Info) string {
	if n == 0 {
		return ""
	}
	points := "points"
	if n == 1 {
		points = "point"
	}
	return fmt.Sprintf("%d %s of the %s curve left out: no finite %s or bpp", n, points, name, m.ID)
}

// XYs returns a curve's points as BDRate takes them: bpp, and the metric as
// plotted, negated where less is better. Points without both are dropped.
func XYs(points []Point, m metrics.Info) (out []XY, dropped int) {
	for _, p := range points {
		rate, okRate := p.Values[KeyBPP]
		value, okValue := p.Values[m.ID]
		q := orient(m, value)
		if !okRate || !okValue || !finite(rate) || !finite(q) {
			dropped++
			continue
		}
		out = append(out, XY{rate, q})
	}
	return out, dropped
}

// orient returns a measured value on the plotted scale, more being better.
func orient(m metrics.Info, v float64) float64 {
	if v = m.Display(v); m.Lower {
		return -v
	}
	return v
}
