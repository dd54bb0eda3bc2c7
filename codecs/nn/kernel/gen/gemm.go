package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// panel is the width of a panel of the right-hand matrix, in elements (kernel.panelWidth).
const panel = 16

// unroll is how many steps of k the inner loop takes at a time.
const unroll = 4

// floatSignature is that of the float micro-kernels.
const floatSignature = "func(a, b, c, from *float32, aStride, cStride, fromStride, runs, run, skip, depth, ahead, blocks, columns int)"

// gemmAVX2 emits tiles of up to 6 x 16: 12 sums, 2 registers of B and 1 of A.
func gemmAVX2(c *build.Context) {
	table := maskTable(c, "columnMasks")
	for _, rows := range []int{6, 4, 2, 1} {
		t := &tile{Context: c, rows: rows, registers: 2, lanes: 8, vector: c.YMM, masks: table, signature: floatSignature, product: multiplyAdd, fetch: true}
		t.emit(fmt.Sprintf("gemmAVX2x%d", rows))
	}
}

// gemmAVX512 emits tiles of up to 14 x 32: 28 sums, 2 registers of B and 1 of A.
func gemmAVX512(c *build.Context) {
	for _, rows := range []int{14, 8, 4, 2, 1} {
		t := &tile{Context: c, rows: rows, registers: 2, lanes: 16, vector: c.ZMM, signature: floatSignature, product: multiplyAdd, fetch: true}
		t.emit(fmt.Sprintf("gemmAVX512x%d", rows))
	}
}

// maskTable emits a table of 16 elements of all ones, then 16 of zeros.
func maskTable(c *build.Context, name string) operand.Mem {
	table := c.StaticGlobal(name)
	c.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range 2 * panel {
		v := operand.U32(0)
		if i < panel {
			v = 1<<32 - 1
		}
		c.AddDatum(4*i, v)
	}
	return table
}

// tile is one micro-kernel: rows x (registers * lanes) sums that stay in registers.
type tile struct {
	*build.Context
	rows, registers int
	lanes           int // elements of a register
	vector          func() reg.VecVirtual
	masks           operand.Mem // AVX2: all ones for 16 elements, then zeros
	signature       string
	// product adds an element of A times a row of B to the sums of a row.
	product func(t *tile, a operand.Mem, b, sums []reg.VecVirtual)
	fetch   bool // what lies ahead in A, as far as the argument of that name says
	ahead   reg.GPVirtual
	sums    [][]reg.VecVirtual
}

// emit writes the function: for blocks of rows that follow one another, C = from + A*B.
func (t *tile) emit(name string) {
	t.Function(name)
	t.Attributes(attr.NOSPLIT)
	t.SignatureExpr(t.signature)
	t.Pragma("noescape")
	doc := []string{
		fmt.Sprintf("%s adds to the elements at from, for blocks of %d rows, the products", name, t.rows),
		fmt.Sprintf("of A with up to %d columns of B, and writes them to C. Strides, skip (from a", t.registers*t.lanes),
		"run's end to the next run) and depth (from a panel to the next) are in bytes.",
	}
	if t.fetch {
		doc = append(doc, "What lies ahead bytes behind each element of A is fetched into the cache.")
	}
	t.Doc(doc...)
	t.Label("block")
	t.sums = make([][]reg.VecVirtual, t.rows)
	for i := range t.sums {
		for range t.registers {
			t.sums[i] = append(t.sums[i], t.vector())
		}
	}
	t.edges("start", "from", "fromStride", func(m operand.Mem, sum reg.VecVirtual, mask reg.Register) {
		t.load(m, sum, mask)
	})
	t.multiply()
	t.edges("finish", "c", "cStride", func(m operand.Mem, sum reg.VecVirtual, mask reg.Register) {
		t.store(sum, m, mask)
	})
	for _, p := range [][2]string{{"a", "aStride"}, {"c", "cStride"}, {"from", "fromStride"}} {
		step := t.argument(p[1])
		t.IMUL3Q(operand.U8(t.rows), step, step)
		t.ADDQ(step, t.param(p[0]))
	}
	t.DECQ(t.param("blocks"))
	t.JNE(operand.LabelRef("block"))
	t.VZEROUPPER()
	t.RET()
}

// param returns where an argument lies.
func (t *tile) param(name string) operand.Mem {
	p, err := t.Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return p.Addr
}

// argument loads an argument into a register of its own.
func (t *tile) argument(name string) reg.GPVirtual {
	r := t.GP64()
	t.MOVQ(t.param(name), r)
	return r
}

// edges moves all sums from or to memory: whole registers where the tile has all columns,
// else under masks.
func (t *tile) edges(label, base, stride string, move func(operand.Mem, reg.VecVirtual, reg.Register)) {
	rows := rowsFrom(t.Context, t.argument(base), t.argument(stride), t.rows)
	all := func(masks []reg.Register) {
		for i, row := range t.sums {
			for j, sum := range row {
				move(rows.at(i, 4*j*t.lanes), sum, masks[j])
			}
		}
	}
	columns := t.argument("columns")
	t.CMPQ(columns, operand.U8(t.registers*t.lanes))
	t.JLT(operand.LabelRef(label + "Some"))
	all(make([]reg.Register, t.registers))
	t.JMP(operand.LabelRef(label + "End"))
	t.Label(label + "Some")
	all(t.columnMasks(columns))
	t.Label(label + "End")
}

// columnMasks returns a mask for each register of a row: its columns that exist.
func (t *tile) columnMasks(columns reg.GPVirtual) []reg.Register {
	var masks []reg.Register
	if t.lanes == 8 {
		at := t.GP64()
		t.LEAQ(t.masks.Offset(4*panel), at)
		t.NEGQ(columns)
		for j := range t.registers {
			m := t.YMM()
			t.VMOVUPS(operand.Mem{Base: at, Index: columns, Scale: 4, Disp: 4 * j * t.lanes}, m)
			masks = append(masks, m)
		}
		return masks
	}
	bits := t.GP64()
	t.MOVQ(operand.I64(-1), bits)
	t.BZHIQ(columns, bits, bits)
	for range t.registers {
		m := t.K()
		t.KMOVW(bits.As32(), m)
		t.SHRQ(operand.U8(t.lanes), bits)
		masks = append(masks, m)
	}
	return masks
}

func (t *tile) load(m operand.Mem, v reg.VecVirtual, mask reg.Register) {
	switch {
	case mask == nil:
		t.VMOVUPS(m, v)
	case t.lanes == 8:
		t.VMASKMOVPS(m, mask, v)
	default:
		t.VMOVUPS_Z(m, mask, v)
	}
}

func (t *tile) store(v reg.VecVirtual, m operand.Mem, mask reg.Register) {
	switch {
	case mask == nil:
		t.VMOVUPS(v, m)
	case t.lanes == 8:
		t.VMASKMOVPS(v, mask, m)
	default:
		t.VMOVUPS(v, mask, m)
	}
}

// multiply adds the products of all runs to the sums.
func (t *tile) multiply() {
	a := rowsFrom(t.Context, t.argument("a"), t.argument("aStride"), t.rows)
	b := []reg.GPVirtual{t.argument("b")}
	if t.lanes == panel {
		b = append(b, t.argument("depth"))
		t.ADDQ(b[0], b[1])
	}
	runs := t.argument("runs")
	if t.fetch {
		t.ahead = t.argument("ahead")
	}

	t.Label("run")
	k := t.argument("run")
	t.SUBQ(operand.U8(unroll), k)
	t.JLT(operand.LabelRef("rest"))
	t.Label("several")
	t.steps(a, b, unroll)
	t.SUBQ(operand.U8(unroll), k)
	t.JGE(operand.LabelRef("several"))
	t.Label("rest")
	t.ADDQ(operand.U8(unroll), k)
	t.JEQ(operand.LabelRef("next"))
	t.Label("single")
	t.steps(a, b, 1)
	t.DECQ(k)
	t.JNE(operand.LabelRef("single"))
	t.Label("next")
	a.advance(t.param("skip"))
	t.DECQ(runs)
	t.JNE(operand.LabelRef("run"))
}

// steps emits n steps of k: a column of A times a row of B each.
func (t *tile) steps(a *rowAddresses, b []reg.GPVirtual, n int) {
	for step := range n {
		row := make([]reg.VecVirtual, t.registers)
		for j := range row {
			row[j] = t.vector()
			if len(b) == t.registers {
				t.VMOVUPS(operand.Mem{Base: b[j], Disp: 4 * panel * step}, row[j])
			} else {
				t.VMOVUPS(operand.Mem{Base: b[0], Disp: 4 * (panel*step + j*t.lanes)}, row[j])
			}
		}
		for i := range t.rows {
			t.product(t, a.at(i, 4*step), row, t.sums[i])
		}
	}
	if t.fetch && n > 1 { // single steps are too few: a cache line holds 16
		t.prefetch(a)
	}
	a.advance(operand.U8(4 * n))
	for _, r := range b {
		t.ADDQ(operand.U32(4*panel*n), r)
	}
}

// prefetch fetches what lies ahead of each row.
func (t *tile) prefetch(a *rowAddresses) {
	next := t.GP64()
	t.LEAQ(operand.Mem{Base: a.low, Index: t.ahead, Scale: 1}, next)
	low := a.from(next)
	for i := range min(t.rows, lowRows) {
		t.PREFETCHT0(low.at(i, 0))
	}
	if t.rows > lowRows {
		t.LEAQ(operand.Mem{Base: a.high, Index: t.ahead, Scale: 1}, next)
		for i := range t.rows - lowRows {
			t.PREFETCHT0(low.at(i, 0))
		}
	}
}

// multiplyAdd adds to each sum an element of A times a register of B.
func multiplyAdd(t *tile, a operand.Mem, b, sums []reg.VecVirtual) {
	v := t.vector()
	t.VBROADCASTSS(a, v)
	for j, row := range b {
		t.VFMADD231PS(row, v, sums[j])
	}
}
