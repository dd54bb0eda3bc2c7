package classical

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"math"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// jpegPicture draws smooth colour with noise.
func jpegPicture(t testing.TB, w, h int, gray bool) *picture.Picture {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	seed := uint32(7)
	for y := range h {
		for x := range w {
			seed = seed*1664525 + 1013904223
			n := int(seed >> 28)
			p := img.Pix[img.PixOffset(x, y):]
			p[0], p[1], p[2], p[3] = uint8(100+x%97+n), uint8(200-y%89-n), uint8(60+(x+y)%120), 255
			if gray {
				p[1], p[2] = p[0], p[0]
			}
		}
	}
	p, err := picture.New(img, gray, false, picture.Source{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func jpegEncode(t testing.TB, p *picture.Picture, params codecs.Params) *codecs.Stream {
	t.Helper()
	s, err := NewJPEG().Encode(context.Background(), p, codecs.EncodeOptions{Params: params})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func jpegDecode(t testing.TB, s *codecs.Stream) *picture.Picture {
	t.Helper()
	r, err := NewJPEG().Decode(context.Background(), s, codecs.DecodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Warnings) > 0 {
		t.Errorf("warnings for a sound file: %v", r.Warnings)
	}
	return r.Picture
}

// psnr is over the RGB samples.
func psnr(a, b *picture.Picture) float64 {
	x, y := a.RGB8().Pix, b.RGB8().Pix
	sum, n := 0.0, 0
	for i := range x {
		if i%4 < 3 {
			d := float64(x[i]) - float64(y[i])
			sum += d * d
			n++
		}
	}
	return 10 * math.Log10(255*255*float64(n)/sum)
}

func TestJPEGRoundTrip(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {17, 31}, {4096, 3}, {3, 4096}, {64, 64}} {
		for _, gray := range []bool{false, true} {
			p := jpegPicture(t, size[0], size[1], gray)
			for _, sub := range []string{"4:2:0", "4:2:2", "4:4:4"} {
				s := jpegEncode(t, p, codecs.Params{"q": "95", "subsampling": sub})
				got := jpegDecode(t, s)
				if got.Width() != size[0] || got.Height() != size[1] || got.Gray() != gray {
					t.Fatalf("%v gray %v: decoded %d x %d, gray %v", size, gray, got.Width(), got.Height(), got.Gray())
				}
				if v := psnr(p, got); v < 30 {
					t.Errorf("%v gray %v %s: %.1f dB at q 95", size, gray, sub, v)
				}
			}
		}
	}
}

func TestJPEGOptimizeKeepsPixels(t *testing.T) {
	p := jpegPicture(t, 200, 150, false)
	plain := jpegEncode(t, p, codecs.Params{"q": "50"})
	small := jpegEncode(t, p, codecs.Params{"q": "50", "optimize": "true"})
	a, _ := plain.Native()
	b, _ := small.Native()
	if len(b) >= len(a) {
		t.Errorf("optimized tables take %d bytes, the standard's %d", len(b), len(a))
	}
	if !jpegDecode(t, plain).Equal(jpegDecode(t, small)) {
		t.Error("optimized tables change pixels")
	}
}

func TestJPEGLadderRises(t *testing.T) {
	p := jpegPicture(t, 128, 96, false)
	size, quality := 0, 0.0
	// Rounding can cost a few hundredths of a decibel from one step to the next.
	const slack = 0.1
	for _, q := range NewJPEG().Info().Quality.Values() {
		s := jpegEncode(t, p, codecs.Params(nil).WithQ(q))
		file, _ := s.Native()
		v := psnr(p, jpegDecode(t, s))
		if len(file) <= size || v < quality-slack {
			t.Errorf("q %v: %d bytes and %.2f dB, the step before %d and %.2f", q, len(file), v, size, quality)
		}
		size, quality = len(file), v
	}
}

// TestJPEGVersion pins the bytes: results are cached and compared by version.
func TestJPEGVersion(t *testing.T) {
	p := jpegPicture(t, 40, 24, false)
	for sub, want := range map[string]string{
		"4:2:0": "d700fa7a88c09adc", "4:2:2": "ac13966cd63cab92", "4:4:4": "b119cf3172b45915",
	} {
		file, _ := jpegEncode(t, p, codecs.Params{"subsampling": sub}).Native()
		sum := sha256.Sum256(file)
		if got := hex.EncodeToString(sum[:8]); got != want {
			t.Errorf("%s: the bytes changed (%s, was %s): raise Version", sub, got, want)
		}
	}
}

func TestJPEGRefusesBadStreams(t *testing.T) {
	good := jpegEncode(t, jpegPicture(t, 50, 40, false), nil)
	file, _ := good.Native()
	for name, s := range map[string]*codecs.Stream{
		"no section": {Codec: "jpeg", Width: 50, Height: 40},
		"empty":      codecs.NativeStream("jpeg", 50, 40, nil),
		"text":       codecs.NativeStream("jpeg", 50, 40, []byte("hello, this is no picture")),
		"other size": codecs.NativeStream("jpeg", 51, 40, file),
		"header cut": codecs.NativeStream("jpeg", 50, 40, file[:100]),
	} {
		if _, err := NewJPEG().Decode(context.Background(), s, codecs.DecodeOptions{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	cut := codecs.NativeStream("jpeg", 50, 40, file[:len(file)-60])
	r, err := NewJPEG().Decode(context.Background(), cut, codecs.DecodeOptions{})
	if err != nil || len(r.Warnings) == 0 {
		t.Errorf("a cut file: error %v, result %+v; want a picture with a warning", err, r)
	}
}

// TestJPEGInspect checks that the trace accounts for the file: parts add up to its
// length, and the map's bits to the entropy-coded data.
func TestJPEGInspect(t *testing.T) {
	p := jpegPicture(t, 75, 50, false)
	s := jpegEncode(t, p, codecs.Params{"subsampling": "4:4:4"})
	file, _ := s.Native()
	trace, err := NewJPEG().(codecs.Inspector).Inspect(context.Background(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]any{}
	for _, panel := range trace.Panels {
		seen[panel.ID] = panel.Data
	}
	bits := 0.0
	for _, v := range seen["bits"].(codecs.Plane).Values {
		bits += float64(v)
	}
	headers := 0
	for i := range file {
		if file[i] == 0xFF && file[i+1] == 0xDA {
			headers = i + 14
			break
		}
	}
	coded := 8 * (len(file) - headers - 2)
	// The rest is stuffing and the last byte's padding.
	if int(bits) > coded || float64(coded)-bits > 0.02*bits+8 {
		t.Errorf("the blocks took %.0f bits of the %d coded", bits, coded)
	}
	steps := seen["quant-luma"].(codecs.Table)
	if steps.Rows[0][1] != "8" || steps.Rows[7][8] != "50" {
		t.Errorf("luma steps at q 75 run from %s to %s, want 8 to 50", steps.Rows[0][1], steps.Rows[7][8])
	}
	total := 0
	for _, n := range seen["coefficients-luma"].(codecs.Histogram).Counts {
		total += n
	}
	if want := 10 * 7 * 63; total != want {
		t.Errorf("the histogram holds %d coefficients, want %d", total, want)
	}
}

func FuzzJPEGDecode(f *testing.F) {
	file, _ := jpegEncode(f, jpegPicture(f, 20, 20, false), nil).Native()
	f.Add(file)
	f.Fuzz(func(t *testing.T, data []byte) {
		s := codecs.NativeStream("jpeg", 20, 20, data)
		if r, err := NewJPEG().Decode(context.Background(), s, codecs.DecodeOptions{}); err == nil && r.Picture.Width() != 20 {
			t.Errorf("decoded width %d", r.Picture.Width())
		}
		_, _ = NewJPEG().(codecs.Inspector).Inspect(context.Background(), s, nil)
	})
}
