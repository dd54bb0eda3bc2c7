package metrics

import (
	"context"
	"image"
	"math"

	"codecworkbench/metrics/internal/luma"

	"codecworkbench/codecs/nn/kernel"
)

// gmsd is the gradient magnitude similarity deviation of Xue, Zhang, Mou and Bovik,
// "Gradient magnitude similarity deviation: a highly efficient perceptual image
// quality index" (IEEE TIP 23(2), 2014): the standard deviation (of a sample: N - 1)
// of the similarity of Prewitt gradients in a picture of half the size, in which
// samples beyond the edge count as 0. It lies in 0..0.35 or so, 0 for identical
// pictures; lower is better.
//
// It is the cheapest of the good metrics, and sees blur, blocking and noise that is
// stronger in some places than in others; it misses colour, fine detail that half the
// size loses, and an error that is the same everywhere.
//
// A comparison needs 30 KB a core beside the pictures.
type gmsd struct{ set Settings }

// NewGMSD returns the metric "gmsd".
func NewGMSD() Metric { return gmsd{NewSettings(lumaOption(luma.Y, luma.Y8))} }

func (m gmsd) Info() Info {
	return m.set.Label(Info{
		// Half the size has the four samples that a deviation needs.
		ID: "gmsd", Name: "GMSD", Version: 1, Lower: true, MinSide: 3,
		Range:   "0 up to about 0.35, 0 is identical",
		Summary: "How unevenly edges and texture are damaged over the picture; 0 is identical.",
		Paper:   "Xue et al., Gradient magnitude similarity deviation: a highly efficient perceptual image quality index, IEEE TIP 2014",
	})
}

// Settings implements Configurable.
func (m gmsd) Settings() Settings { return m.set }

// With implements Configurable.
func (m gmsd) With(s Settings) Metric { return gmsd{s} }

// Compare implements Metric.
func (m gmsd) Compare(ctx context.Context, p *Pair) (float64, error) {
	type sums struct{ v, squares float64 }
	area := gmsdTiles(p)
	pieces := make([]sums, area.count())
	err := m.scan(ctx, p, area, func(piece, _, _ int, loss []float32) {
		s := pieces[piece]
		for _, f := range loss {
			v := float64(f)
			s.v += v
			s.squares += v * v
		}
		pieces[piece] = s
	})
	total := sums{}
	for _, s := range pieces {
		total.v += s.v
		total.squares += s.squares
	}
	n := float64(area.width) * float64(area.height)
	return math.Sqrt(max(0, total.squares-total.v*total.v/n) / (n - 1)), err
}

// MapKinds implements Mapper.
func (m gmsd) MapKinds() []MapKind {
	return []MapKind{{ID: "similarity", Name: "Gradient similarity", Good: 1, Bad: 0,
		Summary: "Similarity of the strength of edges at every second pixel; 1 is identical."}}
}

// Map implements Mapper: the similarity of gradients at half the size.
func (m gmsd) Map(ctx context.Context, p *Pair, _ string) (*Map, error) {
	area := gmsdTiles(p)
	out := &Map{Width: area.width, Height: area.height, Step: 2, Values: make([]float32, area.width*area.height)}
	err := m.scan(ctx, p, area, func(_, x, y int, loss []float32) {
		row := out.Values[y*out.Width+x:][:len(loss)]
		for i, v := range loss {
			row[i] = 1 - v
		}
	})
	return out, err
}

// The largest tile of gmsd at half the size.
const gmsdWidth, gmsdHeight = 512, 64

func gmsdTiles(p *Pair) tiles {
	return newTiles((p.Width()+1)/2, (p.Height()+1)/2, gmsdWidth, gmsdHeight)
}

// gmsdWorker is the scratch memory of one goroutine.
type gmsdWorker struct {
	halved halvedLuma
	// rows are the last three rows of both pictures, with a sample more on both sides.
	rows    [2][3][gmsdWidth + 2]float32
	sums    [gmsdWidth + 2]float32
	squares [2][gmsdWidth]float32 // squared gradients
	scratch [2][gmsdWidth]float32
}

// scan hands out what the similarity of gradients lacks to 1, row by row, tile by
// tile: loss[i] belongs to position (x+i, y) at half the size. Rows of one tile come
// one at a time; loss is only valid during the call.
func (m gmsd) scan(ctx context.Context, p *Pair, area tiles, use func(piece, x, y int, loss []float32)) error {
	kind := lumaKind(m.set)
	pictures := [2]*image.NRGBA{p.ref.RGB8(), p.dist.RGB8()}
	// Samples at half the size are sums of four, and gradients are not divided by 3.
	constant := float32(170 * math.Pow(float64(3*4*kind.Steps()), 2))
	return kernel.Parallel(ctx, area.count(), func() func(int) {
		w := &gmsdWorker{}
		return func(piece int) {
			x0, y0, x1, y1 := area.bounds(piece)
			n := x1 - x0
			for y := y0 - 1; y <= y1; y++ {
				for k, img := range pictures {
					w.halved.read(w.rows[k][(y+3)%3][:n+2], img, kind, x0-1, y)
					if y > y0 {
						w.gradients(k, y, n)
					}
				}
				if y > y0 {
					use(piece, x0, y-1, w.loss(n, constant))
				}
			}
		}
	})
}

// gradients computes the squared magnitude of the Prewitt gradients of picture k in
// the row before y, the newest. They are exact: all are integers below 2^24.
func (w *gmsdWorker) gradients(k, y, n int) {
	rows := &w.rows[k]
	above, here, below := rows[(y+1)%3][:n+2], rows[(y+2)%3][:n+2], rows[y%3][:n+2]
	out, across, sums := w.squares[k][:n], w.scratch[0][:n], w.sums[:n+2]
	kernel.Add(sums, above, below)
	kernel.Add(sums, sums, here)
	kernel.Sub(across, sums[2:], sums)
	kernel.Sub(sums, below, above)
	kernel.Add(out, sums, sums[1:])
	kernel.Add(out, out, sums[2:])
	kernel.Square(across, across)
	kernel.Square(out, out)
	kernel.Add(out, out, across)
}

// loss is 1 - (2 a b + c) / (a^2 + b^2 + c), in the form that float32 loses nothing in.
func (w *gmsdWorker) loss(n int, constant float32) []float32 {
	a, b := w.squares[0][:n], w.squares[1][:n]
	out, other := w.scratch[0][:n], w.scratch[1][:n]
	kernel.Sqrt(out, a)
	kernel.Sqrt(other, b)
	kernel.Sub(out, out, other)
	kernel.Square(out, out)
	kernel.Add(other, a, b)
	kernel.Offset(other, other, constant)
	kernel.Div(out, out, other)
	return out
}
