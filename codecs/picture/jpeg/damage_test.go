package jpeg

import (
	"bytes"
	"strings"
	"testing"
)

// TestDamagedLikeLibjpeg decodes files with flipped bits and cut ends: there may be
// no error where djpeg gives a picture, and mostly the pixels are the same. They
// differ where damaged coefficients overflow sixteen bits: there libjpeg-turbo's
// SIMD code and its C code differ, too.
func TestDamagedLikeLibjpeg(t *testing.T) {
	for options, least := range map[string]int{ // percent of cases with djpeg's pixels
		"-restart 2": 90, "-restart 3B": 90, "": 90, "-grayscale": 90,
		"-progressive": 90, "-progressive -restart 1": 90,
		"-arithmetic": 60, "-arithmetic -progressive -restart 2": 60,
	} {
		t.Run(options, func(t *testing.T) {
			file := tool(t, ppm(testPicture(120, 90)), "cjpeg", strings.Fields(options)...)
			same, total := 0, 0
			for i := range 40 {
				bad := damaged(file, uint32(i)*2654435761)
				out, refErr := tryTool(t, bad, "djpeg", "-pnm")
				if refErr != nil && !strings.Contains(refErr.Error(), "exit status 2") { // 2: with warnings
					continue
				}
				total++
				img, err := Decode(bad)
				if err != nil {
					t.Errorf("case %d: %v; djpeg decodes it", i, err)
					continue
				}
				_, _, rgb, err := parsePNM(out)
				if err != nil {
					t.Fatal(err)
				}
				if n, _ := difference(img.Pix, rgb); n == 0 {
					same++
				}
			}
			t.Logf("%d of %d as djpeg decodes them", same, total)
			if 100*same < least*total {
				t.Errorf("only %d of %d as djpeg decodes them, want %d %%", same, total, least)
			}
		})
	}
}

// damaged cuts a file inside its picture data or flips one or two bits there.
func damaged(file []byte, seed uint32) []byte {
	random := func(n int) int {
		seed = seed*1664525 + 1013904223
		return int(uint64(seed) * uint64(n) >> 32)
	}
	bad := bytes.Clone(file)
	start := bytes.Index(bad, []byte{0xFF, mSOS}) + 14
	kind := random(3)
	if kind == 0 {
		return bad[:start+random(len(bad)-start)]
	}
	for range kind {
		bad[start+random(len(bad)-start-2)] ^= 1 << random(8)
	}
	return bad
}
