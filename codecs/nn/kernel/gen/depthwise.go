package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func depthwiseAVX2(c *build.Context)   { filters(c, "AVX2", c.YMM) }
func depthwiseAVX512(c *build.Context) { filters(c, "AVX512", c.ZMM) }

// filters emits a function for each size of the filter, stride and number of pixels.
func filters(c *build.Context, isa string, vector func() reg.VecVirtual) {
	for _, size := range []int{3, 5} {
		for _, p := range []struct{ stride, pixels int }{{1, 8}, {1, 1}, {2, 4}, {2, 1}} {
			f := &filter{Context: c, size: size, stride: p.stride, pixels: p.pixels, vector: vector}
			f.emit(fmt.Sprintf("depthwise%ds%dx%d%s", size, p.stride, p.pixels, isa))
		}
	}
}

// filter is a kernel that writes some pixels of one register of channels at a time: their
// sums, a row of weights and one input stay in registers, and every input is loaded once for
// each row of the filter.
type filter struct {
	*build.Context
	size, stride, pixels int
	vector               func() reg.VecVirtual
}

func (f *filter) emit(name string) {
	f.Function(name)
	f.Attributes(attr.NOSPLIT)
	f.SignatureExpr("func(dst, src, weights, bias *float32, row, pitch, size, tiles int)")
	f.Pragma("noescape")
	f.Doc(
		fmt.Sprintf("%s writes tiles of %d pixels of a depthwise %dx%d convolution", name, f.pixels, f.size, f.size),
		fmt.Sprintf("with stride %d. row, pitch (of pixels) and size (of the channels) are in bytes.", f.stride),
	)
	dst, src := f.Load(f.Param("dst"), f.GP64()).(reg.GPVirtual), f.Load(f.Param("src"), f.GP64()).(reg.GPVirtual)
	row := f.Load(f.Param("row"), f.GP64()).(reg.GPVirtual)
	pixels := rowsFrom(f.Context, src, f.Load(f.Param("pitch"), f.GP64()).(reg.GPVirtual), 6)
	f.Label("tile")
	c := f.GP64()
	f.XORQ(c, c)
	f.Label("channels")
	sums := make([]reg.VecVirtual, f.pixels)
	bias := f.Load(f.Param("bias"), f.GP64())
	for p := range sums {
		sums[p] = f.vector()
		f.VMOVUPS(operand.Mem{Base: bias, Index: c, Scale: 1}, sums[p])
	}
	in, w := f.GP64(), f.Load(f.Param("weights"), f.GP64()).(reg.GPVirtual)
	f.LEAQ(operand.Mem{Base: src, Index: c, Scale: 1}, in)
	f.ADDQ(c, w)
	for dy := range f.size {
		f.filterRow(pixels, in, w, sums)
		f.prefetch(pixels, in, row, dy)
		if dy < f.size-1 {
			f.ADDQ(row, in)
			f.LEAQ(pixels.from(w).at(f.size, 0), w)
		}
	}
	out := f.GP64()
	f.LEAQ(operand.Mem{Base: dst, Index: c, Scale: 1}, out)
	to := f.reach(pixels, out, f.pixels)
	for p, s := range sums {
		f.VMOVUPS(s, to.at(p, 0))
	}
	f.ADDQ(operand.U8(sums[0].Size()), c)
	size, err := f.Param("size").Resolve()
	if err != nil {
		panic(err)
	}
	f.CMPQ(c, size.Addr)
	f.JLT(operand.LabelRef("channels"))

	// On by the tile's pixels.
	step := f.GP64()
	f.IMUL3Q(operand.U8(f.pixels), pixels.stride, step)
	f.ADDQ(step, dst)
	for range f.stride {
		f.ADDQ(step, src)
	}
	tiles, err := f.Param("tiles").Resolve()
	if err != nil {
		panic(err)
	}
	f.DECQ(tiles.Addr)
	f.JNE(operand.LabelRef("tile"))
	f.VZEROUPPER()
	f.RET()
}

// reach returns n pixels' addresses from base on.
func (f *filter) reach(pixels *rowAddresses, base reg.GPVirtual, n int) *rowAddresses {
	r := pixels.from(base)
	if n > lowRows {
		r.high = f.GP64()
		f.LEAQ(operand.Mem{Base: base, Index: pixels.three, Scale: 2}, r.high)
		f.ADDQ(pixels.stride, r.high)
	}
	return r
}

// filterRow adds the products of one row of the filter.
func (f *filter) filterRow(pixels *rowAddresses, in, w reg.GPVirtual, sums []reg.VecVirtual) {
	weights := make([]reg.VecVirtual, f.size)
	for dx := range weights {
		weights[dx] = f.vector()
		f.VMOVUPS(pixels.from(w).at(dx, 0), weights[dx])
	}
	from := f.reach(pixels, in, f.inputs())
	for i := range f.inputs() {
		v := f.vector()
		f.VMOVUPS(from.at(i, 0), v)
		for p := range sums {
			if dx := i - p*f.stride; dx >= 0 && dx < f.size {
				f.VFMADD231PS(v, weights[dx], sums[p])
			}
		}
	}
}

// inputs is how many pixels of a row a tile sees.
func (f *filter) inputs() int { return (f.pixels-1)*f.stride + f.size }

// prefetch fetches what a row of the filter will see in the next output row, if it is new:
// half as fast again where the input comes from memory, a tenth slower where it is at hand.
func (f *filter) prefetch(pixels *rowAddresses, in, row reg.GPVirtual, dy int) {
	if f.pixels == 1 || dy < f.size-f.stride {
		return
	}
	next := f.GP64()
	f.LEAQ(operand.Mem{Base: in, Index: row, Scale: uint8(f.stride)}, next)
	to := f.reach(pixels, next, f.inputs())
	for i := f.size - f.stride; i < f.inputs(); i++ { // the first were fetched by the tile before
		f.PREFETCHT0(to.at(i, 0))
	}
}
