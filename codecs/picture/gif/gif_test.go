package gif

import (
	"bytes"
	stdlzw "compress/lzw"
	"errors"
	"image"
	"image/color"
	stdgif "image/gif"
	"math/rand/v2"
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

// red, green, blue and grey, as a global table of four colours.
const fourColours = "\xff\x00\x00\x00\xff\x00\x00\x00\xff\x80\x80\x80"

// spec describes a file to build; the zero value has no colours.
type spec struct {
	width, height int
	colours       string // global table of 4
	extensions    string
	x, y, w, h    int
	interlaced    bool
	local         string // local table of 4
	indices       []byte
	after         string // instead of the trailer
}

func (s spec) build(t testing.TB) []byte {
	t.Helper()
	b := []byte("GIF89a")
	u16 := func(v ...int) {
		for _, x := range v {
			b = append(b, byte(x), byte(x>>8))
		}
	}
	u16(s.width, s.height)
	flags := byte(0)
	if s.colours != "" {
		flags = 0x81
	}
	b = append(b, flags, 0, 0)
	b = append(b, s.colours+s.extensions+","...)
	u16(s.x, s.y, s.w, s.h)
	flags = 0
	if s.interlaced {
		flags = 0x40
	}
	if s.local != "" {
		flags |= 0x80 | byte(len(s.local)/6-1)
	}
	b = append(b, flags)
	b = append(b, s.local...)
	b = append(b, 2)
	b = append(b, blocksOf(packed(t, s.indices))...)
	if s.after == "" {
		s.after = ";"
	}
	return append(b, s.after...)
}

func packed(t testing.TB, indices []byte) []byte {
	var z bytes.Buffer
	w := stdlzw.NewWriter(&z, stdlzw.LSB, 2)
	if _, err := w.Write(indices); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return z.Bytes()
}

// blocksOf cuts data into sub-blocks and ends them.
func blocksOf(data []byte) []byte {
	var b []byte
	for len(data) > 0 {
		n := min(len(data), 255)
		b = append(append(b, byte(n)), data[:n]...)
		data = data[n:]
	}
	return append(b, 0)
}

// show writes a picture as one letter a pixel: RGBg, lower case where transparent,
// k for black and w for white, . for transparent black.
func show(img *raster.Image) string {
	names := map[[3]uint8]string{{255, 0, 0}: "R", {0, 255, 0}: "G", {0, 0, 255}: "B", {128, 128, 128}: "Y", {0, 0, 0}: "K", {255, 255, 255}: "W"}
	var out strings.Builder
	for i, p := 0, img.Pix.Pix; len(p) > 0; i, p = i+1, p[4:] {
		if i > 0 && i%img.Pix.Rect.Dx() == 0 {
			out.WriteString("/")
		}
		n := names[[3]uint8(p)]
		switch {
		case p[3] == 0 && n == "K":
			n = "."
		case p[3] == 0:
			n = strings.ToLower(n)
		}
		out.WriteString(n)
	}
	return out.String()
}

func TestDecode(t *testing.T) {
	control := "!\xf9\x04\x01\x00\x00\x01\x00"
	for _, c := range []struct {
		name  string
		spec  spec
		want  string
		notes int
	}{
		{"plain", spec{width: 2, height: 2, colours: fourColours, w: 2, h: 2, indices: []byte{0, 1, 2, 3}}, "RG/BY", 0},
		{"own colours", spec{width: 2, height: 1, colours: fourColours, w: 2, h: 1, local: "\x00\x00\x00\xff\xff\xff\x00\x00\x00\x00\x00\x00", indices: []byte{0, 1}}, "KW", 0},
		{"no colours", spec{width: 2, height: 1, w: 2, h: 1, indices: []byte{0, 1}}, "KW", 1},
		{"transparent index", spec{width: 2, height: 1, colours: fourColours, extensions: control, w: 2, h: 1, indices: []byte{0, 1}}, "Rg", 0},
		{"index beyond the colours", spec{width: 3, height: 1, colours: fourColours, extensions: "!\xf9\x04\x01\x00\x00\x07\x00", w: 3, h: 1,
			local: "\x00\x00\xff\xff\x00\x00", indices: []byte{1, 3, 0}}, "RKB", 1},
		{"smaller than the canvas", spec{width: 3, height: 2, colours: fourColours, x: 1, y: 1, w: 1, h: 1, indices: []byte{2}}, ".../.B.", 0},
		{"larger than the canvas", spec{width: 2, height: 1, colours: fourColours, w: 3, h: 2, indices: []byte{0, 1, 2, 3, 3, 3}}, "RG", 0},
		{"outside the canvas", spec{width: 1, height: 1, colours: fourColours, x: 5, y: 5, w: 1, h: 1, indices: []byte{2}}, ".", 0},
		{"no canvas", spec{colours: fourColours, x: 1, w: 1, h: 1, indices: []byte{2}}, ".B", 0},
		{"interlaced", spec{width: 1, height: 9, colours: fourColours, w: 1, h: 9, interlaced: true,
			indices: []byte{0, 0, 1, 2, 2, 3, 3, 3, 3}}, "R/Y/B/Y/G/Y/B/Y/R", 0},
		{"extra pixels", spec{width: 1, height: 1, colours: fourColours, w: 1, h: 1, indices: []byte{2, 1, 0}}, "B", 0},
		{"missing pixels", spec{width: 2, height: 2, colours: fourColours, w: 2, h: 2, indices: []byte{2}}, "B./..", 1},
		{"comment, unknown and empty extensions", spec{width: 1, height: 1, colours: fourColours,
			extensions: "!\xfe\x03abc\x00!\x42\x00!\x99\x01a\x02bc\x00", w: 1, h: 1, indices: []byte{1}}, "G", 0},
		{"garbage behind", spec{width: 1, height: 1, colours: fourColours, w: 1, h: 1, indices: []byte{1}, after: "rubbish"}, "G", 0},
		{"no trailer", spec{width: 1, height: 1, colours: fourColours, w: 1, h: 1, indices: []byte{1}, after: "\x00"}, "G", 0},
		{"a broken second frame", spec{width: 1, height: 1, colours: fourColours, w: 1, h: 1, indices: []byte{1},
			after: "!\xf9\x04\x00\x00\x00\x01\x00,\x00\x00"}, "G", 1},
		{"empty frame", spec{width: 1, height: 1, colours: fourColours}, ".", 0},
	} {
		img, err := Decode(c.spec.build(t), anySize)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := show(img); got != c.want || len(img.Notes) != c.notes {
			t.Errorf("%s: %s %q, want %s", c.name, got, img.Notes, c.want)
		}
	}
}

func TestProfile(t *testing.T) {
	profile := bytes.Repeat([]byte("profile "), 100)
	ext := "!\xff\x0bICCRGBG1012" + string(blocksOf(profile))
	img, err := Decode(spec{width: 1, height: 1, colours: fourColours, extensions: ext, w: 1, h: 1, indices: []byte{1}}.build(t), anySize)
	if err != nil || !bytes.Equal(img.ICC, profile) {
		t.Errorf("%d bytes of profile, %v", len(img.ICC), err)
	}
}

// TestStandard compares with the standard library's encoder over odd sizes.
func TestStandard(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, size := range [][2]int{{1, 1}, {17, 31}, {4096, 3}, {300, 200}} {
		var p color.Palette
		for i := range 256 {
			p = append(p, color.NRGBA{uint8(i), uint8(255 - i), uint8(i * 7), 255})
		}
		src := image.NewPaletted(image.Rect(0, 0, size[0], size[1]), p)
		for i := range src.Pix {
			src.Pix[i] = byte(r.IntN(1 + i%256))
		}
		var b bytes.Buffer
		if err := stdgif.Encode(&b, src, &stdgif.Options{NumColors: 256}); err != nil {
			t.Fatal(err)
		}
		img, err := Decode(b.Bytes(), anySize)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range src.Pix {
			if got := [3]uint8(img.Pix.Pix[4*i:]); got != [3]uint8{v, 255 - v, v * 7} {
				t.Fatalf("%v: pixel %d is %v, want index %d", size, i, got, v)
			}
		}
	}
}

// TestCut checks that every cut file is an error or the whole picture.
func TestCut(t *testing.T) {
	file := spec{width: 20, height: 20, colours: fourColours, w: 20, h: 20, indices: bytes.Repeat([]byte{0, 1, 2, 3, 3}, 80)}.build(t)
	whole, err := Decode(file, anySize)
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(file) {
		img, err := Decode(file[:n], anySize)
		if err == nil && !bytes.Equal(img.Pix.Pix, whole.Pix.Pix) {
			t.Errorf("cut to %d of %d bytes: another picture", n, len(file))
		}
		if err != nil && !errors.Is(err, raster.ErrDamaged) {
			t.Errorf("cut to %d bytes: %v", n, err)
		}
	}
}

func TestLimit(t *testing.T) {
	for _, s := range []spec{{width: 60000, height: 60000, w: 1, h: 1}, {width: 1, height: 1, w: 60000, h: 60000}} {
		if _, err := Decode(s.build(t), small); err == nil || err.Error() != "too large" {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(spec{width: 3, height: 3, colours: fourColours, extensions: "!\xf9\x04\x01\x00\x00\x01\x00", w: 3, h: 3, indices: []byte{0, 1, 2, 3, 3, 2, 1, 0, 1}}.build(f))
	f.Add(spec{width: 1, height: 9, colours: fourColours, w: 1, h: 9, interlaced: true, local: fourColours, indices: make([]byte, 9)}.build(f))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := DecodeConfig(data)
		img, err2 := Decode(data, small)
		if err2 == nil && (err != nil || img.Pix.Rect.Dx() != c.Width || img.Pix.Rect.Dy() != c.Height) {
			t.Errorf("header %v %v, picture %v", c, err, img.Pix.Rect)
		}
	})
}
