package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// survey lets ImageMagick write small pictures in every variant of the formats that it
// knows and reads them with this package.
type survey struct {
	program string
	dir     string
}

// newSurvey skips the test where ImageMagick is absent.
func newSurvey(t *testing.T) *survey {
	t.Helper()
	for _, name := range []string{"magick", "convert-im6.q16", "convert"} { // version 7; Debian's version 6; any other 6
		if version, err := exec.Command(name, "-version").Output(); err == nil && bytes.Contains(version, []byte("ImageMagick")) {
			return &survey{name, t.TempDir()}
		}
	}
	t.Skip("ImageMagick is not installed")
	return nil
}

// sources draws the pictures of 37 x 29 pixels that are written.
func sources(t *testing.T) map[string]*Picture {
	t.Helper()
	out := map[string]*Picture{}
	for name, at := range map[string]func(x, y int) color.NRGBA{
		"rgb": func(x, y int) color.NRGBA { return color.NRGBA{uint8(7 * x), uint8(9 * y), uint8(5 * (x + y)), 255} },
		"rgba": func(x, y int) color.NRGBA {
			return color.NRGBA{uint8(7 * x), uint8(9 * y), uint8(5 * (x + y)), uint8(255 - 6*x)}
		},
		"cut": func(x, y int) color.NRGBA {
			return color.NRGBA{uint8(x / 8 * 50), uint8(y / 9 * 60), 9, uint8((x + y) % 3 / 2 * 255)}
		},
		"few":     func(x, y int) color.NRGBA { return color.NRGBA{uint8(x / 10 * 60), uint8(y / 10 * 90), 200, 255} },
		"grey":    func(x, y int) color.NRGBA { v := uint8(3*x + 4*y); return color.NRGBA{v, v, v, 255} },
		"bilevel": func(x, y int) color.NRGBA { v := uint8((x*x + y) / 5 % 2 * 255); return color.NRGBA{v, v, v, 255} },
	} {
		img := image.NewNRGBA(image.Rect(0, 0, 37, 29))
		for y := range 29 {
			for x := range 37 {
				img.SetNRGBA(x, y, at(x, y))
			}
		}
		p, err := New(img, name == "grey" || name == "bilevel", name == "rgba" || name == "cut", Source{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		out[name] = p
	}
	return out
}

// pam writes a picture as PAM.
func pam(p *Picture) []byte {
	kind, channels := "RGB", []int{0, 1, 2}
	switch {
	case p.Gray():
		kind, channels = "GRAYSCALE", channels[:1]
	case p.Alpha():
		kind, channels = "RGB_ALPHA", []int{0, 1, 2, 3}
	}
	b := fmt.Appendf(nil, "P7\nWIDTH %d\nHEIGHT %d\nDEPTH %d\nMAXVAL 255\nTUPLTYPE %s\nENDHDR\n", p.Width(), p.Height(), len(channels), kind)
	for i := 0; i < len(p.RGB8().Pix); i += 4 {
		for _, c := range channels {
			b = append(b, p.RGB8().Pix[i+c])
		}
	}
	return b
}

// run runs ImageMagick and returns what it printed.
func (s *survey) run(args ...string) ([]byte, error) {
	var stderr bytes.Buffer
	cmd := exec.Command(s.program, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, stderr.String())
	}
	return out, nil
}

// file writes a source with options as format; it skips what this ImageMagick can't write.
func (s *survey) file(t *testing.T, p *Picture, format, options string) string {
	t.Helper()
	in := filepath.Join(s.dir, p.Source().Name+".pam")
	out := filepath.Join(s.dir, strings.ReplaceAll(t.Name(), "/", "_")+"."+strings.ToLower(format))
	write(t, in, pam(p))
	args := append([]string{in}, strings.Fields(options)...)
	_, err := s.run(append(args, format+":"+out)...)
	if info, err2 := os.Stat(out); err2 != nil || info.Size() == 0 {
		t.Skipf("this ImageMagick does not write it: %v", err)
	}
	return out
}

// differ fails the test where a sample differs by more than tolerance. The colour under
// full transparency does not count.
func differ(t *testing.T, got, want []byte, tolerance int) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d bytes of pixels, want %d", len(got), len(want))
	}
	for i := 0; i < len(got); i += 4 {
		if got[i+3] == 0 && want[i+3] == 0 {
			continue
		}
		for c := range 4 {
			if d := int(got[i+c]) - int(want[i+c]); d > tolerance || d < -tolerance {
				t.Fatalf("pixel %d is %v, want %v", i/4, got[i:i+4], want[i:i+4])
			}
		}
	}
}

// TestSurveyLossless: variants that hold the source exactly must give it back.
func TestSurveyLossless(t *testing.T) {
	s, all := newSurvey(t), sources(t)
	for _, v := range []struct {
		format, sources string
		options         []string
	}{
		{"BMP", "rgb rgba few grey bilevel", []string{""}},
		{"BMP3", "rgb few grey bilevel", []string{""}},
		{"BMP3", "few grey", []string{"-compress RLE"}},
		{"BMP2", "rgb few bilevel", []string{""}},
		{"PPM", "rgb", []string{"", "-compress none", "-depth 16", "-depth 16 -compress none"}},
		{"PGM", "grey", []string{"", "-compress none", "-depth 16"}},
		{"PBM", "bilevel", []string{"", "-compress none"}},
		{"PAM", "rgba bilevel", []string{"", "-depth 16"}},
		{"PFM", "rgb grey", []string{"-endian LSB", "-endian MSB"}},
		{"TIFF", "rgb rgba cut few grey bilevel", []string{"-compress LZW -define tiff:rows-per-strip=7", "-compress none -endian MSB"}},
		{"TIFF", "rgba grey few", []string{
			"-compress Zip -define tiff:tile-geometry=16x32", "-compress RLE -define tiff:fill-order=lsb", "-compress LZW -define tiff:predictor=2",
		}},
		{"TIFF", "rgba grey", []string{
			"-interlace plane -compress Zip", "-interlace plane -depth 16 -define tiff:tile-geometry=32x16",
			"-depth 16 -compress LZW -define tiff:predictor=2 -endian MSB", "-depth 32", "-depth 64 -define quantum:format=floating-point -endian MSB",
			"-depth 32 -define quantum:format=floating-point -compress Zip -define tiff:predictor=3", "-depth 16 -define quantum:format=floating-point",
		}},
		{"TIFF64", "rgba", []string{"-compress LZW", "-compress none -endian MSB"}},
		{"TIFF", "bilevel", []string{
			"-compress Fax -type bilevel", "-compress Group4 -type bilevel", "-compress Group4 -type bilevel -define tiff:fill-order=lsb -define tiff:rows-per-strip=8",
			"-compress Group4 -type bilevel -define quantum:polarity=min-is-white", "-type bilevel -compress none",
		}},
		{"PNG", "rgb rgba cut few grey bilevel", []string{"", "-depth 16 -interlace PNG"}},
		{"PNG8", "few bilevel cut", []string{"-interlace PNG"}},
		{"GIF", "few cut bilevel", []string{"", "-interlace GIF"}},
		{"GIF87", "few", []string{"-compress none"}},
		{"WEBP", "rgb rgba grey", []string{"-define webp:lossless=true -define webp:exact=true"}},
	} {
		for _, source := range strings.Fields(v.sources) {
			for _, options := range v.options {
				t.Run(fmt.Sprintf("%s %s %s", v.format, source, options), func(t *testing.T) {
					t.Parallel()
					want := all[source]
					got, err := Open(s.file(t, want, v.format, options))
					if err != nil {
						t.Fatal(err)
					}
					if got.RGB8().Rect != want.RGB8().Rect {
						t.Fatalf("%v, want %v", got.RGB8().Rect, want.RGB8().Rect)
					}
					differ(t, got.RGB8().Pix, want.RGB8().Pix, 0)
				})
			}
		}
	}
}

// TestSurvey: variants that lose something must give what ImageMagick reads from them.
func TestSurvey(t *testing.T) {
	s, all := newSurvey(t), sources(t)
	for _, v := range []struct {
		format, sources string
		tolerance       int
		options         []string
	}{
		{"BMP", "rgb", 1, []string{"-define bmp:subtype=RGB565", "-define bmp:subtype=RGB555"}},
		{"PPM", "rgb", 1, []string{"-depth 1", "-depth 3", "-depth 5", "-depth 7", "-depth 10", "-depth 12 -compress none"}},
		{"PGM", "grey", 1, []string{"-depth 2", "-depth 4 -compress none", "-depth 9"}},
		{"TIFF", "rgb", 1, []string{"-depth 2", "-depth 4 -compress LZW", "-depth 10", "-depth 12 -endian MSB -define tiff:tile-geometry=16x16"}},
		{"TIFF", "rgba", 1, []string{"-define tiff:alpha=associated -depth 16", "-define tiff:alpha=associated -compress Zip"}},
		{"TIFF", "rgb", 2, []string{"-colorspace CMYK", "-colorspace CMYK -depth 16 -interlace plane", "-colorspace CMYK -compress JPEG", "-colorspace YCbCr"}},
		{"TIFF", "rgb grey", 2, []string{"-compress JPEG", "-compress JPEG -define tiff:tile-geometry=16x16"}},
		{"TIFF", "rgb", 0, []string{"-orient TopRight", "-orient BottomRight", "-orient BottomLeft", "-orient LeftTop", "-orient RightTop", "-orient RightBottom", "-orient LeftBottom"}},
		{"PNG", "grey", 0, []string{"-depth 1", "-depth 2 -interlace PNG", "-depth 4"}},
		{"GIF", "rgb cut", 0, []string{"-interlace GIF"}},
		{"GIF", "cut", 0, []string{"-repage 60x50+11+13", "-repage 30x17-2-1"}},
		{"WEBP", "rgb rgba", 1, []string{"-quality 80"}},
		{"JPEG", "rgb", 1, []string{"-quality 90", "-sampling-factor 4x2", "-interlace JPEG", "-colorspace CMYK", "-colorspace CMYK -interlace JPEG -sampling-factor 2x2"}},
	} {
		for _, source := range strings.Fields(v.sources) {
			for _, options := range v.options {
				t.Run(fmt.Sprintf("%s %s %s", v.format, source, options), func(t *testing.T) {
					t.Parallel()
					path := s.file(t, all[source], v.format, options)
					meant := "-auto-orient" // what a viewer shows
					if v.format == "GIF" {
						meant = "-coalesce"
					}
					want, err := s.run(path+"[0]", meant, "-colorspace", "sRGB", "-depth", "8", "RGBA:-")
					if err != nil {
						t.Skip(err)
					}
					got, err := Open(path)
					if err != nil {
						t.Fatal(err)
					}
					differ(t, got.RGB8().Pix, want, v.tolerance)
				})
			}
		}
	}
}
