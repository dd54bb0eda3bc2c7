// Package ssimulacra2 is the metric SSIMULACRA 2.
package ssimulacra2

import (
	"context"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/metrics"
	"codecworkbench/metrics/internal/raster"
)

// metric is SSIMULACRA 2.1 (Sneyers, Cloudinary, 2023): at six scales and in each channel
// of XYB, a colour space after the eye's cones, it takes 1-SSIM and two measures of edges,
// those that appeared (ringing, blocks, banding) and those that are gone (blur); their
// means and 4-norms are weighted and bent to fit what people said of distorted pictures.
// It follows the definition of version 2.1, with the blur as the short filter that the
// reference's recursion stands for: values differ from the reference's by less than 0.1
// up to 70, by up to 0.6 near 100, where rounding alone moves both as much.
//
// Values go from 100, identical, down without end: 90 is visually lossless, 70 high
// quality, 50 medium, 30 low, 10 very low. Of the metrics here it agrees best with people
// on compressed pictures (rank correlation 0.89 on CID22's validation set), less on
// distortions of all sorts (0.81 to 0.85 on KADID-10k and TID2013, though fitted to them
// too; HaarPSI has 0.87 to 0.89). It knows no viewing distance. Pictures with alpha are
// measured on a dark and on a light grey, and the lower score counts.
//
// A comparison needs 2 bytes a pixel beside the pictures (48 MB for 24 megapixels) and
// 250 KB a core; the map of scores 6 bytes a pixel more.
type metric struct{}

// New returns the metric "ssimulacra2", of at most 100, for identical pictures. It needs
// sides of at least 8 pixels.
func New() metrics.Metric { return metric{} }

// Info implements metrics.Metric.
func (metric) Info() metrics.Info {
	return metrics.Info{
		ID: "ssimulacra2", Name: "SSIMULACRA 2", Version: 1, MinSide: minSide, Alpha: true, Digits: 2,
		Range:   "100 (identical) and down, also below 0; 90: visually lossless, 70: high, 50: medium, 30: low quality",
		Summary: "How good people would find the picture, from structure, new edges and lost detail at six scales.",
		Paper:   "Sneyers, SSIMULACRA 2.1, Cloudinary 2023",
	}
}

// The greys, in encoded samples, that pictures with alpha are put on.
var backgrounds = []float64{0.1, 0.9}

// views returns the pictures as they are looked at: one pair, or one on each background.
func views(p *metrics.Pair) [][2]raster.RGB {
	ref, dist := p.Ref().RGB8(), p.Dist().RGB8()
	if !p.Alpha() {
		return [][2]raster.RGB{{raster.Linear(ref), raster.Linear(dist)}}
	}
	var pairs [][2]raster.RGB
	for _, grey := range backgrounds {
		pairs = append(pairs, [2]raster.RGB{raster.LinearOn(ref, grey), raster.LinearOn(dist, grey)})
	}
	return pairs
}

// Compare implements metrics.Metric.
func (metric) Compare(ctx context.Context, p *metrics.Pair) (float64, error) {
	lowest := 100.
	for _, view := range views(p) {
		v, err := compare(ctx, view)
		if err != nil {
			return 0, err
		}
		lowest = min(lowest, v)
	}
	return lowest, nil
}

// compare returns the score of a pair of pictures.
func compare(ctx context.Context, pair [2]raster.RGB) (float64, error) {
	total := 0.
	err := eachScale(ctx, pair, func(s *scale) error {
		all, err := s.sums(ctx)
		if err != nil {
			return err
		}
		width, height := s.ref.Size()
		for c := range all {
			total += all[c].errorOf(s.rows[c], float64(width)*float64(height))
		}
		return nil
	})
	return score(total), err
}

// eachScale makes one scale after the other, finest first.
func eachScale(ctx context.Context, pair [2]raster.RGB, do func(s *scale) error) error {
	scales := scalesOf(pair[0].Size())
	for number := range scales {
		if number == 1 { // the largest of the halved ones is not kept
			pair[0], pair[1] = raster.Half(pair[0]), raster.Half(pair[1])
		} else if number > 1 {
			for i, p := range pair {
				half, err := raster.Halve(ctx, p)
				if err != nil {
					return err
				}
				pair[i] = half
			}
		}
		s := &scale{ref: pair[0], dist: pair[1]}
		for c := range channels {
			s.rows[c] = row(c, number, scales)
			s.need[c] = needed(s.rows[c])
		}
		if err := do(s); err != nil {
			return err
		}
	}
	return nil
}

// sums adds up the terms, tile by tile in order.
func (s *scale) sums(ctx context.Context) (total [channels]sums, err error) {
	columns, lines := s.tiles()
	tiles := make([][channels]sums, columns*lines)
	err = s.scan(ctx, func(tile, channel, _, _ int, e *rowErrors) {
		into := &tiles[tile][channel]
		for t, v := range e {
			if v == nil {
				continue
			}
			into.first[t] += float64(kernel.Sum(v))
			kernel.Square(v, v)
			into.fourth[t] += float64(kernel.SumSquares(v, 0))
		}
	})
	for i := range tiles {
		for c := range total {
			total[c].add(&tiles[i][c])
		}
	}
	return total, err
}
