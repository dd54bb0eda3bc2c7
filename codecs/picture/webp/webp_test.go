package webp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"codecworkbench/codecs/picture/pnm"
	"codecworkbench/codecs/picture/raster"
)

func anySize(int, int) error { return nil }

func small(w, h int) error {
	if w*h > 1<<16 {
		return errors.New("too large")
	}
	return nil
}

// lossless is a VP8L bitstream of w x h pixels of one colour: all five prefix codes are
// simple ones of one symbol, green 3, red 1, blue 2, alpha 255.
func lossless(w, h int) []byte {
	var b bitWriter
	b.put(0x2f, 8)
	b.put(w-1, 14)
	b.put(h-1, 14)
	b.put(0, 1+3) // no alpha, version 0
	b.put(0, 1)   // no transform
	b.put(0, 1)   // no colour cache
	b.put(0, 1)   // no meta prefix codes
	for _, symbol := range []int{3, 1, 2, 255} {
		b.put(1, 1) // simple
		b.put(0, 1) // one symbol
		b.put(1, 1) // of 8 bits
		b.put(symbol, 8)
	}
	b.put(1, 1)
	b.put(0, 1)
	b.put(0, 1)
	b.put(0, 1) // distance: symbol 0 of 1 bit
	b.put(0, 7)
	return b.data
}

// bitWriter writes bits from the lowest up.
type bitWriter struct {
	data []byte
	acc  uint64
	n    int
}

func (b *bitWriter) put(v, n int) {
	b.acc |= uint64(v) << b.n
	for b.n += n; b.n >= 8; b.n -= 8 {
		b.data = append(b.data, byte(b.acc))
		b.acc >>= 8
	}
}

func chunkOf(kind string, payload []byte) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(payload)))
	b = append(b, payload...)
	if len(payload)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

func riff(chunks ...[]byte) []byte {
	body := append([]byte("WEBP"), bytes.Join(chunks, nil)...)
	return chunkOf("RIFF", body)
}

func le24b(v int) []byte { return []byte{byte(v), byte(v >> 8), byte(v >> 16)} }

func vp8x(w, h int) []byte {
	return chunkOf("VP8X", append(append([]byte{0x3e, 0, 0, 0}, le24b(w-1)...), le24b(h-1)...))
}

func anmf(x, y, w, h int, inside ...[]byte) []byte {
	var b []byte
	for _, v := range []int{x / 2, y / 2, w - 1, h - 1, 100} {
		b = append(b, le24b(v)...)
	}
	return chunkOf("ANMF", append(append(b, 0), bytes.Join(inside, nil)...))
}

func TestContainer(t *testing.T) {
	const orientation6 = "Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00"
	frame := chunkOf("VP8L", lossless(2, 1))
	for _, c := range []struct {
		name        string
		file        []byte
		w, h        int
		at          image.Point // where the frame's first pixel is
		orientation int
		icc         string
		notes       int
	}{
		{"simple", riff(frame), 2, 1, image.Point{}, 1, "", 0},
		{"bytes behind the picture", append(riff(frame), "rubbish that goes on"...), 2, 1, image.Point{}, 1, "", 0},
		{"unknown chunks before", riff(chunkOf("abcd", []byte("odd")), frame), 2, 1, image.Point{}, 1, "", 0},
		{"extended, metadata behind", riff(vp8x(2, 1), chunkOf("ICCP", []byte("icc")), frame, chunkOf("XMP ", []byte("x")), chunkOf("EXIF", []byte(orientation6))), 2, 1, image.Point{}, 6, "icc", 0},
		{"animation", riff(vp8x(7, 5), chunkOf("ANIM", make([]byte, 6)), anmf(2, 4, 2, 1, chunkOf("abcd", nil), frame), anmf(0, 0, 2, 1, frame)), 7, 5, image.Pt(2, 4), 1, "", 1},
		{"RIFF size too small", func() []byte { b := riff(frame); b[4] = 4; return b }(), 2, 1, image.Point{}, 1, "", 0},
		{"RIFF size too large", func() []byte { b := riff(frame); b[6] = 99; return b }(), 2, 1, image.Point{}, 1, "", 0},
		{"chunk size too large", func() []byte { b := riff(frame); b[18] = 99; return b }(), 2, 1, image.Point{}, 1, "", 0},
	} {
		img, err := Decode(c.file, anySize)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if img.Pix.Rect.Dx() != c.w || img.Pix.Rect.Dy() != c.h || img.Orientation != c.orientation || string(img.ICC) != c.icc || len(img.Notes) != c.notes {
			t.Errorf("%s: %v, orientation %d, profile %q, notes %q", c.name, img.Pix.Rect, img.Orientation, img.ICC, img.Notes)
		}
		for y := range c.h {
			for x := range c.w {
				want := color.NRGBA{}
				if y == c.at.Y && (x == c.at.X || x == c.at.X+1) {
					want = color.NRGBA{1, 3, 2, 255}
				}
				if got := img.Pix.NRGBAAt(x, y); got != want {
					t.Errorf("%s: pixel %d,%d is %v, want %v", c.name, x, y, got, want)
				}
			}
		}
	}
}

func TestErrors(t *testing.T) {
	frame := chunkOf("VP8L", lossless(2, 1))
	for _, c := range []struct {
		name, says string
		file       []byte
	}{
		{"nothing", "header", []byte("RIFF")},
		{"no picture", "no picture", riff(chunkOf("abcd", nil))},
		{"cut bitstream", "cut off", riff(frame)[:26]},
		{"canvas of another size", "its bitstream 2 x 1", riff(vp8x(3, 1), frame)},
		{"frame outside the canvas", "outside", riff(vp8x(3, 1), anmf(2, 0, 2, 1, frame))},
		{"frame of another size", "first frame is of 2 x 1", riff(vp8x(9, 9), anmf(0, 0, 3, 1, frame))},
		{"no key frame", "VP8 header", riff(chunkOf("VP8 ", []byte{1, 0, 0, 0x9d, 1, 0x2a, 1, 0, 1, 0}))},
		{"VP8 without pixels", "0 x 1", riff(chunkOf("VP8 ", []byte{0, 0, 0, 0x9d, 1, 0x2a, 0, 0, 1, 0}))},
		{"VP8L of another version", "VP8L header", riff(chunkOf("VP8L", []byte{0x2f, 0, 0, 0, 0x20}))},
		{"short VP8X", "header", riff(chunkOf("VP8X", []byte{0}))},
	} {
		if _, err := Decode(c.file, anySize); err == nil || !strings.Contains(err.Error(), c.says) || !errors.Is(err, raster.ErrDamaged) {
			t.Errorf("%s: %v, want something about %q", c.name, err, c.says)
		}
	}
	if _, err := Decode(riff(vp8x(1<<24, 1<<24), anmf(0, 0, 2, 1, frame)), small); err == nil || err.Error() != "too large" {
		t.Errorf("huge: %v", err)
	}
}

// photo draws something with smooth and sharp parts, colours of full strength, and
// alpha if asked for.
func photo(w, h int, alpha bool) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{
				uint8(127 + 127*math.Sin(float64(x)/7+float64(y)/11)),
				uint8(x * 255 / w), uint8(255 * ((x/5 + y/3) % 2)), 255}
			if (x-w/2)*(x-w/2)+(y-h/2)*(y-h/2) < w*h/16 {
				c.R, c.G, c.B = 255, 0, 0
			}
			if alpha {
				c.A = uint8((x*3 + y*5) % 256)
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

// TestMatchesLibwebp compares with dwebp, bit for bit.
func TestMatchesLibwebp(t *testing.T) {
	for _, tool := range []string{"cwebp", "dwebp"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("needs cwebp and dwebp")
		}
	}
	dir := t.TempDir()
	in, file, out := filepath.Join(dir, "in.png"), filepath.Join(dir, "x.webp"), filepath.Join(dir, "out.pam")
	for _, c := range []struct {
		w, h  int
		alpha bool
		flags string
	}{
		{1, 1, false, "-q 50"}, {2, 2, false, "-q 90"}, {3, 2, false, "-q 75"}, {17, 31, false, "-q 20"},
		{64, 48, false, "-q 95 -sharpness 3"}, {65, 49, false, "-q 0"}, {300, 3, false, "-q 75"}, {3, 300, false, "-q 75"},
		{401, 307, false, "-q 80"}, {401, 307, false, "-q 100 -sharp_yuv"}, {150, 90, false, "-q 60 -segments 4 -partition_limit 50"},
		{150, 90, false, "-q 60 -noalpha -strong -f 90"}, {150, 90, false, "-q 60 -nostrong -f 60"},
		{17, 31, true, "-q 75"}, {66, 33, true, "-q 75 -alpha_filter none"}, {66, 33, true, "-q 75 -alpha_filter best -alpha_q 30"},
		{66, 33, true, "-q 75 -alpha_method 0"}, {1, 1, true, "-q 75"},
		{17, 31, false, "-lossless"}, {66, 33, true, "-lossless -exact"}, {150, 90, true, "-lossless -near_lossless 40"},
	} {
		var b bytes.Buffer
		if err := png.Encode(&b, photo(c.w, c.h, c.alpha)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(in, b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
		args := append(strings.Fields(c.flags), "-quiet", in, "-o", file)
		if o, err := exec.Command("cwebp", args...).CombinedOutput(); err != nil {
			t.Fatalf("cwebp %s: %v %s", c.flags, err, o)
		}
		if o, err := exec.Command("dwebp", "-quiet", "-nodither", "-pam", file, "-o", out).CombinedOutput(); err != nil {
			t.Fatalf("dwebp: %v %s", err, o)
		}
		data, err1 := os.ReadFile(file)
		ref, err2 := os.ReadFile(out)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		want, err := pnm.Decode(ref, anySize)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(data, anySize)
		if err != nil {
			t.Errorf("%d x %d %s: %v", c.w, c.h, c.flags, err)
			continue
		}
		if !bytes.Equal(got.Pix.Pix, want.Pix.Pix) {
			t.Errorf("%d x %d %s: another picture than dwebp's", c.w, c.h, c.flags)
		}
	}
}

func FuzzDecode(f *testing.F) {
	frame := chunkOf("VP8L", lossless(2, 1))
	f.Add(riff(frame))
	f.Add(riff(vp8x(7, 5), anmf(2, 4, 2, 1, chunkOf("ALPH", []byte{0, 1, 2}), frame)))
	f.Add(riff(vp8x(1, 1), chunkOf("ALPH", []byte{0x04, 9}), chunkOf("VP8 ", []byte{0x10, 0, 0, 0x9d, 1, 0x2a, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}), chunkOf("EXIF", []byte("II*\x00"))))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := DecodeConfig(data)
		img, err2 := Decode(data, small)
		if err2 == nil && (err != nil || img.Pix.Rect.Dx() != c.Width || img.Pix.Rect.Dy() != c.Height) {
			t.Errorf("header %v %v, picture %v", c, err, img.Pix.Rect)
		}
	})
}

func BenchmarkToRGB(b *testing.B) {
	src := image.NewYCbCr(image.Rect(0, 0, 768, 512), image.YCbCrSubsampleRatio420)
	for i := range src.Y {
		src.Y[i] = uint8(i)
	}
	b.SetBytes(768 * 512 * 3)
	for b.Loop() {
		toRGB(src)
	}
}
