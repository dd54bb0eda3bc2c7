package klt

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"testing/fstest"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/picture"
)

// tinyModel is the frozen model of the golden tests: trained on the pictures that
// scene draws, see TestTrainTiny.
func tinyModel(t testing.TB) []byte {
	t.Helper()
	f, err := os.Open("testdata/tiny.safetensors.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// tinyCodec is a codec whose one model is the tiny one.
func tinyCodec(t testing.TB) *Codec {
	t.Helper()
	return New(codecs.NewModels(fstest.MapFS{"klt/default.safetensors": {Data: tinyModel(t)}}))
}

// scene draws a picture with slopes, edges and texture, by integers alone, the same
// on every machine.
func scene(t testing.TB, w, h int, gray bool, seed uint64) *picture.Picture {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 5))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	type disc struct{ x, y, r, c0, c1, c2 int }
	discs := make([]disc, 6)
	for i := range discs {
		discs[i] = disc{rng.IntN(w), rng.IntN(h), 1 + rng.IntN(1+max(w, h)/2), rng.IntN(256), rng.IntN(256), rng.IntN(256)}
	}
	sx, sy := 1+rng.IntN(5), 1+rng.IntN(5)
	for y := range h {
		for x := range w {
			c := [3]int{(x*sx/2 + y) % 256, (x + y*sy/2) % 256, (128 + x - y) & 255}
			for _, d := range discs {
				if (x-d.x)*(x-d.x)+(y-d.y)*(y-d.y) < d.r*d.r {
					c = [3]int{d.c0 + (x-d.x)/3, d.c1 + (y-d.y)/3, d.c2 + (x+y-d.x-d.y)/6}
				}
			}
			n := rng.IntN(9) - 4
			p := img.Pix[img.PixOffset(x, y):]
			for i := range c {
				p[i] = uint8(min(max(c[i]+n, 0), 255))
			}
			if gray {
				p[1], p[2] = p[0], p[0]
			}
			p[3] = 255
		}
	}
	p, err := picture.New(img, gray, false, picture.Source{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func encode(t testing.TB, c *Codec, p *picture.Picture, params codecs.Params) *codecs.Stream {
	t.Helper()
	s, err := c.Encode(context.Background(), p, codecs.EncodeOptions{Params: params})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func decode(t testing.TB, c *Codec, s *codecs.Stream) *picture.Picture {
	t.Helper()
	r, err := c.Decode(context.Background(), s, codecs.DecodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return r.Picture
}

func psnr(a, b *picture.Picture) float64 {
	x, y := a.RGB8().Pix, b.RGB8().Pix
	sum := 0.0
	for i := range x {
		d := float64(x[i]) - float64(y[i])
		sum += d * d
	}
	return 10 * math.Log10(255*255*float64(len(x))*3/4/sum)
}

func TestRoundTripSizes(t *testing.T) {
	c := tinyCodec(t)
	for _, size := range [][2]int{{1, 1}, {1, 9}, {8, 8}, {17, 31}, {64, 48}, {4096, 3}, {3, 1100}} {
		for _, gray := range []bool{false, true} {
			t.Run(fmt.Sprintf("%dx%d gray %t", size[0], size[1], gray), func(t *testing.T) {
				p := scene(t, size[0], size[1], gray, 1)
				s := encode(t, c, p, codecs.Params{"q": "10"})
				got := decode(t, c, s)
				if got.Width() != size[0] || got.Height() != size[1] || got.Gray() != gray || got.Alpha() {
					t.Fatalf("decoded to %d x %d, gray %t, alpha %t", got.Width(), got.Height(), got.Gray(), got.Alpha())
				}
				// A step of 4 leaves an error of 4/sqrt(12) where it is uniform: 46.9 dB.
				if d := psnr(p, got); d < 42 {
					t.Errorf("%.2f dB at the finest step", d)
				}
			})
		}
	}
}

func TestQualityRises(t *testing.T) {
	c := tinyCodec(t)
	p := scene(t, 160, 120, false, 2)
	lastSize, lastPSNR := 0, 0.0
	for _, q := range c.Info().Quality.Values() {
		s := encode(t, c, p, codecs.Params{}.WithQ(q))
		size, err := codecs.Size(c.Info(), s)
		if err != nil {
			t.Fatal(err)
		}
		d := psnr(p, decode(t, c, s))
		if size <= lastSize || d <= lastPSNR {
			t.Errorf("q %g: %d bytes and %.2f dB after %d and %.2f", q, size, d, lastSize, lastPSNR)
		}
		lastSize, lastPSNR = size, d
	}
}

func TestRateDistortionOptimisationPays(t *testing.T) {
	c := tinyCodec(t)
	p := scene(t, 160, 120, false, 3)
	cost := func(rdo string) float64 {
		s := encode(t, c, p, codecs.Params{"q": "5", "rdo": rdo})
		size, err := codecs.Size(c.Info(), s)
		if err != nil {
			t.Fatal(err)
		}
		mse := 255 * 255 * math.Pow(10, -psnr(p, decode(t, c, s))/10)
		step := float64(baseStep(50))
		return 3*mse*float64(p.Pixels())/(step*step) + lambda*8*float64(size)
	}
	if with, without := cost("true"), cost("false"); with >= without {
		t.Errorf("the optimised file costs %.0f, the plain one %.0f", with, without)
	}
}

func TestEncodingIsDeterministic(t *testing.T) {
	p := scene(t, 200, 520, false, 4)
	a, b := encode(t, tinyCodec(t), p, nil), encode(t, tinyCodec(t), p, nil)
	if len(a.Sections) != 3 {
		t.Fatalf("%d sections for two slices and a header", len(a.Sections))
	}
	for i := range a.Sections {
		if !bytes.Equal(a.Sections[i].Payload, b.Sections[i].Payload) {
			t.Errorf("section %d differs between two encodes", i)
		}
	}
}

func TestDamage(t *testing.T) {
	c := tinyCodec(t)
	p := scene(t, 70, 50, false, 5)
	s := encode(t, c, p, nil)
	check := func(name string, change func(*codecs.Stream), wantErr bool) {
		t.Helper()
		d := *s
		d.Sections = append([]container.Section(nil), s.Sections...)
		change(&d)
		_, err := c.Decode(t.Context(), &d, codecs.DecodeOptions{})
		if wantErr && err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	check("no header", func(d *codecs.Stream) { d.Sections = d.Sections[1:] }, true)
	check("short header", func(d *codecs.Stream) { d.Sections[0].Payload = []byte{0} }, true)
	check("flags", func(d *codecs.Stream) { d.Sections[0].Payload = []byte{0x80, 1} }, true)
	check("quality", func(d *codecs.Stream) { d.Sections[0].Payload = []byte{0, 101} }, true)
	check("no slice", func(d *codecs.Stream) { d.Sections = d.Sections[:1] }, true)
	check("damaged slice", func(d *codecs.Stream) { d.Sections[1].Damaged, d.Sections[1].Payload = true, nil }, false)
	check("size", func(d *codecs.Stream) { d.Width = 0 }, true)
	check("cut slice", func(d *codecs.Stream) { d.Sections[1].Payload = d.Sections[1].Payload[:20] }, true)
	check("other size", func(d *codecs.Stream) { d.Width, d.Height = 333, 21 }, false)
	rng := rand.New(rand.NewPCG(6, 6))
	for range 50 {
		check("bit flip", func(d *codecs.Stream) {
			b := bytes.Clone(d.Sections[1].Payload)
			b[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
			d.Sections[1].Payload = b
		}, false)
	}
}

func TestMissingModel(t *testing.T) {
	c := tinyCodec(t)
	p := scene(t, 16, 16, false, 7)
	if _, err := c.Encode(t.Context(), p, codecs.EncodeOptions{Params: codecs.Params{"model": "absent"}}); !errors.Is(err, codecs.ErrNoModel) {
		t.Errorf("an absent model gives %v", err)
	}
	s := encode(t, c, p, nil)
	s.Model ^= 1
	if _, err := c.Decode(t.Context(), s, codecs.DecodeOptions{}); !errors.Is(err, codecs.ErrNoModel) {
		t.Errorf("a stream with another model's hash gives %v", err)
	}
}

func TestCancel(t *testing.T) {
	c := tinyCodec(t)
	p := scene(t, 64, 64, false, 8)
	s := encode(t, c, p, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Encode(ctx, p, codecs.EncodeOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled encode gives %v", err)
	}
	if _, err := c.Decode(ctx, s, codecs.DecodeOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled decode gives %v", err)
	}
}

// A cancel that comes while rows are coded is heard.
func TestCancelMidway(t *testing.T) {
	c := tinyCodec(t)
	p := scene(t, 64, 200, false, 8)
	s := encode(t, c, p, nil)
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := c.Encode(ctx, p, codecs.EncodeOptions{On: func(codecs.Progress) { cancel() }}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled encode gives %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	if _, err := c.Decode(ctx, s, codecs.DecodeOptions{On: func(codecs.Progress) { cancel() }}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled decode gives %v", err)
	}
}

// A few bytes that promise the largest picture are refused after a row of blocks.
func TestEmptySlices(t *testing.T) {
	c := tinyCodec(t)
	s := encode(t, c, scene(t, 16, 16, false, 7), nil)
	s.Width, s.Height, s.Sections = 65535, 1525, s.Sections[:1]
	for i := range 3 {
		s.Sections = append(s.Sections, container.Section{Kind: sectionSlice, Part: uint64(i)})
	}
	rows := 0
	_, err := c.Decode(t.Context(), s, codecs.DecodeOptions{On: func(codecs.Progress) { rows++ }})
	if !errors.Is(err, errDamaged) || rows > 0 {
		t.Errorf("empty slices give %v after %d rows", err, rows)
	}
}

// A model whose expected magnitudes could leave 32 bits is refused.
func TestModelBounds(t *testing.T) {
	m, err := parseModel(tinyModel(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(){
		"bias":   func() { m.energy[1].bias[3] = maxBias + 1 },
		"step":   func() { m.steps[0][0] = 0 },
		"colour": func() { m.colour[2][2] = 3 },
	} {
		whole := *m
		energy := *m.energy[1]
		change()
		data, err := m.marshal()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseModel(data); !errors.Is(err, errModel) {
			t.Errorf("a bad %s gives %v", name, err)
		}
		*m, *m.energy[1] = whole, energy
	}
}

func TestProgress(t *testing.T) {
	c := tinyCodec(t)
	p := scene(t, 24, 80, true, 9)
	last := codecs.Progress{}
	on := func(v codecs.Progress) { last = v }
	if _, err := c.Encode(t.Context(), p, codecs.EncodeOptions{On: on}); err != nil {
		t.Fatal(err)
	}
	if last.Done != 10 || last.Total != 10 {
		t.Errorf("the last report is %d of %d", last.Done, last.Total)
	}
}

func TestPreviewIsCoarse(t *testing.T) {
	c := tinyCodec(t)
	p := scene(t, 128, 128, false, 10)
	s := encode(t, c, p, codecs.Params{"q": "8"})
	r, err := c.Decode(t.Context(), s, codecs.DecodeOptions{UpTo: 1})
	if err != nil {
		t.Fatal(err)
	}
	coarse, full := psnr(p, r.Picture), psnr(p, decode(t, c, s))
	if coarse < 12 || coarse > full-3 {
		t.Errorf("DC alone gives %.2f dB, everything %.2f", coarse, full)
	}
}

func FuzzDecode(f *testing.F) {
	c := tinyCodec(f)
	s := encode(f, c, scene(f, 40, 24, false, 11), nil)
	f.Add(uint8(40), uint8(24), s.Sections[0].Payload, s.Sections[1].Payload)
	f.Add(uint8(1), uint8(200), []byte{1, 0}, []byte{})
	f.Fuzz(func(t *testing.T, w, h uint8, header, slice []byte) {
		d := &codecs.Stream{Codec: ID, Model: s.Model, Width: int(w), Height: int(h), Sections: []container.Section{
			{Kind: sectionHeader, Payload: header}, {Kind: sectionSlice, Payload: slice}}}
		r, err := c.Decode(t.Context(), d, codecs.DecodeOptions{})
		if err == nil && (r.Picture.Width() != int(w) || r.Picture.Height() != int(h)) {
			t.Errorf("%d x %d decoded to %d x %d", w, h, r.Picture.Width(), r.Picture.Height())
		}
		_, _ = c.Inspect(t.Context(), d, nil)
	})
}
