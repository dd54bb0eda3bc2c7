package metrics

import (
	"context"
	"fmt"

	"codecworkbench/codecs/picture"
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
		Summary: "How much of the local brightness, contrast and structure is kept, from 1 (all) down.",
		Paper:   "Wang et al., Image quality assessment: from error visibility to structural similarity, IEEE TIP 2004",
	}
	if m.onLuma {
		info.ID, info.Name = "ssim-y", "SSIM-Y"
	}
	return info
}

// Compare implements Metric.
func (m ssim) Compare(ctx context.Context, ref, dist *picture.Picture) (float64, error) {
	if err := m.check(ref, dist); err != nil {
		return 0, err
	}
	pairs := planePairs(ref, dist, m.onLuma)
	sum := 0.
	for _, p := range pairs {
		v, err := windowMean(ctx, p, gaussian(), ssimTerm)
		if err != nil {
			return 0, err
		}
		sum += v
	}
	return sum / float64(len(pairs)), nil
}

// Map implements Mapper: SSIM at every position of the window, averaged over the
// channels; five pixels less than the picture on every side.
func (m ssim) Map(ctx context.Context, ref, dist *picture.Picture) (width, height int, values []float32, err error) {
	if err := m.check(ref, dist); err != nil {
		return 0, 0, nil, err
	}
	width, height = ref.Width()-2*windowRadius, ref.Height()-2*windowRadius
	values = make([]float32, width*height)
	pairs := planePairs(ref, dist, m.onLuma)
	share := 1 / float32(len(pairs))
	for _, p := range pairs {
		err := windowScan(ctx, p, gaussian(), ssimTerm, func(_, x, y int, v []float32) {
			row := values[y*width+x:][:len(v)]
			for i, f := range v {
				row[i] += share * f
			}
		})
		if err != nil {
			return 0, 0, nil, err
		}
	}
	return width, height, values, nil
}

func (m ssim) check(ref, dist *picture.Picture) error { return checkPair(m.Info(), ref, dist) }

// checkPair returns what stands in the way of a comparison: another size, which
// is the caller's mistake, or a picture too small to be measured.
func checkPair(info Info, ref, dist *picture.Picture) error {
	if ref.Width() != dist.Width() || ref.Height() != dist.Height() {
		return fmt.Errorf("the pictures differ in size: %d x %d and %d x %d",
			ref.Width(), ref.Height(), dist.Width(), dist.Height())
	}
	if min(ref.Width(), ref.Height()) < info.MinSide {
		return &Undefined{fmt.Sprintf("needs sides of at least %d pixels", info.MinSide)}
	}
	return nil
}
