package icc

import (
	"encoding/binary"
	"image"
	"math"
	"strings"
	"testing"
	"unicode/utf16"
)

// entry is one tag of a profile to build.
type entry struct{ signature, data string }

func build(class, space, pcs string, entries ...entry) []byte {
	b := make([]byte, headerSize)
	copy(b[12:], class+space+pcs)
	copy(b[36:], "acsp")
	b = binary.BigEndian.AppendUint32(b, uint32(len(entries)))
	at := len(b) + 12*len(entries)
	var body []byte
	for _, e := range entries {
		b = append(b, e.signature...)
		b = binary.BigEndian.AppendUint32(b, uint32(at+len(body)))
		b = binary.BigEndian.AppendUint32(b, uint32(len(e.data)))
		body = append(body, e.data...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	b = append(b, body...)
	binary.BigEndian.PutUint32(b, uint32(len(b)))
	return b
}

func fixeds(v ...float64) string {
	var b []byte
	for _, x := range v {
		b = binary.BigEndian.AppendUint32(b, uint32(int32(math.Round(x*65536))))
	}
	return string(b)
}

func xyz(v ...float64) string { return "XYZ \x00\x00\x00\x00" + fixeds(v...) }

func para(kind byte, v ...float64) string {
	return "para\x00\x00\x00\x00\x00" + string(kind) + "\x00\x00" + fixeds(v...)
}

func curv(points ...uint16) string {
	b := binary.BigEndian.AppendUint32([]byte("curv\x00\x00\x00\x00"), uint32(len(points)))
	for _, p := range points {
		b = binary.BigEndian.AppendUint16(b, p)
	}
	return string(b)
}

func desc(name string) string {
	return string(append(binary.BigEndian.AppendUint32([]byte("desc\x00\x00\x00\x00"), uint32(len(name)+1)), name+"\x00"...))
}

func mluc(name string) string {
	units := utf16.Encode([]rune(name))
	b := []byte("mluc\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x0cenUS")
	b = binary.BigEndian.AppendUint32(b, uint32(2*len(units)))
	b = binary.BigEndian.AppendUint32(b, 28)
	for _, u := range units {
		b = binary.BigEndian.AppendUint16(b, u)
	}
	return string(b)
}

// Primaries under D50.
var (
	srgbPrimaries  = [3]string{xyz(0.43607, 0.22249, 0.01392), xyz(0.38515, 0.71687, 0.09708), xyz(0.14307, 0.06061, 0.71410)}
	adobePrimaries = [3]string{xyz(0.60974, 0.31111, 0.01947), xyz(0.20528, 0.62567, 0.06087), xyz(0.14919, 0.06322, 0.74457)}
)

func rgbProfile(name string, primaries [3]string, trc string) []byte {
	return build("mntr", "RGB ", "XYZ ", entry{"desc", name}, entry{"rXYZ", primaries[0]}, entry{"gXYZ", primaries[1]}, entry{"bXYZ", primaries[2]},
		entry{"rTRC", trc}, entry{"gTRC", trc}, entry{"bTRC", trc})
}

func one(r, g, b uint8) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, 1, 1))
	copy(img.Pix, []uint8{r, g, b, 99})
	return img
}

func near(t *testing.T, name string, img *image.NRGBA, r, g, b uint8) {
	t.Helper()
	for i, want := range []uint8{r, g, b, 99} {
		if d := int(img.Pix[i]) - int(want); d < -1 || d > 1 {
			t.Errorf("%s: %v, want %v", name, img.Pix, []uint8{r, g, b, 99})
			return
		}
	}
}

var srgbCurve = para(3, 2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045)

func TestSRGBIsLeftAlone(t *testing.T) {
	var table []uint16
	for i := range 1024 {
		x := float64(i) / 1023
		if x <= 0.04045 {
			x /= 12.92
		} else {
			x = math.Pow((x+0.055)/1.055, 2.4)
		}
		table = append(table, uint16(x*65535+0.5))
	}
	for name, trc := range map[string]string{"parametric": srgbCurve, "table": curv(table...)} {
		img := one(200, 100, 50)
		if note := Apply(rgbProfile(desc("sRGB"), srgbPrimaries, trc), img, false); note != "" || img.Pix[0] != 200 || img.Pix[1] != 100 || img.Pix[2] != 50 {
			t.Errorf("%s: %q, %v", name, note, img.Pix)
		}
	}
}

// TestConvert compares with littleCMS 2.19 (relative colorimetric, no black point
// compensation) on the same profiles.
func TestConvert(t *testing.T) {
	adobe := rgbProfile(desc("Adobe RGB"), adobePrimaries, curv(0x0233))
	for _, c := range [][6]uint8{{128, 128, 128, 129, 129, 129}, {200, 100, 50, 227, 100, 42}, {50, 60, 70, 41, 57, 69}, {255, 255, 255, 255, 255, 255}, {0, 0, 0, 0, 0, 0}, {0, 255, 0, 0, 255, 0}} {
		img := one(c[0], c[1], c[2])
		note := Apply(adobe, img, false)
		if note != `colours were converted from profile "Adobe RGB" to sRGB` {
			t.Errorf("note %q", note)
		}
		near(t, "Adobe RGB", img, c[3], c[4], c[5])
	}
	// Linear light: 0.5 is 188 in sRGB.
	for name, trc := range map[string]string{"no points": curv(), "exponent 1": curv(0x0100), "two points": curv(0, 65535), "parametric 0": para(0, 1)} {
		img := one(128, 128, 128)
		Apply(rgbProfile(mluc("Ünïcode"), srgbPrimaries, trc), img, false)
		near(t, name, img, 188, 188, 188)
	}
}

// TestGray checks that grey stays grey, under both kinds of profile.
func TestGray(t *testing.T) {
	for name, p := range map[string][]byte{
		"grey":            build("mntr", "GRAY", "XYZ ", entry{"desc", desc("g")}, entry{"kTRC", curv(0x0100)}),
		"RGB":             rgbProfile(desc("g"), adobePrimaries, curv(0x0100)),
		"lightness curve": build("prtr", "GRAY", "Lab ", entry{"desc", desc("g")}, entry{"kTRC", curv()}),
	} {
		want := uint8(188)
		if name == "lightness curve" {
			want = 120 // L* = 50.2
		}
		img := one(128, 128, 128)
		if note := Apply(p, img, true); !strings.Contains(note, "converted") || img.Pix[0] != img.Pix[1] || img.Pix[1] != img.Pix[2] {
			t.Errorf("%s: %q, %v", name, note, img.Pix)
		}
		near(t, name, img, want, want, want)
	}
	img := one(1, 2, 3)
	if note := Apply(build("mntr", "GRAY", "XYZ ", entry{"kTRC", curv(0x0100)}), img, false); !strings.Contains(note, "not applied") {
		t.Errorf("grey profile on a colour picture: %q", note)
	}
}

func TestParametric(t *testing.T) {
	// All five describe (0.9x+0.1)^2, from the corner on where they have one.
	for kind, v := range [][]float64{{2}, {2, 0.9, 0.1}, {2, 0.9, 0.1, 0.25}, {2, 0.9, 0.1, 0.5, 0.5}, {2, 0.9, 0.1, 0.5, 0.5, 0.125, 0.0625}} {
		c, err := readCurve([]byte(para(byte(kind), v...)))
		if err != nil {
			t.Fatal(err)
		}
		above := [...]float64{0.64, 0.6724, 0.6724 + 0.25, 0.6724, 0.6724 + 0.125}[kind]
		below := [...]float64{0.01, 0.0361, 0.0361 + 0.25, 0.05, 0.05 + 0.0625}[kind]
		if kind == 0 {
			above, below = 0.64, 0.01
		}
		if got := c(0.8); math.Abs(got-above) > 1e-4 {
			t.Errorf("type %d at 0.8: %g, want %g", kind, got, above)
		}
		if got := c(0.1); math.Abs(got-below) > 1e-4 {
			t.Errorf("type %d at 0.1: %g, want %g", kind, got, below)
		}
	}
}

func TestNotApplied(t *testing.T) {
	good := rgbProfile(desc("x"), srgbPrimaries, srgbCurve)
	for name, c := range map[string]struct {
		profile []byte
		says    string
	}{
		"CMYK":           {build("prtr", "CMYK", "Lab ", entry{"desc", desc("FOGRA39")}), `"FOGRA39" (CMYK) was not applied`},
		"look-up tables": {build("prtr", "RGB ", "Lab ", entry{"desc", desc("x")}, entry{"A2B0", "mft2\x00\x00\x00\x00"}), "look-up tables"},
		"link":           {build("link", "RGB ", "RGB ", entry{"desc", desc("x")}), "link"},
		"empty":          {nil, "without a name (damaged profile)"},
		"no curve":       {good[:len(good)-20], "damaged profile"},
		"curve type 9":   {rgbProfile(desc("x"), srgbPrimaries, para(9, 1)), "damaged profile"},
		"black":          {rgbProfile(desc("x"), [3]string{xyz(0, 0, 0), xyz(0, 0, 0), xyz(0, 0, 0)}, curv()), "damaged profile"},
	} {
		img := one(10, 20, 30)
		if note := Apply(c.profile, img, false); !strings.Contains(note, c.says) || !strings.Contains(note, "colours may be off") {
			t.Errorf("%s: %q", name, note)
		}
		near(t, name, img, 10, 20, 30)
	}
}

func FuzzApply(f *testing.F) {
	f.Add(rgbProfile(desc("x"), adobePrimaries, srgbCurve))
	f.Add(rgbProfile(mluc("x"), adobePrimaries, curv(0, 100, 65535)))
	f.Add(build("mntr", "GRAY", "Lab ", entry{"desc", desc("g")}, entry{"kTRC", para(4, 2, 0.9, 0.1, 0.5, 0.5, 0.125, 0.0625)}))
	f.Fuzz(func(t *testing.T, data []byte) {
		img := one(1, 128, 255)
		Apply(data, img, false)
		Apply(data, img, true)
		if img.Pix[3] != 99 {
			t.Error("alpha changed")
		}
	})
}

func BenchmarkApply(b *testing.B) {
	img := image.NewNRGBA(image.Rect(0, 0, 1024, 1024))
	for i := range img.Pix {
		img.Pix[i] = uint8(i * 31)
	}
	p := rgbProfile(desc("Adobe RGB"), adobePrimaries, curv(0x0233))
	b.SetBytes(int64(len(img.Pix)))
	for b.Loop() {
		Apply(p, img, false)
	}
}
