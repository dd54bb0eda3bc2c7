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
// gaussian_weights=True, sigma=1.5, use_sample_covariance=False. Other conventions
// give other numbers; two of them are settings of SSIM-Y.
//
// A comparison needs about 260 KB a core beside the pictures, whatever their size; in
// Wang's convention, 2 bytes a pixel more.
type ssim struct {
	kind       luma.Kind // empty: R, G and B
	convention string    // empty: Gaussian
}

// NewSSIMRGB returns the metric "ssim-rgb": SSIM of R, G and B, averaged. It lies
// in -1..1, 1 for identical pictures, enters plots in dB, as SSIM of codecs is
// reported, and needs sides of at least 11 pixels.
func NewSSIMRGB() Metric { return ssim{} }

// ssimY is ssim of brightness, with settings.
type ssimY struct {
	ssim
	set Settings
}

// The setting that SSIM-Y and MS-SSIM-Y have for what their name stands for elsewhere.
const (
	conventionName = "convention"
	// The same windows everywhere: the papers.
	conventionGaussian = "gaussian"
	// scikit-image with no arguments.
	conventionSkimage = "skimage"
	// Wang's later code: ssim.m, msssim.m.
	conventionWang = "wang"
	// pytorch-msssim.
	conventionPytorch = "pytorch"
	// mssim_index.m of MeTriX MuX, and libvmaf.
	conventionMetrix = "metrix"
)

// NewSSIMY returns the metric "ssim-y": SSIM of Y = 0.299 R + 0.587 G + 0.114 B,
// not rounded. It lies in -1..1, 1 for identical pictures, enters plots in dB, and
// needs sides of at least 11 pixels.
func NewSSIMY() Metric {
	return ssimY{}.With(NewSettings(lumaOption(luma.Y, luma.Y8),
		Option{Name: conventionName, Choices: []string{conventionGaussian, conventionSkimage, conventionWang},
			Summary: "gaussian: as published; skimage: scikit-image's default, 7 x 7 samples of one weight; " +
				"wang: as published, but of the picture shrunk to about 256 pixels (ssim.m)"}))
}

// Settings implements Configurable.
func (m ssimY) Settings() Settings { return m.set }

// With implements Configurable.
func (m ssimY) With(s Settings) Metric {
	return ssimY{ssim{lumaKind(s), s.Choice(conventionName)}, s}
}

func (m ssimY) Info() Info {
	info := m.ssim.Info()
	info.ID, info.Name = "ssim-y", "SSIM-Y"
	if m.convention == conventionSkimage {
		info.MinSide = 2*uniformRadius + 1
	}
	return m.set.Label(info)
}

func (m ssim) Info() Info {
	return Info{
		ID: "ssim-rgb", Name: "SSIM-RGB", Version: 1, MinSide: windowSize, DB: true,
		Range:   "-1 to 1, 1 is identical",
		Summary: "How much of the local brightness, contrast and structure is kept, from 1 (all) down.",
		Paper:   "Wang et al., Image quality assessment: from error visibility to structural similarity, IEEE TIP 2004",
	}
}

// channels returns the channels that are compared, the window, and for the map: the
// distance between samples and how far from the picture's edge the first window's
// centre lies, in samples.
func (m ssim) channels(ctx context.Context, p *Pair) (pairs []planePair, w *window, step, border int, err error) {
	pairs = colourPairs(p)
	if m.kind != "" {
		pairs = []planePair{lumaPair(p, m.kind)}
	}
	w, step, border = gaussian(), 1, windowRadius
	switch m.convention {
	case conventionSkimage:
		w, border = uniform(), uniformRadius
		for i, q := range pairs {
			const more = windowRadius - uniformRadius
			pairs[i] = planePair{bordered{q.ref, more}, bordered{q.dist, more}}
		}
	case conventionWang:
		step = max(1, (min(p.Width(), p.Height())+128)/256) // rounded
		for i, q := range pairs {
			if pairs[i], err = shrinkPair(ctx, q, box(step), step); err != nil {
				return nil, nil, 0, 0, err
			}
		}
	}
	return pairs, w, step, border, nil
}

// Compare implements Metric.
func (m ssim) Compare(ctx context.Context, p *Pair) (float64, error) {
	pairs, w, _, _, err := m.channels(ctx, p)
	if err != nil {
		return 0, err
	}
	sum := 0.
	for _, planes := range pairs {
		v, err := windowMean(ctx, planes, w, ssimTerm)
		if err != nil {
			return 0, err
		}
		sum += v[0]
	}
	return sum / float64(len(pairs)), nil
}

// MapKinds implements Mapper.
func (m ssim) MapKinds() []MapKind {
	return []MapKind{{ID: "ssim", Name: "SSIM", Good: 1, Bad: 0,
		Summary: "Similarity of the surroundings of every pixel; 1 is identical."}}
}

// Map implements Mapper: SSIM at every position of the window, averaged over the
// channels; less than the picture by half the window on every side.
func (m ssim) Map(ctx context.Context, p *Pair, _ string) (*Map, error) {
	pairs, w, step, border, err := m.channels(ctx, p)
	if err != nil {
		return nil, err
	}
	width, height := pairs[0].ref.size()
	out := &Map{Width: width - 2*windowRadius, Height: height - 2*windowRadius,
		X: border * step, Y: border * step, Step: step}
	out.Values = make([]float32, out.Width*out.Height)
	share := 1 / float32(len(pairs))
	for _, planes := range pairs {
		err := windowScan(ctx, planes, w, ssimTerm, func(_, x, y int, values [][]float32) {
			row := out.Values[y*out.Width+x:][:len(values[0])]
			for i, f := range values[0] {
				row[i] += share * f
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
