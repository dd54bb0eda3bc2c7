package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	stdjpeg "image/jpeg"
	stdpng "image/png"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"codecworkbench/codecs/picture/raster"
)

// example draws a picture of smooth ramps with a mark in one corner.
func example(t testing.TB, w, h int, gray, alpha bool) *Picture {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{uint8(x * 255 / w), uint8(y * 255 / h), uint8((x + y) * 255 / (w + h)), 255}
			if gray {
				c.G, c.B = c.R, c.R
			}
			if alpha {
				c.A = uint8(255 - x*200/w)
			}
			img.SetNRGBA(x, y, c)
		}
	}
	p, err := New(img, gray, alpha, Source{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// vp8l is a lossless WebP file of 2 x 1 pixels of the colour 1, 3, 2.
const vp8l = "RIFF\x18\x00\x00\x00WEBPVP\x38L\x0c\x00\x00\x00\x2f\x01\x00\x00\x00\xe8\x40\x03\x2a\xd0\xff\x00"

// files returns the same picture in every format that the standard library or
// golang.org/x/image writes, and small ones in the others.
func files(t testing.TB, p *Picture) map[string][]byte {
	t.Helper()
	img := p.RGB8()
	var png, jpg, bm, tif, gi bytes.Buffer
	paletted := image.NewPaletted(img.Rect, color.Palette{color.Black, color.White})
	if err := errors.Join(stdpng.Encode(&png, img), stdjpeg.Encode(&jpg, img, nil), bmp.Encode(&bm, img), tiff.Encode(&tif, img, nil),
		gif.Encode(&gi, paletted, nil)); err != nil {
		t.Fatal(err)
	}
	ppm := fmt.Appendf(nil, "P6\n%d %d\n255\n", p.Width(), p.Height())
	for i := 0; i < len(img.Pix); i += 4 {
		ppm = append(ppm, img.Pix[i:i+3]...)
	}
	return map[string][]byte{"PNG": png.Bytes(), "JPEG": jpg.Bytes(), "BMP": bm.Bytes(), "TIFF": tif.Bytes(), "GIF": gi.Bytes(), "PNM": ppm, "WebP": []byte(vp8l)}
}

// TestContentDecides gives every file the extension of another format.
func TestContentDecides(t *testing.T) {
	p := example(t, 17, 31, false, false)
	dir := t.TempDir()
	for name, data := range files(t, p) {
		for _, ext := range []string{".jpg", ".png", ".dat"} {
			path := filepath.Join(dir, name+ext)
			write(t, path, data)
			got, err := Open(path)
			if err != nil {
				t.Errorf("%s: %v", path, err)
				continue
			}
			s := got.Source()
			if s.Format != name || s.Bytes != int64(len(data)) || s.Name != name+ext || s.Path != path {
				t.Errorf("%s%s: %+v", name, ext, s)
			}
			lies := ext == ".jpg" && name != "JPEG" || ext == ".png" && name != "PNG"
			if noted := strings.Contains(fmt.Sprint(s.Notes), "although its name ends in "+ext); noted != lies {
				t.Errorf("%s%s: notes %q", name, ext, s.Notes)
			}
			if name != "JPEG" && name != "GIF" && name != "WebP" && !bytes.Equal(got.RGB8().Pix, p.RGB8().Pix) {
				t.Errorf("%s: other pixels", name)
			}
			w, h, f, err := DecodeConfig(data)
			if err != nil || w != got.Width() || h != got.Height() || f != name {
				t.Errorf("%s: header %d x %d %s, %v", name, w, h, f, err)
			}
		}
	}
}

func TestForeignFormats(t *testing.T) {
	for data, says := range map[string]string{
		"\x00\x00\x00\x20ftypavif\x00\x00\x00\x00":       "AVIF",
		"\x00\x00\x00\x20ftypheic\x00\x00\x00\x00":       "HEIC",
		"\x00\x00\x00\x20ftypisom\x00\x00\x00\x00":       "video",
		"\xff\x0a\x00\x00":                               "JPEG XL",
		"\x00\x00\x00\x0cJXL \r\n\x87\n":                 "JPEG XL",
		"\x00\x00\x00\x0cjP  \r\n\x87\n":                 "JPEG 2000",
		"\xff\x4f\xff\x51\x00":                           "JPEG 2000",
		"<svg xmlns=":                                    "SVG",
		"\ufeff<?xml version='1.0'?>\n<!-- x -->\n<SVG>": "SVG",
		"8BPS\x00\x01":                                   "PSD",
		"%PDF-1.7":                                       "PDF",
		"CWB\x01abcd":                                    "decode it first",
		"qoif\x00":                                       "QOI",
		"<!DOCTYPE html>":                                "web page",
		"hello":                                          "give a PNG",
		"":                                               "empty",
		"\x89PNG\r\n\x1a\n":                              "header",
	} {
		_, err := Decode([]byte(data), Source{Name: "photo.png"})
		if err == nil || !strings.Contains(err.Error(), says) || !strings.HasPrefix(err.Error(), "photo.png: ") {
			t.Errorf("%q: %v, want something about %s", data, err, says)
		}
		if _, _, _, err := DecodeConfig([]byte(data)); err == nil {
			t.Errorf("%q: DecodeConfig took it", data)
		}
	}
}

// exifBlock is a TIFF structure with nothing but an orientation.
func exifBlock(orientation int) string {
	return "MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(rune(orientation)) + "\x00\x00\x00\x00\x00\x00"
}

// TestOrientation stores a picture of 2 x 1 pixels, or for TIFF a larger one, under
// all orientations in all formats that have them.
func TestOrientation(t *testing.T) {
	p := example(t, 3, 2, false, false)
	base := files(t, p)
	for o := 1; o <= 8; o++ {
		block := exifBlock(o)
		png := base["PNG"]
		chunk := binary.BigEndian.AppendUint32(nil, uint32(len(block)))
		chunk = append(append(chunk, "eXIf"...), block...)
		chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
		png = bytes.Join([][]byte{png[:33], chunk, png[33:]}, nil)

		app1 := append([]byte{0xff, 0xe1, 0, byte(8 + len(block))}, "Exif\x00\x00"+block...)
		jpg := bytes.Join([][]byte{base["JPEG"][:2], app1, base["JPEG"][2:]}, nil)

		webp := []byte(vp8l)
		webp = append(append([]byte{}, webp[:12]...), "VP8X\x0a\x00\x00\x00\x08\x00\x00\x00\x01\x00\x00\x00\x00\x00"...)
		webp = append(append(webp, vp8l[12:]...), "EXIF\x1c\x00\x00\x00"+block...)

		for name, data := range map[string][]byte{"PNG": png, "JPEG": jpg, "WebP": webp, "TIFF": tiffWith(o)} {
			plain := base[name]
			if name == "TIFF" {
				plain = tiffWith(1)
			}
			want, err1 := Decode(plain, Source{})
			got, err2 := Decode(data, Source{})
			if err := errors.Join(err1, err2); err != nil {
				t.Errorf("%s, orientation %d: %v", name, o, err)
				continue
			}
			if turned := raster.Orient(want.RGB8(), o); got.RGB8().Rect != turned.Rect || !bytes.Equal(got.RGB8().Pix, turned.Pix) {
				t.Errorf("%s, orientation %d: wrong", name, o)
			}
			if w, h, _, err := DecodeConfig(data); err != nil || w != got.Width() || h != got.Height() {
				t.Errorf("%s, orientation %d: header says %d x %d, %v", name, o, w, h, err)
			}
		}
	}
}

// tiffWith is a grey TIFF file of 3 x 2 pixels with an orientation.
func tiffWith(orientation int) []byte {
	b := []byte("II*\x00\x0e\x00\x00\x00\x01\x02\x03\x04\x05\x06")
	fields := [][3]int{{256, 3, 3}, {257, 3, 2}, {258, 3, 8}, {262, 3, 1}, {273, 4, 8}, {274, 3, orientation}, {279, 4, 6}}
	b = binary.LittleEndian.AppendUint16(b, uint16(len(fields)))
	for _, f := range fields {
		b = binary.LittleEndian.AppendUint16(b, uint16(f[0]))
		b = binary.LittleEndian.AppendUint16(b, uint16(f[1]))
		b = binary.LittleEndian.AppendUint32(b, 1)
		b = binary.LittleEndian.AppendUint32(b, uint32(f[2]))
	}
	return append(b, 0, 0, 0, 0)
}

func TestEncodePNGRoundTrip(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {17, 31}, {4096, 3}, {20000, 3}} {
		for _, gray := range []bool{false, true} {
			for _, alpha := range []bool{false, true} {
				p := example(t, size[0], size[1], gray, alpha && size[0] > 1)
				data, err := p.EncodePNG()
				if err != nil {
					t.Fatal(err)
				}
				q, err := Decode(data, Source{})
				if err != nil || !p.Equal(q) || p.Hash() != q.Hash() {
					t.Errorf("%v grey %v alpha %v: does not come back (%v)", size, gray, alpha, err)
				}
				if n := q.Source().Notes; len(n) != 0 {
					t.Errorf("notes %q", n)
				}
			}
		}
	}
}

// TestHugeHeaders checks that sizes beyond the limits fail before pixels are allocated.
func TestHugeHeaders(t *testing.T) {
	head := func(w, h int) []byte {
		b := binary.BigEndian.AppendUint32([]byte("IHDR"), uint32(w))
		b = append(binary.BigEndian.AppendUint32(b, uint32(h)), 8, 2, 0, 0, 0)
		out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), b...)
		return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(b))
	}
	bmpHead := make([]byte, 54)
	copy(bmpHead, "BM")
	bmpHead[14], bmpHead[20], bmpHead[24], bmpHead[28] = 40, 0xff, 0xff, 24
	for name, data := range map[string][]byte{
		"PNG side":   head(65536, 1),
		"PNG pixels": head(65535, 65535),
		"PNG 2^31-1": head(1<<31-1, 1<<31-1),
		"GIF":        []byte("GIF89a\xff\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x00"),
		"BMP":        bmpHead,
		"PNM":        []byte("P6 70000 70000 255\n"),
		"JPEG":       []byte("\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"),
		"WebP":       []byte("RIFF\x20\x00\x00\x00WEBPVP8L\x05\x00\x00\x00\x2f\xff\xff\xff\x0f\x00"),
	} {
		if _, err := Decode(data, Source{Name: "x"}); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCutFiles cuts each file at many places: an error that names the file, or the
// right picture.
func TestCutFiles(t *testing.T) {
	p := example(t, 40, 30, false, false)
	for name, data := range files(t, p) {
		whole, err := Decode(data, Source{})
		if err != nil {
			t.Fatal(err)
		}
		for n := 0; n < len(data); n += 1 + n/50 {
			got, err := Decode(data[:n], Source{Name: "cut"})
			if err != nil && !strings.HasPrefix(err.Error(), "cut: ") {
				t.Errorf("%s cut to %d: %v", name, n, err)
			}
			if err == nil && !got.Equal(whole) {
				t.Errorf("%s cut to %d of %d bytes: another picture without an error", name, n, len(data))
			}
		}
	}
}

func TestDepthIsNoted(t *testing.T) {
	deep := image.NewGray16(image.Rect(0, 0, 2, 1))
	deep.SetGray16(0, 0, color.Gray16{0x0081})
	deep.SetGray16(1, 0, color.Gray16{0xff80})
	var b bytes.Buffer
	if err := stdpng.Encode(&b, deep); err != nil {
		t.Fatal(err)
	}
	p, err := Decode(b.Bytes(), Source{})
	if err != nil {
		t.Fatal(err)
	}
	s := p.Source()
	if pix := p.RGB8().Pix; s.Depth != 16 || len(s.Notes) != 1 || !p.Gray() || pix[0] != 1 || pix[4] != 255 {
		t.Errorf("%+v, grey %v, %v", s, p.Gray(), pix)
	}
}

func FuzzDecode(f *testing.F) {
	for _, data := range files(f, example(f, 5, 4, false, true)) {
		f.Add(data)
	}
	f.Add(tiffWith(6))
	f.Add([]byte("\x00\x00\x00\x20ftypavif\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if w, h, _, err := DecodeConfig(data); err == nil && w*h > 1<<18 {
			return // right, but slow
		}
		p, err := Decode(data, Source{Name: "fuzz"})
		if err == nil && len(p.RGB8().Pix) != 4*p.Pixels() {
			t.Errorf("%d bytes for %d pixels", len(p.RGB8().Pix), p.Pixels())
		}
		if err != nil && strings.Contains(err.Error(), "broke its reader") {
			t.Error(err)
		}
	})
}
