package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// lowRows is how many rows one base register reaches with strides times 1, 2, 4, 3, 5, 6.
const lowRows = 7

// rowAddresses forms the addresses of up to 14 rows that lie a stride apart.
type rowAddresses struct {
	*build.Context
	rows                int
	stride, three, five reg.GPVirtual
	low, high           reg.GPVirtual // rows 0 to 6, and 7 to 13
}

// rowsFrom returns the addresses of rows that start at base.
func rowsFrom(c *build.Context, base, stride reg.GPVirtual, rows int) *rowAddresses {
	r := &rowAddresses{Context: c, rows: rows, stride: stride, low: base}
	if rows > 3 {
		r.three = c.GP64()
		c.LEAQ(operand.Mem{Base: stride, Index: stride, Scale: 2}, r.three)
	}
	if rows > 5 {
		r.five = c.GP64()
		c.LEAQ(operand.Mem{Base: stride, Index: stride, Scale: 4}, r.five)
	}
	if rows > lowRows {
		r.high = c.GP64()
		c.LEAQ(operand.Mem{Base: base, Index: r.three, Scale: 2}, r.high)
		c.ADDQ(stride, r.high)
	}
	return r
}

// from returns the addresses of rows as far apart that start elsewhere; the lower seven only.
func (r *rowAddresses) from(base reg.GPVirtual) *rowAddresses {
	other := *r
	other.low, other.high = base, nil
	return &other
}

// at returns the address of row i, plus a displacement.
func (r *rowAddresses) at(i, displacement int) operand.Mem {
	base := r.low
	if i >= lowRows {
		base, i = r.high, i-lowRows
	}
	m := operand.Mem{Base: base, Disp: displacement}
	switch i {
	case 1, 2, 4:
		m.Index, m.Scale = r.stride, uint8(i)
	case 3:
		m.Index, m.Scale = r.three, 1
	case 5:
		m.Index, m.Scale = r.five, 1
	case 6:
		m.Index, m.Scale = r.three, 2
	}
	return m
}

// advance moves all rows by as many bytes as by, a register or a constant, says.
func (r *rowAddresses) advance(by operand.Op) {
	r.ADDQ(by, r.low)
	if r.rows > lowRows {
		r.ADDQ(by, r.high)
	}
}
