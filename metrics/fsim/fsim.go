// Package fsim computes the feature similarity index of Zhang, Zhang, Mou and Zhang,
// for brightness alone (FSIM) and with colour (FSIMC), as the authors' FeatureSIM
// does. Its transform has the size of the (shrunk) picture, without padding.
//
// Source: Zhang et al., "FSIM: a feature similarity index for image quality
// assessment", IEEE TIP 20(8), 2011; phase congruency after Kovesi, "Image features
// from phase congruency", Videre 1(3), 1999.
package fsim

import (
	"context"
	"fmt"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/metrics"
)

// fsim compares two features of every place: phase congruency, which is high at edges
// and lines whatever their contrast, and the gradient's magnitude. The similarity of
// both is averaged with phase congruency as the weight; FSIMC multiplies it by the
// similarity of the two colour differences I and Q. Pictures are first shrunk to a
// smaller side of about 256. The range is 0 to 1, 1 for identical pictures; higher
// is better.
//
// It is good at distortions of structure: blur, blocks, ringing. Because of the
// shrinking it does not see the finest detail of large pictures, and it has no value
// where one of the pictures is flat.
//
// A comparison needs about 210 bytes for each of the samples left after shrinking:
// 20 MB for pictures of the usual shapes, whatever their size. Shrinking goes by the
// smaller side, so that very long and thin pictures keep many samples; beyond
// maxSamples of them there is no value.
type fsim struct{ colour bool }

// New returns the metric "fsim".
func New() metrics.Mapper { return fsim{} }

// NewColour returns the metric "fsimc".
func NewColour() metrics.Mapper { return fsim{colour: true} }

// minSide is the smallest side that lets the filters find anything.
const minSide = 8

// maxSamples bounds the memory to 800 MB.
const maxSamples = 4_000_000

// Info implements metrics.Metric.
func (m fsim) Info() metrics.Info {
	info := metrics.Info{
		ID: "fsim", Name: "FSIM", Version: 1, MinSide: minSide,
		Range:   "0 to 1, 1 is identical",
		Summary: "How much edges and lines are kept, most of all where there are many; 1 is identical.",
		Paper:   "Zhang et al., FSIM: a feature similarity index for image quality assessment, IEEE TIP 2011",
	}
	if m.colour {
		info.ID, info.Name = "fsimc", "FSIMC"
		info.Summary = "How much edges, lines and colours are kept, most of all where there are many; 1 is identical."
	}
	return info
}

// result is what both metrics come from.
type result struct{ plain, colour float64 }

// resultKey is what a pair's result is kept under.
type resultKey struct{}

// Compare implements metrics.Metric.
func (m fsim) Compare(ctx context.Context, p *metrics.Pair) (float64, error) {
	r, err := metrics.Shared(p, resultKey{}, func() (result, error) {
		f, err := newFeatures(ctx, p)
		if err != nil {
			return result{}, err
		}
		return f.pool(ctx)
	})
	if m.colour {
		return r.colour, err
	}
	return r.plain, err
}

// MapKinds implements metrics.Mapper.
func (m fsim) MapKinds() []metrics.MapKind {
	return []metrics.MapKind{
		{ID: "loss", Name: "Weighted loss of features", Good: 0, Bad: 0.5,
			Summary: "What each place takes off the value, which is 1 less the mean of this map; 0 is nothing."},
		{ID: "similarity", Name: "Similarity of features", Good: 1, Bad: 0.5,
			Summary: "Similarity of each place before it is weighted; 1 is identical."},
	}
}

// Map implements metrics.Mapper. A value belongs to the pixels whose mean the
// picture was shrunk to, so that the first ones may reach beyond its upper and left
// edge.
func (m fsim) Map(ctx context.Context, p *metrics.Pair, kind string) (*metrics.Map, error) {
	f, err := newFeatures(ctx, p)
	if err != nil {
		return nil, err
	}
	ref := f.ref
	out := &metrics.Map{Width: ref.width, Height: ref.height, X: -ref.before, Y: -ref.before, Step: ref.step}
	out.Values = make([]float32, ref.width*ref.height)
	weights := 0.
	for i := range f.refCongruency {
		weights += f.weight(i)
	}
	scale := float64(len(out.Values)) / weights
	err = kernel.Parallel(ctx, ref.height, func() func(int) {
		row := newSimilarityRow(ref.width)
		return func(y int) {
			f.similarity(row, y)
			for x, s := range row.plain {
				if m.colour {
					s *= row.colour[x]
				}
				i := y*ref.width + x
				if kind == "loss" {
					s = (1 - s) * f.weight(i) * scale
				}
				out.Values[i] = float32(s)
			}
		}
	})
	return out, err
}

// newFeatures shrinks both pictures and finds their phase congruency.
func newFeatures(ctx context.Context, p *metrics.Pair) (*features, error) {
	g := newGrid(p.Width(), p.Height())
	if n := g.width * g.height; n > maxSamples {
		return nil, &metrics.Undefined{Reason: fmt.Sprintf(
			"the picture is too long and thin: shrunk by its smaller side it keeps %.1f million samples, at most %d million can be compared",
			float64(n)/1e6, maxSamples/1_000_000)}
	}
	f := &features{}
	var err error
	if f.ref, err = shrink(ctx, p.Ref().RGB8(), g); err != nil {
		return nil, err
	}
	if f.dist, err = shrink(ctx, p.Dist().RGB8(), g); err != nil {
		return nil, err
	}
	if f.ref.flat() || f.dist.flat() {
		return nil, &metrics.Undefined{Reason: "one of the pictures is flat: it has no features to compare"}
	}
	congruency, err := phaseCongruency(ctx, g.width, g.height, f.ref.y, f.dist.y)
	if err != nil {
		return nil, err
	}
	f.refCongruency, f.distCongruency = congruency[0], congruency[1]
	return f, nil
}
