// Package nlpd computes the normalised Laplacian pyramid distance of Laparra, Balle,
// Berardino and Simoncelli, as the authors' NLP_dist does, with five band-pass
// levels and the low-pass rest, on luma. Ports that reflect at borders, enlarge
// bilinearly or leave the rest out give other numbers.
//
// Source: Laparra et al., "Perceptual image quality assessment using a normalized
// Laplacian pyramid", Electronic Imaging 2016.
package nlpd

import (
	"context"
	"math"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/metrics"
)

// nlpd splits the brightness into bands of detail, divides each sample by how strong
// its neighbours are, as the early visual system does, and takes the root of the
// mean squared difference of each band, then their mean. It is 0 for identical
// pictures, rises with distortion, and stays below 1 for most; lower is better.
//
// It weighs errors in dark and in smooth areas as the eye does, which serves tone
// mapping and learned codecs. It does not see colour, and takes every band as
// equally important however far one looks from.
//
// A comparison holds luma at half size and below in float32: less than 3 bytes a
// pixel beside the pictures (65 MB for 24 megapixels).
type nlpd struct{}

// New returns the metric "nlpd".
func New() metrics.Mapper { return nlpd{} }

// Info implements metrics.Metric.
func (nlpd) Info() metrics.Info {
	return metrics.Info{
		ID: "nlpd", Name: "NLPD", Version: 1, Lower: true,
		Range:   "0 up, 0 is identical, more than 0.5 is bad",
		Summary: "Difference of detail at six scales, each relative to the contrast around it.",
		Paper:   "Laparra et al., Perceptual image quality assessment using a normalized Laplacian pyramid, Electronic Imaging 2016",
	}
}

// Compare implements metrics.Metric.
func (nlpd) Compare(ctx context.Context, p *metrics.Pair) (float64, error) {
	sum := 0.
	err := eachLevel(ctx, p, func(_ int, l *level) error {
		mean, err := l.meanSquare(ctx)
		sum += math.Sqrt(mean)
		return err
	})
	return sum / levels, err
}

// eachLevel calls do for the levels of the pyramid, finest first.
func eachLevel(ctx context.Context, p *metrics.Pair, do func(i int, l *level) error) error {
	var ref, dist plane = picturePlane{p.Ref().RGB8()}, picturePlane{p.Dist().RGB8()}
	for i := range levels {
		l := &level{ref: ref, dist: dist, divisor: &divisors[i]}
		if i < levels-1 {
			var err error
			if l.refBelow, err = halve(ctx, ref); err != nil {
				return err
			}
			if l.distBelow, err = halve(ctx, dist); err != nil {
				return err
			}
		}
		if err := do(i, l); err != nil {
			return err
		}
		ref, dist = l.refBelow, l.distBelow
	}
	return nil
}

// meanSquare is the mean squared difference of a level's normalised samples.
func (l *level) meanSquare(ctx context.Context) (float64, error) {
	width, height := l.ref.size()
	tiles := newTiling(width, height)
	sums := make([]float64, tiles.count())
	err := kernel.Parallel(ctx, len(sums), func() func(int) {
		w := newWorker(l)
		return func(i int) {
			tiles.scan(w, i, func(_, _ int, difference []float32) {
				sums[i] += float64(kernel.SumSquares(difference, 0))
			})
		}
	})
	total := 0.
	for _, s := range sums {
		total += s
	}
	return total / (float64(width) * float64(height)), err
}

// The kinds of maps.
const (
	allLevels = "levels"
	finest    = "finest"
)

// MapKinds implements metrics.Mapper.
func (nlpd) MapKinds() []metrics.MapKind {
	return []metrics.MapKind{
		{ID: allLevels, Name: "Difference at all scales", Good: 0, Bad: 0.8,
			Summary: "Mean over the six scales of the normalised difference; 0 is identical."},
		{ID: finest, Name: "Difference of fine detail", Good: 0, Bad: 1,
			Summary: "Normalised difference at the finest scale; 0 is identical."},
	}
}

// Map implements metrics.Mapper: the magnitude of the normalised difference at every
// pixel. Coarser levels count for the pixels that are nearest to their samples.
func (nlpd) Map(ctx context.Context, p *metrics.Pair, kind string) (*metrics.Map, error) {
	out := &metrics.Map{Width: p.Width(), Height: p.Height(), Step: 1, Values: make([]float32, p.Ref().Pixels())}
	count, share := levels, float32(1)/levels
	if kind == finest {
		count, share = 1, 1
	}
	err := eachLevel(ctx, p, func(i int, l *level) error {
		if i >= count {
			return nil
		}
		width, height := l.ref.size()
		tiles := newTiling(width, height)
		return kernel.Parallel(ctx, tiles.count(), func() func(int) {
			w := newWorker(l)
			return func(tile int) {
				tiles.scan(w, tile, func(x, y int, difference []float32) {
					kernel.Abs(difference, difference)
					kernel.Scale(difference, difference, share)
					spread(out, i, x, y, difference)
				})
			}
		})
	})
	return out, err
}

// spread adds part of a row of level i to the pixels that are nearest to its samples,
// which lie 2^i pixels apart, the first on the first pixel.
func spread(m *metrics.Map, i, x, y int, row []float32) {
	step, half := 1<<i, 1<<i>>1
	left, right := max(x*step-half, 0), min((x+len(row))*step-half, m.Width)
	if (x+len(row))<<i >= m.Width { // no sample further right
		right = m.Width
	}
	upper, lower := max(y*step-half, 0), min((y+1)*step-half, m.Height)
	if (y+1)<<i >= m.Height {
		lower = m.Height
	}
	for v := upper; v < lower; v++ {
		pixels := m.Values[v*m.Width : (v+1)*m.Width]
		for u := left; u < right; u++ {
			pixels[u] += row[min((u+half)>>i-x, len(row)-1)]
		}
	}
}
