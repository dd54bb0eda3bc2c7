package metrics

import (
	"context"
	"math"

	"codecworkbench/metrics/internal/luma"
)

// msssim is the multi-scale structural similarity of Wang, Simoncelli and Bovik,
// "Multiscale structural similarity for image quality assessment" (Asilomar 2003)
// as pytorch-msssim computes it, which CompressAI and papers on learned
// compression report: five scales, contrast and structure at each, luminance at
// the last, negative factors clipped at 0, a channel at a time, then the mean
// over the channels. Sides of odd length follow halve; in the convention of Wang's
// msssim.m, a setting of MS-SSIM-Y, they follow shrink. It is not the MS-SSIM of
// libvmaf or daala, which filter and pool in other ways.
//
// A comparison holds one channel of both pictures at half size and below: less
// than 3 bytes a pixel beside the pictures (280 MB for 100 megapixels).
type msssim struct {
	kind luma.Kind // empty: R, G and B
	wang bool      // Wang's convention
}

// msssimExponents are the exponents of the five scales, finest first; as published,
// they sum to 1.0001.
var msssimExponents = [...]float64{0.0448, 0.2856, 0.3001, 0.2363, 0.1333}

// msssimMinSide is the smallest side for which the window fits into the last scale.
const msssimMinSide = (windowSize-1)*(1<<(len(msssimExponents)-1)) + 1

// NewMSSSIMRGB returns the metric "ms-ssim-rgb": MS-SSIM of R, G and B, averaged.
// It lies in 0..1, 1 for identical pictures, enters plots in dB, and needs sides of
// more than 160 pixels.
func NewMSSSIMRGB() Metric { return msssim{} }

// NewMSSSIMY returns the metric "ms-ssim-y": MS-SSIM of Y = 0.299 R + 0.587 G +
// 0.114 B, not rounded. It lies in 0..1, 1 for identical pictures, enters plots in
// dB, and needs sides of more than 160 pixels.
func NewMSSSIMY() Metric {
	return msssimY{}.With(NewSettings(lumaOption(luma.Y, luma.Y8),
		Option{Name: conventionName, Choices: []string{conventionPytorch, conventionWang},
			Summary: "pytorch: pytorch-msssim and CompressAI; wang: msssim.m, which treats sides of odd length in another way"}))
}

// msssimY is msssim of brightness, with settings.
type msssimY struct {
	msssim
	set Settings
}

// Settings implements Configurable.
func (m msssimY) Settings() Settings { return m.set }

// With implements Configurable.
func (m msssimY) With(s Settings) Metric {
	return msssimY{msssim{lumaKind(s), s.Choice(conventionName) == conventionWang}, s}
}

func (m msssimY) Info() Info {
	info := m.msssim.Info()
	info.ID, info.Name = "ms-ssim-y", "MS-SSIM-Y"
	if m.wang {
		info.MinSide = windowSize << (len(msssimExponents) - 1)
	}
	return m.set.Label(info)
}

func (m msssim) Info() Info {
	return Info{
		ID: "ms-ssim-rgb", Name: "MS-SSIM-RGB", Version: 1, MinSide: msssimMinSide, DB: true,
		Range:   "0 to 1, 1 is identical",
		Summary: "SSIM over five scales, from fine detail to coarse shape; 1 is identical.",
		Paper:   "Wang, Simoncelli and Bovik, Multiscale structural similarity for image quality assessment, Asilomar 2003",
	}
}

// Compare implements Metric.
func (m msssim) Compare(ctx context.Context, p *Pair) (float64, error) {
	pairs := colourPairs(p)
	if m.kind != "" {
		pairs = []planePair{lumaPair(p, m.kind)}
	}
	sum := 0.
	for _, planes := range pairs {
		v, err := m.of(ctx, planes)
		if err != nil {
			return 0, err
		}
		sum += v
	}
	return sum / float64(len(pairs)), nil
}

// of returns MS-SSIM of one channel.
func (m msssim) of(ctx context.Context, p planePair) (float64, error) {
	product, w, half := 1., gaussian32(), halvePair
	if m.wang {
		w = gaussian()
		half = func(ctx context.Context, p planePair) (planePair, error) { return shrinkPair(ctx, p, 2) }
	}
	for scale, exponent := range msssimExponents {
		t := contrastTerm
		if scale == len(msssimExponents)-1 {
			t = ssimTerm
		}
		v, err := windowMean(ctx, p, w, t)
		if err != nil {
			return 0, err
		}
		product *= math.Pow(max(v, 0), exponent)
		if t == ssimTerm {
			break
		}
		if p, err = half(ctx, p); err != nil {
			return 0, err
		}
	}
	return product, nil
}
