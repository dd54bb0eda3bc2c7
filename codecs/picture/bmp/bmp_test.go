package bmp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	stdjpeg "image/jpeg"
	stdpng "image/png"
	"slices"
	"strings"
	"testing"

	"codecworkbench/codecs/picture/raster"
)

func anySize(int, int) error { return nil }

func small(w, h int) error {
	if w*h > 1<<16 {
		return errors.New("too large")
	}
	return nil
}

// spec describes a file to build.
type spec struct {
	size          int // of the bitmap header
	width, height int
	bits          int
	compression   uint32
	used          uint32 // colours
	masks         []uint32
	palette       []byte
	pixels        []byte
	offset        int // of the pixels, where it is not right behind
	patch         func(b []byte)
}

func (s spec) build() []byte {
	le := binary.LittleEndian
	head := make([]byte, max(s.size, 40))
	le.PutUint32(head, uint32(s.size))
	if s.size == 12 {
		le.PutUint16(head[4:], uint16(s.width))
		le.PutUint16(head[6:], uint16(s.height))
		le.PutUint16(head[8:], 1)
		le.PutUint16(head[10:], uint16(s.bits))
	} else {
		le.PutUint32(head[4:], uint32(int32(s.width)))
		le.PutUint32(head[8:], uint32(int32(s.height)))
		le.PutUint16(head[12:], 1)
		le.PutUint16(head[14:], uint16(s.bits))
		le.PutUint32(head[16:], s.compression)
		le.PutUint32(head[32:], s.used)
	}
	head = head[:s.size]
	for i, m := range s.masks {
		if 40+4*i+4 <= s.size {
			le.PutUint32(head[40+4*i:], m)
		} else {
			head = le.AppendUint32(head, m)
		}
	}
	head = append(head, s.palette...)
	b := []byte("BM")
	b = le.AppendUint32(b, uint32(14+len(head)+len(s.pixels)))
	b = le.AppendUint32(b, 0)
	if s.offset == 0 {
		s.offset = 14 + len(head)
	}
	b = le.AppendUint32(b, uint32(s.offset))
	b = append(append(b, head...), s.pixels...)
	if s.patch != nil {
		s.patch(b)
	}
	return b
}

// colours4 are four palette entries of four bytes: black, white, red and blue.
var colours4 = []byte{0, 0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 0, 255, 0, 0, 0}

var colours3 = []byte{0, 0, 0, 255, 255, 255, 0, 0, 255, 255, 0, 0}

const (
	black, white, red, blue = 0x000000ff, 0xffffffff, 0xff0000ff, 0x0000ffff
)

// check decodes a file and compares pixels, top row first.
func check(t *testing.T, name string, file []byte, want []uint32) *raster.Image {
	t.Helper()
	img, err := Decode(file, anySize)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return nil
	}
	var got []uint32
	for p := img.Pix.Pix; len(p) > 0; p = p[4:] {
		got = append(got, binary.BigEndian.Uint32(p))
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: %08x, want %08x", name, got, want)
	}
	return img
}

func TestPlain(t *testing.T) {
	for _, c := range []struct {
		name string
		spec spec
		want []uint32
	}{
		{"1 bit", spec{size: 40, width: 3, height: 2, bits: 1, palette: colours4[:8], pixels: []byte{0xa0, 0, 0, 0, 0x40, 0, 0, 0}},
			[]uint32{black, white, black, white, black, white}},
		{"2 bits", spec{size: 40, width: 4, height: 1, bits: 2, palette: colours4, pixels: []byte{0x1b, 0, 0, 0}}, []uint32{black, white, red, blue}},
		{"4 bits, top down", spec{size: 40, width: 1, height: -2, bits: 4, used: 4, palette: colours4, pixels: []byte{0x20, 0, 0, 0, 0x30, 0, 0, 0}}, []uint32{red, blue}},
		{"8 bits, short palette", spec{size: 40, width: 3, height: 1, bits: 8, used: 4, palette: colours4, pixels: []byte{3, 2, 200, 0}}, []uint32{blue, red, black}},
		{"8 bits, palette of 300", spec{size: 40, width: 1, height: 1, bits: 8, used: 300, palette: append(make([]byte, 1196), 1, 2, 3, 0), pixels: []byte{0, 0, 0, 0}}, []uint32{black}},
		{"OS/2 1.x", spec{size: 12, width: 2, height: 1, bits: 8, palette: colours3, pixels: []byte{1, 2, 0, 0}}, []uint32{white, red}},
		{"OS/2 2.x, 16 bytes", spec{size: 16, width: 2, height: 1, bits: 2, palette: colours4, pixels: []byte{0xb0, 0, 0, 0}}, []uint32{red, blue}},
		{"OS/2 2.x, 64 bytes", spec{size: 64, width: 2, height: 1, bits: 2, palette: colours4, pixels: []byte{0xb0, 0, 0, 0}}, []uint32{red, blue}},
		{"24 bits", spec{size: 40, width: 1, height: 2, bits: 24, pixels: []byte{1, 2, 3, 0, 4, 5, 6, 0}}, []uint32{0x060504ff, 0x030201ff}},
		{"last row without padding", spec{size: 40, width: 1, height: 2, bits: 24, pixels: []byte{1, 2, 3, 0, 4, 5, 6}}, []uint32{0x060504ff, 0x030201ff}},
		{"wrong start of the pixels", spec{size: 40, width: 1, height: 1, bits: 8, used: 4, palette: colours4, pixels: []byte{2, 0, 0, 0}, offset: 54}, []uint32{red}},
		{"16 bits", spec{size: 40, width: 2, height: 1, bits: 16, pixels: []byte{0xff, 0x7f, 0x10, 0x02}}, []uint32{white, 0x008484ff}},
		{"32 bits, fourth byte unused", spec{size: 40, width: 1, height: 1, bits: 32, pixels: []byte{1, 2, 3, 77}}, []uint32{0x030201ff}},
		{"565", spec{size: 40, width: 3, height: 1, bits: 16, compression: 3, masks: []uint32{0xf800, 0x07e0, 0x001f},
			pixels: []byte{0, 0xf8, 0xe0, 0x07, 0x00, 0x04, 0, 0}}, []uint32{red, 0x00ff00ff, 0x008200ff}},
		{"10 bits a channel", spec{size: 56, width: 1, height: 1, bits: 32, compression: 3, masks: []uint32{0x3ff, 0x3ff << 10, 0x3ff << 20, 0},
			pixels: []byte{0xff, 0x03, 0, 0x20}}, []uint32{0xff0080ff}},
		{"alpha mask", spec{size: 124, width: 2, height: 1, bits: 32, compression: 3, masks: []uint32{0xff, 0xff00, 0xff0000, 0xff000000},
			pixels: []byte{1, 2, 3, 4, 5, 6, 7, 0}}, []uint32{0x01020304, 0x05060700}},
		{"alpha of zeros", spec{size: 124, width: 1, height: 1, bits: 32, compression: 3, masks: []uint32{0xff, 0xff00, 0xff0000, 0xff000000},
			pixels: []byte{1, 2, 3, 0}}, []uint32{0x010203ff}},
		{"alpha bit fields behind the header", spec{size: 40, width: 1, height: 1, bits: 16, compression: 6, masks: []uint32{0xf00, 0xf0, 0xf, 0xf000},
			pixels: []byte{0x21, 0x83, 0, 0}}, []uint32{0x33221188}},
		{"31 bits for one channel", spec{size: 40, width: 1, height: 1, bits: 32, compression: 3, masks: []uint32{0xfffffffe, 0, 1},
			pixels: []byte{0xff, 0xff, 0xff, 0xff}}, []uint32{0xff00ffff}},
	} {
		check(t, c.name, c.spec.build(), c.want)
	}
}

// TestStrayColours: an index beyond the palette is black, and noted.
func TestStrayColours(t *testing.T) {
	for _, s := range []spec{
		{size: 40, width: 3, height: 1, bits: 8, used: 4, palette: colours4, pixels: []byte{3, 4, 200, 0}},
		{size: 40, width: 3, height: 1, bits: 8, compression: 1, used: 4, palette: colours4, pixels: []byte{1, 3, 9, 200, 0, 1}},
	} {
		img := check(t, "stray colours", s.build(), []uint32{blue, black, black})
		if img != nil && (len(img.Notes) != 1 || !strings.Contains(img.Notes[0], "pixels: 2")) {
			t.Errorf("notes %q", img.Notes)
		}
	}
}

func TestRLE(t *testing.T) {
	for _, c := range []struct {
		name  string
		bits  int
		comp  uint32
		data  []byte
		want  []uint32 // 4 x 2
		notes int
	}{
		{"RLE8 runs", 8, 1, []byte{4, 1, 0, 0, 2, 2, 2, 3, 0, 1}, []uint32{red, red, blue, blue, white, white, white, white}, 0},
		{"RLE8 literal with padding", 8, 1, []byte{0, 3, 1, 2, 3, 0, 1, 1, 0, 0, 4, 0, 0, 1}, []uint32{black, black, black, black, white, red, blue, white}, 0},
		{"RLE8 move", 8, 1, []byte{0, 2, 1, 1, 3, 2, 0, 1}, []uint32{black, red, red, red, black, black, black, black}, 1},
		{"RLE8 ends early", 8, 1, []byte{4, 1, 0, 1}, []uint32{black, black, black, black, white, white, white, white}, 1},
		{"RLE8 without an end marker", 8, 1, []byte{4, 1, 0, 0, 4, 2}, []uint32{red, red, red, red, white, white, white, white}, 0},
		{"RLE8 too long a run", 8, 1, []byte{9, 1, 0, 0, 4, 2, 0, 1}, []uint32{red, red, red, red, white, white, white, white}, 0},
		{"RLE4 runs of two in turn", 4, 2, []byte{4, 0x12, 0, 0, 4, 0x33, 0, 1}, []uint32{blue, blue, blue, blue, white, red, white, red}, 0},
		{"RLE4 literal", 4, 2, []byte{0, 4, 0x12, 0x31, 0, 0, 4, 0x33, 0, 1}, []uint32{blue, blue, blue, blue, white, red, blue, white}, 0},
		{"RLE24", 24, 4, []byte{4, 1, 2, 3, 0, 0, 0, 4, 0, 0, 0, 255, 255, 255, 0, 0, 0, 1, 1, 1, 0, 1},
			[]uint32{black, white, black, 0x010101ff, 0x030201ff, 0x030201ff, 0x030201ff, 0x030201ff}, 0},
	} {
		s := spec{size: 40, width: 4, height: 2, bits: c.bits, compression: c.comp, pixels: c.data}
		if c.bits <= 8 {
			s.palette, s.used = colours4, 4
		}
		if img := check(t, c.name, s.build(), c.want); img != nil && len(img.Notes) != c.notes {
			t.Errorf("%s: notes %q", c.name, img.Notes)
		}
	}
}

func TestEmbedded(t *testing.T) {
	src := image.NewGray(image.Rect(0, 0, 9, 5))
	for i := range src.Pix {
		src.Pix[i] = uint8(100 + i)
	}
	var png, jpg bytes.Buffer
	if err := errors.Join(stdpng.Encode(&png, src), stdjpeg.Encode(&jpg, src, nil)); err != nil {
		t.Fatal(err)
	}
	for compression, data := range map[uint32][]byte{4: jpg.Bytes(), 5: png.Bytes()} {
		img, err := Decode(spec{size: 40, width: 9, height: 5, compression: compression, pixels: data}.build(), anySize)
		if err != nil || img.Pix.Rect.Dx() != 9 || !img.Gray || img.Pix.Pix[0] < 95 || img.Pix.Pix[0] > 105 {
			t.Errorf("compression %d: %v", compression, err)
		}
		less := map[uint32]int{4: 20, 5: 50}[compression] // cuts into the pixels
		if _, err := Decode(spec{size: 40, width: 9, height: 5, compression: compression, pixels: data[:len(data)-less]}.build(), anySize); !errors.Is(err, raster.ErrDamaged) {
			t.Errorf("compression %d, cut: %v", compression, err)
		}
	}
}

func TestArrayAndProfile(t *testing.T) {
	file := spec{size: 12, width: 1, height: 1, bits: 24, pixels: []byte{1, 2, 3, 0}, offset: 14 + 14 + 12}.build()
	check(t, "OS/2 array", append([]byte("BA\x28\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), file...), []uint32{0x030201ff})

	le := binary.LittleEndian
	file = spec{size: 124, width: 1, height: 1, bits: 24, pixels: []byte("\x01\x02\x03\x00profile"), patch: func(b []byte) {
		copy(b[14+56:], "DEBM")
		le.PutUint32(b[14+112:], 128)
		le.PutUint32(b[14+116:], 7)
	}}.build()
	if img := check(t, "profile", file, []uint32{0x030201ff}); img != nil && string(img.ICC) != "profile" {
		t.Errorf("profile %q", img.ICC)
	}
}

func TestErrors(t *testing.T) {
	plain := spec{size: 40, width: 2, height: 2, bits: 24, pixels: make([]byte, 16)}
	with := func(change func(s *spec)) []byte {
		s := plain
		change(&s)
		return s.build()
	}
	for _, c := range []struct {
		name, says string
		file       []byte
	}{
		{"cut header", "header", plain.build()[:30]},
		{"cut pixels", "row 1 of 2", plain.build()[:14+40+10]},
		{"no pixels", "before the pixels", plain.build()[:54]},
		{"zero width", "0 x 2", with(func(s *spec) { s.width = 0 })},
		{"negative width", "-2 x 2", with(func(s *spec) { s.width = -2 })},
		{"odd depth", "7 bits", with(func(s *spec) { s.bits = 7 })},
		{"64 bits", "64 bits", with(func(s *spec) { s.bits = 64 })},
		{"unknown compression", "compression 99", with(func(s *spec) { s.compression = 99 })},
		{"Huffman", "Huffman", with(func(s *spec) { s.bits, s.compression = 1, 3 })},
		{"mask with gaps", "mask", with(func(s *spec) { s.bits, s.compression, s.masks = 32, 3, []uint32{0xf0f, 0xf0, 0xf000} })},
		{"unknown header", "no known version", with(func(s *spec) { s.size = 13 })},
		{"cut RLE", "row 0 of 2", with(func(s *spec) { s.bits, s.compression, s.palette, s.pixels = 8, 1, make([]byte, 1024), []byte{2, 1} })},
	} {
		_, err := Decode(c.file, anySize)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want something about %q", c.name, err, c.says)
		}
	}
	huge := with(func(s *spec) { s.width, s.height = 1<<30, 1<<30 })
	if _, err := Decode(huge, func(int, int) error { return errors.New("too large") }); err == nil || err.Error() != "too large" {
		t.Errorf("huge: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(spec{size: 40, width: 2, height: 2, bits: 24, pixels: make([]byte, 16)}.build())
	f.Add(spec{size: 12, width: 2, height: 1, bits: 8, palette: colours3, pixels: []byte{1, 2, 0, 0}}.build())
	f.Add(spec{size: 40, width: 4, height: 2, bits: 4, compression: 2, used: 4, palette: colours4, pixels: []byte{0, 4, 0x12, 0x31, 0, 0, 4, 0x33, 0, 2, 1, 1, 0, 1}}.build())
	f.Add(spec{size: 124, width: 1, height: 1, bits: 32, compression: 3, masks: []uint32{0xff, 0xff00, 0xff0000, 0xff000000}, pixels: []byte{1, 2, 3, 0}}.build())
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := DecodeConfig(data)
		img, err2 := Decode(data, small)
		if err2 == nil && (err != nil || img.Pix.Rect.Dx() != c.Width || img.Pix.Rect.Dy() != c.Height) {
			t.Errorf("header %v %v, picture %v", c, err, img.Pix.Rect)
		}
	})
}
