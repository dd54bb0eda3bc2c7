package entropy

import (
	"hash/crc32"
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

// TestCarryRunsBack codes near the top of the interval, which writes 0xff bytes, and
// then past a boundary, so that a carry runs through all of them.
func TestCarryRunsBack(t *testing.T) {
	for n := range 60 {
		for _, last := range []uint32{0, 1, 1<<24 - 1} {
			e := NewEncoder()
			e.Encode(1<<23-1, 1, 24) // low is just below one half
			for range n {
				e.Encode(1<<24-2, 2, 24)
			}
			e.Encode(last, 1, 24)
			d := NewDecoder(e.Bytes())
			want := []uint32{1<<23 - 1}
			for range n {
				want = append(want, 1<<24-2)
			}
			for i, w := range append(want, last) {
				size := uint32(1)
				if w == 1<<24-2 && i > 0 && i <= n {
					size = 2
				}
				if f := d.Frequency(24); f < w || f >= w+size {
					t.Fatalf("%d repeats, symbol %d: %d outside %d+%d", n, i, f, w, size)
				}
				d.Consume(w, size, 24)
			}
		}
	}
}

// TestEmptyAndZeroStreams: nothing coded takes no byte, and zeros at the end of a
// stream don't look like a cut.
func TestEmptyAndZeroStreams(t *testing.T) {
	if data := NewEncoder().Bytes(); len(data) != 0 {
		t.Errorf("an empty stream takes %d bytes", len(data))
	}
	e := NewEncoder()
	for range 100 {
		e.EncodeRaw(0, 24)
	}
	data := e.Bytes()
	d := NewDecoder(data)
	for i := range 100 {
		if v := d.DecodeRaw(24); v != 0 {
			t.Fatalf("symbol %d is %d", i, v)
		}
	}
	if d.Overrun() != 0 {
		t.Errorf("overrun of %d bytes on an intact stream", d.Overrun())
	}
	d = NewDecoder(data[:100])
	for range 100 {
		d.DecodeRaw(24)
	}
	if d.Overrun() == 0 {
		t.Error("a stream cut to 100 bytes shows no overrun")
	}
}

// TestPinnedStream holds the bytes of one stream through every coder and model: files
// must decode to the same symbols on every machine and with every later version.
func TestPinnedStream(t *testing.T) {
	seed := uint32(1)
	next := func(n uint32) int {
		seed = seed*1664525 + 1013904223
		return int((seed >> 8) % n)
	}
	table, err := NewTable([]uint32{0, 100, 40000, 60000, 65000, 65536}, -2, 16, true)
	if err != nil {
		t.Fatal(err)
	}
	e := NewEncoder()
	var bit Bit
	var golomb Golomb
	tree, coder, apm := NewTree(5), NewIndexCoder(6, 2, 12), NewAPM(1)
	coder.Prior, _ = NewTable(evenCum(64, 16), 0, 16, false)
	last := 0
	for range 3000 {
		table.Encode(e, next(5)*next(3)-3)
		b := min(next(5), 1)
		e.EncodeBit(b, apm.Refine(bit.P1(), 0))
		apm.Update(b)
		bit.Update(b)
		golomb.Encode(e, uint32(next(20)*next(20)))
		tree.Encode(e, next(6)*next(6))
		v := (last + next(4)) & 63
		coder.Encode(e, []uint32{uint32(last), uint32(last) >> 3}, v)
		last = v
		e.EncodeRaw(uint32(next(1<<20)), 20)
	}
	data := e.Bytes()
	if got, want := crc32.ChecksumIEEE(data), uint32(0x886128dd); got != want {
		t.Errorf("%d bytes with CRC %#08x, pinned %#08x: files of earlier versions no longer decode; raise the Version of every codec that uses this package", len(data), got, want)
	}
}

// evenCum gives n symbols the same frequency.
func evenCum(n, width int) []uint32 {
	cum := make([]uint32, n+1)
	for i := range cum {
		cum[i] = uint32(i << width / n)
	}
	return cum
}
