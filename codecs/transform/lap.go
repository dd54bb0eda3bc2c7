package transform

import (
	"fmt"
	"math"
)

// Lap is the filter across block edges that turns a block transform into a lapped
// one: before the blocks are cut, the four samples on either side of each edge are
// mixed, and unmixed after they are put together (Tran, Liang and Tu, "Lapped
// transform via time-domain pre- and post-filtering", IEEE TSP 2003). Blocks then
// overlap, which removes their seams and most of what neighbours have in common.
//
// With J flipping a half and V any invertible 4x4 matrix, the filter of the eight
// samples is 1/2 [I J; J -I] diag(I, V) [I J; J -I].
type Lap struct {
	pre, post [lapHalf][lapHalf]float32
}

const lapHalf = 4 // samples on each side of an edge

// NewLap makes the filter of V, row by row. V must be invertible and sane: neither
// filter may amplify by more than 64.
func NewLap(v [lapHalf * lapHalf]float64) (*Lap, error) {
	inverse, ok := invert4(v)
	if !ok {
		return nil, fmt.Errorf("lapping filter can't be inverted")
	}
	l := &Lap{}
	for i := range v {
		a, b := v[i], inverse[i]
		if !(math.Abs(a) <= 64 && math.Abs(b) <= 64) {
			return nil, fmt.Errorf("lapping filter has the values %g and, inverted, %g, outside +-64", a, b)
		}
		l.pre[i/lapHalf][i%lapHalf], l.post[i/lapHalf][i%lapHalf] = float32(a), float32(b)
	}
	return l, nil
}

// invert4 is Gauss-Jordan elimination with pivots.
func invert4(v [16]float64) ([16]float64, bool) {
	var inv [16]float64
	for i := range 4 {
		inv[5*i] = 1
	}
	for c := range 4 {
		pivot := c
		for r := c + 1; r < 4; r++ {
			if math.Abs(v[4*r+c]) > math.Abs(v[4*pivot+c]) {
				pivot = r
			}
		}
		if !(math.Abs(v[4*pivot+c]) > 1e-9) {
			return inv, false
		}
		for j := range 4 {
			v[4*c+j], v[4*pivot+j] = v[4*pivot+j], v[4*c+j]
			inv[4*c+j], inv[4*pivot+j] = inv[4*pivot+j], inv[4*c+j]
		}
		d := v[5*c]
		for j := range 4 {
			v[4*c+j] /= d
			inv[4*c+j] /= d
		}
		for r := range 4 {
			if f := v[4*r+c]; r != c {
				for j := range 4 {
					v[4*r+j] -= f * v[4*c+j]
					inv[4*r+j] -= f * inv[4*c+j]
				}
			}
		}
	}
	return inv, true
}

// Matrix returns V, row by row.
func (l *Lap) Matrix() (v [lapHalf * lapHalf]float32) {
	for i := range v {
		v[i] = l.pre[i/lapHalf][i%lapHalf]
	}
	return v
}

// Pre filters a plane in place, before blocks are cut. Picture edges stay as they are.
func (l *Lap) Pre(p *Plane) {
	across(p, &l.pre)
	along(p, &l.pre)
}

// Post undoes Pre.
func (l *Lap) Post(p *Plane) {
	along(p, &l.post)
	across(p, &l.post)
}

// along filters every row across the edges between columns of blocks.
func along(p *Plane, v *[lapHalf][lapHalf]float32) {
	for y := range p.Height {
		row := p.Pix[y*p.Width : (y+1)*p.Width]
		for x := Block; x < p.Width; x += Block {
			s := row[x-lapHalf : x+lapHalf : x+lapHalf]
			mix(v, &s[0], &s[1], &s[2], &s[3], &s[4], &s[5], &s[6], &s[7])
		}
	}
}

// across filters every column across the edges between rows of blocks.
func across(p *Plane, v *[lapHalf][lapHalf]float32) {
	w := p.Width
	for y := Block; y < p.Height; y += Block {
		s := p.Pix[(y-lapHalf)*w : (y+lapHalf)*w]
		for x := range w {
			mix(v, &s[x], &s[w+x], &s[2*w+x], &s[3*w+x], &s[4*w+x], &s[5*w+x], &s[6*w+x], &s[7*w+x])
		}
	}
}

// mix filters the samples a3 a2 a1 a0 | b0 b1 b2 b3 around an edge.
func mix(v *[lapHalf][lapHalf]float32, a3, a2, a1, a0, b0, b1, b2, b3 *float32) {
	s0, d0 := *b0+*a0, *b0-*a0
	s1, d1 := *b1+*a1, *b1-*a1
	s2, d2 := *b2+*a2, *b2-*a2
	s3, d3 := *b3+*a3, *b3-*a3
	e0 := v[0][0]*d0 + v[0][1]*d1 + v[0][2]*d2 + v[0][3]*d3
	e1 := v[1][0]*d0 + v[1][1]*d1 + v[1][2]*d2 + v[1][3]*d3
	e2 := v[2][0]*d0 + v[2][1]*d1 + v[2][2]*d2 + v[2][3]*d3
	e3 := v[3][0]*d0 + v[3][1]*d1 + v[3][2]*d2 + v[3][3]*d3
	*a0, *b0 = (s0-e0)/2, (s0+e0)/2
	*a1, *b1 = (s1-e1)/2, (s1+e1)/2
	*a2, *b2 = (s2-e2)/2, (s2+e2)/2
	*a3, *b3 = (s3-e3)/2, (s3+e3)/2
}

// Spread returns what a block function becomes in the picture: 24x24 pixels around
// the block, which is in the middle.
func (l *Lap) Spread(f *[64]float32) *Plane {
	p := NewPlane(3*Block, 3*Block)
	p.Set(1, 1, f)
	l.Post(p)
	return p
}

// Norm returns the length of a block function in the picture: an error of 1 in its
// coefficient is an error of Norm there.
func (l *Lap) Norm(f *[64]float32) float64 {
	sum := 0.0
	for _, v := range l.Spread(f).Pix {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum)
}
