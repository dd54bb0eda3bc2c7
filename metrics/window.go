package metrics

import (
	"context"
	"math"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/metrics/internal/raster"
)

// The window of SSIM: 11x11 samples of a Gaussian with sigma 1.5, separable.
const (
	windowSize   = 11
	windowRadius = windowSize / 2
	windowSigma  = 1.5
)

// The constants that keep SSIM's quotients from 0/0, for samples on 0..255.
const (
	ssimC1 = (0.01 * 255) * (0.01 * 255)
	ssimC2 = (0.03 * 255) * (0.03 * 255)
)

// A term is what windowScan computes at every position of the window.
type term int

const (
	contrastTerm  term = iota // contrast and structure alone: cs of MS-SSIM
	ssimTerm                  // luminance too: SSIM
	separateTerms             // luminance, contrast and structure, three values
)

// values is how many values a term has.
func (t term) values() int {
	if t == separateTerms {
		return 3
	}
	return 1
}

// Positions are worked on in tiles whose intermediate rows fit into the
// second-level cache. They also are the pieces of the parallel work and of the
// sum, so that the result depends on the picture alone, not on the machine.
const (
	tileWidth  = 256
	tileHeight = 128
)

// The weighted sums that SSIM needs: of x, y, x*x + y*y and x*y. For separateTerms,
// squares holds x*x alone and one more y*y.
const (
	meanX = iota
	meanY
	squares
	products
	squaresY
	moments
)

// A window is what moments are taken over.
type window struct {
	// weights are the first half of the separable window, from its edge to its centre.
	weights [windowRadius + 1]float64
	c2      float64 // the constant beside the moments of second order
}

// uniform returns the 7x7 samples of scikit-image's default, with zeros around. Moments
// of a sample, which it takes, are those of a population times 49/48; dividing the
// constant instead makes the same quotient.
func uniform() *window {
	const size = 2*uniformRadius + 1
	w := window{c2: ssimC2 * (size*size - 1) / (size * size)}
	for k := windowRadius - uniformRadius; k <= windowRadius; k++ {
		w.weights[k] = 1. / size
	}
	return &w
}

const uniformRadius = 3

// gaussian returns SSIM's window, whose weights sum to 1.
func gaussian() *window {
	w := window{c2: ssimC2}
	copy(w.weights[:], raster.Gaussian(windowSigma, windowRadius))
	return &w
}

// gaussian32 returns the window as pytorch-msssim has it, in float32. Its weights
// miss the sum of 1 by 3e-8, which flat areas feel: up to 5e-6 in MS-SSIM, more
// than two implementations should differ by.
func gaussian32() *window {
	w := window{c2: ssimC2}
	total := 0.
	for i := -windowRadius; i <= windowRadius; i++ {
		total += float64(float32(math.Exp(-float64(i*i) / (2 * windowSigma * windowSigma))))
	}
	for k := range w.weights {
		i := float64(k - windowRadius)
		w.weights[k] = float64(float32(math.Exp(-i*i/(2*windowSigma*windowSigma))) / float32(total))
	}
	return &w
}

// A windowWorker holds one goroutine's scratch memory (about 260 KB).
type windowWorker struct {
	window  window
	x, y    [tileWidth + windowSize - 1]float64
	square  [tileWidth + windowSize - 1]float64
	squareY [tileWidth + windowSize - 1]float64
	product [tileWidth + windowSize - 1]float64
	// rows holds the last windowSize rows of each moment after the horizontal pass;
	// every row is written twice, windowSize apart, so that the last windowSize rows
	// always lie one behind the other.
	rows [moments][2 * windowSize][tileWidth]float64
	sums [moments][tileWidth]float64
	out  [3][tileWidth]float32
	outs [3][]float32
}

// windowMean returns the means of a term's values over all positions where the whole
// window lies inside the planes, which must be at least windowSize wide and high.
func windowMean(ctx context.Context, p planePair, w *window, t term) (means [3]float64, err error) {
	width, height := p.ref.size()
	area := newTiles(width-2*windowRadius, height-2*windowRadius, tileWidth, tileHeight)
	sums := make([][3]float64, area.count())
	err = windowScan(ctx, p, w, t, func(piece, _, _ int, values [][]float32) {
		for k, v := range values {
			sum := 0.
			for _, f := range v {
				sum += float64(f)
			}
			sums[piece][k] += sum
		}
	})
	for k := range means {
		for _, s := range sums {
			means[k] += s[k]
		}
		means[k] /= float64(area.width) * float64(area.height)
	}
	return means, err
}

// windowScan computes a term at every position of the window and hands it out
// row by row, tile by tile: values[k][i] belongs to the window whose upper left sample
// is (x+i, y). use is called from several goroutines, but from one at a time for a
// given piece; values are only valid during the call.
func windowScan(ctx context.Context, p planePair, w *window, t term, use func(piece, x, y int, values [][]float32)) error {
	width, height := p.ref.size()
	area := newTiles(width-2*windowRadius, height-2*windowRadius, tileWidth, tileHeight)
	return kernel.Parallel(ctx, area.count(), func() func(int) {
		w := &windowWorker{window: *w}
		return func(piece int) {
			x0, y0, x1, y1 := area.bounds(piece)
			for y := y0; y < y1+2*windowRadius; y++ {
				w.horizontal(t, p, x0, y, x1-x0)
				if y >= y0+2*windowRadius {
					use(piece, x0, y-2*windowRadius, w.vertical(t, y, x1-x0))
				}
			}
		}
	})
}

// horizontal reads row y and filters its moments along the row.
func (w *windowWorker) horizontal(t term, p planePair, x0, y, n int) {
	m := n + windowSize - 1
	a, b := w.x[:m], w.y[:m]
	p.ref.read(a, x0, y)
	p.dist.read(b, x0, y)
	square, squareY, product := w.square[:m], w.squareY[:m], w.product[:m]
	rows := [moments][]float64{meanX: a, meanY: b, squares: square, products: product, squaresY: squareY}
	used := squaresY
	if t == separateTerms {
		used = moments
		for i := range a {
			u, v := a[i], b[i]
			square[i], squareY[i], product[i] = u*u, v*v, u*v
		}
	} else {
		for i := range a {
			u, v := a[i], b[i]
			square[i], product[i] = float64(u*u)+float64(v*v), u*v
		}
	}
	slot := y % windowSize
	for k, row := range rows[:used] {
		dst := w.rows[k][slot][:n]
		alongRow(dst, row, &w.window.weights)
		copy(w.rows[k][slot+windowSize][:n], dst)
	}
}

// vertical filters the last rows, of which y is the newest, down the columns and
// computes the term.
func (w *windowWorker) vertical(t term, y, n int) [][]float32 {
	oldest := y%windowSize + 1
	used := squaresY
	if t == separateTerms {
		used = moments
	}
	for k := range used {
		rows := (*[windowSize][tileWidth]float64)(w.rows[k][oldest:])
		downColumns(w.sums[k][:n], rows, &w.window.weights)
	}
	for k := range w.outs {
		w.outs[k] = w.out[k][:n]
	}
	if t == separateTerms {
		w.separate(n)
	} else {
		w.joint(t, n)
	}
	return w.outs[:t.values()]
}

// joint computes contrastTerm or ssimTerm.
func (w *windowWorker) joint(t term, n int) {
	out := w.out[0][:n]
	mx, my, square, product := w.sums[meanX][:n], w.sums[meanY][:n], w.sums[squares][:n], w.sums[products][:n]
	c2 := w.window.c2
	for i := range out {
		x, y := mx[i], my[i]
		// The conversions forbid fused multiply-adds, whose other rounding would keep
		// identical pictures from exactly 1 on machines that have them.
		xy, xxyy := float64(x*y), float64(x*x)+float64(y*y)
		numerator := 2*(product[i]-xy) + c2
		denominator := square[i] - xxyy + c2
		if t == ssimTerm {
			numerator *= 2*xy + ssimC1
			denominator *= xxyy + ssimC1
		}
		out[i] = float32(numerator / denominator)
	}
}

// separate computes separateTerms.
func (w *windowWorker) separate(n int) {
	luminance, contrast, structure := w.out[0][:n], w.out[1][:n], w.out[2][:n]
	mx, my, product := w.sums[meanX][:n], w.sums[meanY][:n], w.sums[products][:n]
	squareX, squareY := w.sums[squares][:n], w.sums[squaresY][:n]
	c2 := w.window.c2
	for i := range luminance {
		x, y := mx[i], my[i]
		xx, yy, xy := float64(x*x), float64(y*y), float64(x*y)
		varianceX, varianceY := max(0, squareX[i]-xx), max(0, squareY[i]-yy)
		deviations := math.Sqrt(varianceX * varianceY)
		luminance[i] = float32((2*xy + ssimC1) / (xx + yy + ssimC1))
		contrast[i] = float32((2*deviations + c2) / (varianceX + varianceY + c2))
		structure[i] = float32((product[i] - xy + c2/2) / (deviations + c2/2))
	}
}

// alongRow writes to dst[i] the weighted sum of src[i:i+windowSize].
func alongRow(dst, src []float64, weights *[windowRadius + 1]float64) {
	w0, w1, w2, w3, w4, w5 := weights[0], weights[1], weights[2], weights[3], weights[4], weights[5]
	for i := range dst {
		s := (*[windowSize]float64)(src[i:])
		dst[i] = w0*(s[0]+s[10]) + w1*(s[1]+s[9]) + w2*(s[2]+s[8]) +
			w3*(s[3]+s[7]) + w4*(s[4]+s[6]) + w5*s[5]
	}
}

// downColumns writes to dst[i] the weighted sum of column i of rows.
func downColumns(dst []float64, rows *[windowSize][tileWidth]float64, weights *[windowRadius + 1]float64) {
	w0, w1, w2, w3, w4, w5 := weights[0], weights[1], weights[2], weights[3], weights[4], weights[5]
	dst = dst[:min(len(dst), tileWidth)]
	for i := range dst {
		dst[i] = w0*(rows[0][i]+rows[10][i]) + w1*(rows[1][i]+rows[9][i]) + w2*(rows[2][i]+rows[8][i]) +
			w3*(rows[3][i]+rows[7][i]) + w4*(rows[4][i]+rows[6][i]) + w5*rows[5][i]
	}
}
