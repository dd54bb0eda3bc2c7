package jpeg

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	stdjpeg "image/jpeg"
	"strconv"
	"testing"
)

// TestEncodeMatchesCjpeg compares whole files with cjpeg's.
func TestEncodeMatchesCjpeg(t *testing.T) {
	samplings := map[Subsampling]string{Sampling420: "2x2", Sampling422: "2x1", Sampling444: "1x1"}
	for _, size := range [][2]int{{1, 1}, {17, 31}, {3, 200}, {200, 3}, {101, 67}, {64, 48}, {33, 130}} {
		img := testPicture(size[0], size[1])
		for sampling, arg := range samplings {
			for _, q := range []int{1, 5, 25, 50, 75, 95, 100} {
				for _, optimize := range []bool{false, true} {
					got, err := Encode(context.Background(), img, EncodeOptions{Quality: q, Subsampling: sampling, Optimize: optimize})
					if err != nil {
						t.Fatal(err)
					}
					args := []string{"-baseline", "-quality", strconv.Itoa(q), "-sample", arg}
					if optimize {
						args = append(args, "-optimize")
					}
					if want := tool(t, ppm(img), "cjpeg", args...); !bytes.Equal(got, want) {
						t.Fatalf("%v, cjpeg %v: %d bytes, cjpeg has %d; they differ first at byte %d",
							size, args, len(got), len(want), firstDifference(got, want))
					}
				}
			}
		}
	}
}

func TestEncodeGrayMatchesCjpeg(t *testing.T) {
	img := testPicture(61, 45)
	pgm := fmt.Appendf(nil, "P5\n61 45\n255\n")
	for i := 0; i < len(img.Pix); i += 4 {
		pgm = append(pgm, img.Pix[i])
		img.Pix[i+1], img.Pix[i+2] = img.Pix[i], img.Pix[i]
	}
	for _, q := range []int{3, 75, 99} {
		got, err := Encode(context.Background(), img, EncodeOptions{Quality: q, Gray: true})
		if err != nil {
			t.Fatal(err)
		}
		if want := tool(t, pgm, "cjpeg", "-baseline", "-quality", strconv.Itoa(q)); !bytes.Equal(got, want) {
			t.Fatalf("q %d: %d bytes, cjpeg has %d; they differ first at byte %d", q, len(got), len(want), firstDifference(got, want))
		}
	}
}

func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// TestEncodeReadsElsewhere decodes our files with Go's decoder: sizes, components
// and colours must come through.
func TestEncodeReadsElsewhere(t *testing.T) {
	flat := image.NewNRGBA(image.Rect(0, 0, 37, 21))
	for i := 0; i < len(flat.Pix); i += 4 {
		copy(flat.Pix[i:], []uint8{200, 90, 30, 255})
	}
	for _, sampling := range []Subsampling{Sampling420, Sampling422, Sampling444} {
		file, err := Encode(context.Background(), flat, EncodeOptions{Quality: 90, Subsampling: sampling})
		if err != nil {
			t.Fatal(err)
		}
		img, err := stdjpeg.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if img.Bounds() != flat.Rect {
			t.Fatalf("%v: decoded %v", sampling, img.Bounds())
		}
		c := color.NRGBAModel.Convert(img.At(36, 20)).(color.NRGBA)
		for i, d := range []int{int(c.R) - 200, int(c.G) - 90, int(c.B) - 30} {
			if d < -3 || d > 3 {
				t.Errorf("%v: channel %d is off by %d", sampling, i, d)
			}
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	img := testPicture(8, 8)
	for _, q := range []int{0, 101} {
		if _, err := Encode(context.Background(), img, EncodeOptions{Quality: q}); err == nil {
			t.Errorf("quality %d was accepted", q)
		}
	}
	if _, err := Encode(context.Background(), image.NewNRGBA(image.Rect(0, 0, 65536, 1)), EncodeOptions{Quality: 50}); err == nil {
		t.Error("a picture 65536 pixels wide was accepted")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Encode(ctx, img, EncodeOptions{Quality: 50}); err == nil {
		t.Error("a cancelled context was ignored")
	}
}

func BenchmarkEncode(b *testing.B) {
	img := testPicture(1536, 1024)
	for _, sampling := range []Subsampling{Sampling420, Sampling444} {
		b.Run(sampling.String(), func(b *testing.B) {
			b.SetBytes(1536 * 1024 * 3)
			for b.Loop() {
				if _, err := Encode(context.Background(), img, EncodeOptions{Quality: 75, Subsampling: sampling}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkEncodeGo is the peer: Go's encoder, which writes 4:2:0.
func BenchmarkEncodeGo(b *testing.B) {
	img := testPicture(1536, 1024)
	b.SetBytes(1536 * 1024 * 3)
	for b.Loop() {
		if err := stdjpeg.Encode(&bytes.Buffer{}, img, &stdjpeg.Options{Quality: 75}); err != nil {
			b.Fatal(err)
		}
	}
}
