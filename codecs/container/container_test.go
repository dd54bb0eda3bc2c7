package container

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"testing"
)

// sample is a small file with sections of several sizes, an empty one among them.
func sample() *File {
	rng := rand.New(rand.NewPCG(1, 1))
	f := &File{Tag: 0xdeadbeef, Model: 0x01020304, Width: 768, Height: 512}
	for i, n := range []int{0, 1, 7, 40} {
		payload := make([]byte, n)
		for k := range payload {
			payload[k] = byte(rng.Uint32())
		}
		f.Sections = append(f.Sections, Section{Kind: byte(i), Part: uint64(i * 100), Payload: payload})
	}
	return f
}

func marshal(t testing.TB, f *File) []byte {
	t.Helper()
	data, err := f.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// same compares what was written with what was parsed.
func same(a, b *File) error {
	if a.Tag != b.Tag || a.Model != b.Model || a.Width != b.Width || a.Height != b.Height || len(a.Sections) != len(b.Sections) {
		return fmt.Errorf("%+v became %+v", a, b)
	}
	for i, s := range a.Sections {
		g := b.Sections[i]
		if s.Kind != g.Kind || s.Part != g.Part || !bytes.Equal(s.Payload, g.Payload) || g.Damaged || g.Length != len(s.Payload) {
			return fmt.Errorf("section %d: %+v became %+v", i, s, g)
		}
	}
	return nil
}

func TestRoundTrip(t *testing.T) {
	for seed := range uint64(100) {
		rng := rand.New(rand.NewPCG(seed, 2))
		f := &File{Tag: rng.Uint32(), Model: rng.Uint32(), Width: 1 + rng.IntN(MaxSide), Height: 1 + rng.IntN(MaxSide)}
		for range rng.IntN(20) {
			payload := make([]byte, rng.IntN(300))
			for i := range payload {
				payload[i] = byte(rng.Uint32())
			}
			f.Sections = append(f.Sections, Section{Kind: byte(rng.Uint32()), Part: rng.Uint64() >> rng.IntN(64), Payload: payload})
		}
		data := marshal(t, f)
		got, err := Parse(data)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if err := same(f, got); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for i, s := range got.Sections {
			if !bytes.Equal(data[s.Offset:s.Offset+s.Length], s.Payload) {
				t.Fatalf("seed %d: section %d is not at byte %d", seed, i, s.Offset)
			}
		}
	}
}

// TestOverhead holds the promise: 24 bytes and 8 a section under 2 MiB, whatever the
// size of the picture and with up to 127 sections and parts up to 127.
func TestOverhead(t *testing.T) {
	for _, side := range []int{1, 127, 128, 16383, 16384, MaxSide} {
		for _, sections := range []int{0, 1, 3, 127} {
			f := &File{Tag: 1, Model: 2, Width: side, Height: side}
			payload := 0
			for i := range sections {
				n := 100
				if i == 0 {
					n = 2<<20 - 1
				}
				payload += n
				f.Sections = append(f.Sections, Section{Kind: 255, Part: uint64(i), Payload: make([]byte, n)})
			}
			if over := len(marshal(t, f)) - payload; over > 24+8*sections {
				t.Errorf("%d x %d with %d sections: %d bytes of overhead, at most %d", side, side, sections, over, 24+8*sections)
			}
		}
	}
}

func TestTruncation(t *testing.T) {
	f := sample()
	data := marshal(t, f)
	table := len(data) - 48 // payloads take 48 bytes
	for n := range len(data) {
		got, err := Parse(data[:n])
		if n < table {
			if err == nil {
				t.Errorf("cut to %d of %d bytes of the table: no error", n, table)
			} else if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNotContainer) {
				t.Errorf("cut to %d bytes: %v", n, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("cut to %d bytes, in the payloads: %v", n, err)
			continue
		}
		for i, s := range got.Sections {
			if cut := s.Offset+s.Length > n; s.Damaged != cut {
				t.Errorf("cut to %d bytes: section %d at %d+%d, damaged %v", n, i, s.Offset, s.Length, s.Damaged)
			}
		}
	}
}

func TestEveryBitFlip(t *testing.T) {
	data := marshal(t, sample())
	table := len(data) - 48
	for bit := range 8 * len(data) {
		bad := bytes.Clone(data)
		bad[bit/8] ^= 1 << (bit % 8)
		got, err := Parse(bad)
		if bit/8 < table {
			if err == nil {
				t.Errorf("bit %d of byte %d of the table flipped: no error", bit%8, bit/8)
			}
			continue
		}
		if err != nil {
			t.Errorf("bit %d of byte %d flipped, in a payload: %v", bit%8, bit/8, err)
			continue
		}
		for i, s := range got.Sections {
			if hit := s.Offset <= bit/8 && bit/8 < s.Offset+s.Length; s.Damaged != hit {
				t.Errorf("byte %d flipped: section %d at %d+%d, damaged %v", bit/8, i, s.Offset, s.Length, s.Damaged)
			}
		}
	}
}

func TestTrailingBytesAreDamage(t *testing.T) {
	if _, err := Parse(append(marshal(t, sample()), 0)); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v", err)
	}
}

func TestOtherVersionIsNamed(t *testing.T) {
	data := marshal(t, sample())
	data[3] = 2
	if _, err := Parse(data); !errors.Is(err, ErrVersion) {
		t.Errorf("got %v", err)
	}
}

func TestMarshalRefuses(t *testing.T) {
	for name, f := range map[string]*File{
		"no width":   {Height: 1},
		"no height":  {Width: 1},
		"too wide":   {Width: MaxSide + 1, Height: 1},
		"sections":   {Width: 1, Height: 1, Sections: make([]Section, MaxSections+1)},
		"too high":   {Width: 1, Height: MaxSide + 1},
		"negative":   {Width: -1, Height: 1},
		"both empty": {},
	} {
		if _, err := f.Marshal(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestHugeClaims gives tables with a right checksum that claim more than there is.
func TestHugeClaims(t *testing.T) {
	head := func(width, height, count uint64, table ...byte) []byte {
		b := append([]byte(magic), version)
		b = append(b, make([]byte, 8)...)
		b = binary.AppendUvarint(b, width)
		b = binary.AppendUvarint(b, height)
		b = binary.AppendUvarint(b, count)
		b = append(b, table...)
		return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	}
	long := append([]byte{1, 0}, binary.AppendUvarint(nil, 1<<31)...)
	for name, data := range map[string][]byte{
		"sections": head(1, 1, 1<<40),
		"length":   head(1, 1, 1, append(long, 0, 0)...),
		"width":    head(1<<40, 1, 0),
		"height 0": head(1, 0, 0),
	} {
		if _, err := Parse(data); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The longest section allowed, of which nothing is there: damaged, not allocated.
	all := append([]byte{1, 0}, binary.AppendUvarint(nil, 1<<31-1)...)
	f, err := Parse(head(1, 1, 1, append(all, 0, 0)...))
	if err != nil || !f.Sections[0].Damaged || f.Sections[0].Payload != nil {
		t.Errorf("a section cut away whole: %+v, %v", f, err)
	}
}

func FuzzParse(f *testing.F) {
	data := marshal(f, sample())
	f.Add(data)
	f.Add(data[:30])
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Parse(data)
		if err != nil {
			return
		}
		whole := true
		for _, s := range file.Sections {
			whole = whole && !s.Damaged
		}
		again, err := file.Marshal()
		if err != nil {
			t.Fatalf("parsed but can't be written: %v", err)
		}
		if whole {
			got, err := Parse(again)
			if err != nil {
				t.Fatal(err)
			}
			if err := same(file, got); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func BenchmarkMarshalParse(b *testing.B) {
	f := sample()
	f.Sections[3].Payload = make([]byte, 1<<20)
	b.SetBytes(1 << 20)
	for b.Loop() {
		data := marshal(b, f)
		if _, err := Parse(data); err != nil {
			b.Fatal(err)
		}
	}
}
