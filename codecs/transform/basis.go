package transform

import (
	"fmt"
	"sort"
)

// The four parities of a function on a block: even or odd under a left-right flip
// (bit 0) and under a top-bottom flip (bit 1). Photos look the same mirrored, so a
// covariance averaged over flips splits into one 16x16 matrix a parity, and a
// transform costs 16 products a coefficient where 64 are the rule.
const (
	parities = 4
	quarter  = 16
)

// Folded is a block by parity: an orthonormal change of coordinates.
type Folded [parities][quarter]float32

// Fold splits a block by parity.
func Fold(b *[64]float32, f *Folded) {
	for y := range 4 {
		for x := range 4 {
			a, c := b[y*8+x], b[y*8+7-x]
			d, e := b[(7-y)*8+x], b[(7-y)*8+7-x]
			i := y*4 + x
			s, t, u, v := a+c, a-c, d+e, d-e
			f[0][i], f[1][i] = (s+u)/2, (t+v)/2
			f[2][i], f[3][i] = (s-u)/2, (t-v)/2
		}
	}
}

// Unfold is the inverse of Fold.
func Unfold(f *Folded, b *[64]float32) {
	for y := range 4 {
		for x := range 4 {
			i := y*4 + x
			s, u := (f[0][i]+f[2][i])/2, (f[0][i]-f[2][i])/2
			t, v := (f[1][i]+f[3][i])/2, (f[1][i]-f[3][i])/2
			b[y*8+x], b[y*8+7-x] = s+t, s-t
			b[(7-y)*8+x], b[(7-y)*8+7-x] = u+v, u-v
		}
	}
}

// Basis is an orthonormal transform of 8x8 blocks whose functions each have a
// parity. Coefficients are numbered in coding order.
type Basis struct {
	rows   [64][quarter]float32
	parity [64]uint8
}

// BlockMoments gathers the second moments of blocks by parity.
type BlockMoments [parities][quarter * quarter]float64

// Add counts one block with a weight.
func (m *BlockMoments) Add(b *[64]float32, weight float64) {
	var f Folded
	Fold(b, &f)
	for p := range f {
		for i := range quarter {
			v := weight * float64(f[p][i])
			row := m[p][i*quarter : i*quarter+i+1]
			for j := range row {
				row[j] += v * float64(f[p][j])
			}
		}
	}
}

// Merge adds the moments of other blocks.
func (m *BlockMoments) Merge(o *BlockMoments) {
	for p := range m {
		for i := range m[p] {
			m[p][i] += o[p][i]
		}
	}
}

// LearnBasis returns the Karhunen-Loeve transform of blocks with these moments.
// The coding order is that of falling energy, where gain gives how much a unit of a
// coefficient counts (see Lap.Norm); nil counts all alike.
func LearnBasis(m *BlockMoments, gain func(f *[64]float32) float64) (*Basis, error) {
	type function struct {
		row    [quarter]float32
		parity uint8
		energy float64
	}
	var all []function
	for p := range parities {
		values, vectors, err := Eigen(m[p][:], quarter)
		if err != nil {
			return nil, err
		}
		for k, v := range vectors {
			f := function{parity: uint8(p), energy: values[k]}
			for i := range v {
				f.row[i] = float32(v[i])
			}
			if gain != nil {
				g := gain(expand(&f.row, f.parity))
				f.energy *= g * g
			}
			all = append(all, f)
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].energy > all[j].energy })
	b := &Basis{}
	for k, f := range all {
		b.rows[k], b.parity[k] = f.row, f.parity
	}
	return b, nil
}

// NewBasis makes a basis from what Rows and Parities returned.
func NewBasis(rows []float32, parity []uint8) (*Basis, error) {
	if len(rows) != 64*quarter || len(parity) != 64 {
		return nil, fmt.Errorf("block basis of %d values and %d parities, expected %d and 64", len(rows), len(parity), 64*quarter)
	}
	for i, v := range rows {
		if !(v >= -2 && v <= 2) { // orthonormal ones stay within 1
			return nil, fmt.Errorf("block basis: value %d is %g", i, v)
		}
	}
	b := &Basis{}
	for k := range b.rows {
		copy(b.rows[k][:], rows[k*quarter:])
		if parity[k] >= parities {
			return nil, fmt.Errorf("block basis: function %d has parity %d of 0 to %d", k, parity[k], parities-1)
		}
		b.parity[k] = parity[k]
	}
	return b, nil
}

// Rows returns the functions' folded values, 16 each, in coding order.
func (b *Basis) Rows() []float32 {
	var out []float32
	for k := range b.rows {
		out = append(out, b.rows[k][:]...)
	}
	return out
}

// Parities returns the functions' parities in coding order: 1 for odd under a
// left-right flip, plus 2 for odd under a top-bottom flip.
func (b *Basis) Parities() []uint8 { return append([]uint8(nil), b.parity[:]...) }

// Function returns basis function k as a block.
func (b *Basis) Function(k int) *[64]float32 { return expand(&b.rows[k], b.parity[k]) }

func expand(row *[quarter]float32, parity uint8) *[64]float32 {
	var f Folded
	f[parity] = *row
	var out [64]float32
	Unfold(&f, &out)
	return &out
}

// Forward writes the coefficients of a block.
func (b *Basis) Forward(block, coef *[64]float32) {
	var f Folded
	Fold(block, &f)
	for k := range coef {
		r, v := &b.rows[k], &f[b.parity[k]&(parities-1)]
		s0 := r[0]*v[0] + r[1]*v[1] + r[2]*v[2] + r[3]*v[3]
		s1 := r[4]*v[4] + r[5]*v[5] + r[6]*v[6] + r[7]*v[7]
		s2 := r[8]*v[8] + r[9]*v[9] + r[10]*v[10] + r[11]*v[11]
		s3 := r[12]*v[12] + r[13]*v[13] + r[14]*v[14] + r[15]*v[15]
		coef[k] = (s0 + s1) + (s2 + s3)
	}
}

// Inverse writes the block of coefficients; zeros cost nothing.
func (b *Basis) Inverse(coef, block *[64]float32) {
	var f Folded
	for k, c := range coef {
		if c == 0 {
			continue
		}
		r, v := &b.rows[k], &f[b.parity[k]&(parities-1)]
		for i := range v {
			v[i] += c * r[i]
		}
	}
	Unfold(&f, block)
}
