package tiff

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"math"
	"strings"
	"testing"

	xtiff "golang.org/x/image/tiff"

	"codecworkbench/codecs/picture/raster"
)

func anySize(int, int) error { return nil }

func small(w, h int) error {
	if w > 1<<12 || h > 1<<12 || w*h > 1<<16 {
		return errors.New("too large")
	}
	return nil
}

// field is a directory entry: numbers as SHORT, or as LONG if wide, or raw bytes.
type field struct {
	tag    int
	values []int
	raw    []byte
	wide   bool
}

func short(tag int, v ...int) field { return field{tag: tag, values: v} }

// spec describes a file to build: fields, and strips or tiles whose offsets and
// sizes are added.
type spec struct {
	order    binary.AppendByteOrder
	big      bool
	fields   []field
	segments []string
	next     int // offset of another directory
}

func (s spec) build() []byte {
	if s.order == nil {
		s.order = binary.LittleEndian
	}
	o := s.order
	b := []byte("II")
	if o.String() == "BigEndian" {
		b = []byte("MM")
	}
	word := 4
	if s.big {
		word = 8
		b = o.AppendUint16(o.AppendUint16(o.AppendUint16(b, 43), 8), 0)
		b = o.AppendUint64(b, 0)
	} else {
		b = o.AppendUint16(b, 42)
		b = o.AppendUint32(b, 0)
	}
	put := func(b []byte, v int) []byte {
		if s.big {
			return o.AppendUint64(b, uint64(v))
		}
		return o.AppendUint32(b, uint32(v))
	}
	offsets, sizes := field{tag: tagStripOffsets, wide: true}, field{tag: tagStripCounts, wide: true}
	for _, f := range s.fields {
		if f.tag == tagTileWidth {
			offsets.tag, sizes.tag = tagTileOffsets, tagTileCounts
		}
	}
	for _, seg := range s.segments {
		offsets.values, sizes.values = append(offsets.values, len(b)), append(sizes.values, len(seg))
		b = append(b, seg...)
	}
	fields := s.fields
	if len(s.segments) > 0 {
		fields = append(append([]field{}, s.fields...), offsets, sizes)
	}
	var directory []byte
	if s.big {
		directory = o.AppendUint64(directory, uint64(len(fields)))
	} else {
		directory = o.AppendUint16(directory, uint16(len(fields)))
	}
	for _, f := range fields {
		kind, count, value := 3, len(f.values), []byte(nil)
		for _, v := range f.values {
			if f.wide {
				kind, value = 4, o.AppendUint32(value, uint32(v))
			} else {
				value = o.AppendUint16(value, uint16(v))
			}
		}
		if f.raw != nil {
			kind, count, value = 7, len(f.raw), f.raw
		}
		directory = o.AppendUint16(o.AppendUint16(directory, uint16(f.tag)), uint16(kind))
		directory = put(directory, count)
		if len(value) <= word {
			directory = append(append(directory, value...), make([]byte, word-len(value))...)
		} else {
			directory = put(directory, len(b))
			b = append(b, value...)
		}
	}
	at := put(nil, len(b))
	copy(b[len(at):], at)
	b = append(b, directory...)
	return put(b, s.next)
}

func base(w, h int, more ...field) []field {
	return append([]field{short(tagWidth, w), short(tagHeight, h)}, more...)
}

func shorts(o binary.AppendByteOrder, v ...uint16) string {
	var b []byte
	for _, x := range v {
		b = o.AppendUint16(b, x)
	}
	return string(b)
}

func floats(o binary.AppendByteOrder, v ...float32) string {
	var b []byte
	for _, x := range v {
		b = o.AppendUint32(b, math.Float32bits(x))
	}
	return string(b)
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

func TestDecode(t *testing.T) {
	le, be := binary.LittleEndian, binary.BigEndian
	rgb := []field{short(tagBits, 8, 8, 8), short(tagPhotometric, 2), short(tagSamples, 3)}
	rgba := func(alpha int) []field {
		return []field{short(tagBits, 8, 8, 8, 8), short(tagPhotometric, 2), short(tagSamples, 4), short(tagExtraSamples, alpha)}
	}
	grey := func(bits, photometric int) []field {
		return []field{short(tagBits, bits), short(tagPhotometric, photometric)}
	}
	with := func(a []field, more ...field) []field { return append(append([]field{}, a...), more...) }
	colours := field{tag: tagColorMap, values: []int{0x0101, 0xffff, 0, 0x8080, 0x0202, 0, 0xffff, 0x8080, 0x0303, 0, 0, 0x8080}}
	narrow := field{tag: tagColorMap, values: []int{1, 255, 0, 128, 2, 0, 255, 128, 3, 0, 0, 128}}
	for _, c := range []struct {
		name  string
		spec  spec
		want  string // hexadecimal RGBA
		notes string
	}{
		{"RGB", spec{fields: base(2, 1, rgb...), segments: []string{"\x01\x02\x03\x04\x05\x06"}}, "010203ff040506ff", ""},
		{"RGB, big end first", spec{order: be, fields: base(2, 1, rgb...), segments: []string{"\x01\x02\x03\x04\x05\x06"}}, "010203ff040506ff", ""},
		{"BigTIFF", spec{big: true, fields: base(2, 1, rgb...), segments: []string{"\x01\x02\x03\x04\x05\x06"}}, "010203ff040506ff", ""},
		{"BigTIFF, big end first", spec{order: be, big: true, fields: base(2, 1, rgb...), segments: []string{"\x01\x02\x03\x04\x05\x06"}}, "010203ff040506ff", ""},
		{"strips", spec{fields: base(1, 3, with(grey(8, 1), short(tagRowsPerStrip, 2))...), segments: []string{"\x01\x02", "\x03"}}, "010101ff020202ff030303ff", ""},
		{"planes", spec{fields: base(2, 1, with(rgb, short(tagPlanar, 2))...), segments: []string{"\x01\x04", "\x02\x05", "\x03\x06"}}, "010203ff040506ff", ""},
		{"tiles", spec{fields: base(3, 3, with(grey(8, 1), short(tagTileWidth, 2), short(tagTileHeight, 2))...),
			segments: []string{"\x01\x02\x04\x05", "\x03\x00\x06\x00", "\x07\x08\x00\x00", "\x09"}},
			"010101ff020202ff030303ff040404ff050505ff060606ff070707ff080808ff090909ff", ""},
		{"tiles of planes", spec{fields: base(1, 1, with(rgb, short(tagPlanar, 2), short(tagTileWidth, 2), short(tagTileHeight, 1))...),
			segments: []string{"\x01\x00", "\x02\x00", "\x03\x00"}}, "010203ff", ""},
		{"1 bit, white is zero", spec{fields: base(3, 1, grey(1, 0)...), segments: []string{"\x40"}}, "ffffffff000000ffffffffff", ""},
		{"1 bit, bits reversed", spec{fields: base(3, 1, with(grey(1, 1), short(tagFillOrder, 2))...), segments: []string{"\x02"}}, "000000ffffffffff000000ff", ""},
		{"2 bits", spec{fields: base(2, 1, grey(2, 1)...), segments: []string{"\x60"}}, "555555ffaaaaaaff", ""},
		{"4 bits, two rows", spec{fields: base(1, 2, grey(4, 1)...), segments: []string{"\x10\xf0"}}, "111111ffffffffff", ""},
		{"6 bits", spec{fields: base(2, 1, grey(6, 1)...), segments: []string{"\xfc\x00"}}, "ffffffff000000ff", ""},
		{"12 bits", spec{fields: base(2, 1, grey(12, 1)...), segments: []string{"\xff\xf8\x00"}}, "ffffffff808080ff", ""},
		{"16 bits round", spec{fields: base(2, 1, grey(16, 1)...), segments: []string{shorts(le, 128, 129)}}, "000000ff010101ff", ""},
		{"16 bits, big end first", spec{order: be, fields: base(2, 1, grey(16, 1)...), segments: []string{shorts(be, 128, 65535)}}, "000000ffffffffff", ""},
		{"32 bits", spec{fields: base(1, 1, grey(32, 1)...), segments: []string{"\xff\xff\xff\x7f"}}, "7f7f7fff", ""},
		{"24 bits", spec{fields: base(1, 1, grey(24, 1)...), segments: []string{"\x00\x00\x80"}}, "808080ff", ""},
		{"64 bits", spec{fields: base(1, 1, grey(64, 1)...), segments: []string{"\x00\x00\x00\x00\x00\x00\x00\x80"}}, "808080ff", ""},
		{"signed 16 bits", spec{fields: base(2, 1, with(grey(16, 1), short(tagSampleFormat, 2))...), segments: []string{shorts(le, 32767, 65535)}}, "ffffffff000000ff", "negative"},
		{"signed 8 bits", spec{fields: base(1, 1, with(grey(8, 1), short(tagSampleFormat, 2))...), segments: []string{"\x90"}}, "909090ff", "unsigned"},
		{"float", spec{fields: base(3, 1, with(grey(32, 1), short(tagSampleFormat, 3))...), segments: []string{floats(le, 0.5, 2, float32(math.NaN()))}}, "808080ffffffffff000000ff", "clipped"},
		{"float, predicted", spec{fields: base(2, 1, with(grey(32, 1), short(tagSampleFormat, 3), short(tagCompression, 8), short(tagPredictor, 3))...),
			// 1.0 and 0.5 are 3f800000 and 3f000000; bytes by significance are 3f3f 8000 0000 0000, then differences
			segments: []string{deflated("\x3f\x00\x41\x80\x00\x00\x00\x00")}}, "ffffffff808080ff", ""},
		{"half float", spec{fields: base(2, 1, with(grey(16, 1), short(tagSampleFormat, 3))...), segments: []string{shorts(le, 0x3c00, 0x3800)}}, "ffffffff808080ff", ""},
		{"double", spec{fields: base(1, 1, with(grey(64, 1), short(tagSampleFormat, 3))...), segments: []string{"\x00\x00\x00\x00\x00\x00\xe0\x3f"}}, "808080ff", ""},
		{"24-bit float", spec{fields: base(1, 1, with(grey(24, 1), short(tagSampleFormat, 3))...), segments: []string{"\x00\x00\x3e"}}, "808080ff", ""},
		{"palette", spec{fields: base(3, 1, with(grey(2, 3), colours)...), segments: []string{"\x1c"}}, "010203ffff0000ff808080ff", ""},
		{"palette of 8 bits", spec{fields: base(3, 1, with(grey(2, 3), narrow)...), segments: []string{"\x1c"}}, "010203ffff0000ff808080ff", ""},
		{"palette with a colour missing", spec{fields: base(3, 1, with(grey(2, 3), short(tagColorMap, 0x101, 0xffff, 0x8080, 0x202, 0, 0x8080, 0x303, 0, 0x8080))...), segments: []string{"\x1c"}},
			"010203ffff0000ff000000ff", "3 of 4 colours"},
		{"straight alpha", spec{fields: base(1, 1, rgba(2)...), segments: []string{"\x01\x02\x03\x04"}}, "01020304", ""},
		{"associated alpha", spec{fields: base(3, 1, rgba(1)...), segments: []string{"\x20\x40\x80\x80\xff\x00\x01\x00\xff\xff\xff\x80"}}, "4080ff80ff000100ffffff80", ""},
		{"an extra channel that is no alpha", spec{fields: base(1, 1, rgba(0)...), segments: []string{"\x01\x02\x03\x04"}}, "010203ff", "further channels"},
		{"grey with alpha", spec{fields: base(1, 1, short(tagBits, 8, 8), short(tagPhotometric, 0), short(tagSamples, 2), short(tagExtraSamples, 2)), segments: []string{"\x01\x04"}}, "fefefe04", ""},
		{"grey and a plane that lacks", spec{fields: base(1, 1, short(tagBits, 8, 8), short(tagPhotometric, 1), short(tagSamples, 2), short(tagExtraSamples, 0), short(tagPlanar, 2)),
			segments: []string{"\x01"}}, "010101ff", "further"},
		{"CMYK", spec{fields: base(2, 1, short(tagBits, 8, 8, 8, 8), short(tagPhotometric, 5), short(tagSamples, 4)), segments: []string{"\x00\xff\x80\x00\x00\x00\x00\x80"}}, "ff007fff7f7f7fff", "CMYK"},
		{"YCbCr", spec{fields: base(1, 1, with(rgb[:1:1], short(tagPhotometric, 6), short(tagSamples, 3), short(tagYCbCrSub, 1, 1))...), segments: []string{"\x4c\x55\xff"}}, "fe0000ff", ""},
		{"YCbCr, subsampled", spec{fields: base(3, 1, with(rgb[:1:1], short(tagPhotometric, 6), short(tagSamples, 3), short(tagYCbCrSub, 2, 1))...),
			segments: []string{"\x01\x02\x80\x80\x03\x00\x80\x80"}}, "010101ff020202ff030303ff", ""},
		{"CIELab", spec{fields: base(3, 1, with(rgb[:1:1], short(tagPhotometric, 8), short(tagSamples, 3))...), segments: []string{"\xff\x00\x00\x80\x00\x00\x00\x00\x00"}}, "ffffffff777777ff000000ff", "CIELab"},
		{"ICCLab", spec{fields: base(1, 1, with(rgb[:1:1], short(tagPhotometric, 9), short(tagSamples, 3))...), segments: []string{"\x80\x80\x80"}}, "777777ff", "CIELab"},
		{"PackBits", spec{fields: base(5, 1, with(grey(8, 1), short(tagCompression, 32773))...), segments: []string{"\x80\xfd\x07\x00\x09"}}, strings.Repeat("070707ff", 4) + "090909ff", ""},
		{"Deflate with predictor", spec{fields: base(2, 1, with(rgb, short(tagCompression, 8), short(tagPredictor, 2))...), segments: []string{deflated("\x01\x02\x03\x03\x03\x03")}}, "010203ff040506ff", ""},
		{"Deflate, old number, 16-bit predictor", spec{fields: base(2, 1, with(grey(16, 1), short(tagCompression, 32946), short(tagPredictor, 2))...),
			segments: []string{deflated(shorts(le, 0x1010, 0x2020))}}, "101010ff303030ff", ""},
		{"LZW", spec{fields: base(9, 1, with(grey(8, 1), short(tagCompression, 5))...), segments: []string{"\x80\x01\xe0\x40\x80\x44\x08\x0c\x06\x80\x80"}},
			"070707ff070707ff070707ff080808ff080808ff070707ff070707ff060606ff060606ff", ""},
		{"LZW in the old bit order", spec{fields: base(1, 1, with(grey(8, 1), short(tagCompression, 5))...), segments: []string{"\x00\x0f\x04\x04"}}, "070707ff", ""},
		{"Group 4", spec{fields: base(3, 2, with(grey(1, 0), short(tagCompression, 4))...), segments: []string{"\x23\xaf\x00\x10\x01"}}, "ffffffff000000ffffffffffffffffff000000ffffffffff", ""},
		{"ThunderScan", spec{fields: base(4, 1, with(grey(4, 1), short(tagCompression, 32809))...), segments: []string{"\xc5\x01\x58"}}, "555555ff555555ff666666ff666666ff", ""},
		{"NeXT", spec{fields: base(4, 1, with(grey(2, 1), short(tagCompression, 32766))...), segments: []string{"\x00\x1b"}}, "000000ff555555ffaaaaaaffffffffff", ""},
		{"several pages", spec{next: 8, fields: base(1, 1, grey(8, 1)...), segments: []string{"\x01"}}, "010101ff", "pages"},
		{"no photometric tag", spec{fields: base(1, 1, short(tagBits, 8, 8, 8), short(tagSamples, 3)), segments: []string{"\x01\x02\x03"}}, "010203ff", ""},
		{"rows per strip 2^32-1", spec{fields: base(1, 2, with(grey(8, 1), field{tag: tagRowsPerStrip, values: []int{1<<32 - 1}, wide: true})...), segments: []string{"\x01\x02"}}, "010101ff020202ff", ""},
	} {
		img, err := Decode(c.spec.build(), anySize)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := hex.EncodeToString(img.Pix.Pix); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if got := fmt.Sprint(img.Notes); c.notes == "" && got != "[]" || !strings.Contains(got, c.notes) {
			t.Errorf("%s: notes %s, want something about %q", c.name, got, c.notes)
		}
	}
}

// TestStandard reads what golang.org/x/image writes, over odd sizes.
func TestStandard(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {17, 31}, {4096, 3}} {
		r := image.Rect(0, 0, size[0], size[1])
		straight, deep, grey := image.NewNRGBA(r), image.NewNRGBA64(r), image.NewGray16(r)
		for i := range straight.Pix {
			straight.Pix[i] = uint8(i * 7)
		}
		for i := range deep.Pix {
			deep.Pix[i] = uint8(i * 11)
		}
		for i := range grey.Pix {
			grey.Pix[i] = uint8(i * 13)
		}
		for _, o := range []xtiff.Options{{}, {Compression: xtiff.Deflate}, {Compression: xtiff.Deflate, Predictor: true}} {
			var b [3]bytes.Buffer
			if err := errors.Join(xtiff.Encode(&b[0], straight, &o), xtiff.Encode(&b[1], deep, &o), xtiff.Encode(&b[2], grey, &o)); err != nil {
				t.Fatal(err)
			}
			var got [3]*raster.Image
			for i := range got {
				var err error
				if got[i], err = Decode(b[i].Bytes(), anySize); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(got[0].Pix.Pix, straight.Pix) {
				t.Errorf("%v %+v: 8-bit RGBA differs", size, o)
			}
			for i := range got[1].Pix.Pix {
				if want := raster.Round16(uint32(deep.Pix[2*i])<<8 | uint32(deep.Pix[2*i+1])); got[1].Pix.Pix[i] != want {
					t.Fatalf("%v %+v: 16-bit RGBA differs at %d", size, o, i)
				}
			}
			if want := raster.Round16(uint32(grey.Pix[0])<<8 | uint32(grey.Pix[1])); got[2].Pix.Pix[0] != want || !got[2].Gray || got[2].Depth != 16 {
				t.Errorf("%v %+v: 16-bit grey differs", size, o)
			}
		}
	}
}

func TestErrors(t *testing.T) {
	grey := func(more ...field) []field {
		return base(2, 2, append([]field{short(tagBits, 8), short(tagPhotometric, 1)}, more...)...)
	}
	good := spec{fields: grey(), segments: []string{"abcd"}}.build()
	for _, c := range []struct {
		name, says string
		file       []byte
	}{
		{"header", "header", good[:6]},
		{"directory outside", "directory is not", append(append([]byte{}, good[:4]...), 0xff, 0xff, 0xff, 0x7f, 0, 0)},
		{"no size", "0 x 0", spec{fields: []field{short(tagBits, 8)}, segments: []string{"a"}}.build()},
		{"no pixels", "missing", spec{fields: grey()}.build()},
		{"short strip", "strip or tile 0", spec{fields: grey(short(tagCompression, 32773)), segments: []string{"\x01ab"}}.build()},
		{"missing strip", "strip or tile 1 is missing", spec{fields: grey(short(tagRowsPerStrip, 1)), segments: []string{"ab"}}.build()},
		{"sizes differ", "different sizes", spec{fields: base(1, 1, short(tagBits, 5, 6, 5), short(tagSamples, 3)), segments: []string{"ab"}}.build()},
		{"compression", "Zstandard", spec{fields: grey(short(tagCompression, 50000)), segments: []string{"abcd"}}.build()},
		{"predictor", "predictor 7", spec{fields: grey(short(tagCompression, 8), short(tagPredictor, 7)), segments: []string{deflated("abcd")}}.build()},
		{"Deflate", "Deflate", spec{fields: grey(short(tagCompression, 8)), segments: []string{"abcd"}}.build()},
		{"palette", "palette is missing", spec{fields: base(1, 1, short(tagBits, 8), short(tagPhotometric, 3)), segments: []string{"a"}}.build()},
		{"raw", "raw", spec{fields: base(1, 1, short(tagBits, 8), short(tagPhotometric, 32803)), segments: []string{"a"}}.build()},
		{"samples", "1 samples", spec{fields: base(1, 1, short(tagBits, 8), short(tagPhotometric, 2), short(tagSamples, 1)), segments: []string{"a"}}.build()},
		{"tiles", "tiles of", spec{fields: grey(field{tag: tagTileWidth, values: []int{1 << 30}, wide: true}, field{tag: tagTileHeight, values: []int{1 << 30}, wide: true}), segments: []string{"a"}}.build()},
		{"fax", "fax", spec{fields: grey(short(tagCompression, 4)), segments: []string{"abcd"}}.build()},
		{"JPEG", "broken", spec{fields: grey(short(tagCompression, 7)), segments: []string{"abcd"}}.build()},
	} {
		_, err := Decode(c.file, anySize)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want something about %q", c.name, err, c.says)
		}
		if !errors.Is(err, raster.ErrDamaged) && !errors.Is(err, raster.ErrUnsupported) {
			t.Errorf("%s: the error has no kind", c.name)
		}
	}
	huge := spec{fields: []field{{tag: tagWidth, values: []int{1 << 30}, wide: true}, {tag: tagHeight, values: []int{1 << 30}, wide: true}, short(tagBits, 8)}, segments: []string{"a"}}
	if _, err := Decode(huge.build(), small); err == nil || err.Error() != "too large" {
		t.Errorf("huge: %v", err)
	}
	if _, err := Decode(good, anySize); err != nil {
		t.Error(err)
	}
}

// TestCut cuts a file whose directory lies in front everywhere.
func TestCut(t *testing.T) {
	pixels := strings.Repeat("abc", 100)
	file := spec{fields: base(10, 10, short(tagBits, 8, 8, 8), short(tagPhotometric, 2), short(tagSamples, 3)), segments: []string{pixels}}.build()
	// Move the pixels behind the directory.
	at := len(file)
	file = append(file, pixels...)
	i := bytes.LastIndex(file[:at], []byte{byte(tagStripOffsets & 255), tagStripOffsets >> 8, 4, 0})
	binary.LittleEndian.PutUint32(file[i+8:], uint32(at))
	for n := range len(file) {
		if _, err := Decode(file[:n], anySize); err == nil {
			t.Errorf("cut to %d of %d bytes: no error", n, len(file))
		}
	}
	if _, err := Decode(file, anySize); err != nil {
		t.Error(err)
	}
}

func FuzzDecode(f *testing.F) {
	grey := []field{short(tagBits, 8), short(tagPhotometric, 1)}
	for _, more := range [][]field{nil, {short(tagCompression, 5)}, {short(tagCompression, 32773), short(tagOrientation, 6)}, {short(tagCompression, 7)},
		{short(tagCompression, 6)}, {short(tagTileWidth, 1), short(tagTileHeight, 2)}, {short(tagPhotometric, 3)}} {
		f.Add(spec{fields: base(2, 2, append(grey, more...)...), segments: []string{"\x80\x01\xe0\x40"}}.build())
	}
	f.Add(spec{big: true, order: binary.BigEndian, fields: base(3, 2, short(tagBits, 1), short(tagCompression, 4)), segments: []string{"\x23\xaf\x00\x10\x01"}}.build())
	f.Add(spec{fields: base(4, 1, short(tagBits, 32), short(tagSampleFormat, 3), short(tagCompression, 8), short(tagPredictor, 3)), segments: []string{deflated("0123456789abcdef")}}.build())
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := DecodeConfig(data)
		img, err2 := Decode(data, small)
		if err2 == nil && (err != nil || img.Pix.Rect.Dx() != c.Width || img.Pix.Rect.Dy() != c.Height) {
			t.Errorf("header %v %v, picture %v", c, err, img.Pix.Rect)
		}
	})
}
