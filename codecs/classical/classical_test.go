package classical

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// all returns every codec of the package that can run here.
func all(t testing.TB) []codecs.Codec {
	t.Helper()
	list := []codecs.Codec{NewJPEG(), NewPNG(), NewWebP(), NewWebPLossless()}
	external, errs := Predefined()
	for _, err := range errs {
		t.Error(err)
	}
	var out []codecs.Codec
	for _, c := range append(list, external...) {
		if why := c.Info().Unavailable; why != "" {
			t.Logf("%s is left out: %s", c.Info().ID, why)
			continue
		}
		out = append(out, c)
	}
	return out
}

// draw makes a picture with smooth colour, an edge, noise, and with alpha both
// gradients and fully transparent colours.
func draw(t testing.TB, w, h int, gray, alpha bool) *picture.Picture {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	seed := uint32(7)
	for y := range h {
		for x := range w {
			seed = seed*1664525 + 1013904223
			n := int(seed >> 29)
			p := img.Pix[img.PixOffset(x, y):]
			p[0], p[1], p[2], p[3] = uint8(100+x*60/w+n), uint8(180-y*90/h-n), uint8(60+(x+y)*60/(w+h)), 255
			if x > w/2 {
				p[0] += 40
			}
			if gray {
				p[1], p[2] = p[0], p[0]
			}
			if alpha {
				p[3] = uint8(255 * (x + 2*y) / (w + 2*h))
			}
		}
	}
	p, err := picture.New(img, gray, alpha, picture.Source{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// throughCodec encodes, writes and reads the container, and decodes.
func throughCodec(t testing.TB, c codecs.Codec, p *picture.Picture, params codecs.Params) (*picture.Picture, int) {
	t.Helper()
	s, err := c.Encode(context.Background(), p, codecs.EncodeOptions{Params: params})
	if err != nil {
		t.Fatalf("%s: encode: %v", c.Info().ID, err)
	}
	registry, err := codecs.NewRegistry([]codecs.Codec{c}, nil)
	if err != nil {
		t.Fatal(err)
	}
	data, err := codecs.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if s, _, err = registry.Parse(data); err != nil {
		t.Fatal(err)
	}
	r, err := c.Decode(context.Background(), s, codecs.DecodeOptions{})
	if err != nil {
		t.Fatalf("%s: decode: %v", c.Info().ID, err)
	}
	size, err := codecs.Size(c.Info(), s)
	if err != nil {
		t.Fatal(err)
	}
	return r.Picture, size
}

func TestRoundTrips(t *testing.T) {
	for _, c := range all(t) {
		info := c.Info()
		t.Run(info.ID, func(t *testing.T) {
			t.Parallel()
			for _, size := range [][2]int{{1, 1}, {17, 31}, {4096, 3}, {3, 4096}, {64, 48}} {
				for kind := range 4 {
					p := draw(t, size[0], size[1], kind&1 != 0, kind&2 != 0)
					name := fmt.Sprintf("%d x %d, grey %v, alpha %v", size[0], size[1], p.Gray(), p.Alpha())
					ready, _, err := info.Prepare(p)
					if errors.Is(err, codecs.ErrNotApplicable) {
						continue
					}
					if err != nil {
						t.Fatal(err)
					}
					var params codecs.Params
					if info.Quality != nil {
						params = params.WithQ(info.Quality.Min + 0.9*(info.Quality.Max-info.Quality.Min))
						params["q"] = codecs.FormatNumber(info.Quality.Snap(params.Q()))
					}
					got, _ := throughCodec(t, c, ready, params)
					if got.Width() != size[0] || got.Height() != size[1] {
						t.Fatalf("%s: decoded %d x %d", name, got.Width(), got.Height())
					}
					switch {
					case info.Lossless && (!got.Equal(ready) || ready.Gray() && !got.Gray()):
						t.Errorf("%s: lossless, but the pixels or flags differ", name)
					case !info.Lossless && got.Alpha() != ready.Alpha():
						t.Errorf("%s: alpha became %v", name, got.Alpha())
					case !info.Lossless && size[0]*size[1] > 1 && psnr(got.OnWhite(), ready.OnWhite()) < 30:
						t.Errorf("%s: %.1f dB near the best quality", name, psnr(got.OnWhite(), ready.OnWhite()))
					}
				}
			}
		})
	}
}

// TestQualityRises holds what q means: more of it is a larger and better file.
func TestQualityRises(t *testing.T) {
	p := draw(t, 160, 120, false, false)
	for _, c := range all(t) {
		info := c.Info()
		if info.Quality == nil {
			continue
		}
		t.Run(info.ID, func(t *testing.T) {
			t.Parallel()
			ladder := info.Quality.Values()
			last, lastSize := 0.0, 0
			for _, q := range []float64{ladder[0], info.Quality.Default, ladder[len(ladder)-1]} {
				got, size := throughCodec(t, c, p, codecs.Params(nil).WithQ(q))
				quality := psnr(got, p)
				if quality <= last || size <= lastSize {
					t.Errorf("q %g gives %d bytes and %.2f dB after %d and %.2f", q, size, quality, lastSize, last)
				}
				last, lastSize = quality, size
			}
		})
	}
}

// TestDamagedFiles cuts and changes native files: an error or a picture of the right
// size, never a panic.
func TestDamagedFiles(t *testing.T) {
	p := draw(t, 40, 33, false, false)
	for _, c := range all(t) {
		info := c.Info()
		t.Run(info.ID, func(t *testing.T) {
			t.Parallel()
			s, err := c.Encode(context.Background(), p, codecs.EncodeOptions{})
			if err != nil {
				t.Fatal(err)
			}
			file, err := s.Native()
			if err != nil {
				t.Fatal(err)
			}
			step := 1
			if info.Family == "external" { // a process each
				step = len(file)/6 + 1
			}
			decode := func(data []byte, what string, must bool) {
				r, err := c.Decode(context.Background(), codecs.NativeStream(info.ID, 40, 33, data), codecs.DecodeOptions{})
				if err == nil && must {
					t.Errorf("%s: no error", what)
				}
				if err == nil && (r.Picture.Width() != 40 || r.Picture.Height() != 33) {
					t.Errorf("%s: %d x %d", what, r.Picture.Width(), r.Picture.Height())
				}
			}
			for n := 0; n < len(file); n += step {
				decode(file[:n], fmt.Sprintf("cut to %d of %d bytes", n, len(file)), n < len(file)/4)
				bad := append([]byte(nil), file...)
				bad[n] ^= 0x55
				decode(bad, fmt.Sprintf("byte %d changed", n), false)
			}
			other := codecs.NativeStream(info.ID, 41, 33, file)
			if _, err := c.Decode(context.Background(), other, codecs.DecodeOptions{}); err == nil {
				t.Error("a container that names another size: no error")
			}
			if _, err := c.Decode(context.Background(), &codecs.Stream{Codec: info.ID, Width: 1, Height: 1}, codecs.DecodeOptions{}); err == nil {
				t.Error("a stream without its file: no error")
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	p := draw(t, 64, 64, false, false)
	ctx, cancel := context.WithCancel(context.Background())
	for _, c := range all(t) {
		s, err := c.Encode(ctx, p, codecs.EncodeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		done, stop := context.WithCancel(ctx)
		stop()
		if _, err := c.Encode(done, p, codecs.EncodeOptions{}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: encode after cancel: %v", c.Info().ID, err)
		}
		if _, err := c.Decode(done, s, codecs.DecodeOptions{}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: decode after cancel: %v", c.Info().ID, err)
		}
	}
	cancel()
}

func TestUnknownParameterIsRefused(t *testing.T) {
	p := draw(t, 8, 8, false, false)
	for _, c := range all(t) {
		if _, err := c.Encode(context.Background(), p, codecs.EncodeOptions{Params: codecs.Params{"nonsense": "1"}}); err == nil {
			t.Errorf("%s: no error", c.Info().ID)
		}
	}
}

func TestInfoIsComplete(t *testing.T) {
	for _, c := range all(t) {
		info := c.Info()
		if info.Name == "" || info.Summary == "" || info.Family == "" || info.Native == "" || info.Version < 1 || len(info.Sections) != 1 {
			t.Errorf("%s: %+v", info.ID, info)
		}
		if _, err := info.Resolve(nil); err != nil {
			t.Errorf("%s: defaults: %v", info.ID, err)
		}
		if info.Quality == nil {
			continue
		}
		for _, q := range info.Quality.Ladder {
			if q != info.Quality.Snap(q) {
				t.Errorf("%s: %g on the ladder is no step", info.ID, q)
			}
		}
	}
}

// pinned holds the hash of one small file of each built-in codec.
func pinned(t *testing.T, c codecs.Codec, want string) {
	t.Helper()
	s, err := c.Encode(context.Background(), draw(t, 53, 37, false, c.Info().Accepts.Alpha), codecs.EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	file, err := s.Native()
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(file)
	if got := hex.EncodeToString(sum[:8]); got != want {
		t.Errorf("%s writes other bytes than before (%s, pinned %s): raise Version in Info and pin the new hash", c.Info().ID, got, want)
	}
}

func TestPNGLevels(t *testing.T) {
	p := draw(t, 300, 200, false, false)
	sizes := map[string]int{}
	for _, l := range pngLevels {
		got, size := throughCodec(t, NewPNG(), p, codecs.Params{"compression": l.name})
		if !got.Equal(p) {
			t.Errorf("%s: the pixels differ", l.name)
		}
		sizes[l.name] = size
	}
	if !(sizes["none"] > sizes["fast"] && sizes["fast"] >= sizes["default"] && sizes["default"] >= sizes["best"]) {
		t.Errorf("sizes by level: %v", sizes)
	}
}

func BenchmarkBuiltIn(b *testing.B) {
	p := draw(b, 768, 512, false, false)
	for _, c := range []codecs.Codec{NewPNG(), NewWebP(), NewWebPLossless()} {
		if c.Info().Unavailable != "" {
			continue
		}
		var s *codecs.Stream
		b.Run(c.Info().ID+"/encode", func(b *testing.B) {
			for b.Loop() {
				var err error
				if s, err = c.Encode(context.Background(), p, codecs.EncodeOptions{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(p.Pixels())*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpixels/s")
		})
		b.Run(c.Info().ID+"/decode", func(b *testing.B) {
			for b.Loop() {
				if _, err := c.Decode(context.Background(), s, codecs.DecodeOptions{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(p.Pixels())*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpixels/s")
		})
	}
}
