package fsim

import (
	"context"
	"math"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/metrics"
)

// The authors' constants: what keeps the similarities of phase congruency, gradient
// and colour from 0/0, and the exponent of colour.
const (
	congruencyConstant = 0.85
	gradientConstant   = 160
	colourConstant     = 200
	colourExponent     = 0.03
)

// features are what is compared of two pictures.
type features struct {
	ref, dist                     *planes
	refCongruency, distCongruency []float64
}

// weight is how much a place counts.
func (f *features) weight(i int) float64 { return max(f.refCongruency[i], f.distCongruency[i]) }

// similarityRow is the similarity along a row, of brightness and of colour, and
// scratch memory.
type similarityRow struct{ plain, colour, refGradient, distGradient []float64 }

func newSimilarityRow(width int) *similarityRow {
	return &similarityRow{make([]float64, width), make([]float64, width), make([]float64, width), make([]float64, width)}
}

// similar is 1 where a and b are the same and less the more they differ.
func similar(a, b, constant float64) float64 {
	// The conversions forbid fused multiply-adds, whose other rounding would keep
	// identical pictures from exactly 1.
	return (float64(2*a*b) + constant) / (float64(a*a) + float64(b*b) + constant)
}

// similarity compares the features of row y.
func (f *features) similarity(out *similarityRow, y int) {
	f.ref.gradient(out.refGradient, y)
	f.dist.gradient(out.distGradient, y)
	for x := range out.plain {
		i := y*f.ref.width + x
		out.plain[x] = similar(out.refGradient[x], out.distGradient[x], gradientConstant) *
			similar(f.refCongruency[i], f.distCongruency[i], congruencyConstant)
		out.colour[x] = powReal(similar(f.ref.i[i], f.dist.i[i], colourConstant) * similar(f.ref.q[i], f.dist.q[i], colourConstant))
	}
}

// powReal is the real part of v raised to colourExponent; opposite colours may give
// a v below 0.
func powReal(v float64) float64 {
	if v < 0 {
		return math.Pow(-v, colourExponent) * math.Cos(colourExponent*math.Pi)
	}
	return math.Pow(v, colourExponent)
}

// pool averages the similarities, weighted by phase congruency.
func (f *features) pool(ctx context.Context) (result, error) {
	type sums struct{ plain, colour, weight float64 }
	rows := make([]sums, f.ref.height)
	err := kernel.Parallel(ctx, len(rows), func() func(int) {
		row := newSimilarityRow(f.ref.width)
		return func(y int) {
			f.similarity(row, y)
			for x, s := range row.plain {
				weight := f.weight(y*f.ref.width + x)
				rows[y].plain += s * weight
				rows[y].colour += s * row.colour[x] * weight
				rows[y].weight += weight
			}
		}
	})
	var total sums
	for _, r := range rows {
		total.plain += r.plain
		total.colour += r.colour
		total.weight += r.weight
	}
	if err == nil && !(total.weight > 0) {
		err = &metrics.Undefined{Reason: "no features stand out of the noise in either picture"}
	}
	return result{total.plain / total.weight, total.colour / total.weight}, err
}

// gradient writes the magnitude of the Scharr gradient of Y along a row; beyond the
// picture there are zeros.
func (p *planes) gradient(dst []float64, y int) {
	const side, middle = 3. / 16, 10. / 16
	row := func(y int) []float64 {
		if y < 0 || y >= p.height {
			return nil
		}
		return p.y[y*p.width : (y+1)*p.width]
	}
	above, here, below := row(y-1), row(y), row(y+1)
	at := func(row []float64, x int) float64 {
		if x < 0 || x >= len(row) {
			return 0
		}
		return row[x]
	}
	for x := range dst {
		a0, a1, a2 := at(above, x-1), at(above, x), at(above, x+1)
		b0, b1, b2 := at(below, x-1), at(below, x), at(below, x+1)
		gx := side*(a2-a0) + middle*(at(here, x+1)-at(here, x-1)) + side*(b2-b0)
		gy := side*(b0-a0) + middle*(b1-a1) + side*(b2-a2)
		dst[x] = math.Sqrt(gx*gx + gy*gy)
	}
}
