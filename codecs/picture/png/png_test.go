package png

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	stdpng "image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"codecworkbench/codecs/picture/raster"
)

func anySize(int, int) error { return nil }

func small(w, h int) error {
	if w > 1<<10 || h > 1<<10 || w*h > 1<<16 {
		return errors.New("too large")
	}
	return nil
}

// chunk is one chunk to write; its checksum is wrong if bad is set.
type chunk struct {
	kind, payload string
	bad           bool
}

func build(chunks ...chunk) []byte {
	b := []byte(Signature)
	for _, c := range chunks {
		b = appendChunk(b, c.kind, []byte(c.payload))
		if c.bad {
			b[len(b)-1] ^= 1
		}
	}
	return b
}

func ihdr(w, h, depth, colour, interlaced int) chunk {
	b := binary.BigEndian.AppendUint32(nil, uint32(w))
	b = binary.BigEndian.AppendUint32(b, uint32(h))
	return chunk{"IHDR", string(append(b, byte(depth), byte(colour), 0, 0, byte(interlaced))), false}
}

func deflated(data string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, err1 := z.Write([]byte(data))
	if err := errors.Join(err1, z.Close()); err != nil {
		panic(err)
	}
	return b.String()
}

func idat(rows string) chunk { return chunk{"IDAT", deflated(rows), false} }

var iend = chunk{kind: "IEND"}

func pixels(img *raster.Image) string { return hex.EncodeToString(img.Pix.Pix) }

func TestSamples(t *testing.T) {
	for _, c := range []struct {
		name   string
		chunks []chunk
		want   string
		gray   bool
	}{
		{"grey 1", []chunk{ihdr(3, 1, 1, 0, 0), idat("\x00\xa0")}, "ffffffff000000ffffffffff", true},
		{"grey 2, transparent 1", []chunk{ihdr(2, 1, 2, 0, 0), {"tRNS", "\x00\x01", false}, idat("\x00\x60")}, "55555500aaaaaaff", true},
		{"grey 4", []chunk{ihdr(2, 1, 4, 0, 0), idat("\x00\x1f")}, "111111ffffffffff", true},
		{"grey 16 rounds", []chunk{ihdr(3, 1, 16, 0, 0), idat("\x00\x00\x80\x00\x81\xff\x7e")}, "000000ff010101fffefefeff", true},
		{"grey 16, transparent at full depth", []chunk{ihdr(2, 1, 16, 0, 0), {"tRNS", "\x12\x34", false}, idat("\x00\x12\x34\x12\x35")}, "12121200121212ff", true},
		{"RGB, transparent", []chunk{ihdr(2, 1, 8, 2, 0), {"tRNS", "\x00\x01\x00\x02\x00\x03", false}, idat("\x00\x01\x02\x03\x01\x02\x04")}, "01020300010204ff", false},
		{"RGB 16", []chunk{ihdr(1, 1, 16, 2, 0), idat("\x00\x00\x81\x7f\xff\xff\xff")}, "017fffff", false},
		{"palette 4 with alpha", []chunk{ihdr(3, 1, 4, 3, 0), {"PLTE", "\x01\x02\x03\x04\x05\x06", false}, {"tRNS", "\x80", false}, idat("\x00\x01\x20")}, "01020380040506ff000000ff", false},
		{"grey palette", []chunk{ihdr(1, 1, 8, 3, 0), {"PLTE", "\x07\x07\x07", false}, idat("\x00\x00")}, "070707ff", true},
		{"grey and alpha", []chunk{ihdr(1, 1, 8, 4, 0), idat("\x00\x09\x0a")}, "0909090a", true},
		{"grey and alpha 16", []chunk{ihdr(1, 1, 16, 4, 0), idat("\x00\x09\x09\x80\x00")}, "09090980", true},
		{"RGBA 16", []chunk{ihdr(1, 1, 16, 6, 0), idat("\x00\x01\x01\x02\x02\x03\x03\x04\x04")}, "01020304", false},
		{"RGBA with a stray palette and transparency", []chunk{ihdr(1, 1, 8, 6, 0), {"PLTE", "\x01\x02\x03", false}, {"tRNS", "\x00", false}, idat("\x00\x01\x02\x03\x04")}, "01020304", false},
		{"bad checksum of an ancillary chunk", []chunk{ihdr(1, 1, 8, 0, 0), {"tEXt", "a\x00b", true}, idat("\x00\x09")}, "090909ff", true},
		{"data behind the last row", []chunk{ihdr(1, 1, 8, 0, 0), idat("\x00\x09more")}, "090909ff", true},
	} {
		img, err := Decode(build(append(c.chunks, iend)...), anySize)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := pixels(img); got != c.want || img.Gray != c.gray {
			t.Errorf("%s: %s (grey %v), want %s", c.name, got, img.Gray, c.want)
		}
	}
}

// TestStrayColours: an index beyond the palette is black, and noted.
func TestStrayColours(t *testing.T) {
	img, err := Decode(build(ihdr(3, 1, 4, 3, 0), chunk{"PLTE", "\x01\x02\x03", false}, idat("\x00\x01\x20"), iend), anySize)
	if err != nil {
		t.Fatal(err)
	}
	if pixels(img) != "010203ff000000ff000000ff" || len(img.Notes) != 1 || !strings.Contains(img.Notes[0], "pixels: 2") {
		t.Errorf("%s, %q", pixels(img), img.Notes)
	}
}

// interlace writes rows of bytes-a-pixel samples as Adam7's passes, unfiltered.
func interlace(pix []byte, w, h, n int) string {
	var b strings.Builder
	for _, p := range adam7 {
		for y := p.y; y < h; y += p.dy {
			if p.x < w {
				b.WriteByte(0)
			}
			for x := p.x; x < w; x += p.dx {
				b.Write(pix[(y*w+x)*n : (y*w+x+1)*n])
			}
		}
	}
	return b.String()
}

func TestInterlaced(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, size := range [][2]int{{1, 1}, {2, 2}, {3, 5}, {8, 8}, {17, 31}, {33, 1}, {1, 33}} {
		w, h := size[0], size[1]
		pix := make([]byte, 2*w*h) // 16-bit grey
		for i := range pix {
			pix[i] = byte(r.Uint32())
		}
		img, err := Decode(build(ihdr(w, h, 16, 0, 1), idat(interlace(pix, w, h, 2)), iend), anySize)
		if err != nil {
			t.Errorf("%v: %v", size, err)
			continue
		}
		for i := range w * h {
			if want := raster.Round16(uint32(binary.BigEndian.Uint16(pix[2*i:]))); img.Pix.Pix[4*i] != want {
				t.Errorf("%v: pixel %d is %d, want %d", size, i, img.Pix.Pix[4*i], want)
				break
			}
		}
	}
}

// TestStandard compares with the standard library's encoder, which uses every filter.
func TestStandard(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, size := range [][2]int{{1, 1}, {17, 31}, {4096, 3}} {
		src := image.NewNRGBA(image.Rect(0, 0, size[0], size[1]))
		for i := range src.Pix {
			src.Pix[i] = uint8(i/7) + uint8(r.IntN(9))
		}
		var b bytes.Buffer
		if err := stdpng.Encode(&b, src); err != nil {
			t.Fatal(err)
		}
		img, err := Decode(b.Bytes(), anySize)
		if err != nil || !bytes.Equal(img.Pix.Pix, src.Pix) {
			t.Errorf("%v: another picture, %v", size, err)
		}
	}
}

func TestEncode(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, size := range [][2]int{{1, 1}, {17, 31}, {4096, 3}} {
		for _, c := range []struct {
			gray, alpha bool
			colour      byte
		}{{false, false, typeRGB}, {true, false, typeGray}, {false, true, typeRGBA}, {true, true, typeGrayAlpha}} {
			img := image.NewNRGBA(image.Rect(0, 0, size[0], size[1]))
			for i := 0; i < len(img.Pix); i += 4 {
				g := uint8(i/9) + uint8(r.IntN(5))
				img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = g, g, g, 255
				if !c.gray {
					img.Pix[i+1] += 9
				}
				if c.alpha {
					img.Pix[i+3] = uint8(i / 4)
				}
			}
			data, err := Encode(img, c.gray, c.alpha)
			if err != nil {
				t.Fatal(err)
			}
			if data[25] != c.colour {
				t.Errorf("%v grey %v alpha %v: colour type %d", size, c.gray, c.alpha, data[25])
			}
			for _, kind := range []string{"gAMA", "sRGB", "iCCP", "cHRM"} {
				if bytes.Contains(data, []byte(kind)) {
					t.Errorf("has a %s chunk", kind)
				}
			}
			back, err := Decode(data, anySize)
			if err != nil || !bytes.Equal(back.Pix.Pix, img.Pix) || back.Gray != c.gray {
				t.Errorf("%v grey %v alpha %v: does not come back (%v)", size, c.gray, c.alpha, err)
			}
			m, err := stdpng.Decode(bytes.NewReader(data))
			if err != nil || color.NRGBAModel.Convert(m.At(0, 0)) != color.Color(img.NRGBAAt(0, 0)) {
				t.Errorf("%v grey %v alpha %v: the standard library reads something else (%v)", size, c.gray, c.alpha, err)
			}
		}
	}
}

func TestColourNotes(t *testing.T) {
	u32 := func(v ...uint32) string {
		var b []byte
		for _, x := range v {
			b = binary.BigEndian.AppendUint32(b, x)
		}
		return string(b)
	}
	srgb := u32(31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
	for _, c := range []struct {
		name  string
		extra []chunk
		notes string
		icc   string
	}{
		{"none", nil, "[]", ""},
		{"sRGB", []chunk{{"sRGB", "\x00", false}, {"gAMA", u32(100000), false}}, "[]", ""},
		{"gamma of sRGB", []chunk{{"gAMA", u32(45455), false}, {"cHRM", srgb, false}}, "[]", ""},
		{"gamma 1", []chunk{{"gAMA", u32(100000), false}}, "gamma", ""},
		{"other primaries", []chunk{{"cHRM", u32(31270, 32900, 70000, 33000, 30000, 60000, 15000, 6000), false}}, "primaries", ""},
		{"profile", []chunk{{"iCCP", "n\x00\x00" + deflated("profile"), false}, {"gAMA", u32(100000), false}}, "[]", "profile"},
		{"broken profile", []chunk{{"iCCP", "n\x00\x00xyz", false}}, "profile is damaged", ""},
		{"cICP of another space", []chunk{{"cICP", "\x09\x10\x00\x01", false}}, "cICP", ""},
		{"cICP of sRGB", []chunk{{"cICP", "\x01\x0d\x00\x01", false}}, "[]", ""},
		{"animation", []chunk{{"acTL", u32(2, 0), false}}, "animation", ""},
		{"unknown critical chunk", []chunk{{"ABCD", "x", false}}, "ABCD", ""},
	} {
		chunks := append([]chunk{ihdr(1, 1, 8, 2, 0)}, c.extra...)
		img, err := Decode(build(append(chunks, idat("\x00abc"), iend)...), anySize)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := fmt.Sprint(img.Notes); !strings.Contains(got, c.notes) || string(img.ICC) != c.icc {
			t.Errorf("%s: notes %s, profile %q", c.name, got, img.ICC)
		}
	}
}

func TestOrientation(t *testing.T) {
	block := "MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00"
	text := fmt.Sprintf("\nexif\n%8d\n%x\n", len(block), block)
	for name, c := range map[string]chunk{
		"eXIf":        {"eXIf", block, false},
		"zTXt":        {"zTXt", "Raw profile type exif\x00\x00" + deflated(text), false},
		"tEXt":        {"tEXt", "Raw profile type APP1\x00" + text, false},
		"broken text": {"tEXt", "Raw profile type exif\x00\nexif\n5\nxyz", false},
	} {
		want := 6
		if name == "broken text" {
			want = 1
		}
		img, err := Decode(build(ihdr(1, 1, 8, 0, 0), idat("\x00a"), c, iend), anySize)
		if err != nil || img.Orientation != want {
			t.Errorf("%s: orientation %d, %v", name, img.Orientation, err)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		name, says string
		file       []byte
	}{
		{"no signature", "signature", []byte("PNG")},
		{"signature alone", "header is missing", []byte(Signature)},
		{"no header", "header is missing", build(idat("x"), iend)},
		{"Apple's", "CgBI", build(chunk{"CgBI", "abcd", false}, ihdr(1, 1, 8, 0, 0))},
		{"checksum of the header", "checksum", build(chunk{ihdr(1, 1, 8, 0, 0).kind, ihdr(1, 1, 8, 0, 0).payload, true})},
		{"checksum of the pixels", `"IDAT"`, build(ihdr(1, 1, 8, 0, 0), chunk{"IDAT", deflated("\x00a"), true}, iend)},
		{"no width", "0 x 1", build(ihdr(0, 1, 8, 0, 0), idat("\x00"), iend)},
		{"depth", "3 bits", build(ihdr(1, 1, 3, 0, 0), idat("\x00"), iend)},
		{"no palette", "palette is missing", build(ihdr(1, 1, 8, 3, 0), idat("\x00\x00"), iend)},
		{"no pixels", "no pixels", build(ihdr(1, 1, 8, 0, 0), iend)},
		{"too few pixels", "row 1 of 2", build(ihdr(1, 2, 8, 0, 0), idat("\x00a"), iend)},
		{"filter", "filter 9", build(ihdr(1, 1, 8, 0, 0), idat("\x09a"), iend)},
		{"not compressed", "compressed pixels are broken", build(ihdr(1, 1, 8, 0, 0), chunk{"IDAT", "abcdef", false}, iend)},
		{"interlacing", "interlacing 2", build(ihdr(1, 1, 8, 0, 2), idat("\x00a"), iend)},
	} {
		_, err := Decode(c.file, anySize)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want something about %q", c.name, err, c.says)
		}
	}
	if _, err := Decode(build(ihdr(1<<30, 1<<30, 8, 0, 0), idat("\x00"), iend), small); err == nil || err.Error() != "too large" {
		t.Errorf("huge: %v", err)
	}
}

// TestCut cuts a file everywhere: an error, or the whole picture.
func TestCut(t *testing.T) {
	rows := strings.Repeat("\x01abcdefghi", 20)
	file := build(ihdr(3, 20, 8, 2, 0), chunk{"tEXt", "a\x00b", false}, idat(rows), iend)
	whole, err := Decode(file, anySize)
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(file) {
		img, err := Decode(file[:n], anySize)
		if err == nil && !bytes.Equal(img.Pix.Pix, whole.Pix.Pix) {
			t.Errorf("cut to %d of %d bytes: another picture", n, len(file))
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(build(ihdr(3, 2, 8, 2, 0), idat("\x01abcdefghi\x04abcdefghi"), iend))
	f.Add(build(ihdr(3, 1, 4, 3, 0), chunk{"PLTE", "\x01\x02\x03", false}, chunk{"tRNS", "\x80", false}, idat("\x00\x01\x20"), iend))
	f.Add(build(ihdr(2, 2, 16, 6, 1), idat(interlace(make([]byte, 32), 2, 2, 8)), iend))
	f.Add(build(ihdr(1, 1, 8, 0, 0), chunk{"zTXt", "Raw profile type exif\x00\x00" + deflated("\nexif\n2\n4d4d"), false}, chunk{"iCCP", "n\x00\x00" + deflated("p"), false}, idat("\x00a"), iend))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := DecodeConfig(data)
		img, err2 := Decode(data, small)
		if err2 == nil && (err != nil || img.Pix.Rect.Dx() != c.Width || img.Pix.Rect.Dy() != c.Height) {
			t.Errorf("header %v %v, picture %v", c, err, img.Pix.Rect)
		}
		if err2 != nil {
			return
		}
		if _, err := ReadFiltered(data, c.Width, c.Height); err != nil && !errors.Is(err, ErrOtherRows) {
			t.Errorf("a picture decodes, but its rows are not read: %v", err)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	src := image.NewNRGBA(image.Rect(0, 0, 1024, 768))
	for i := range src.Pix {
		src.Pix[i] = uint8(i/4%1024/4) + uint8(i*2654435761>>29)
	}
	data, err := Encode(src, false, false)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		f    func() error
	}{
		{"ours", func() error { _, err := Decode(data, anySize); return err }},
		{"standard library", func() error { _, err := stdpng.Decode(bytes.NewReader(data)); return err }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(1024 * 768 * 3)
			for b.Loop() {
				if err := c.f(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
