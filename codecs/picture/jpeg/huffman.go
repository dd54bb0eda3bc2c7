package jpeg

import "fmt"

// fastBits is how many bits the first table look-up sees: enough for most symbols
// together with their values, while four tables stay in the first-level cache.
const fastBits = 10

// huffTable is a Huffman table prepared for decoding.
type huffTable struct {
	// fast is indexed by the next fastBits bits. An entry is
	//   bits 0..7   bits used: code alone, or code and value if there is one; 0: longer code
	//   bits 8..15  symbol: run of zeros << 4 | size of the value
	//   bits 16..31 the value, where code and value fit; otherwise 0
	fast [1 << fastBits]uint32
	// For longer codes: the largest code of each length, or -1, and what to add to a
	// code of that length to get the index of its symbol.
	maxCode [17]int32
	offset  [17]int32
	symbols []uint8
}

// parseHuffman reads Huffman tables (T.81 section B.2.4.2).
func (d *decoder) parseHuffman(b []byte) error {
	for len(b) > 0 {
		if len(b) < 17 {
			return fmt.Errorf("%w: short Huffman table", ErrDamaged)
		}
		class, id := b[0]>>4, b[0]&15
		var spec huffSpec
		total := 0
		for i, n := range b[1:17] {
			spec.counts[i] = n
			total += int(n)
		}
		if class > 1 || id > 3 {
			return fmt.Errorf("%w: Huffman table number %02X", ErrDamaged, b[0])
		}
		if total > 256 || len(b) < 17+total {
			return fmt.Errorf("%w: a Huffman table of %d symbols in %d bytes", ErrDamaged, total, len(b))
		}
		spec.symbols = b[17 : 17+total]
		t, err := newHuffTable(&spec)
		if err != nil {
			return err
		}
		if class == 0 {
			d.dc[id] = t
		} else {
			d.ac[id] = t
		}
		b = b[17+total:]
	}
	return nil
}

// newHuffTable assigns codes to symbols (T.81 annex C) and prepares the look-ups.
func newHuffTable(spec *huffSpec) (*huffTable, error) {
	t := &huffTable{symbols: spec.symbols}
	code, index := int32(0), int32(0)
	for length := 1; length <= 16; length++ {
		n := int32(spec.counts[length-1])
		t.offset[length] = index - code
		t.maxCode[length] = -1
		if code+n > 1<<length {
			return nil, fmt.Errorf("%w: a Huffman table with more codes of %d bits than there are", ErrDamaged, length)
		}
		if n > 0 {
			if length <= fastBits {
				for i := range n {
					t.fill(code+i, length, spec.symbols[index+i])
				}
			}
			code += n
			index += n
			t.maxCode[length] = code - 1
		}
		code <<= 1
	}
	return t, nil
}

// fill sets the fast entries whose first bits are a code.
func (t *huffTable) fill(code int32, length int, symbol uint8) {
	free := fastBits - length
	size := int(symbol & 15)
	first := int(code) << free
	for i := range 1 << free {
		e := uint32(symbol)<<8 | uint32(length)
		if size > 0 && size <= free {
			value := extend(int32(i>>(free-size)), uint(size))
			e = uint32(value)<<16 | uint32(symbol)<<8 | uint32(length+size)
		}
		t.fast[first+i] = e
	}
}

// slow decodes a code longer than fastBits from left-aligned bits. A bit pattern
// that is no code counts as symbol 0 of 17 bits, as in libjpeg.
func (t *huffTable) slow(acc uint64) (symbol uint8, length uint) {
	next := int32(acc >> 48)
	for length = fastBits + 1; length <= 16; length++ {
		if code := next >> (16 - length); code <= t.maxCode[length] {
			return t.symbols[code+t.offset[length]], length
		}
	}
	return 0, 17
}

// isDC reports whether all symbols are sizes of DC differences that 8 and 12-bit
// pictures can have.
func (t *huffTable) isDC() bool {
	for _, s := range t.symbols {
		if s > 15 {
			return false
		}
	}
	return true
}

// symbol reads one symbol without its value.
func (r *bitReader) symbol(t *huffTable) (s uint8, ok bool) {
	if r.n < 17 {
		r.refill()
	}
	e := t.fast[r.acc>>(64-fastBits)]
	s = uint8(e >> 8)
	length := uint(e & 31)
	if e>>16 != 0 {
		length -= uint(s & 15)
	} else if length == 0 {
		s, length = t.slow(r.acc)
	}
	r.acc <<= length
	r.n -= length
	return s, length <= 16
}

// standardTable returns one of the typical tables, for files that leave theirs out.
func standardTable(which int) *huffTable {
	t, err := newHuffTable(&standardTables[which])
	if err != nil {
		return nil // unreachable: the tables are complete
	}
	return t
}
