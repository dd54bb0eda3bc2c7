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
// over the channels. Sides of odd length follow halve. Other conventions, which are
// settings of MS-SSIM-Y: in Wang's msssim.m, sides of odd length follow shrink; in
// MeTriX MuX's mssim_index.m, and libvmaf after it (to 3e-4), scales are made by the low-pass
// filter of the 9/7 wavelet, and contrast and structure are averaged apart, which
// gives clearly higher values.
//
// A comparison holds one channel of both pictures at half size and below: less
// than 3 bytes a pixel beside the pictures (280 MB for 100 megapixels).
type msssim struct {
	kind       luma.Kind // empty: R, G and B
	convention string    // empty: pytorch
}

// msssimExponents are the exponents of the five scales, finest first; as published,
// they sum to 1.0001.
var msssimExponents = [...]float64{0.0448, 0.2856, 0.3001, 0.2363, 0.1333}

// msssimScales is their number.
const msssimScales = len(msssimExponents)

// msssimMinSide is the smallest side for which the window fits into the last scale.
const msssimMinSide = (windowSize-1)*(1<<(msssimScales-1)) + 1

// NewMSSSIMRGB returns the metric "ms-ssim-rgb": MS-SSIM of R, G and B, averaged.
// It lies in 0..1, 1 for identical pictures, enters plots in dB, and needs sides of
// more than 160 pixels.
func NewMSSSIMRGB() Metric { return msssim{} }

// msssimY is msssim of brightness, with settings.
type msssimY struct {
	msssim
	set Settings
}

// NewMSSSIMY returns the metric "ms-ssim-y": MS-SSIM of Y = 0.299 R + 0.587 G +
// 0.114 B, not rounded. It lies in 0..1, 1 for identical pictures, enters plots in
// dB, and needs sides of more than 160 pixels.
func NewMSSSIMY() Metric {
	return msssimY{}.With(NewSettings(lumaOption(luma.Y, luma.Y8),
		Option{Name: conventionName, Choices: []string{conventionPytorch, conventionWang, conventionMetrix},
			Summary: "pytorch: pytorch-msssim and CompressAI; wang: msssim.m, another treatment of sides of odd length; " +
				"metrix: mssim_index.m of MeTriX MuX and libvmaf, clearly higher values"}))
}

// Settings implements Configurable.
func (m msssimY) Settings() Settings { return m.set }

// With implements Configurable.
func (m msssimY) With(s Settings) Metric {
	return msssimY{msssim{lumaKind(s), s.Choice(conventionName)}, s}
}

func (m msssimY) Info() Info {
	info := m.msssim.Info()
	info.ID, info.Name = "ms-ssim-y", "MS-SSIM-Y"
	if m.convention == conventionWang {
		info.MinSide = windowSize << (msssimScales - 1)
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
	product := 1.
	for scale, exponent := range msssimExponents {
		factors, err := m.factors(ctx, p, scale == msssimScales-1)
		if err != nil {
			return 0, err
		}
		for _, f := range factors {
			product *= math.Pow(max(f, 0), exponent)
		}
		if scale < msssimScales-1 {
			if p, err = m.nextScale(ctx, p); err != nil {
				return 0, err
			}
		}
	}
	return product, nil
}

// factors returns what a scale contributes.
func (m msssim) factors(ctx context.Context, p planePair, last bool) ([]float64, error) {
	if m.convention == conventionMetrix {
		means, err := windowMean(ctx, p, gaussian(), separateTerms)
		if last {
			return means[:], err
		}
		return means[1:], err
	}
	w, t := gaussian32(), contrastTerm
	if m.convention == conventionWang {
		w = gaussian()
	}
	if last {
		t = ssimTerm
	}
	means, err := windowMean(ctx, p, w, t)
	return means[:1], err
}

// lowPass97 is the low-pass filter of the Cohen-Daubechies-Feauveau 9/7 wavelet, to a
// sum of the square root of 2.
var lowPass97 = [...]float64{0.037828455507, -0.023849465019, -0.110624404418, 0.377402855613, 0.852698679009,
	0.377402855613, -0.110624404418, -0.023849465019, 0.037828455507}

// nextScale returns both planes at half the size.
func (m msssim) nextScale(ctx context.Context, p planePair) (planePair, error) {
	switch m.convention {
	case conventionWang:
		return shrinkPair(ctx, p, box(2), 2)
	case conventionMetrix:
		weights := make([]float64, len(lowPass97))
		sum := 0.
		for _, w := range lowPass97 {
			sum += w
		}
		for i, w := range lowPass97 {
			weights[i] = w / sum
		}
		return shrinkPair(ctx, p, weights, 2)
	}
	return halvePair(ctx, p)
}
