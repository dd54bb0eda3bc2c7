package metrics

import (
	"image"
	"math"
	"testing"

	"codecworkbench/codecs/picture"
	"codecworkbench/metrics/internal/luma"
)

// grid is a picture of numbers, 0 outside.
type grid struct {
	width, height int
	v             []float64
}

func newGrid(width, height int, at func(x, y int) float64) grid {
	g := grid{width, height, make([]float64, width*height)}
	for i := range g.v {
		g.v[i] = at(i%width, i/width)
	}
	return g
}

func (g grid) at(x, y int) float64 {
	if x < 0 || y < 0 || x >= g.width || y >= g.height {
		return 0
	}
	return g.v[y*g.width+x]
}

// box returns the means of 2x2 samples as conv2(.., 'same') aligns them.
func (g grid) box() grid {
	return newGrid(g.width, g.height, func(x, y int) float64 {
		return (g.at(x, y) + g.at(x+1, y) + g.at(x, y+1) + g.at(x+1, y+1)) / 4
	})
}

// halve returns every second of those means.
func (g grid) halve() grid {
	b := g.box()
	return newGrid((g.width+1)/2, (g.height+1)/2, func(x, y int) float64 { return b.at(2*x, 2*y) })
}

// channelGrid is a weighted sum of R, G and B.
func channelGrid(img *image.NRGBA, r, g, b float64) grid {
	return newGrid(img.Rect.Dx(), img.Rect.Dy(), func(x, y int) float64 {
		c := img.NRGBAAt(x, y)
		return r*float64(c.R) + g*float64(c.G) + b*float64(c.B)
	})
}

func similarity(a, b, c float64) float64 { return (2*a*b + c) / (a*a + b*b + c) }

// gmsdDirect is GMSD by its definition.
func gmsdDirect(a, b *image.NRGBA) float64 {
	var gradients [2]grid
	for i, img := range []*image.NRGBA{a, b} {
		g := channelGrid(img, 0.299, 0.587, 0.114).halve()
		gradients[i] = newGrid(g.width, g.height, func(x, y int) float64 {
			across, down := 0., 0.
			for d := -1; d <= 1; d++ {
				across += (g.at(x-1, y+d) - g.at(x+1, y+d)) / 3
				down += (g.at(x+d, y-1) - g.at(x+d, y+1)) / 3
			}
			return math.Hypot(across, down)
		})
	}
	mean, sum, n := 0., 0., float64(len(gradients[0].v))
	for i, v := range gradients[0].v {
		mean += similarity(v, gradients[1].v[i], 170) / n
	}
	for i, v := range gradients[0].v {
		d := similarity(v, gradients[1].v[i], 170) - mean
		sum += d * d
	}
	return math.Sqrt(sum / (n - 1))
}

// haarDirect is HaarPSI by its definition.
func haarDirect(a, b *image.NRGBA, colour bool) float64 {
	var edges [2][2][3]grid // picture, orientation, scale
	var chroma [2][2]grid
	for i, img := range []*image.NRGBA{a, b} {
		luma := channelGrid(img, 0.299, 0.587, 0.114).halve()
		for k := range 3 {
			half := 1 << k
			for o := range 2 {
				edges[i][o][k] = newGrid(luma.width, luma.height, func(x, y int) float64 {
					sum := 0.
					for v := 1 - half; v <= half; v++ {
						for u := 1 - half; u <= half; u++ {
							if [2]int{v, u}[o] > 0 {
								sum += luma.at(x+u, y+v)
							} else {
								sum -= luma.at(x+u, y+v)
							}
						}
					}
					return math.Abs(sum) / float64(2*half)
				})
			}
		}
		chroma[i][0] = channelGrid(img, 0.596, -0.274, -0.322).halve().box()
		chroma[i][1] = channelGrid(img, 0.211, -0.523, 0.312).halve().box()
	}
	logistic := func(v float64) float64 { return 1 / (1 + math.Exp(-4.2*v)) }
	sum, weights := 0., 0.
	for i := range edges[0][0][0].v {
		both := 0.
		for o := range 2 {
			u, v := edges[0][o], edges[1][o]
			s := (similarity(u[0].v[i], v[0].v[i], 30) + similarity(u[1].v[i], v[1].v[i], 30)) / 2
			w := max(u[2].v[i], v[2].v[i])
			sum, weights, both = sum+w*logistic(s), weights+w, both+w
		}
		if colour {
			s := 0.
			for c := range 2 {
				s += similarity(math.Abs(chroma[0][c].v[i]), math.Abs(chroma[1][c].v[i]), 30) / 2
			}
			sum, weights = sum+both/2*logistic(s), weights+both/2
		}
	}
	t := sum / weights
	return math.Pow(math.Log(t/(1-t))/4.2, 2)
}

// wrapped makes a pair of pictures for metrics.
func wrapped(t *testing.T, a, b *image.NRGBA) *Pair {
	t.Helper()
	var pictures [2]*picture.Picture
	for i, img := range []*image.NRGBA{a, b} {
		p, err := picture.New(img, false, false, picture.Source{})
		if err != nil {
			t.Fatal(err)
		}
		pictures[i] = p
	}
	pair, err := NewPair(pictures[0], pictures[1])
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

// Metrics at half the size against their definitions, at odd sizes and at sizes around
// those of tiles.
func TestHalvedMetricsMatchDefinitions(t *testing.T) {
	brightness, err := NewHaarPSI().(haarpsi).set.Set(haarpsiChannels, haarpsiY)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range [][2]int{{3, 3}, {4, 3}, {17, 31}, {2*gmsdWidth + 1, 7}, {2*haarWidth + 6, 5}, {9, 2*gmsdHeight + 3}, {6, 2*haarHeight + 1}} {
		a, b := noise(size[0], size[1], 1), noise(size[0], size[1], 2)
		for _, c := range []struct {
			metric Metric
			want   float64
		}{
			{NewGMSD(), gmsdDirect(a, b)},
			{NewHaarPSI(), haarDirect(a, b, true)},
			{haarpsi{brightness}, haarDirect(a, b, false)},
		} {
			got, err := c.metric.Compare(t.Context(), wrapped(t, a, b))
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(got-c.want) > 1e-7 {
				t.Errorf("%s of %v: got %.9f, want %.9f", c.metric.Info().ID, size, got, c.want)
			}
		}
	}
}

// Every formula of luma at half the size, inside and beyond the edges.
func TestHalvedLuma(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {5, 4}, {4, 5}} {
		img := noise(size[0], size[1], 1)
		for _, kind := range []luma.Kind{luma.Y, luma.Y8} {
			full := newGrid(size[0], size[1], func(x, y int) float64 {
				var v [1]int32
				luma.Counts(kind, v[:], img, x, y)
				return float64(v[0])
			})
			want, reader := full.halve(), halvedLuma{}
			for y := -2; y < 5; y++ {
				got := make([]float32, 9)
				reader.read(got, img, kind, -3, y)
				for i, v := range got {
					if float64(v) != 4*want.at(i-3, y) {
						t.Fatalf("%v, %s at %d, %d: got %v, want %v", size, kind, i-3, y, v, 4*want.at(i-3, y))
					}
				}
			}
		}
	}
}
