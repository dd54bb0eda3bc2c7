package vq

import "math"

// dct is the orthonormal DCT-II of square blocks, of which only the first kept
// coefficients in zigzag order are computed.
type dct struct {
	side, cut int
	basis     []float32 // cut rows of side: basis[u*side+x]
	order     []int32   // by coefficient: v*cut+u
}

// newDCT makes the transform of side x side blocks.
func newDCT(side, kept int) *dct {
	order := zigzag(side)[:kept]
	d := &dct{side: side, order: make([]int32, kept)}
	for _, p := range order {
		d.cut = max(d.cut, p[0]+1, p[1]+1)
	}
	for i, p := range order {
		d.order[i] = int32(p[1]*d.cut + p[0])
	}
	d.basis = make([]float32, d.cut*side)
	for u := range d.cut {
		scale := math.Sqrt(2 / float64(side))
		if u == 0 {
			scale = math.Sqrt(1 / float64(side))
		}
		for x := range side {
			d.basis[u*side+x] = float32(scale * math.Cos(math.Pi*float64(u)*(float64(x)+0.5)/float64(side)))
		}
	}
	return d
}

// zigzag lists the (u, v) frequencies of a block by rising diagonal.
func zigzag(side int) [][2]int {
	var out [][2]int
	for d := range 2*side - 1 {
		for i := range d + 1 {
			u, v := i, d-i
			if d%2 == 1 {
				u, v = v, u
			}
			if u < side && v < side {
				out = append(out, [2]int{u, v})
			}
		}
	}
	return out
}

// maxSide bounds a block's side in samples.
const maxSide = 32

// forward writes the kept coefficients of a block of side*side samples.
func (d *dct) forward(block, coef []float32) {
	var rows [maxSide * maxSide]float32 // [y][u]
	n, cut := d.side, d.cut
	for y := range n {
		line := block[y*n : y*n+n]
		for u := range cut {
			b := d.basis[u*n : u*n+n]
			var s float32
			for x, v := range line {
				s += v * b[x]
			}
			rows[u*n+y] = s
		}
	}
	for i, o := range d.order {
		u, v := int(o)%cut, int(o)/cut
		col, b := rows[u*n:u*n+n], d.basis[v*n:v*n+n]
		var s float32
		for y, r := range col {
			s += r * b[y]
		}
		coef[i] = s
	}
}

// inverse adds k times the block that the coefficients stand for.
func (d *dct) inverse(coef, block []float32, k float32) {
	var grid [maxSide * maxSide]float32 // [v][u]
	var rows [maxSide * maxSide]float32 // [v][x]
	n, cut := d.side, d.cut
	for i, o := range d.order {
		grid[o] = k * coef[i]
	}
	for v := range cut {
		line := rows[v*n : v*n+n]
		for u := range cut {
			g := grid[v*cut+u]
			if g == 0 {
				continue
			}
			for x, b := range d.basis[u*n : u*n+n] {
				line[x] += g * b
			}
		}
	}
	for y := range n {
		line := block[y*n : y*n+n]
		for v := range cut {
			b := d.basis[v*n+y]
			for x, r := range rows[v*n : v*n+n] {
				line[x] += b * r
			}
		}
	}
}
