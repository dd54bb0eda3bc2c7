package klt

import (
	"context"

	"codecworkbench/codecs/transform"
)

// colourLag is the distance, in pixels, of the differences whose covariance makes
// the colour transform: that of neighbouring detail, free of each picture's mean.
const colourLag = 4

// colourMoments returns the covariance of colour differences.
func (t *trainer) colourMoments() (cov [9]float64) {
	for _, c := range t.crops {
		img := c.RGB8()
		for y := 0; y < c.Height(); y += 3 {
			for x := 0; x+colourLag < c.Width(); x += 3 {
				a := img.Pix[img.PixOffset(x, y):]
				b := img.Pix[img.PixOffset(x+colourLag, y):]
				var d [3]float64
				for i := range d {
					d[i] = float64(b[i]) - float64(a[i])
				}
				for i := range d {
					for j := range d {
						cov[3*i+j] += d[i] * d[j]
					}
				}
			}
		}
	}
	return cov
}

// autocovariance returns that of plane 0 along rows and columns: the variance within
// crops less half the mean squared difference at each lag.
func (t *trainer) autocovariance() []float64 {
	out := make([]float64, transform.LapReach)
	variance, samples, pairs := 0.0, 0.0, 0.0
	for _, c := range t.lapped {
		p := c[0]
		mean := 0.0
		for _, v := range p.Pix {
			mean += float64(v)
		}
		mean /= float64(len(p.Pix))
		for _, v := range p.Pix {
			variance += (float64(v) - mean) * (float64(v) - mean)
		}
		samples += float64(len(p.Pix))
		for y := 0; y+transform.LapReach <= p.Height; y += 5 {
			for x := 0; x+transform.LapReach <= p.Width; x += 5 {
				at := y*p.Width + x
				for lag := range out {
					across := float64(p.Pix[at+lag] - p.Pix[at])
					down := float64(p.Pix[at+lag*p.Width] - p.Pix[at])
					out[lag] += across*across + down*down
				}
				pairs += 2
			}
		}
	}
	for lag := range out {
		out[lag] = variance/samples - out[lag]/pairs/2
	}
	return out
}

// softEnergy keeps blocks with much contrast from ruling the block transform: they
// count by their correlation, not by their energy. In squared grey levels a block.
const softEnergy = 6400

// blockMoments returns the second moments of a plane's lapped blocks.
func (t *trainer) blockMoments(ctx context.Context, plane int) (total transform.BlockMoments, err error) {
	// One partial sum a crop, added in order: sums of floats depend on it.
	parts := make([]transform.BlockMoments, len(t.lapped))
	err = inParallel(ctx, len(t.lapped), func(i int) {
		p := t.lapped[i][plane]
		wide, high := p.Blocks()
		var b [coefs]float32
		for y := range high {
			for x := range wide {
				p.Get(x, y, &b)
				parts[i].Add(&b, 1/(contrast(&b)+softEnergy))
			}
		}
	})
	for i := range parts {
		total.Merge(&parts[i])
	}
	return total, err
}

// contrast is the energy of a block without its mean.
func contrast(b *[coefs]float32) float64 {
	sum, squares := 0.0, 0.0
	for _, v := range b {
		sum += float64(v)
		squares += float64(v) * float64(v)
	}
	return squares - sum*sum/coefs
}
