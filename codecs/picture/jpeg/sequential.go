package jpeg

import "encoding/binary"

// entropyDecoder decodes one scan's blocks.
type entropyDecoder interface {
	// start begins a segment: at the scan's start and after each restart marker.
	start(segment []byte)
	// block decodes the next block, of the scan's component i, into b, which holds
	// what earlier scans left. In nonzero it sets bit k where coefficient k in zigzag
	// order becomes other than 0; sequential decoders set only the last one's.
	block(i int, b *[64]int16, nonzero *uint64)
	// exhausted reports whether the segment can give no more blocks.
	exhausted() bool
	// overread reports whether more was read than the segment holds.
	overread() bool
	// damaged reports whether a bit pattern without meaning was met.
	damaged() bool
	// used counts the bits read from the segment; 0 for arithmetic coding, where
	// bits belong to no single block.
	used() int
}

// huffBase is what Huffman decoders share.
type huffBase struct {
	bitReader
	comps []scanComponent
	pred  [maxComponents]int32 // DC predictions
	bad   bool
}

func (h *huffBase) start(segment []byte) {
	h.reset(segment)
	h.pred = [maxComponents]int32{}
}

func (h *huffBase) exhausted() bool { return h.overread() }

func (h *huffBase) damaged() bool { return h.bad }

// dcDifference reads a DC difference (T.81 section F.2.2.1).
func (h *huffBase) dcDifference(t *huffTable) int32 {
	size, ok := h.symbol(t)
	h.bad = h.bad || !ok
	if size == 0 {
		return 0
	}
	return extend(int32(h.bits(uint(size))), uint(size))
}

// huffSequential decodes sequential Huffman scans (T.81 section F.2.2).
type huffSequential struct{ huffBase }

// block keeps the bit reader in local variables, so that it stays in registers.
func (h *huffSequential) block(i int, b *[64]int16, nonzero *uint64) {
	c := &h.comps[i]
	buf, pos, acc, n := h.buf, h.pos, h.acc, h.n
	if n < 32 {
		if pos+8 <= len(buf) {
			acc |= binary.BigEndian.Uint64(buf[pos:]) >> (n & 63)
		}
		pos += int(63-n) >> 3
		n |= 56
	}
	e := c.dc.fast[acc>>(64-fastBits)]
	difference, length := int32(int16(e>>16)), uint(e&63)
	if difference == 0 { // 0, or code and value are too long for the table
		size := uint(e >> 8 & 15)
		if length == 0 {
			var symbol uint8
			symbol, length = c.dc.slow(acc)
			size = uint(symbol)
			h.bad = h.bad || length > 16
		}
		if size > 0 {
			difference = extend(int32(acc<<(length&63)>>(64-size)), size)
			length += size
		}
	}
	acc <<= length & 63
	n -= length
	h.pred[i] += difference
	b[0] = int16(h.pred[i])

	ac := c.ac
	end := 0
	for k := 1; k < 64; k++ {
		if n < 32 {
			if pos+8 <= len(buf) {
				acc |= binary.BigEndian.Uint64(buf[pos:]) >> (n & 63)
			}
			pos += int(63-n) >> 3
			n |= 56
		}
		e := ac.fast[acc>>(64-fastBits)]
		if v := int16(e >> 16); v != 0 {
			acc <<= e & 63
			n -= uint(e & 63)
			k += int(e>>12) & 15
			b[zigZagSafe[k&127]&63] = v
			end = k
			continue
		}
		symbol, length := uint8(e>>8), uint(e&63)
		if length == 0 {
			symbol, length = ac.slow(acc)
			h.bad = h.bad || length > 16
		}
		acc <<= length & 63
		n -= length
		size := uint(symbol & 15)
		if size == 0 {
			if symbol != 0xF0 {
				break
			}
			k += 15
			continue
		}
		k += int(symbol >> 4)
		b[zigZagSafe[k&127]&63] = int16(extend(int32(acc>>(64-size)), size))
		end = k
		acc <<= size
		n -= size
	}
	h.pos, h.acc, h.n = pos, acc, n
	*nonzero = 1 << min(end, 63)
}
