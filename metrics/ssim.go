package metrics

import (
	"context"

	"codecworkbench/metrics/internal/luma"
)

// ssim is the structural similarity of Wang, Bovik, Sheikh and Simoncelli, "Image
// quality assessment: from error visibility to structural similarity" (IEEE TIP
// 13(4), 2004): an 11x11 Gaussian window of sigma 1.5, population moments,
// K1 = 0.01, K2 = 0.03, the mean over the windows that lie inside the picture.
// Equal to the authors' ssim_index.m and to scikit-image with
// gaussian_weights=True, sigma=1.5, use_sample_covariance=False; not equal to the
// later ssim.m, which shrinks large pictures first.
//
// A comparison needs about 210 KB a core beside the pictures, whatever their size.
type ssim struct{ onLuma bool }

// NewSSIMRGB returns the metric "ssim-rgb": SSIM of R, G and B, averaged. It lies
// in -1..1, 1 for identical pictures, and needs sides of at least 11 pixels.
func NewSSIMRGB() Metric { return ssim{} }

// NewSSIMY returns the metric "ssim-y": SSIM of Y = 0.299 R + 0.587 G + 0.114 B,
// not rounded. It lies in -1..1, 1 for identical pictures, and needs sides of at
// least 11 pixels.
func NewSSIMY() Metric { return ssim{onLuma: true} }

func (m ssim) Info() Info {
	info := Info{
		ID: "ssim-rgb", Name: "SSIM-RGB", Version: 1, MinSide: windowSize,
		Range:   "-1 to 1, 1 is identical",
		Summary: "How much of the local brightness, contrast and structure is kept, from 1 (all) down.",
		Paper:   "Wang et al., Image quality assessment: from error visibility to structural similarity, IEEE TIP 2004",
	}
	if m.onLuma {
		info.ID, info.Name = "ssim-y", "SSIM-Y"
	}
	return info
}

// Compare implements Metric.
func (m ssim) Compare(ctx context.Context, p *Pair) (float64, error) {
	pairs := colourPairs(p)
	if m.onLuma {
		pairs = []planePair{lumaPair(p, luma.Y)}
	}
	sum := 0.
	for _, planes := range pairs {
		v, err := windowMean(ctx, planes, gaussian(), ssimTerm)
		if err != nil {
			return 0, err
		}
		sum += v
	}
	return sum / float64(len(pairs)), nil
}

// MapKinds implements Mapper.
func (m ssim) MapKinds() []MapKind {
	return []MapKind{{ID: "ssim", Name: "SSIM", Good: 1, Bad: 0,
		Summary: "Similarity of the surroundings of every pixel; 1 is identical."}}
}

// Map implements Mapper: SSIM at every position of the window, averaged over the
// channels; five pixels less than the picture on every side.
func (m ssim) Map(ctx context.Context, p *Pair, _ string) (*Map, error) {
	out := &Map{Width: p.Width() - 2*windowRadius, Height: p.Height() - 2*windowRadius,
		X: windowRadius, Y: windowRadius, Step: 1}
	out.Values = make([]float32, out.Width*out.Height)
	pairs := colourPairs(p)
	if m.onLuma {
		pairs = []planePair{lumaPair(p, luma.Y)}
	}
	share := 1 / float32(len(pairs))
	for _, planes := range pairs {
		err := windowScan(ctx, planes, gaussian(), ssimTerm, func(_, x, y int, v []float32) {
			row := out.Values[y*out.Width+x:][:len(v)]
			for i, f := range v {
				row[i] += share * f
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
