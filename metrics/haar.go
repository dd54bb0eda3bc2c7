package metrics

import (
	"image"
	"math"

	"codecworkbench/codecs/nn/kernel"
)

// The constants of HaarPSI: c of the similarities and alpha of the logistic function.
const (
	haarC     = 30
	haarAlpha = 4.2
)

// haarLevels is the number of scales; the filter of scale k has 2^k x 2^k samples, of
// which haarBefore lie before the position that the result belongs to and haarAfter
// behind it.
const (
	haarLevels = 3
	haarBefore = 1<<(haarLevels-1) - 1
	haarAfter  = 1 << (haarLevels - 1)
	haarSize   = 1 << haarLevels
	haarReach  = haarBefore + haarAfter
)

// haarRow is what one orientation adds for a row: what the logistic function of the
// similarity lacks to that of 1, and the weight.
type haarRow struct{ loss, weight []float32 }

// haarPicture holds the last rows of one picture of a pair.
type haarPicture struct {
	halved halvedYIQ
	// rows of Y, I and Q at half the size, haarBefore samples more on the left and
	// haarAfter on the right; row y lies at y mod haarSize.
	rows [3][haarSize][]float32
	// along are sums of 2, 4 and 8 samples along each row of Y.
	along [haarLevels][haarSize][]float32
	down  []float32 // sums down the columns of Y
	// filtered are the responses of each scale to horizontal and vertical edges.
	filtered [2][haarLevels][]float32
	chroma   [2][]float32 // sums of 2x2 samples of I and Q

	channels int
	operands [haarSize][]float32
	reading  [3][]float32
}

// The weights of haarPicture's sums and differences.
var haarOnes, haarSigns = func() (ones, signs [haarSize]float32) {
	for i := range ones {
		ones[i], signs[i] = 1, float32(1-2*(i%2))
	}
	return
}()

// read takes in row y from column x0 on, with its n samples and those around.
func (p *haarPicture) read(img *image.NRGBA, x0, y, n int) {
	slot := y & (haarSize - 1)
	for c := range p.channels {
		p.reading[c] = p.rows[c][slot][:n+haarReach]
	}
	p.halved.read(p.reading[:p.channels], img, x0-haarBefore, y)
	row := p.rows[0][slot]
	for k := range haarLevels {
		half := 1 << k
		for i := range 2 * half {
			p.operands[i] = row[haarBefore+1-half+i:]
		}
		kernel.Blend(p.along[k][slot][:n], p.operands[:2*half], haarOnes[:2*half], 0)
	}
}

// filter computes the responses at row y: differences of two halves of 2^k x 2^k
// samples, which all are integers that float32 holds, but for scale 3 where contrast
// is extreme. Taking samples of both halves in turn keeps the sums small.
func (p *haarPicture) filter(y, n int) {
	slot := func(i int) int { return (y + i) & (haarSize - 1) }
	for k := range haarLevels {
		half := 1 << k
		for i := range half {
			p.operands[2*i], p.operands[2*i+1] = p.along[k][slot(1+i)], p.along[k][slot(-i)]
		}
		kernel.Blend(p.filtered[0][k][:n], p.operands[:2*half], haarSigns[:2*half], 0)
		for i := range 2 * half {
			p.operands[i] = p.rows[0][slot(1-half+i)]
		}
		kernel.Blend(p.down[:n+haarReach], p.operands[:2*half], haarOnes[:2*half], 0)
		for i := range half {
			p.operands[2*i], p.operands[2*i+1] = p.down[haarBefore+1+i:], p.down[haarBefore-i:]
		}
		kernel.Blend(p.filtered[1][k][:n], p.operands[:2*half], haarSigns[:2*half], 0)
	}
	for c := 1; c < p.channels; c++ {
		out := p.chroma[c-1][:n]
		for i := range 4 {
			p.operands[i] = p.rows[c][slot(i/2)][haarBefore+i%2:]
		}
		kernel.Blend(out, p.operands[:4], haarOnes[:4], 0)
	}
}

// haarWorker is the scratch memory of one goroutine.
type haarWorker struct {
	pictures     [2]*haarPicture
	loss, weight [3][haarWidth]float32
	scratch      [2][haarWidth]float32
	rows         []haarRow
}

func newHaarWorker(channels int) *haarWorker {
	w := &haarWorker{rows: make([]haarRow, min(channels, 2)+1)}
	row := func() []float32 { return make([]float32, haarWidth+haarReach) }
	for i := range w.pictures {
		p := &haarPicture{channels: channels, down: row()}
		for slot := range haarSize {
			for c := range channels {
				p.rows[c][slot] = row()
			}
			for k := range haarLevels {
				p.along[k][slot] = row()
			}
		}
		for k := range haarLevels {
			p.filtered[0][k], p.filtered[1][k] = row(), row()
		}
		p.chroma = [2][]float32{row(), row()}
		w.pictures[i] = p
	}
	return w
}

// compare compares the n positions of row y.
func (w *haarWorker) compare(y, n int) []haarRow {
	a, b := w.pictures[0], w.pictures[1]
	a.filter(y, n)
	b.filter(y, n)
	for o := range 2 {
		u, v := &a.filtered[o], &b.filtered[o]
		loss, weight := w.loss[o][:n], w.weight[o][:n]
		w.mean(loss, [2][]float32{u[0], u[1]}, [2][]float32{v[0], v[1]}, [2]float64{2 * yiqUnit, 4 * yiqUnit})
		kernel.Abs(weight, u[2])
		kernel.Abs(w.scratch[0][:n], v[2])
		kernel.Greater(weight, weight, w.scratch[0][:n])
		w.rows[o] = haarRow{loss, weight}
	}
	if a.channels > 1 {
		loss, weight := w.loss[2][:n], w.weight[2][:n]
		w.mean(loss, a.chroma, b.chroma, [2]float64{4 * yiqUnit, 4 * yiqUnit})
		kernel.Add(weight, w.rows[0].weight, w.rows[1].weight)
		kernel.Scale(weight, weight, 0.5)
		w.rows[2] = haarRow{loss, weight}
	}
	return w.rows
}

// mean computes the logistic loss of the mean similarity of two responses, which are
// sums in a unit each.
func (w *haarWorker) mean(dst []float32, a, b [2][]float32, units [2]float64) {
	n := len(dst)
	other := w.scratch[1][:n]
	w.dissimilarity(dst, a[0], b[0], units[0])
	w.dissimilarity(other, a[1], b[1], units[1])
	kernel.Add(dst, dst, other)
	haarLoss(dst, dst, w.scratch[0][:n])
}

// dissimilarity is 1 - (2|a||b| + c) / (a^2 + b^2 + c), in the form that float32 loses
// nothing in.
func (w *haarWorker) dissimilarity(dst, a, b []float32, unit float64) {
	scratch := w.scratch[0][:len(dst)]
	kernel.Abs(dst, a)
	kernel.Abs(scratch, b)
	kernel.Sub(dst, dst, scratch)
	kernel.Square(dst, dst)
	kernel.Square(scratch, a)
	kernel.Offset(scratch, scratch, float32(haarC*unit*unit))
	kernel.MulAdd(scratch, b, b)
	kernel.Div(dst, dst, scratch)
}

// haarLoss is l(1) - l(1-d/2) for the logistic function l(x) = 1/(1+exp(-alpha x)),
// exactly 0 for d = 0.
func haarLoss(dst, d, scratch []float32) {
	decay := math.Exp(-haarAlpha)
	kernel.Scale(dst, d, haarAlpha/2)
	kernel.Exp(dst, dst)
	kernel.Affine(scratch, dst, float32(decay), 1)
	kernel.Offset(dst, dst, -1)
	kernel.Scale(dst, dst, float32(decay/(1+decay)))
	kernel.Div(dst, dst, scratch)
}
