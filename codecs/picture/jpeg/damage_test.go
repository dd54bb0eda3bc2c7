package jpeg

import (
	"strings"
	"testing"
)

// TestDamagedLikeLibjpeg decodes files with flipped bits and cut ends: there may be
// no error where djpeg gives a picture, and mostly the pixels are the same. (They
// differ where damaged coefficients overflow sixteen bits, which libjpeg-turbo's
// SIMD code does in its own way.)
func TestDamagedLikeLibjpeg(t *testing.T) {
	for _, options := range []string{"-restart 2", "-restart 3B", "", "-progressive", "-progressive -restart 1", "-grayscale", "-arithmetic", "-arithmetic -progressive -restart 2"} {
		file := tool(t, ppm(testPicture(120, 90)), "cjpeg", strings.Fields(options)...)
		seed := uint32(3)
		random := func(n int) int {
			seed = seed*1664525 + 1013904223
			return int(uint64(seed) * uint64(n) >> 32)
		}
		same, total, refused, more := 0, 0, 0, 0
		for i := range 60 {
			bad := append([]byte(nil), file...)
			start := strings.Index(string(bad), "\xff\xda") + 14
			if i%3 == 0 {
				bad = bad[:start+random(len(bad)-start)]
			} else {
				for range 1 + i%3 {
					bad[start+random(len(bad)-start-2)] ^= 1 << random(8)
				}
			}
			img, err := Decode(bad)
			out, refErr := tryTool(t, bad, "djpeg", "-pnm")
			if refErr != nil && !strings.Contains(refErr.Error(), "exit status 2") {
				if err == nil {
					more++
				}
				continue
			}
			total++
			if err != nil {
				refused++
				t.Errorf("%s, case %d: %v; djpeg decodes it", options, i, err)
				continue
			}
			_, _, rgb, err := parsePNM(out)
			if err != nil {
				t.Fatal(err)
			}
			if n, _ := difference(img.Pix, rgb); n == 0 {
				same++
			} else {
				t.Log(options, i, n)
			}
		}
		t.Logf("%q: %d of %d as djpeg decodes them; %d decoded that djpeg refuses", options, same, total, more)
	}
}
