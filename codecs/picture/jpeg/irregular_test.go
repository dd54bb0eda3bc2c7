package jpeg

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"strings"
	"testing"
)

// encoded is a file of our own encoder.
func encoded(t testing.TB, w, h int, o EncodeOptions) []byte {
	t.Helper()
	if o.Quality == 0 {
		o.Quality = 75
	}
	file, err := Encode(context.Background(), testPicture(w, h), o)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func decoded(t testing.TB, file []byte) *Image {
	t.Helper()
	img, err := Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// find returns where a marker's segment starts and ends.
func find(t testing.TB, file []byte, marker byte) (start, end int) {
	t.Helper()
	for i := 2; i+4 <= len(file); {
		n := 2 + int(binary.BigEndian.Uint16(file[i+2:]))
		if file[i+1] == marker {
			return i, i + n
		}
		i += n
	}
	t.Fatalf("no segment %02X", marker)
	return 0, 0
}

func splice(file []byte, from, to int, with ...byte) []byte {
	return append(append(append([]byte(nil), file[:from]...), with...), file[to:]...)
}

// same fails unless a changed file decodes to the pixels of the original, without notes.
func same(t *testing.T, original, changed []byte) {
	t.Helper()
	a, b := decoded(t, original), decoded(t, changed)
	if !bytes.Equal(a.Pix.Pix, b.Pix.Pix) {
		t.Error("the pixels differ")
	}
	if len(b.Notes) > 0 || b.Truncated {
		t.Errorf("notes %q, truncated %v", b.Notes, b.Truncated)
	}
}

func TestIrregularFiles(t *testing.T) {
	file := encoded(t, 61, 43, EncodeOptions{})
	sos, _ := find(t, file, mSOS)
	sof, _ := find(t, file, mSOF0)
	dht, _ := find(t, file, mDHT)
	dqt, dqtEnd := find(t, file, mDQT)
	t.Run("no end marker", func(t *testing.T) { same(t, file, file[:len(file)-2]) })
	t.Run("junk behind the end", func(t *testing.T) { same(t, file, append(bytes.Clone(file), "junk\xff\xd8\xff"...)) })
	t.Run("fill bytes", func(t *testing.T) { same(t, file, splice(file, sof, sof, 0xFF, 0xFF, 0xFF)) })
	t.Run("junk between segments", func(t *testing.T) { same(t, file, splice(file, sof, sof, 1, 2, 3, 0xFF, 0, 9)) })
	t.Run("no Huffman tables", func(t *testing.T) { same(t, file, splice(file, dht, sos)) })
	t.Run("unknown application segment", func(t *testing.T) {
		same(t, file, splice(file, sof, sof, 0xFF, 0xEB, 0, 5, 1, 2, 3))
	})
	t.Run("extended sequential", func(t *testing.T) { same(t, file, splice(file, sof+1, sof+2, mSOF1)) })
	t.Run("16-bit quantization table", func(t *testing.T) {
		wide := []byte{0xFF, mDQT, 0, 2 + 1 + 128, 0x10}
		for _, v := range file[dqt+5 : dqtEnd] {
			wide = append(wide, 0, v)
		}
		same(t, file, splice(file, dqt, dqtEnd, wide...))
	})
	t.Run("height in a DNL segment", func(t *testing.T) {
		late := splice(file, sof+5, sof+7, 0, 0)
		late = splice(late, len(late)-2, len(late)-2, 0xFF, mDNL, 0, 4, 0, 43)
		same(t, file, late)
		c, err := DecodeConfig(late)
		if err != nil || c.Height != 43 || c.Width != 61 {
			t.Errorf("DecodeConfig: %+v, %v", c, err)
		}
	})
	t.Run("progressive fields in a baseline scan", func(t *testing.T) {
		_, end := find(t, file, mSOS)
		same(t, file, splice(file, end-3, end, 0, 0, 0))
	})
}

// TestTwelveBit marks an 8-bit file as 12-bit: its samples then lie within
// 2048 +- 128, so that 8-bit output is the original's contrast over sixteen.
func TestTwelveBit(t *testing.T) {
	file := encoded(t, 61, 43, EncodeOptions{Gray: true, Quality: 95})
	sof, _ := find(t, file, mSOF0)
	a, b := decoded(t, file), decoded(t, splice(file, sof+1, sof+5, mSOF1, 0, 11, 12))
	for i := range a.Pix.Pix {
		want := 128 + (float64(a.Pix.Pix[i])-128)/16
		if i%4 == 3 {
			want = 255
		}
		// Values at the ends of the 8-bit range were limited in the original.
		if d := float64(b.Pix.Pix[i]) - want; (d > 0.6 || d < -0.6) && a.Pix.Pix[i] > 0 && a.Pix.Pix[i] < 255 {
			t.Fatalf("sample %d is %d, want %.2f", i, b.Pix.Pix[i], want)
		}
	}
	if len(b.Notes) == 0 {
		t.Error("no note about the lost bits")
	}
}

// TestFractionalSampling decodes factors that libjpeg refuses: 3 to 2.
func TestFractionalSampling(t *testing.T) {
	flat := image.NewNRGBA(image.Rect(0, 0, 48, 48))
	for i := 0; i < len(flat.Pix); i += 4 {
		copy(flat.Pix[i:], []uint8{180, 100, 40, 255})
	}
	e := newEncoder(flat, EncodeOptions{Quality: 90, Subsampling: Sampling444})
	f := &e.f
	f.hMax, f.vMax = 3, 2
	f.comps[0].h, f.comps[0].v = 3, 2
	f.comps[1].h, f.comps[2].h = 2, 1
	f.layOut()
	for i := range f.comps {
		n := f.comps[i].stride * f.comps[i].rows
		e.coefs[i], e.masks[i] = make([]int16, 64*n), make([]uint64, n)
		sample := [3][]uint8{make([]uint8, 64), make([]uint8, 64), make([]uint8, 64)}
		toYCC(sample[0], sample[1], sample[2], flat.Pix[:4*64])
		for k := range n {
			e.masks[i][k] = e.quant[f.comps[i].tq].quantize(sample[i], 8, (*[64]int16)(e.coefs[i][64*k:]))
		}
	}
	e.huff = standardCodes()
	e.writeHeaders()
	img := decoded(t, e.writeScan())
	if img.Pix.Rect != flat.Rect {
		t.Fatalf("decoded %v", img.Pix.Rect)
	}
	for i, v := range img.Pix.Pix {
		if d := int(v) - int(flat.Pix[i]); d < -3 || d > 3 {
			t.Fatalf("sample %d is %d, want %d", i, v, flat.Pix[i])
		}
	}
}

func TestMetadata(t *testing.T) {
	file := encoded(t, 9, 9, EncodeOptions{})
	sof, _ := find(t, file, mSOF0)
	segment := func(m byte, body string) []byte {
		n := len(body) + 2
		return append([]byte{0xFF, m, byte(n >> 8), byte(n)}, body...)
	}
	chunk2 := segment(mAPP2, "ICC_PROFILE\x00\x02\x02file")
	chunk1 := segment(mAPP2, "ICC_PROFILE\x00\x01\x02pro")
	exif := segment(mAPP1, "Exif\x00\x00MM\x00*rest")
	img := decoded(t, splice(file, sof, sof, bytes.Join([][]byte{chunk2, exif, chunk1}, nil)...))
	if string(img.ICC) != "profile" || string(img.EXIF) != "MM\x00*rest" {
		t.Errorf("profile %q, Exif %q", img.ICC, img.EXIF)
	}
	img = decoded(t, splice(file, sof, sof, chunk2...))
	if img.ICC != nil || len(img.Notes) == 0 {
		t.Errorf("an incomplete profile: %q, notes %q", img.ICC, img.Notes)
	}
	if img := decoded(t, file); img.ICC != nil || img.EXIF != nil {
		t.Error("metadata out of nowhere")
	}
}

func TestRefuses(t *testing.T) {
	file := encoded(t, 61, 43, EncodeOptions{})
	sof, sofEnd := find(t, file, mSOF0)
	sos, _ := find(t, file, mSOS)
	dqt, dqtEnd := find(t, file, mDQT)
	for _, c := range []struct {
		name string
		file []byte
		want error
	}{
		{"empty", nil, ErrFormat},
		{"text", []byte("this is not a picture"), ErrFormat},
		{"start marker only", []byte{0xFF, 0xD8, 0xFF}, ErrTruncated},
		{"cut before the frame", file[:sof], ErrTruncated},
		{"cut before the scan", file[:sos], ErrTruncated},
		{"cut in the scan header", file[:sos+6], ErrTruncated},
		{"no frame header", splice(file, sof, sofEnd), ErrDamaged},
		{"no picture", []byte{0xFF, 0xD8, 0xFF, 0xD9}, ErrDamaged},
		{"no quantization table", splice(file, dqt, dqtEnd), ErrDamaged},
		{"too many pixels", splice(file, sof+5, sof+9, 0xFF, 0xFF, 0xFF, 0xFF), ErrTooLarge},
		{"no width", splice(file, sof+7, sof+9, 0, 0), ErrDamaged},
		{"no height", splice(file, sof+5, sof+7, 0, 0), ErrDamaged},
		{"sampling 0", splice(file, sof+11, sof+12, 0x02), ErrDamaged},
		{"lossless", splice(file, sof+1, sof+2, 0xC3), ErrUnsupported},
		{"hierarchical", splice(file, sof+1, sof+2, 0xC5), ErrUnsupported},
		{"two components", splice(file, sof+9, sof+10, 2), ErrUnsupported},
		{"two frames", splice(file, sofEnd, sofEnd, file[sof:sofEnd]...), ErrDamaged},
	} {
		t.Run(c.name, func(t *testing.T) {
			for range 2 {
				if _, err := Decode(c.file); !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), "jpeg: ") {
					t.Errorf("error %v, want %v", err, c.want)
				}
			}
			if _, err := DecodeCoefficients(c.file); err == nil {
				t.Error("DecodeCoefficients accepts it")
			}
		})
	}
}

// TestCut cuts files at every length: each gives a picture that says so, or an
// error before the first scan.
func TestCut(t *testing.T) {
	plain := encoded(t, 40, 40, EncodeOptions{})
	files := map[string][]byte{"baseline": plain}
	if progressive, err := tryTool(t, plain, "jpegtran", "-progressive"); err == nil {
		files["progressive"] = progressive
	}
	for name, file := range files {
		sos, _ := find(t, file, mSOS)
		for n := range len(file) - 3 {
			img, err := Decode(file[:n])
			switch {
			case err != nil && n > sos+14:
				t.Fatalf("%s cut to %d of %d bytes: %v", name, n, len(file), err)
			case err == nil && !img.Truncated:
				t.Fatalf("%s cut to %d of %d bytes: not marked", name, n, len(file))
			case err == nil && !strings.Contains(strings.Join(img.Notes, " "), ErrTruncated.Error()):
				t.Fatalf("%s cut to %d of %d bytes: notes %q", name, n, len(file), img.Notes)
			}
		}
	}
}

// TestScanBomb decodes a small file that asks for thousands of scans over a large
// picture: the work is bounded.
func TestScanBomb(t *testing.T) {
	file := []byte{0xFF, mSOI, 0xFF, mDQT, 0, 67, 0}
	file = append(file, bytes.Repeat([]byte{1}, 64)...)
	file = append(file, 0xFF, mSOF2, 0, 11, 8, 0x08, 0, 0x08, 0, 1, 1, 0x11, 0) // 2048 x 2048
	// One AC code, of one bit: an end-of-band run of 2^14 blocks and 14 bits more.
	file = append(file, 0xFF, mDHT, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xE0)
	file = append(file, 0xFF, mSOS, 0, 8, 1, 1, 0, 0, 0, 0, 0)
	for range 2000 {
		file = append(file, 0xFF, mSOS, 0, 8, 1, 1, 0, 1, 63, 0x10)
		file = append(file, bytes.Repeat([]byte{0x7F, 0xFE}, 6)...)
	}
	img := decoded(t, file)
	if img.Pix.Rect.Dx() != 2048 || len(img.Notes) == 0 {
		t.Errorf("decoded %v, notes %q", img.Pix.Rect, img.Notes)
	}
}

func TestCoefficients(t *testing.T) {
	o := EncodeOptions{Quality: 60}
	file := encoded(t, 61, 43, o)
	c, err := DecodeCoefficients(file)
	if err != nil {
		t.Fatal(err)
	}
	e := newEncoder(testPicture(61, 43), o)
	if err := e.transform(context.Background()); err != nil {
		t.Fatal(err)
	}
	if len(c.Components) != 3 || c.Components[0].H != 2 || c.Components[0].V != 2 {
		t.Fatalf("%d components, luma sampled %d x %d", len(c.Components), c.Components[0].H, c.Components[0].V)
	}
	bits := 0
	for i := range c.Components {
		p := &c.Components[i]
		if p.Quant != QuantTable(60, i > 0) {
			t.Errorf("component %d has other quantization steps", i)
		}
		for y := range p.BlocksY {
			for x := range p.BlocksX {
				got, want := p.Block(x, y), e.coefs[i][64*(y*e.f.comps[i].stride+x):]
				for k, at := range ZigZag {
					if got[at] != want[k] {
						t.Fatalf("component %d, block %d,%d, coefficient %d: %d, encoded %d", i, x, y, k, got[at], want[k])
					}
				}
				bits += int(p.Bits[y*p.BlocksX+x])
			}
		}
	}
	_, end := find(t, file, mSOS)
	if coded := 8 * (len(file) - end - 2); bits > coded || bits < coded*95/100 {
		t.Errorf("blocks took %d bits of %d", bits, coded)
	}
}

func TestSegmentsCoverFile(t *testing.T) {
	file := encoded(t, 61, 43, EncodeOptions{})
	for name, f := range map[string][]byte{
		"plain": file, "junk inside": splice(file, 20, 20, 5, 5), "junk behind": append(bytes.Clone(file), 1, 2),
		"cut": file[:300], "restarts": tool(t, file, "jpegtran", "-restart", "2B"), "no picture": []byte("text"),
	} {
		at := 0
		for _, s := range Segments(f) {
			if s.Offset != at || s.Length < 1 || s.Name == "" {
				t.Errorf("%s: part %+v, want one at %d", name, s, at)
			}
			at += s.Length
		}
		if at != len(f) {
			t.Errorf("%s: the parts end at %d of %d", name, at, len(f))
		}
	}
}

func FuzzDecode(f *testing.F) {
	base := encoded(f, 20, 20, EncodeOptions{})
	f.Add(base)
	f.Add(encoded(f, 9, 17, EncodeOptions{Subsampling: Sampling444, Gray: true, Optimize: true}))
	for _, args := range []string{"-progressive", "-arithmetic", "-arithmetic -progressive", "-restart 1B"} {
		if file, err := tryTool(f, base, "jpegtran", strings.Fields(args)...); err == nil {
			f.Add(file)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := DecodeConfig(data)
		if err == nil && c.Width*c.Height > 1<<20 {
			return // valid, but slow to try
		}
		img, err := Decode(data)
		if err == nil && (img.Pix.Rect.Dx() != c.Width || img.Pix.Rect.Dy() != c.Height) {
			t.Errorf("decoded %v, the header says %d x %d", img.Pix.Rect, c.Width, c.Height)
		}
		if _, err := DecodeCoefficients(data); (err == nil) != (img != nil) {
			t.Errorf("coefficients: %v, but the picture's decoding differs", err)
		}
		_ = Segments(data)
	})
}
