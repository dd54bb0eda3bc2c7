package lzw

import (
	"bytes"
	stdlzw "compress/lzw"
	"math/rand/v2"
	"testing"
)

// pack encodes with the standard library, whose codes grow late, as GIF's do.
func pack(t testing.TB, data []byte, order stdlzw.Order, bits int) []byte {
	var b bytes.Buffer
	w := stdlzw.NewWriter(&b, order, bits)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sample(n, bits int) []byte {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(r.IntN(1+i%7)) & byte(1<<bits-1)
	}
	return data
}

func TestRoundTrip(t *testing.T) {
	for _, bits := range []int{2, 4, 8} {
		for _, n := range []int{0, 1, 2, 3, 100, 5000, 300000} {
			data := sample(n, bits)
			for _, msb := range []bool{false, true} {
				order := stdlzw.LSB
				if msb {
					order = stdlzw.MSB
				}
				packed := pack(t, data, order, bits)
				o := Options{LiteralBits: bits, MSB: msb}
				got, err := Decode(packed, n+10, o)
				if err != nil || !bytes.Equal(got, data) {
					t.Errorf("%d bits, %d bytes, msb %v: %d bytes, %v", bits, n, msb, len(got), err)
				}
				if got, err := Decode(packed, n/2, o); err != nil || !bytes.Equal(got, data[:n/2]) {
					t.Errorf("%d bits, %d bytes: half is wrong: %v", bits, n, err)
				}
				if got, _ := Decode(packed[:len(packed)/2], n, o); !bytes.HasPrefix(data, got) {
					t.Errorf("%d bits, %d bytes: the cut data decodes to something else", bits, n)
				}
			}
		}
	}
}

// TestTIFF decodes the example of TIFF 6.0, page 60.
func TestTIFF(t *testing.T) {
	// Codes 256 7 258 8 8 258 6 6 257, nine bits each.
	packed := []byte{0x80, 0x01, 0xe0, 0x40, 0x80, 0x44, 0x08, 0x0c, 0x06, 0x80, 0x80}
	got, err := Decode(packed, 100, Options{LiteralBits: 8, MSB: true, Early: true})
	if want := []byte{7, 7, 7, 8, 8, 7, 7, 6, 6}; err != nil || !bytes.Equal(got, want) {
		t.Errorf("%v %v, want %v", got, err, want)
	}
}

func TestInvalid(t *testing.T) {
	// A clear code, then code 300 before any string is known.
	bits := uint32(256)<<9 | 300
	packed := []byte{byte(bits >> 10), byte(bits >> 2), byte(bits << 6)}
	if _, err := Decode(packed, 10, Options{LiteralBits: 8, MSB: true}); err != ErrCode {
		t.Errorf("error %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(pack(f, sample(5000, 8), stdlzw.LSB, 8), 8, false, false)
	f.Add(pack(f, sample(5000, 8), stdlzw.MSB, 8), 8, true, true)
	f.Fuzz(func(t *testing.T, data []byte, bits int, msb, early bool) {
		bits = 1 + (bits&15)%11
		if got, _ := Decode(data, 100000, Options{bits, msb, early}); len(got) > 100000 {
			t.Errorf("%d bytes", len(got))
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	data := sample(1<<20, 8)
	packed := pack(b, data, stdlzw.MSB, 8)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if got, err := Decode(packed, len(data), Options{LiteralBits: 8, MSB: true}); err != nil || len(got) != len(data) {
			b.Fatal(err)
		}
	}
}
