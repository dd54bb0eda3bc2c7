package jpeg

import (
	"encoding/binary"
	"math/bits"
)

// codeTable maps symbols to codes: code << 8 | length; 0: the symbol has none.
type codeTable [256]uint32

func newCodeTable(spec *huffSpec) (t codeTable) {
	code, i := uint32(0), 0
	for length := range 16 {
		for range spec.counts[length] {
			t[spec.symbols[i]] = code<<8 | uint32(length+1)
			code++
			i++
		}
		code <<= 1
	}
	return t
}

func standardCodes() (t [4]codeTable) {
	for i := range t {
		t[i] = newCodeTable(&standardTables[i])
	}
	return t
}

// bitWriter appends bits to out, stuffing a zero behind each byte FF.
type bitWriter struct {
	out []byte
	acc uint64 // its low n bits wait
	n   uint   // below 32 between calls
}

// put appends the n low bits of v, at most 32; the others must be 0.
func (w *bitWriter) put(v uint64, n uint) {
	w.acc = w.acc<<(n&63) | v
	w.n += n
	if w.n >= 32 {
		w.n -= 32
		w.flush(uint32(w.acc >> (w.n & 63)))
	}
}

func (w *bitWriter) flush(v uint32) {
	// No byte of v is FF where no byte of its complement is 0.
	if (^v-0x01010101)&v&0x80808080 == 0 {
		w.out = binary.BigEndian.AppendUint32(w.out, v)
		return
	}
	for shift := 24; shift >= 0; shift -= 8 {
		w.putByte(byte(v >> shift))
	}
}

func (w *bitWriter) putByte(b byte) {
	w.out = append(w.out, b)
	if b == 0xFF {
		w.out = append(w.out, 0)
	}
}

// finish pads the last byte with ones.
func (w *bitWriter) finish() []byte {
	if rest := w.n & 7; rest > 0 {
		w.acc, w.n = w.acc<<(8-rest)|1<<(8-rest)-1, w.n+8-rest
	}
	for w.n > 0 {
		w.n -= 8
		w.putByte(byte(w.acc >> w.n))
	}
	return w.out
}

// eachBlock visits the blocks in the order of the scan. Blocks that only fill up
// an MCU repeat the DC value before them: difference 0 and no AC coefficients.
func (e *encoder) eachBlock(visit func(table int, difference int32, b *[64]int16, mask uint64)) {
	f := &e.f
	var pred [3]int32
	var filler [64]int16
	for my := range f.mcusY {
		for mx := range f.mcusX {
			for i := range f.comps {
				c := &f.comps[i]
				for n := range c.v * c.h {
					x, y := mx*c.h+n%c.h, my*c.v+n/c.h
					if x >= c.blocksX || y >= c.blocksY {
						visit(2*c.tq, 0, &filler, 0)
						continue
					}
					at := y*c.stride + x
					b := (*[64]int16)(e.coefs[i][64*at:])
					visit(2*c.tq, int32(b[0])-pred[i], b, e.masks[i][at])
					pred[i] = int32(b[0])
				}
			}
		}
	}
}

const (
	symbolEOB = 0x00 // the rest of the block is 0
	symbolZRL = 0xF0 // sixteen zeros
)

// writeScan appends the entropy-coded data and the end marker, and returns the file.
func (e *encoder) writeScan() []byte {
	w := bitWriter{out: e.out}
	e.eachBlock(func(table int, difference int32, b *[64]int16, mask uint64) {
		w.value(e.huff[table][:], 0, difference)
		ac := &e.huff[table+1]
		mask &^= 1
		before := 0
		for mask != 0 {
			k := bits.TrailingZeros64(mask)
			mask &= mask - 1
			run := k - before - 1
			before = k
			for ; run > 15; run -= 16 {
				w.put(uint64(ac[symbolZRL]>>8), uint(ac[symbolZRL]&31))
			}
			w.value(ac[:], run, int32(b[k&63]))
		}
		if before < 63 {
			w.put(uint64(ac[symbolEOB]>>8), uint(ac[symbolEOB]&31))
		}
	})
	return append(w.finish(), 0xFF, mEOI)
}

// value writes the symbol of a run of zeros and a value's size, then the value
// (T.81 sections F.1.2.1 and F.1.2.2).
func (w *bitWriter) value(table []uint32, run int, v int32) {
	sign := v >> 31
	size := uint(bits.Len32(uint32((v ^ sign) - sign)))
	code := table[uint(run)<<4|size]
	low := uint64(uint32(v+sign)) & (1<<size - 1)
	w.put(uint64(code>>8)<<size|low, uint(code&31)+size)
}

// optimize replaces the Huffman tables by ones made for this picture.
func (e *encoder) optimize() {
	var counts [4][257]int
	e.eachBlock(func(table int, difference int32, b *[64]int16, mask uint64) {
		counts[table][bits.Len32(uint32(max(difference, -difference)))]++
		ac := &counts[table+1]
		mask &^= 1
		before := 0
		for mask != 0 {
			k := bits.TrailingZeros64(mask)
			mask &= mask - 1
			run := k - before - 1
			before = k
			ac[symbolZRL] += run >> 4
			v := int32(b[k])
			ac[run&15<<4|bits.Len32(uint32(max(v, -v)))]++
		}
		if before < 63 {
			ac[symbolEOB]++
		}
	})
	for i := range 2 * min(len(e.f.comps), 2) {
		e.specs[i] = optimalTable(&counts[i])
		e.huff[i] = newCodeTable(&e.specs[i])
	}
}

// optimalTable finds the Huffman table for symbol counts (T.81 annex K.2). Entry
// 256 is reserved for the code of ones only, which the format forbids. Among equal
// counts the larger symbol is merged first, as the standard says.
func optimalTable(counts *[257]int) huffSpec {
	counts[256] = 1
	var size, next [257]int
	for i := range next {
		next[i] = -1
	}
	for {
		a, b := leastTwo(counts)
		if b < 0 {
			break
		}
		counts[a] += counts[b]
		counts[b] = 0
		// All symbols of both chains move one bit down the tree.
		tail := a
		for size[a]++; next[tail] >= 0; size[tail]++ {
			tail = next[tail]
		}
		next[tail] = b
		for i := b; i >= 0; i = next[i] {
			size[i]++
		}
	}
	var spec huffSpec
	limited := limitLengths(&size)
	for i := range spec.counts {
		spec.counts[i] = uint8(limited[i+1])
	}
	for length := 1; length <= 256; length++ {
		for s := range 256 {
			if size[s] == length {
				spec.symbols = append(spec.symbols, uint8(s))
			}
		}
	}
	return spec
}

// leastTwo returns the symbols with the smallest and second smallest counts above 0;
// b is -1 where fewer than two are left.
func leastTwo(counts *[257]int) (a, b int) {
	a, b = -1, -1
	for i, n := range counts {
		switch {
		case n == 0:
		case a < 0 || n <= counts[a]:
			a, b = i, a
		case b < 0 || n <= counts[b]:
			b = i
		}
	}
	return a, b
}

// limitLengths counts the codes of each length, shortens those of more than 16
// bits (T.81 figure K.3) and takes out the reserved one.
func limitLengths(size *[257]int) (counts [258]int) {
	for _, n := range size {
		if n > 0 {
			counts[n]++
		}
	}
	for i := len(counts) - 1; i > 16; i-- {
		for counts[i] > 0 {
			j := i - 2
			for counts[j] == 0 {
				j--
			}
			counts[i] -= 2
			counts[i-1]++
			counts[j+1] += 2
			counts[j]--
		}
	}
	i := 16
	for counts[i] == 0 {
		i--
	}
	counts[i]--
	return counts
}
