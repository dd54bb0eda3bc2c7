package jpeg

import (
	"bytes"
	"fmt"
	"image"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// testPicture draws gradients, edges and noise, so that every coefficient and
// both chroma components are exercised.
func testPicture(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	seed := uint32(1)
	for y := range h {
		for x := range w {
			seed = seed*1664525 + 1013904223
			noise := int(seed>>27) - 16
			r := 128 + 110*math.Sin(float64(x)/9+float64(y)/31)
			g := 128 + 110*math.Cos(float64(y)/13-float64(x)/40)
			b := float64((x*3 + y*5) & 255)
			if (x/24+y/17)%5 == 0 {
				r, g, b = 255-r, 30, 250
			}
			p := img.Pix[img.PixOffset(x, y):]
			for c, v := range []float64{r, g, b} {
				p[c] = uint8(min(max(int(v)+noise, 0), 255))
			}
			p[3] = 255
		}
	}
	return img
}

// ppm writes a picture for cjpeg.
func ppm(img *image.NRGBA) []byte {
	b := fmt.Appendf(nil, "P6\n%d %d\n255\n", img.Rect.Dx(), img.Rect.Dy())
	for i := 0; i < len(img.Pix); i += 4 {
		b = append(b, img.Pix[i:i+3]...)
	}
	return b
}

// tool runs one of libjpeg-turbo's programs and skips the test where it is absent.
func tool(t testing.TB, input []byte, name string, args ...string) []byte {
	t.Helper()
	out, err := tryTool(t, input, name, args...)
	if err != nil {
		t.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
	}
	return out
}

func tryTool(t testing.TB, input []byte, name string, args ...string) ([]byte, error) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s of libjpeg-turbo is not installed", name)
	}
	cmd := exec.Command(path, args...)
	cmd.Stdin = bytes.NewReader(input)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return out, fmt.Errorf("%w: %s", err, stderr.String())
	}
	return out, nil
}

// reference decodes with djpeg to packed RGB.
func reference(t testing.TB, file []byte) (w, h int, rgb []byte) {
	t.Helper()
	w, h, rgb, err := parsePNM(tool(t, file, "djpeg", "-pnm"))
	if err != nil {
		t.Fatal(err)
	}
	return w, h, rgb
}

func parsePNM(b []byte) (w, h int, rgb []byte, err error) {
	var kind string
	var peak int
	if _, err := fmt.Sscanf(string(b[:min(len(b), 40)]), "%s\n%d %d\n%d\n", &kind, &w, &h, &peak); err != nil {
		return 0, 0, nil, err
	}
	if kind == "P6" {
		return w, h, b[len(b)-3*w*h:], nil
	}
	for _, v := range b[len(b)-w*h:] {
		rgb = append(rgb, v, v, v)
	}
	return w, h, rgb, nil
}

// difference returns how many samples differ and by how much at most.
func difference(img *image.NRGBA, rgb []byte) (count, most int) {
	for i := range len(img.Pix) / 4 {
		for c := range 3 {
			d := int(img.Pix[4*i+c]) - int(rgb[3*i+c])
			if d != 0 {
				count++
				most = max(most, d, -d)
			}
		}
	}
	return count, most
}

// mustMatch decodes file with both decoders and compares all pixels.
func mustMatch(t *testing.T, file []byte) *Image {
	t.Helper()
	img, err := Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	w, h, rgb := reference(t, file)
	if img.Pix.Rect.Dx() != w || img.Pix.Rect.Dy() != h {
		t.Fatalf("decoded %v, djpeg %d x %d", img.Pix.Rect, w, h)
	}
	if n, most := difference(img.Pix, rgb); n > 0 {
		t.Fatalf("%d of %d samples differ from djpeg's, by up to %d", n, 3*w*h, most)
	}
	return img
}

func TestMatchesLibjpeg(t *testing.T) {
	options := []string{
		"", "-sample 1x1", "-sample 2x1", "-sample 1x2", "-sample 4x1", "-sample 1x4", "-sample 4x2",
		"-sample 3x1", "-sample 1x3", "-sample 3x2", "-sample 2x2,1x2,2x1", "-sample 1x1,2x2,2x1", "-sample 1x4,1x2,1x1", "-sample 4x1,1x1,2x1",
		"-sample 1x1,2x1,1x1", "-sample 2x1,2x1,1x1", "-sample 2x2,1x1,1x2",
		"-grayscale", "-grayscale -progressive", "-grayscale -sample 2x2", "-rgb", "-rgb -progressive",
		"-progressive", "-progressive -sample 1x1", "-progressive -sample 2x1 -restart 3B", "-progressive -sample 1x2 -restart 1",
		"-optimize", "-restart 1", "-restart 5B", "-restart 1 -sample 1x1", "-quality 10", "-quality 95", "-quality 100",
		"-quality 1", "-progressive -quality 100", "-progressive -quality 3", "-optimize -quality 98 -sample 1x1",
		"-arithmetic", "-arithmetic -progressive", "-arithmetic -restart 1", "-arithmetic -progressive -restart 7B -sample 2x1",
		"-arithmetic -grayscale -quality 90", "-arithmetic -quality 100 -sample 1x1", "-quality 2 -baseline", "-quality 20,90",
	}
	sizes := [][2]int{{1, 1}, {17, 31}, {3, 200}, {200, 3}, {101, 67}, {5, 5}, {16, 16}, {33, 130}}
	for _, o := range options {
		t.Run(o, func(t *testing.T) {
			for _, s := range sizes {
				file := tool(t, ppm(testPicture(s[0], s[1])), "cjpeg", strings.Fields(o)...)
				mustMatch(t, file)
			}
		})
	}
}

// TestMatchesLibjpegScans covers scan scripts: separate components, partial bands.
func TestMatchesLibjpegScans(t *testing.T) {
	scripts := map[string]string{
		"separate components": "0;\n1;\n2;\n",
		"luma, then chroma":   "0;\n1,2;\n",
		"chroma first":        "2;\n1;\n0;\n",
		"many bits": "0,1,2: 0-0, 0, 3;\n0: 1-5, 0, 4;\n2: 1-63, 0, 1;\n1: 1-63, 0, 2;\n0: 6-63, 0, 4;\n" +
			"0: 1-63, 4, 3;\n0,1,2: 0-0, 3, 2;\n0: 1-63, 3, 2;\n0: 1-63, 2, 1;\n0,1,2: 0-0, 2, 1;\n0: 1-63, 1, 0;\n" +
			"1: 1-63, 2, 1;\n1: 1-63, 1, 0;\n2: 1-63, 1, 0;\n0,1,2: 0-0, 1, 0;\n",
	}
	for name, script := range scripts {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "scans")
			if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, extra := range []string{"", "-sample 1x1", "-arithmetic", "-restart 1"} {
				args := append(strings.Fields(extra), "-scans", path)
				mustMatch(t, tool(t, ppm(testPicture(101, 67)), "cjpeg", args...))
			}
		})
	}
}

// TestMatchesLibjpegOnGoFiles runs over the test files of Go's own decoder.
func TestMatchesLibjpegOnGoFiles(t *testing.T) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("the Go tools are not installed")
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(root)), "src/image/testdata/*.jpeg"))
	if err != nil || len(files) == 0 {
		t.Skip("the Go source tree is not installed")
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			file, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(name, "truncated") {
				// djpeg warns, which is exit status 2; how it estimates the missing detail
				// depends a little on its version.
				out, _ := tryTool(t, file, "djpeg", "-pnm")
				_, _, rgb, err := parsePNM(out)
				if err != nil {
					t.Fatal(err)
				}
				if _, most := difference(decoded(t, file).Pix, rgb); most > 16 {
					t.Errorf("samples differ from djpeg's by up to %d", most)
				}
				return
			}
			mustMatch(t, file)
		})
	}
}
