package vq

import (
	"context"
	"errors"
	"fmt"
	"math"
	mathbits "math/bits"
	"strconv"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/nn/safetensors"
	"codecworkbench/codecs/quantize"
)

// Model is what training makes: the codebooks and what the coder expects of them.
type Model struct {
	Books   [classes]*quantize.Shapes
	Uses    [classes][]float32 // by index: part of all codewords, for first guesses
	Cost    [bands]*costs
	Filters *filterSet // nil: none
	Start   *start     // nil: the coder's models begin knowing nothing
	Meta    map[string]string
}

const formatVersion = 1

// costs are the encoder's estimates in bits. Rates are only ever measured; these
// steer decisions.
type costs struct {
	More   [classes][maxWords + 1][2]float32
	Split  [classes][maxWords + 1][2]float32
	Gain   [classes][unaryGain + 2]float32
	Length [classes][maxLengths]float32
	Index  [classes][][]float32 // by length, by prefix
}

// defaultCosts serve until statistics are there.
func defaultCosts(bits [classes]int) costs {
	var c costs
	for i := range classes {
		for n := range maxWords + 1 {
			c.More[i][n] = [2]float32{0.4, 2}
			c.Split[i][n] = [2]float32{0.7, 1.3}
		}
		for g := range c.Gain[i] {
			c.Gain[i][g] = 0.6 + 0.7*float32(g)
		}
		for l := range c.Length[i] {
			c.Length[i][l] = 1.5
		}
		c.Index[i] = flatIndexCosts(bits[i])
	}
	return c
}

func flatIndexCosts(bits int) [][]float32 {
	out := make([][]float32, bits+1)
	for b := range out {
		out[b] = make([]float32, 1<<b)
		for i := range out[b] {
			out[b][i] = float32(b)
		}
	}
	return out
}

// indexCosts turns use counts of the full index into costs of all prefixes.
func indexCosts(uses []float32, bits int) [][]float32 {
	out := make([][]float32, bits+1)
	sums := make([]float64, len(uses))
	total := 0.0
	for i, u := range uses {
		sums[i] = float64(u) + 0.5
		total += sums[i]
	}
	for b := bits; b >= 0; b-- {
		out[b] = make([]float32, 1<<b)
		for i := range out[b] {
			out[b][i] = float32(math.Log2(total / sums[i]))
		}
		for i := range len(sums) / 2 {
			sums[i] = sums[2*i] + sums[2*i+1]
		}
	}
	return out
}

// Marshal returns the model file: codewords as int8, for they are scaled to length
// 1 when read.
func (m *Model) Marshal() ([]byte, error) {
	f := &safetensors.File{Metadata: map[string]string{"codec": ID, "format": strconv.Itoa(formatVersion)}, Tensors: map[string]safetensors.Tensor{}}
	for k, v := range m.Meta {
		f.Metadata[k] = v
	}
	for c, book := range m.Books {
		name := classTable[c].name
		f.Tensors[name+".codewords"] = safetensors.Of(pack(book.Leaves(), book.Dim), 1<<book.Bits, book.Dim)
		uses := make([]uint16, len(m.Uses[c]))
		for i, u := range m.Uses[c] {
			uses[i] = uint16(min(u, math.MaxUint16))
		}
		f.Tensors[name+".uses"] = safetensors.Of(uses, len(uses))
	}
	var flat []float32
	for _, c := range m.Cost {
		flat = append(flat, c.flat()...)
	}
	f.Tensors["costs"] = safetensors.Of(flat, bands, len(flat)/bands)
	m.Start.store(f)
	if m.Filters != nil {
		m.Filters.store(f)
	}
	return f.Marshal()
}

// pack rounds codewords to int8, the largest element of each to 127.
func pack(rows []float32, dim int) []int8 {
	out := make([]int8, len(rows))
	for i := 0; i < len(rows); i += dim {
		top := float32(0)
		for _, v := range rows[i : i+dim] {
			top = max(top, v, -v)
		}
		for k, v := range rows[i : i+dim] {
			out[i+k] = int8(math.RoundToEven(float64(v / top * 127)))
		}
	}
	return out
}

// flat lists the costs but for the indices', which follow from the uses.
func (c *costs) flat() []float32 {
	var out []float32
	for i := range classes {
		for n := range maxWords + 1 {
			out = append(out, c.More[i][n][0], c.More[i][n][1], c.Split[i][n][0], c.Split[i][n][1])
		}
		out = append(out, c.Gain[i][:]...)
		out = append(out, c.Length[i][:]...)
	}
	return out
}

// setFlat is the inverse of flat.
func (c *costs) setFlat(v []float32) error {
	if len(v) != len(c.flat()) {
		return fmt.Errorf("%w: %d costs, expected %d", safetensors.ErrFormat, len(v), len(c.flat()))
	}
	for _, x := range v {
		if !(x >= 0 && x < 1000) {
			return fmt.Errorf("%w: a cost of %g bits", safetensors.ErrFormat, x)
		}
	}
	for i := range classes {
		for n := range maxWords + 1 {
			c.More[i][n] = [2]float32{v[0], v[1]}
			c.Split[i][n] = [2]float32{v[2], v[3]}
			v = v[4:]
		}
		v = v[copy(c.Gain[i][:], v):]
		v = v[copy(c.Length[i][:], v):]
	}
	return nil
}

// LoadModel reads a model file.
func LoadModel(data []byte) (*Model, error) {
	f, err := safetensors.Parse(data)
	if err != nil {
		return nil, err
	}
	if f.Metadata["codec"] != ID || f.Metadata["format"] != strconv.Itoa(formatVersion) {
		return nil, fmt.Errorf("%w: a model of codec %q, format %q; vq of this version reads format %d",
			safetensors.ErrFormat, f.Metadata["codec"], f.Metadata["format"], formatVersion)
	}
	m := &Model{Meta: f.Metadata}
	var errs [classes]error
	_ = kernel.Parallel(context.Background(), classes, func() func(int) {
		return func(c int) { errs[c] = m.loadBook(f, c) }
	})
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	if err := m.loadCosts(f); err != nil {
		return nil, err
	}
	if m.Start, err = loadStart(f, m.bits()); err != nil {
		return nil, err
	}
	m.Filters, err = loadFilters(f)
	return m, err
}

func (m *Model) loadCosts(f *safetensors.File) error {
	n := len((&costs{}).flat())
	t, err := f.Get("costs", safetensors.F32, bands, n)
	if err != nil {
		return err
	}
	flat, err := safetensors.Values[float32](t)
	if err != nil {
		return err
	}
	var index [classes][][]float32
	for c, book := range m.Books {
		index[c] = indexCosts(m.Uses[c], book.Bits)
	}
	for i := range m.Cost {
		m.Cost[i] = &costs{Index: index}
		if err := m.Cost[i].setFlat(flat[i*n : (i+1)*n]); err != nil {
			return err
		}
	}
	return nil
}

// bits returns the lengths of the codebooks' full indices.
func (m *Model) bits() (b [classes]int) {
	for c, book := range m.Books {
		if book != nil {
			b[c] = book.Bits
		}
	}
	return b
}

// lengths returns the index lengths that each class may choose from.
func (m *Model) lengths() (l [classes][]int) {
	for c, bits := range m.bits() {
		l[c] = quantize.Levels(bits)
	}
	return l
}

// models makes the adaptive models of one section at a quality.
func (m *Model) models(q10 int) *models { return newModels(m.bits(), m.Start, q10) }

func (m *Model) loadBook(f *safetensors.File, c int) error {
	cls := classTable[c]
	t, err := f.Get(cls.name+".codewords", safetensors.I8, -1, cls.dim())
	if err != nil {
		return err
	}
	bits := mathbits.Len(uint(t.Shape[0])) - 1
	if bits < prefixContext || bits > maxIndexBits || 1<<bits != t.Shape[0] {
		return fmt.Errorf("%w: %d codewords in %s", safetensors.ErrFormat, t.Shape[0], cls.name)
	}
	packed, err := safetensors.Values[int8](t)
	if err != nil {
		return err
	}
	t, err = f.Get(cls.name+".uses", safetensors.U16, 1<<bits)
	if err != nil {
		return err
	}
	counts, err := safetensors.Values[uint16](t)
	if err != nil {
		return err
	}
	rows, uses := make([]float32, len(packed)), make([]float32, len(counts))
	for i, v := range packed {
		rows[i] = float32(v)
	}
	for i, v := range counts {
		uses[i] = float32(v)
	}
	m.Books[c], err = quantize.NewShapes(cls.dim(), bits, rows, uses)
	m.Uses[c] = uses
	return err
}
