// Package butteraugli measures how visible the differences of two pictures are to an eye
// close to the screen: Butteraugli as libjxl 0.12 defines it (Alakuijala et al., "Guetzli:
// Perceptually Guided JPEG Encoder", arXiv:1703.04421, 2017, is about its first form).
//
// Both pictures are taken to the opponent colours XYB of an eye that has adapted to each
// place, and separated into four bands of frequencies. Differences are weighed by band
// and channel, those of fine detail along short lines too, multiplied by how visible they
// are beside the reference's own detail, and joined with what is seen at half the size.
// The result is a map whose largest value is "butteraugli"; "butteraugli-3norm" is a mean.
//
// It is not the older metric of google/butteraugli and of Debian's package, nor does it
// take pictures brighter than 8-bit sRGB on a screen.
package butteraugli

import (
	"context"

	"codecworkbench/metrics"
)

// metric is what both metrics are. Beside the pictures, a comparison needs up to 6 MB a
// core, and a byte a pixel for the differences at half their size; with alpha, 4 more.
type metric struct {
	pooled bool // into the 3-norm
	set    metrics.Settings
}

var nits = metrics.Option{Name: "nits", Summary: "Brightness of the screen's white, in candela per square metre.", Default: 80, Min: 1, Max: 10000}

// The pools of the 3-norm.
const (
	poolMean = "mean"
	poolPure = "pure"
)

// New returns the metric "butteraugli": the largest difference anywhere in the picture,
// from 0 for identical pictures up; below 1 hardly anyone sees a difference side by side.
// It finds the one bad spot that a mean hides, and so says little of the rest; it is best
// close to the threshold of seeing.
func New() metrics.Metric { return largest{metric{set: metrics.NewSettings(nits)}} }

// New3Norm returns the metric "butteraugli-3norm": the mean of the 3-, 6- and 12-norms of
// the differences, which libjxl's tools print as the 3-norm, or with pool=pure the 3-norm
// alone. From 0 for identical pictures up; it tells of the whole picture, and follows
// opinions on compressed pictures well (CID22: 0.84 by rank) and less well on noise,
// blur and colour (KADID-10k: 0.54).
func New3Norm() metrics.Metric {
	return metric{pooled: true, set: metrics.NewSettings(nits, metrics.Option{
		Name: "pool", Summary: "mean of the 3-, 6- and 12-norms, as libjxl's tools have it, or the 3-norm pure.",
		Choices: []string{poolMean, poolPure},
	})}
}

func (m metric) Info() metrics.Info {
	info := metrics.Info{
		ID: "butteraugli", Name: "Butteraugli", Version: 1, Lower: true, Alpha: true,
		Range:   "0 up, 0 is identical; below 1 differences are hard to see",
		Summary: "How visible the worst spot is to an eye close to the screen; 0 is identical, 1 about the threshold.",
		Paper:   "Alakuijala et al., Guetzli: Perceptually Guided JPEG Encoder, arXiv:1703.04421, 2017; as in libjxl 0.12",
	}
	if m.pooled {
		info.ID, info.Name = "butteraugli-3norm", "Butteraugli 3-norm"
		info.Summary = "How visible the differences are to an eye close to the screen, over the whole picture; 0 is identical."
	}
	return m.set.Label(info)
}

// Settings implements metrics.Configurable.
func (m metric) Settings() metrics.Settings { return m.set }

// With implements metrics.Configurable.
func (m metric) With(s metrics.Settings) metrics.Metric {
	m.set = s
	return m
}

// key is what the norms are kept under.
type key struct{ nits float64 }

// Compare implements metrics.Metric.
func (m metric) Compare(ctx context.Context, p *metrics.Pair) (float64, error) {
	brightness := m.set.Number("nits")
	n, err := metrics.Shared(p, key{brightness}, func() (norms, error) { return measure(ctx, p, brightness) })
	switch {
	case err != nil:
		return 0, err
	case !m.pooled:
		return n.max, nil
	case m.set.Choice("pool") == poolPure:
		return n.powers[0], nil
	}
	return (n.powers[0] + n.powers[1] + n.powers[2]) / 3, nil
}

// largest is the metric of the worst spot. The map of differences is its own: the 3-norm
// has the same one, which lists of maps need not show twice.
type largest struct{ metric }

// With implements metrics.Configurable.
func (m largest) With(s metrics.Settings) metrics.Metric {
	m.set = s
	return m
}

// MapKinds implements metrics.Mapper.
func (m largest) MapKinds() []metrics.MapKind {
	return []metrics.MapKind{{ID: "difference", Name: "Visible difference", Good: 0, Bad: 4,
		Summary: "How visible the difference is at every pixel; about 1 is the threshold."}}
}

// Map implements metrics.Mapper: the differences that the metrics are norms of, one a
// pixel.
func (m largest) Map(ctx context.Context, p *metrics.Pair, _ string) (*metrics.Map, error) {
	out := &metrics.Map{Width: p.Width(), Height: p.Height(), Step: 1}
	var err error
	out.Values, err = differences(ctx, p, m.set.Number("nits"))
	return out, err
}
