package integer

import (
	"fmt"
	"math/bits"

	"codecworkbench/codecs/nn/kernel"
)

// pointwise is what operations have in common that keep a tensor's size and need no
// neighbours: their pieces are rows.
type pointwise struct{}

func (pointwise) resize(in size) (size, error) { return in, nil }
func (pointwise) pieces(in, _ size) int        { return in.h }
func (pointwise) pad() int                     { return 0 }

// activation is a ReLU or LeakyReLU that no convolution took in.
type activation struct {
	pointwise
	leaky bool
}

func (a activation) do(_ *worker, dst, src, _ *buffer, y int) {
	if a.leaky {
		kernel.LeakyReLU(dst.row(y), src.row(y))
		return
	}
	out := dst.row(y)
	for i, v := range src.row(y) {
		out[i] = max(v, 0)
	}
}

// sum is a residual layer's end.
type sum struct {
	pointwise
	kernel.IntSum
}

func (s sum) do(_ *worker, dst, src, skip *buffer, y int) {
	s.Add(dst.row(y), skip.row(y), src.row(y))
}

// table is a function of one variable.
type table struct {
	pointwise
	values []int16
	origin int32 // what makes every input non-negative
	shift  uint  // input to entry
}

func (t *table) do(_ *worker, dst, src, _ *buffer, y int) {
	out := dst.row(y)
	half := int32(1) << t.shift >> 1
	for i, v := range src.row(y) {
		at := int32(v) + t.origin
		low, high := int32(t.values[at>>t.shift]), int32(t.values[at>>t.shift+1])
		out[i] = int16(low + ((high-low)*(at&(1<<t.shift-1))+half)>>t.shift)
	}
}

func (b *builder) table(s LayerSpec) error {
	if err := within(bound{"in_bits", s.InBits, 1, maxBits}, bound{"bits", s.Bits, minBits, maxBits}); err != nil {
		return err
	}
	if b.largest >= 1<<s.InBits {
		return fmt.Errorf("inputs of up to %d lie outside a table of %d bits", b.largest, s.InBits)
	}
	values, err := tensor[int16](b, s.Name, "I16", -1)
	if err != nil {
		return err
	}
	n := len(values) - 1
	if n < 2 || n&(n-1) != 0 || n > 2<<s.InBits {
		return fmt.Errorf("a table of %d entries: 2^b + 1 are expected, at most %d", n+1, 2<<s.InBits+1)
	}
	largest := 1<<s.Bits - 1
	for i, v := range values {
		if int(v) > largest || int(v) < -largest {
			return fmt.Errorf("entry %d is %d, beyond %d bits", i, v, s.Bits)
		}
	}
	b.largest = largest
	b.add(&table{values: values, origin: 1 << s.InBits, shift: uint(s.InBits + 1 - bits.TrailingZeros(uint(n)))}, "table")
	return nil
}

// scaleIndex makes table numbers of the channels from first on.
type scaleIndex struct {
	pointwise
	first int
	round kernel.IntSum
}

// indexBits is how many bits of fraction a scale table's number has before it is rounded.
const indexBits = 4

func (s *scaleIndex) do(_ *worker, dst, src, _ *buffer, y int) {
	s.apply(dst.row(y), src.row(y), src.c)
}

// apply does positions of so many channels; dst may be src.
func (s *scaleIndex) apply(dst, src []int16, channels int) {
	for ; len(src) > 0; dst, src = dst[channels:], src[channels:] {
		copy(dst[:s.first], src)
		index := src[s.first:channels]
		s.round.Add(dst[s.first:channels], index, index)
	}
}

func newScaleIndex(s LayerSpec, channels int) (*scaleIndex, error) {
	if err := within(bound{"first", s.First, 0, channels - 1}, bound{"levels", s.Levels, 1, 1 << 12}); err != nil {
		return nil, err
	}
	return &scaleIndex{first: s.First, round: kernel.IntSum{A: 1, Shift: indexBits, High: int16(s.Levels - 1)}}, nil
}

func (b *builder) scaleIndex(s LayerSpec) error {
	op, err := newScaleIndex(s, b.channels)
	if err != nil {
		return err
	}
	b.largest = max(b.largest, s.Levels-1)
	b.add(op, s.Op)
	return nil
}
