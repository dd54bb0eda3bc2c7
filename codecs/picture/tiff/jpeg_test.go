package tiff

import (
	"bytes"
	"encoding/hex"
	"errors"
	"image"
	stdjpeg "image/jpeg"
	"math/bits"
	"strings"
	"testing"
)

func TestJPEG(t *testing.T) {
	src := image.NewRGBA(image.Rect(0, 0, 20, 12))
	grey := image.NewGray(src.Rect)
	for i := range grey.Pix {
		grey.Pix[i] = uint8(4 * (i % 20))
		src.Pix[4*i], src.Pix[4*i+1], src.Pix[4*i+2], src.Pix[4*i+3] = uint8(8*(i%20)), 90, uint8(10*(i/20)), 255
	}
	var colour, mono bytes.Buffer
	o := &stdjpeg.Options{Quality: 100}
	if err := errors.Join(stdjpeg.Encode(&colour, src, o), stdjpeg.Encode(&mono, grey, o)); err != nil {
		t.Fatal(err)
	}
	// Tables and picture apart, as JPEG in TIFF has them: the tables end before SOF.
	split := func(b []byte) (tables, rest []byte) {
		at := bytes.Index(b, []byte("\xff\xc0"))
		dht := bytes.Index(b, []byte("\xff\xc4"))
		sos := bytes.Index(b, []byte("\xff\xda"))
		tables = append(append([]byte{}, b[:at]...), b[dht:sos]...)
		tables = append(tables, 0xff, 0xd9)
		rest = append([]byte("\xff\xd8"), b[at:dht]...)
		return tables, append(rest, b[sos:]...)
	}
	tables, rest := split(colour.Bytes())
	ycc := []field{short(tagBits, 8, 8, 8), short(tagSamples, 3), short(tagPhotometric, 6)}
	for _, c := range []struct {
		name   string
		fields []field
		data   []byte
		grey   bool
	}{
		{"whole streams", append(ycc, short(tagCompression, 7)), colour.Bytes(), false},
		{"shared tables", append(ycc, short(tagCompression, 7), field{tag: tagJPEGTables, raw: tables}), rest, false},
		{"grey", []field{short(tagBits, 8), short(tagPhotometric, 1), short(tagCompression, 7)}, mono.Bytes(), true},
		{"old style", append(ycc, short(tagCompression, 6)), colour.Bytes(), false},
	} {
		img, err := Decode(spec{fields: base(20, 12, c.fields...), segments: []string{string(c.data)}}.build(), anySize)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for i := range grey.Pix {
			for k := range 3 {
				want := int(src.Pix[4*i+k])
				if c.grey {
					want = int(grey.Pix[i])
				}
				if d := int(img.Pix.Pix[4*i+k]) - want; d < -12 || d > 12 {
					t.Fatalf("%s: pixel %d channel %d is %d, want about %d", c.name, i, k, img.Pix.Pix[4*i+k], want)
				}
			}
		}
	}
	// Stored as RGB: without TIFF's tag a decoder would take it for YCbCr.
	raw := spec{fields: base(20, 12, short(tagBits, 8, 8, 8), short(tagSamples, 3), short(tagPhotometric, 2), short(tagCompression, 7)),
		segments: []string{colour.String()}}.build()
	img, err := Decode(raw, anySize)
	if err != nil {
		t.Fatal(err)
	}
	if d := int(img.Pix.Pix[0]) - 53; d < -6 || d > 6 { // the luma of the first pixel, unconverted
		t.Errorf("RGB in JPEG was converted: %v", img.Pix.Pix[:4])
	}
}

// flatJPEG is a baseline file of 8 x 8 pixels with one value a component. Its DC codes
// have four bits, and its only AC code, the end of the block, has one.
func flatJPEG(values ...int) string {
	n := byte(len(values))
	b := []byte("\xff\xd8\xff\xdb\x00\x43\x00" + strings.Repeat("\x08", 64))
	b = append(b, 0xff, 0xc0, 0, 8+3*n, 8, 0, 8, 0, 8, n)
	scan := []byte{0xff, 0xda, 0, 6 + 2*n, n}
	for i := range n {
		b = append(b, i+1, 0x11, 0)
		scan = append(scan, i+1, 0)
	}
	b = append(b, "\xff\xc4\x00\x1f\x00\x00\x00\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b"...)
	b = append(b, "\xff\xc4\x00\x14\x10\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"...)
	b = append(append(b, scan...), 0, 63, 0)
	var acc uint64
	have := 0
	put := func(v uint64, n int) { acc, have = acc<<n|v, have+n }
	for _, v := range values {
		dc := v - 128
		size := bits.Len(uint(max(dc, -dc)))
		put(uint64(size), 4)
		if dc < 0 {
			dc += 1<<size - 1
		}
		put(uint64(dc), size)
		put(0, 1)
	}
	put(1<<7-1, 7)
	for ; have >= 8; have -= 8 {
		v := byte(acc >> (have - 8))
		if b = append(b, v); v == 0xff {
			b = append(b, 0)
		}
	}
	return string(append(b, 0xff, 0xd9))
}

// TestJPEGComponents: what the components of a stream mean is up to TIFF's tags.
func TestJPEGComponents(t *testing.T) {
	const planes = 2
	for _, c := range []struct {
		name               string
		photometric, extra int // extra: -1 without a fourth or second sample
		planar             int
		segments           []string
		first              string
		notes              string
	}{
		{"grey", 1, -1, 1, []string{flatJPEG(7)}, "070707ff", ""},
		{"white is zero", 0, -1, 1, []string{flatJPEG(7)}, "f8f8f8ff", ""},
		{"grey with alpha", 1, 2, 1, []string{flatJPEG(7, 100)}, "07070764", ""},
		{"RGB", 2, -1, 1, []string{flatJPEG(1, 130, 255)}, "0182ffff", ""},
		{"RGB with alpha", 2, 2, 1, []string{flatJPEG(1, 130, 255, 64)}, "0182ff40", ""},
		{"RGB with associated alpha", 2, 1, 1, []string{flatJPEG(1, 32, 64, 64)}, "0480ff40", ""},
		{"RGB and a channel", 2, 0, 1, []string{flatJPEG(1, 130, 255, 64)}, "0182ffff", "further channels"},
		{"RGB planes", 2, -1, planes, []string{flatJPEG(1), flatJPEG(130), flatJPEG(255)}, "0182ffff", ""},
		{"RGB planes with alpha", 2, 2, planes, []string{flatJPEG(1), flatJPEG(130), flatJPEG(255), flatJPEG(9)}, "0182ff09", ""},
		{"CMYK", 5, -1, 1, []string{flatJPEG(0, 255, 128, 0)}, "ff007fff", "CMYK"},
		{"CIELab", 8, -1, 1, []string{flatJPEG(128, 0, 0)}, "777777ff", "CIELab"},
	} {
		samples := map[int]int{0: 1, 1: 1, 2: 3, 5: 4, 8: 3}[c.photometric]
		var more []field
		if c.extra >= 0 {
			samples++
			more = append(more, short(tagExtraSamples, c.extra))
		}
		depths := make([]int, samples)
		for i := range depths {
			depths[i] = 8
		}
		more = append(more, short(tagBits, depths...), short(tagSamples, samples), short(tagPhotometric, c.photometric),
			short(tagCompression, compressJPEG), short(tagPlanar, c.planar))
		img, err := Decode(spec{fields: base(8, 8, more...), segments: c.segments}.build(), anySize)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := hex.EncodeToString(img.Pix.Pix); got != strings.Repeat(c.first, 64) {
			t.Errorf("%s: %s, want %s", c.name, got[:8], c.first)
		}
		if got := strings.Join(img.Notes, "; "); c.notes == "" && got != "" || !strings.Contains(got, c.notes) {
			t.Errorf("%s: notes %q, want something about %q", c.name, got, c.notes)
		}
	}
}

func TestJPEGErrors(t *testing.T) {
	grey := []field{short(tagBits, 8), short(tagPhotometric, 1), short(tagCompression, compressJPEG)}
	for _, c := range []struct {
		name, says string
		file       []byte
	}{
		{"a strip that is too small", "holds 8 x 8 pixels instead of 9 x 8", spec{fields: base(9, 8, grey...), segments: []string{flatJPEG(1)}}.build()},
		{"another number of components", "3 components instead of 1", spec{fields: base(8, 8, grey...), segments: []string{flatJPEG(1, 2, 3)}}.build()},
		{"planes of YCbCr", "YCbCr planes", spec{fields: base(8, 8, short(tagBits, 8, 8, 8), short(tagSamples, 3), short(tagPhotometric, 6), short(tagPlanar, 2),
			short(tagCompression, compressJPEG)), segments: []string{flatJPEG(1), flatJPEG(1), flatJPEG(1)}}.build()},
	} {
		if _, err := Decode(c.file, anySize); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want something about %q", c.name, err, c.says)
		}
	}
}
