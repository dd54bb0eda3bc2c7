package entropy

import (
	"errors"
	"fmt"
	"math/bits"

	"codecworkbench/codecs/nn/safetensors"
)

// Clone returns an independent coder in the same state.
func (c *IndexCoder) Clone() *IndexCoder {
	d := NewIndexCoder(int(c.k), len(c.hash), c.tableBits())
	d.Prior = c.Prior
	copy(d.order, c.order)
	copy(d.table, c.table)
	copy(d.mixer.weights, c.mixer.weights)
	copy(d.mixer.seen, c.mixer.seen)
	return d
}

// tableBits is the logarithm of the table's size.
func (c *IndexCoder) tableBits() uint { return uint(bits.TrailingZeros(uint(len(c.table)))) }

// Relax makes a trained coder ready for other data: whatever it saw more than n times
// (16 is a good choice) counts as seen n times, so that it adapts again.
func (c *IndexCoder) Relax(n int) {
	n = min(max(n, 1), slowLimit)
	for i := range c.table {
		c.table[i].n = min(c.table[i].n, uint16(n))
	}
	for i := range c.order {
		c.order[i].n = min(c.order[i].n, int32(n))
	}
}

// Tensors returns the coder's state for a model file, without Prior. An index map has
// too few symbols to learn much from; a coder that was trained on the maps of other
// pictures, loaded and cloned for each stream, saves a tenth (8x8 luma blocks in 512
// codewords, photos of some 4800 blocks: 4.64 bits an index untrained; trained on 60
// others and relaxed, 4.23 with a table of 2^17 slots, 4.08 with 2^20).
//
//	NAME.shape   I32 [3]: bits, contexts, logarithm of the table's size
//	NAME.table   U16 [2^tableBits, 2]: probability in 1/65536, check
//	NAME.seen    U8  [2^tableBits]
//	NAME.order   I32 [2^bits, 3]: the two estimates and the count of each node
//	NAME.weights I32 [n] and NAME.updates I32 [sets], the mixer's
//
// A slot takes 5 bytes, used or not.
func (c *IndexCoder) Tensors(name string) map[string]safetensors.Tensor {
	pairs, seen := make([]uint16, 0, 2*len(c.table)), make([]uint8, 0, len(c.table))
	for _, s := range c.table {
		pairs = append(pairs, uint16(s.p1()), s.check)
		seen = append(seen, uint8(s.n))
	}
	order := make([]int32, 0, 3*len(c.order))
	for _, b := range c.order {
		order = append(order, b.fast, b.slow, b.n)
	}
	return map[string]safetensors.Tensor{
		name + ".shape":   safetensors.Of([]int32{int32(c.k), int32(len(c.hash)), int32(c.tableBits())}, 3),
		name + ".table":   safetensors.Of(pairs, len(c.table), 2),
		name + ".seen":    safetensors.Of(seen, len(seen)),
		name + ".order":   safetensors.Of(order, len(c.order), 3),
		name + ".weights": safetensors.Of(c.mixer.weights, len(c.mixer.weights)),
		name + ".updates": safetensors.Of(c.mixer.seen, len(c.mixer.seen)),
	}
}

// LoadIndexCoder reads a coder that Tensors stored under a name. Probabilities were
// rounded to 16 bits there, so encoders must use the loaded coder too.
func LoadIndexCoder(file *safetensors.File, name string) (*IndexCoder, error) {
	shape, err := tensor[int32](file, name+".shape", safetensors.I32, 3)
	if err != nil {
		return nil, err
	}
	k, contexts, tableBits := int(shape[0]), int(shape[1]), int(shape[2])
	if k < 0 || k > MaxTreeBits || contexts < 0 || contexts > MaxContexts || tableBits < minTableBits || tableBits > MaxTableBits {
		return nil, fmt.Errorf("%s: an index coder of %d bits, %d contexts and 2^%d slots is outside %d, %d and 2^%d",
			name, k, contexts, tableBits, MaxTreeBits, MaxContexts, MaxTableBits)
	}
	// The table's tensor is read before a table is made: it bounds what is allocated.
	pairs, errTable := tensor[uint16](file, name+".table", safetensors.U16, 1<<tableBits, 2)
	seen, errSeen := tensor[uint8](file, name+".seen", safetensors.U8, 1<<tableBits)
	order, errOrder := tensor[int32](file, name+".order", safetensors.I32, 1<<k, 3)
	if err := errors.Join(errTable, errSeen, errOrder); err != nil {
		return nil, err
	}
	c := NewIndexCoder(k, contexts, uint(tableBits))
	for i := range c.table {
		c.table[i] = slot{p: uint32(pairs[2*i]) << (22 - ProbBits), check: pairs[2*i+1], n: uint16(seen[i])}
	}
	for i := range c.order {
		c.order[i] = Bit{fast: clampHalf(order[3*i]), slow: clampHalf(order[3*i+1]), n: min(max(order[3*i+2], 0), slowLimit)}
	}
	return c, c.mixer.load(file, name)
}

// load reads the mixer's part of a coder's state.
func (m *Mixer) load(file *safetensors.File, name string) error {
	weights, errWeights := tensor[int32](file, name+".weights", safetensors.I32, len(m.weights))
	updates, errUpdates := tensor[int32](file, name+".updates", safetensors.I32, len(m.seen))
	if err := errors.Join(errWeights, errUpdates); err != nil {
		return err
	}
	m.Prime(weights, 0)
	for i, n := range updates {
		m.seen[i] = min(max(n, 0), rateHold*rateFirst/rateLast)
	}
	return nil
}

func clampHalf(v int32) int32 { return min(max(v, -half), half) }

// tensor reads a tensor's elements.
func tensor[T safetensors.Number](file *safetensors.File, name string, dtype safetensors.DType, shape ...int) ([]T, error) {
	t, err := file.Get(name, dtype, shape...)
	if err != nil {
		return nil, err
	}
	return safetensors.Values[T](t)
}
