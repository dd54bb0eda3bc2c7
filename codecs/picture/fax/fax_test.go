package fax

import (
	"bytes"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/image/ccitt"
)

// bitWriter writes codes given as text.
type bitWriter struct {
	data []byte
	n    int
}

func (b *bitWriter) put(code string) {
	for _, c := range code {
		if b.n%8 == 0 {
			b.data = append(b.data, 0)
		}
		if c == '1' {
			b.data[b.n/8] |= 0x80 >> (b.n % 8)
		}
		b.n++
	}
}

func (b *bitWriter) align(bits int) {
	for b.n%bits != 0 {
		b.put("0")
	}
}

func (b *bitWriter) run(colour, n int) {
	codes := strings.Fields([]string{whiteCodes, blackCodes}[colour])
	for ; n >= 2560+64; n -= 2560 {
		b.put(codes[103])
	}
	if n >= 64 {
		b.put(codes[63+n/64])
	}
	b.put(codes[n%64])
}

// changes lists where a row of pixels changes colour, with the width at the end.
func changes(pixels []byte) []int {
	var out []int
	last := byte(0)
	for x, v := range pixels {
		if v != last {
			out = append(out, x)
		}
		last = v
	}
	return append(out, len(pixels), len(pixels), len(pixels))
}

func (b *bitWriter) oneDim(pixels []byte) {
	at, colour := 0, 0
	for _, c := range changes(pixels) {
		b.run(colour, c-at)
		if at, colour = c, 1-colour; at == len(pixels) {
			return
		}
	}
}

// twoDim encodes a row by the flow chart of T.4, figure 7.
func (b *bitWriter) twoDim(pixels, above []byte) {
	w := len(pixels)
	colourAt := func(p []byte, x int) byte {
		if x < 0 {
			return 0
		}
		return p[x]
	}
	for a0 := -1; a0 < w; {
		colour := colourAt(pixels, a0)
		a1 := a0 + 1
		for a1 < w && pixels[a1] == colour {
			a1++
		}
		if a0 < 0 && w > 0 && pixels[0] == 1 {
			a1 = 0
		}
		b1 := a0 + 1
		for b1 < w && !(above[b1] != colour && colourAt(above, b1-1) == colour) {
			b1++
		}
		b2 := b1 + 1
		for b2 < w && above[b2] != colour {
			b2++
		}
		b2 = min(b2, w)
		switch d := a1 - b1; {
		case b2 < a1:
			b.put("0001")
			a0 = b2
		case d >= -3 && d <= 3:
			b.put(map[int]string{0: "1", 1: "011", 2: "000011", 3: "0000011", -1: "010", -2: "000010", -3: "0000010"}[d])
			a0 = a1
		default:
			a2 := a1 + 1
			for a2 < w && pixels[a2] != colour {
				a2++
			}
			a2 = min(a2, w)
			b.put("001")
			b.run(int(colour), a1-max(a0, 0))
			b.run(1-int(colour), a2-a1)
			a0 = a2
		}
	}
}

const eol = "000000000001"

// picture draws rows that resemble each other, with short and long runs.
func picture(w, h int, seed uint64) [][]byte {
	r := rand.New(rand.NewPCG(seed, 9))
	rows := make([][]byte, h)
	for y := range rows {
		rows[y] = make([]byte, w)
		if y > 0 && r.IntN(4) > 0 {
			copy(rows[y], rows[y-1])
		}
		for range r.IntN(5) {
			x, n, v := r.IntN(w), 1+r.IntN(1+w/(1+r.IntN(20))), byte(r.IntN(2))
			for i := x; i < min(x+n, w); i++ {
				rows[y][i] = v
			}
		}
	}
	return rows
}

func pack(rows [][]byte) []byte {
	var out []byte
	for _, r := range rows {
		line := make([]byte, (len(r)+7)/8)
		for x, v := range r {
			line[x/8] |= v << (7 - x%8)
		}
		out = append(out, line...)
	}
	return out
}

func encode(rows [][]byte, o Options) []byte {
	b := &bitWriter{}
	above := make([]byte, len(rows[0]))
	for y, r := range rows {
		switch o.Scheme {
		case HuffmanBytes:
			b.align(8)
			b.oneDim(r)
		case HuffmanWords:
			b.align(16)
			b.oneDim(r)
		case Group4:
			b.twoDim(r, above)
		case Group3:
			if y%2 == 1 {
				b.put("00000") // fill
			}
			b.put(eol)
			if o.TwoDim && y%3 > 0 {
				b.put("0")
				b.twoDim(r, above)
			} else {
				if o.TwoDim {
					b.put("1")
				}
				b.oneDim(r)
			}
		}
		above = r
	}
	switch o.Scheme {
	case Group4:
		b.put(eol + eol)
	case Group3:
		for range 6 {
			b.put(eol)
			if o.TwoDim {
				b.put("1")
			}
		}
	}
	return b.data
}

var schemes = map[string]Options{
	"Group 3": {Scheme: Group3}, "Group 3, two-dimensional": {Scheme: Group3, TwoDim: true}, "Group 4": {Scheme: Group4},
	"bytes": {Scheme: HuffmanBytes}, "words": {Scheme: HuffmanWords},
}

func TestRoundTrip(t *testing.T) {
	for name, o := range schemes {
		for i, size := range [][2]int{{1, 1}, {17, 31}, {8, 2}, {2623, 5}, {9000, 3}} {
			rows := picture(size[0], size[1], uint64(i))
			data := encode(rows, o)
			got, n, _, err := Decode(data, size[0], size[1], o)
			if err != nil || n != size[1] || !bytes.Equal(got, pack(rows)) {
				t.Errorf("%s, %v: %d rows, %v", name, size, n, err)
			}
			// Cut data never yields all rows, unless only the end marker is gone.
			if _, n, _, err := Decode(data[:len(data)/3], size[0], size[1], o); n == size[1] && size[1] > 2 {
				t.Errorf("%s, %v: a third of the data gave all rows (%v)", name, size, err)
			}
		}
	}
}

// TestAgainstGolang decodes the same Group 4 data with golang.org/x/image.
func TestAgainstGolang(t *testing.T) {
	rows := picture(333, 50, 7)
	data := encode(rows, Options{Scheme: Group4})
	want, err := io.ReadAll(ccitt.NewReader(bytes.NewReader(data), ccitt.MSB, ccitt.Group4, 333, 50, &ccitt.Options{Invert: true}))
	if err != nil {
		t.Fatal(err)
	}
	if got, _, _, err := Decode(data, 333, 50, Options{Scheme: Group4}); err != nil || !bytes.Equal(got, want) {
		t.Errorf("another picture (%v)", err)
	}
}

// TestGroup3Damage breaks one row: the others must survive.
func TestGroup3Damage(t *testing.T) {
	good := picture(64, 1, 3)[0]
	b := &bitWriter{}
	b.put(eol)
	b.oneDim(good)
	b.put(eol + "000000001111111") // no code
	b.put(eol)
	b.oneDim(good)
	got, n, broken, err := Decode(append(b.data, 0, 0), 64, 3, Options{Scheme: Group3})
	want := pack([][]byte{good})
	if err != nil || n != 3 || broken != 1 || !bytes.Equal(got[:8], want) || !bytes.Equal(got[16:], want) {
		t.Errorf("%d rows, %v, %x, want %x", n, err, got, want)
	}
}

func TestErrors(t *testing.T) {
	if _, n, _, err := Decode([]byte{0, 0x80}, 8, 1, Options{Scheme: Group4}); err != ErrCode || n != 0 {
		t.Errorf("%d rows, %v", n, err)
	}
	if _, n, _, err := Decode(nil, 8, 1, Options{Scheme: Group4}); err != ErrCut || n != 0 {
		t.Errorf("%d rows, %v", n, err)
	}
	if _, n, _, err := Decode([]byte{0, 0x10, 0x01}, 8, 1, Options{Scheme: Group4}); err != nil || n != 0 {
		t.Errorf("end marker: %d rows, %v", n, err)
	}
}

func FuzzDecode(f *testing.F) {
	for _, o := range schemes {
		f.Add(encode(picture(40, 4, 1), o), int(o.Scheme), o.TwoDim)
	}
	f.Fuzz(func(t *testing.T, data []byte, scheme int, twoDim bool) {
		got, n, _, _ := Decode(data, 40, 20, Options{Scheme(scheme & 3), twoDim})
		if len(got) != 100 || n > 20 {
			t.Errorf("%d bytes, %d rows", len(got), n)
		}
	})
}
