package metrics

import (
	"context"
	"image"
	"math"

	"codecworkbench/codecs/nn/kernel"
)

// haarpsi is the Haar wavelet-based perceptual similarity index of Reisenhofer, Bosse,
// Kutyniok and Wiegand, "A Haar wavelet-based perceptual similarity index for image
// quality assessment" (Signal Processing: Image Communication 61, 2018), as its
// authors' code has it: similarity of the two finest scales of horizontal and vertical
// Haar filters in a picture of half the size, weighted by the third scale; colours, as
// I and Q of YIQ, enter as one more orientation. Grey pictures have none. It lies in
// 0..1, 1 for identical pictures; higher is better.
//
// It agrees best with viewers on the distortions of TID2013 and KADID-10k among the
// simple metrics, and is cheap; it misses errors that are larger than eight pixels of
// half the size, and does not look at flat areas.
//
// A comparison needs about 300 KB a core beside the pictures.
type haarpsi struct{ set Settings }

// Its setting.
const haarpsiChannels, haarpsiRGB, haarpsiY = "channels", "rgb", "y"

// NewHaarPSI returns the metric "haarpsi".
func NewHaarPSI() Metric {
	return haarpsi{NewSettings(Option{Name: haarpsiChannels, Choices: []string{haarpsiRGB, haarpsiY},
		Summary: "rgb: brightness and colours; y: brightness alone"})}
}

func (m haarpsi) Info() Info {
	return m.set.Label(Info{
		ID: "haarpsi", Name: "HaarPSI", Version: 1, MinSide: 2,
		Range:   "0 to 1, 1 is identical",
		Summary: "How alike edges and colours are, weighted by where the eye looks for them.",
		Paper:   "Reisenhofer et al., A Haar wavelet-based perceptual similarity index for image quality assessment, 2018",
	})
}

// Settings implements Configurable.
func (m haarpsi) Settings() Settings { return m.set }

// With implements Configurable.
func (m haarpsi) With(s Settings) Metric { return haarpsi{s} }

// haarSums are a weighted sum of logistic losses, and the sum of the weights.
type haarSums struct{ loss, weight float64 }

func (s *haarSums) add(loss, weight float32) {
	w := float64(weight)
	s.loss += w * float64(loss)
	s.weight += w
}

// value is the index: the square of the inverse logistic function of the mean.
func (s haarSums) value() float64 {
	mean := 1/(1+math.Exp(-haarAlpha)) - s.loss/s.weight
	logit := math.Log(mean/(1-mean)) / haarAlpha
	return logit * logit
}

// Compare implements Metric.
func (m haarpsi) Compare(ctx context.Context, p *Pair) (float64, error) {
	area := haarTiles(p)
	sums := make([]haarSums, area.count())
	err := m.scan(ctx, p, area, func(piece, _, _ int, orientations []haarRow) {
		s := sums[piece]
		for _, o := range orientations {
			for i, w := range o.weight {
				s.add(o.loss[i], w)
			}
		}
		sums[piece] = s
	})
	if err != nil {
		return 0, err
	}
	total := haarSums{}
	for _, s := range sums {
		total.loss += s.loss
		total.weight += s.weight
	}
	if total.weight == 0 {
		return 0, &Undefined{"both pictures are black: there are no edges to compare"}
	}
	return total.value(), nil
}

// MapKinds implements Mapper.
func (m haarpsi) MapKinds() []MapKind {
	return []MapKind{{ID: "similarity", Name: "Haar similarity", Good: 1, Bad: 0,
		Summary: "Similarity of edges and colours at every second pixel; 1 is identical."}}
}

// Map implements Mapper: the index of every position at half the size on its own, 1
// where there is nothing to compare.
func (m haarpsi) Map(ctx context.Context, p *Pair, _ string) (*Map, error) {
	area := haarTiles(p)
	out := &Map{Width: area.width, Height: area.height, Step: 2, Values: make([]float32, area.width*area.height)}
	err := m.scan(ctx, p, area, func(_, x, y int, orientations []haarRow) {
		row := out.Values[y*out.Width+x:][:len(orientations[0].loss)]
		for i := range row {
			s := haarSums{}
			for _, o := range orientations {
				s.add(o.loss[i], o.weight[i])
			}
			row[i] = 1
			if s.weight > 0 {
				row[i] = float32(s.value())
			}
		}
	})
	return out, err
}

// The largest tile of haarpsi at half the size.
const haarWidth, haarHeight = 512, 96

func haarTiles(p *Pair) tiles {
	return newTiles((p.Width()+1)/2, (p.Height()+1)/2, haarWidth, haarHeight)
}

// scan hands out losses and weights of every orientation, row by row, tile by tile:
// element i belongs to position (x+i, y) at half the size. Rows of one tile come one at
// a time, and are only valid during the call.
func (m haarpsi) scan(ctx context.Context, p *Pair, area tiles, use func(piece, x, y int, orientations []haarRow)) error {
	pictures := [2]*image.NRGBA{p.ref.RGB8(), p.dist.RGB8()}
	channels := 3
	if p.Gray() || m.set.Choice(haarpsiChannels) == haarpsiY {
		channels = 1
	}
	return kernel.Parallel(ctx, area.count(), func() func(int) {
		w := newHaarWorker(channels)
		return func(piece int) {
			x0, y0, x1, y1 := area.bounds(piece)
			n := x1 - x0
			for y := y0 - haarBefore; y < y1+haarAfter; y++ {
				for k, img := range pictures {
					w.pictures[k].read(img, x0, y, n)
				}
				if at := y - haarAfter; at >= y0 {
					use(piece, x0, at, w.compare(at, n))
				}
			}
		}
	})
}
