package metrics

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"codecworkbench/metrics/internal/luma"
)

// noise makes a smooth picture with noise on it, the same for the same seed.
func noise(width, height int, seed uint64) *image.NRGBA {
	r := rand.New(rand.NewPCG(seed, 0))
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		v := 128 + 90*math.Sin(float64(i)/17) + 8*r.NormFloat64()
		img.Pix[i] = uint8(min(max(v, 0), 255))
	}
	return img
}

// ssimDirect is SSIM by its definition: float64, one window at a time.
func ssimDirect(a, b plane, t term) float64 {
	width, height := a.size()
	var kernel [windowSize]float64
	total := 0.
	for i := range kernel {
		d := float64(i - windowRadius)
		kernel[i] = math.Exp(-d * d / (2 * windowSigma * windowSigma))
		total += kernel[i]
	}
	row := func(p plane, y int) []float64 {
		v := make([]float64, width)
		p.read(v, 0, y)
		return v
	}
	sum := 0.
	for y := range height - windowSize + 1 {
		for x := range width - windowSize + 1 {
			var mx, my, xx, yy, xy float64
			for j := range windowSize {
				ra, rb := row(a, y+j), row(b, y+j)
				for i := range windowSize {
					w := kernel[i] * kernel[j] / (total * total)
					u, v := ra[x+i], rb[x+i]
					mx, my, xx, yy, xy = mx+w*u, my+w*v, xx+w*u*u, yy+w*v*v, xy+w*u*v
				}
			}
			value := (2*(xy-mx*my) + ssimC2) / (xx - mx*mx + yy - my*my + ssimC2)
			if t == ssimTerm {
				value *= (2*mx*my + ssimC1) / (mx*mx + my*my + ssimC1)
			}
			sum += value
		}
	}
	return sum / float64((width-windowSize+1)*(height-windowSize+1))
}

// The separable, tiled evaluation against the definition, at sizes
// around the window's and the tile's.
func TestWindowMeanMatchesDefinition(t *testing.T) {
	for _, size := range [][2]int{{11, 11}, {12, 40}, {tileWidth + 10, 12}, {tileWidth + 11, 13}, {13, tileHeight + 11}} {
		a, b := noise(size[0], size[1], 1), noise(size[0], size[1], 2)
		for _, p := range []planePair{{channel{a, 1}, channel{b, 1}}, {lumaPlane{a, luma.Y}, lumaPlane{b, luma.Y}}} {
			for _, term := range []term{contrastTerm, ssimTerm} {
				got, err := windowMean(t.Context(), p, gaussian(), term)
				if err != nil {
					t.Fatal(err)
				}
				if want := ssimDirect(p.ref, p.dist, term); math.Abs(got[0]-want) > 1e-7 {
					t.Errorf("%v, term %d: got %.9f, want %.9f", size, term, got[0], want)
				}
			}
		}
	}
}
