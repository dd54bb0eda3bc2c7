package pnm

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"testing"

	"codecworkbench/codecs/picture/raster"
)

func anySize(int, int) error { return nil }

func small(w, h int) error {
	if w*h > 1<<16 || w > 1<<16 || h > 1<<16 {
		return errors.New("too large")
	}
	return nil
}

// pixels lists RGBA quadruples as hexadecimal numbers.
func pixels(img *raster.Image) []uint32 {
	var out []uint32
	for p := img.Pix.Pix; len(p) > 0; p = p[4:] {
		out = append(out, binary.BigEndian.Uint32(p))
	}
	return out
}

func TestDecode(t *testing.T) {
	float := func(order binary.AppendByteOrder, v ...float32) string {
		var b []byte
		for _, x := range v {
			b = order.AppendUint32(b, math.Float32bits(x))
		}
		return string(b)
	}
	const black, white = 0x000000ff, 0xffffffff
	for _, c := range []struct {
		name, file string
		want       []uint32
		depth      int
		notes      int
	}{
		{"plain bitmap", "P1\n3 2\n1 0 1\n0 1 0\n", []uint32{black, white, black, white, black, white}, 0, 0},
		{"plain bitmap without spaces", "P1 3 2 101010", []uint32{black, white, black, white, black, white}, 0, 0},
		{"plain bitmap with comments", "P1#a\n#b\n3#c\r\n1\n1#x 0 1\n0 #y\n1", []uint32{black, white, black}, 0, 0},
		{"raw bitmap", "P4 10 2\n\xff\xbf\x00\x7f", []uint32{black, black, black, black, black, black, black, black, black, white,
			white, white, white, white, white, white, white, white, white, black}, 0, 0},
		{"plain grey", "P2\t2\v1\f255\r0\n  77 ", []uint32{black, 0x4d4d4dff}, 0, 0},
		{"plain grey, comment in the pixels", "P2 3 1 255 1 #2 3\n4 5", []uint32{0x010101ff, 0x040404ff, 0x050505ff}, 0, 0},
		{"maxval 1", "P2 2 1 1 0 1", []uint32{black, white}, 0, 0},
		{"maxval 3", "P5 4 1 3\n\x00\x01\x02\x03", []uint32{black, 0x555555ff, 0xaaaaaaff, white}, 0, 0},
		{"maxval 31 rounds", "P5 1 1 31\n\x10", []uint32{0x848484ff}, 0, 0},
		{"maxval 254", "P5 2 1 254\n\xfe\x7f", []uint32{white, 0x808080ff}, 0, 0},
		{"maxval 1000", "P5 2 1 1000\n\x03\xe8\x01\xf4", []uint32{white, 0x808080ff}, 10, 0},
		{"maxval 65535 rounds", "P5 3 1 65535\n\x00\x80\x00\x81\xff\xff", []uint32{black, 0x010101ff, white}, 16, 0},
		{"raw above the maxval", "P5 1 1 100\n\xff", []uint32{white}, 0, 0},
		{"colour", "P6 2 1 255\n\x01\x02\x03\xf0\xf1\xf2", []uint32{0x010203ff, 0xf0f1f2ff}, 0, 0},
		{"plain colour", "P3 1 2 15\n15 0 1\n2 3 4", []uint32{0xff0011ff, 0x223344ff}, 0, 0},
		{"comment behind the maxval", "P6 1 1 255#x\n\x01\x02\x03", []uint32{0x010203ff}, 0, 0},
		{"pixel that looks like a comment", "P5 1 1 255\n#", []uint32{0x232323ff}, 0, 0},
		{"several pictures", "P5 1 1 255\n\x07P5 1 1 255\n\x08", []uint32{0x070707ff}, 0, 1},
		{"PAM grey", "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nTUPLTYPE GRAYSCALE\nENDHDR\n\x11", []uint32{0x111111ff}, 0, 0},
		{"PAM grey with alpha", "P7\n# c\nWIDTH 1\nHEIGHT 1\nDEPTH 2\nMAXVAL 255\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\n\x11\x80", []uint32{0x11111180}, 0, 0},
		{"PAM black and white", "P7\nWIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 1\nTUPLTYPE BLACKANDWHITE\nENDHDR\n\x00\x01", []uint32{black, white}, 0, 0},
		{"PAM with alpha", "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n\x01\x02\x03\x04", []uint32{0x01020304}, 0, 0},
		{"PAM without a type", "P7\nHEIGHT 1\nWIDTH 1\nMAXVAL 255\nDEPTH 4\n\nENDHDR\n\x01\x02\x03\x04", []uint32{0x01020304}, 0, 0},
		{"PAM of 16 bits", "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 2\nMAXVAL 65535\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\n\x80\x80\xff\xff", []uint32{0x808080ff}, 16, 0},
		{"PAM with channels to spare", "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 5\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n\x01\x02\x03\x04\x05", []uint32{0x010203ff}, 0, 1},
		{"float, big end first, bottom row first", "Pf 1 2 1.0\n" + float(binary.BigEndian, 0, 1), []uint32{white, black}, 32, 1},
		{"float colour, clipped", "PF\n1 1\n-1\n" + float(binary.LittleEndian, -1, 0.5, 7), []uint32{0x0080ffff}, 32, 1},
		{"float, not a number", "Pf 1 1 -1\n" + float(binary.LittleEndian, float32(math.NaN())), []uint32{black}, 32, 1},
	} {
		img, err := Decode([]byte(c.file), anySize)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got := pixels(img)
		if len(got) != len(c.want) {
			t.Errorf("%s: %08x", c.name, got)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %08x, want %08x", c.name, got, c.want)
				break
			}
		}
		if img.Depth != c.depth || len(img.Notes) != c.notes {
			t.Errorf("%s: depth %d, notes %q", c.name, img.Depth, img.Notes)
		}
		if colour := strings.Contains("36F", c.file[1:2]); img.Gray == colour && c.file[1] != '7' {
			t.Errorf("%s: grey is %v", c.name, img.Gray)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct{ file, says string }{
		{"P6", "start"},
		{"P6 ", "width"},
		{"P6 1 ", "height"},
		{"P6 1 1 ", "maxval"},
		{"P6 0 1 255\n", "0 x 1"},
		{"P6 -1 1 255\n", `"-1"`},
		{"P6 1 1 0\nabc", "maxval 0"},
		{"P6 1 1 65536\nabcabc", "maxval 65536"},
		{"P6 1 1 255\nab", "cut off"},
		{"P6 99999999999999999999 1 255\nab", "width"},
		{"P5 60000 60000 255\n", "cut off"},
		{"P2 1 1 255 256", "above"},
		{"P2 1 1 255 x", `'x'`},
		{"P1 1 1 2", `'2'`},
		{"P3 1 1 255 1 2 ", "cut off"},
		{"Pf 1 1 0\nabcd", "scale"},
		{"Pf 1 1 x\nabcd", "scale"},
		{"P7\nWIDTH 1\n", "header"},
		{"P7\nWIDTH 1\nHEIGHT 1\nMAXVAL 1\nENDHDR\n", "depth"},
		{"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 2\nMAXVAL 1\nTUPLTYPE RGB\nENDHDR\nabc", "channels"},
		{"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 9\nMAXVAL 1\nENDHDR\nabcdefghi", "9 channels"},
		{"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 1\nTUPLTYPE XYZ\nENDHDR\na", "XYZ"},
		{"P7\nLENGTH 1\n", "LENGTH"},
	} {
		_, err := Decode([]byte(c.file), anySize)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %v, want something about %s", c.file, err, c.says)
		}
		if !errors.Is(err, raster.ErrDamaged) && !errors.Is(err, raster.ErrUnsupported) {
			t.Errorf("%q: the error has no kind", c.file)
		}
	}
}

// TestLimit checks that the limit is asked before anything is read.
func TestLimit(t *testing.T) {
	no := errors.New("no")
	limit := func(w, h int) error {
		if w != 70000 || h != 70000 {
			t.Errorf("asked for %d x %d", w, h)
		}
		return no
	}
	for _, kind := range []string{"P1 70000 70000\n", "P5 70000 70000 255\n", "Pf 70000 70000 1\n", "P7\nWIDTH 70000\nHEIGHT 70000\nDEPTH 3\nMAXVAL 9\nENDHDR\n"} {
		if _, err := Decode([]byte(kind), limit); !errors.Is(err, no) {
			t.Errorf("%q: %v", kind, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"P1#c\n3 2\n1 0 1\n0 1 0\n", "P2 2 1 15 0 7", "P3 1 1 255 1 2 3", "P4 9 1\n\xff\x80", "P5 1 1 999\n\x01\x02",
		"P6 1 1 255\nabc", "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\nabcd", "Pf 1 1 -1\nabcd"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := DecodeConfig(data)
		img, err2 := Decode(data, small)
		if err2 == nil && (err != nil || img.Pix.Rect.Dx() != c.Width || img.Pix.Rect.Dy() != c.Height) {
			t.Errorf("header %v %v, picture %v", c, err, img.Pix.Rect)
		}
	})
}
