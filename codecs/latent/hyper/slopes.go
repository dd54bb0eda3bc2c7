package hyper

import (
	"math"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/refine"
)

// curve is a rate with a slope everywhere: about each integer, the parabola through it and its
// neighbours.
type curve struct {
	first int // the integer of about[0]
	about []parabola
}

// parabola is bits + slope x + bend x^2 / 2, x the distance from its integer.
type parabola struct{ bits, slope, bend float32 }

// edge is how many integers a curve has on either side of a table; beyond, rates are level.
const edge = 10

// newCurves are those of all tables.
func newCurves(rates []refine.Rate, tables *entropy.Factorized) []curve {
	out := make([]curve, len(rates))
	for i := range rates {
		t, r := tables.At(i), &rates[i]
		c := curve{first: t.First() - edge}
		for n := c.first; n <= t.Last()+edge; n++ {
			below, at, above := r.At(n-1), r.At(n), r.At(n+1)
			c.about = append(c.about, parabola{at, (above - below) / 2, above - 2*at + below})
		}
		out[i] = c
	}
	return out
}

// at is the curve and its slope at n + f.
func (c *curve) at(n int, f float32) (bits, slope float32) {
	p := &c.about[min(max(n-c.first, 0), len(c.about)-1)]
	return p.bits + f*(p.slope+f*p.bend/2), p.slope + f*p.bend
}

// What the grid of scales covers, in logarithms.
var (
	lowest = float32(math.Log(MinSigma))
	span   = float32(math.Log(MaxSigma / MinSigma))
)

// slopes are the derivatives of a position's bits by its means and by its scales' logarithms.
func (d *descent) slopes(y, prior, out []float32) {
	c, last := len(y), int16(d.Scales-1)
	step := span / float32(max(last, 1))
	for i, v := range y {
		scale := (prior[c+i] - lowest) / step
		at := min(max(scale, 0), float32(last))
		low := max(min(int16(at), last-1), 0)
		distance := min(max(v-prior[i], -latent.MaxSymbol), latent.MaxSymbol)
		n := int(math.Floor(float64(distance) + 0.5))
		f := distance - float32(n)
		a, slopeA := d.curves[d.Coder.Table(i, low)].at(n, f)
		b, slopeB := d.curves[d.Coder.Table(i, min(low+1, last))].at(n, f)
		part := at - float32(low)
		out[i] = -((1-part)*slopeA + part*slopeB)
		out[c+i] = 0
		if scale == at { // beyond the grid, nothing changes
			out[c+i] = (b - a) / step
		}
	}
}
