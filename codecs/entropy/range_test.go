package entropy

import (
	"math/rand/v2"
	"testing"
)

func TestRangeCoderRoundTrip(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 1))
		type op struct {
			kind              int
			start, size, bits uint32
			bit               int
		}
		ops := make([]op, rng.IntN(2000))
		e := NewEncoder()
		for i := range ops {
			o := op{kind: rng.IntN(2), bits: 1 + rng.Uint32N(MaxBits)}
			if o.kind == 0 {
				total := uint32(1) << o.bits
				o.start = rng.Uint32N(total)
				o.size = 1 + rng.Uint32N(total-o.start)
				e.Encode(o.start, o.size, uint(o.bits))
			} else {
				o.start, o.bit = 1+rng.Uint32N(65535), rng.IntN(2)
				if rng.IntN(4) == 0 {
					o.start = 65535
					o.bit = 1
				}
				e.EncodeBit(o.bit, o.start)
			}
			ops[i] = o
		}
		data := e.Bytes()
		d := NewDecoder(data)
		for i, o := range ops {
			if o.kind == 0 {
				f := d.Frequency(uint(o.bits))
				if f < o.start || f >= o.start+o.size {
					t.Fatalf("seed %d op %d: frequency %d outside %d+%d", seed, i, f, o.start, o.size)
				}
				d.Consume(o.start, o.size, uint(o.bits))
			} else if bit := d.DecodeBit(o.start); bit != o.bit {
				t.Fatalf("seed %d op %d: bit %d, want %d", seed, i, bit, o.bit)
			}
		}
		if d.Overrun() != 0 {
			t.Fatalf("seed %d: overrun of %d bytes on an intact stream", seed, d.Overrun())
		}
	}
}
