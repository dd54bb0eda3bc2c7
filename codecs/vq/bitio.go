package vq

import "codecworkbench/codecs/entropy"

// bitIO codes decisions in one direction: an encoder writes the value given to it and
// returns it, a decoder ignores it and returns what it reads. The syntax is written
// once for both.
type bitIO interface {
	bit(v int, m *entropy.Bit) int
	number(v uint32, m *entropy.Golomb) uint32
	prob(v int, p1 uint32) int
}

type writer struct{ e *entropy.Encoder }

func (w writer) bit(v int, m *entropy.Bit) int {
	m.Encode(w.e, v)
	return v
}

func (w writer) number(v uint32, m *entropy.Golomb) uint32 {
	m.Encode(w.e, v)
	return v
}

func (w writer) prob(v int, p1 uint32) int {
	w.e.EncodeBit(v, p1)
	return v
}

type reader struct{ d *entropy.Decoder }

func (r reader) bit(_ int, m *entropy.Bit) int { return m.Decode(r.d) }

func (r reader) number(_ uint32, m *entropy.Golomb) uint32 { return m.Decode(r.d) }

func (r reader) prob(_ int, p1 uint32) int { return r.d.DecodeBit(p1) }

// cut reports that a reader is past the end of its section: whatever follows is
// worthless.
func cut(io bitIO) bool {
	r, ok := io.(reader)
	return ok && r.d.Overrun() > 0
}
