// Package vif computes the visual information fidelity of Sheikh and Bovik in its
// pixel-domain form: vifp_mscale, not the wavelet form of the paper and not the
// scores by scale (vif_scale0..3) that libvmaf reports.
//
// Source: Sheikh and Bovik, "Image information and visual quality", IEEE TIP 15(2),
// 2006, and the authors' release of the pixel-domain version.
package vif

import (
	"context"
	"math"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/metrics"
	"codecworkbench/metrics/internal/luma"
)

// vif asks how much of the information that an eye could take from the reference it
// still can take from the distorted picture. Over four scales the brightness under
// a Gaussian window is modelled as the reference's, times a gain, plus noise; both
// pass an eye that adds noise of variance 2; the value is the quotient of what the
// eye learns with and without the distortion. It ranges from 0 to 1 for identical
// pictures, and beyond it where contrast was raised; higher is better. The
// reference comes first: the value is not symmetric.
//
// It is good at blur, noise and loss of contrast. It does not see colour, nor a
// change of brightness that leaves contrast alone, nor artefacts in areas where the
// reference is flat.
//
// A comparison holds the luma of both pictures at half size and below in float64: 5
// bytes a pixel beside the pictures (130 MB for 24 megapixels).
type vif struct{ set metrics.Settings }

// New returns the metric "vif", whose setting luma is y (not rounded) or y8. It needs
// sides of at least 41 pixels and has no value where the reference is flat.
func New() metrics.Configurable {
	return vif{metrics.NewSettings(metrics.Option{Name: luma.OptionName, Summary: luma.OptionSummary,
		Choices: []string{string(luma.Y), string(luma.Y8)}})}
}

// minSide is the smallest side that leaves one window at the coarsest scale.
const minSide = 41

// Info implements metrics.Metric.
func (m vif) Info() metrics.Info {
	return m.set.Label(metrics.Info{
		ID: "vif", Name: "VIF", Version: 1, MinSide: minSide,
		Range:   "0 up, 1 is identical, more than 1 where contrast was raised",
		Summary: "Share of the reference's visible information that is still there; 1 is all of it.",
		Paper:   "Sheikh and Bovik, Image information and visual quality, IEEE TIP 2006 (pixel domain)",
	})
}

// Settings implements metrics.Configurable.
func (m vif) Settings() metrics.Settings { return m.set }

// With implements metrics.Configurable.
func (m vif) With(s metrics.Settings) metrics.Metric { return vif{s} }

// windowSizes are the sides of the windows at the four scales, finest first.
var windowSizes = [...]int{17, 9, 5, 3}

// Compare implements metrics.Metric.
func (m vif) Compare(ctx context.Context, p *metrics.Pair) (float64, error) {
	ref, dist := m.planes(p)
	var total information
	for scale, size := range windowSizes {
		w := newWindow(size)
		if scale > 0 {
			var err error
			if ref, err = halve(ctx, ref, w); err != nil {
				return 0, err
			}
			if dist, err = halve(ctx, dist, w); err != nil {
				return 0, err
			}
		}
		sum, err := scaleInformation(ctx, ref, dist, w)
		if err != nil {
			return 0, err
		}
		total.add(sum)
	}
	if total.reference == 0 {
		return 0, &metrics.Undefined{Reason: "the reference is flat: it holds no information that could be lost"}
	}
	return total.distorted / total.reference, nil
}

// planes returns the luma of both pictures.
func (m vif) planes(p *metrics.Pair) (ref, dist plane) {
	kind := luma.Kind(m.set.Choice(luma.OptionName))
	return picturePlane{p.Ref().RGB8(), kind}, picturePlane{p.Dist().RGB8(), kind}
}

// scaleInformation sums the information over the positions of the window.
func scaleInformation(ctx context.Context, ref, dist plane, w *window) (information, error) {
	tiles := newTiling(ref, w)
	sums := make([]information, tiles.count())
	err := kernel.Parallel(ctx, len(sums), func() func(int) {
		worker := newWorker(ref, dist, w)
		return func(i int) {
			tiles.scan(worker, i, func(_, _ int, s *stats) { sums[i].add(s.information()) })
		}
	})
	var total information
	for _, s := range sums {
		total.add(s)
	}
	return total, err
}

// The kinds of maps.
const (
	lost = "bits"
	kept = "kept"
)

// MapKinds implements metrics.Mapper.
func (m vif) MapKinds() []metrics.MapKind {
	return []metrics.MapKind{
		{ID: lost, Name: "Information lost", Unit: "bit", Good: 0, Bad: 5,
			Summary: "Information about the fine detail at each place that is gone; 0 is none, less than 0 is raised contrast."},
		{ID: kept, Name: "Information kept", Good: 1, Bad: 0,
			Summary: "Share of the fine detail's information that is still there; 1 is all of it, or that there is none."},
	}
}

// Map implements metrics.Mapper: what is lost or kept at every position of the finest
// scale's window, eight pixels less than the picture on every side.
func (m vif) Map(ctx context.Context, p *metrics.Pair, kind string) (*metrics.Map, error) {
	ref, dist := m.planes(p)
	w := newWindow(windowSizes[0])
	tiles := newTiling(ref, w)
	out := &metrics.Map{Width: tiles.width, Height: tiles.height, X: w.radius, Y: w.radius, Step: 1}
	out.Values = make([]float32, out.Width*out.Height)
	err := kernel.Parallel(ctx, tiles.count(), func() func(int) {
		worker := newWorker(ref, dist, w)
		return func(i int) {
			tiles.scan(worker, i, func(x, y int, s *stats) {
				row := out.Values[y*out.Width+x:][:s.n]
				for k := range row {
					row[k] = s.at(k).show(kind)
				}
			})
		}
	})
	return out, err
}

// show turns the information of one window into the value of a map.
func (a information) show(kind string) float32 {
	switch {
	case kind == lost:
		return float32((a.reference - a.distorted) / math.Ln2)
	case a.reference < noDetail:
		return 1
	}
	return float32(a.distorted / a.reference)
}
