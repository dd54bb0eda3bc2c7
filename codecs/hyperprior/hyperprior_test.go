package hyperprior

import (
	"bytes"
	"context"
	"errors"
	"image"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"testing/fstest"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// tinyCodec is a codec whose one model is the frozen one that testdata/make_tiny.py made.
func tinyCodec(t testing.TB) *Codec {
	t.Helper()
	data, err := os.ReadFile("testdata/tiny.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	return New(codecs.NewModels(fstest.MapFS{"hyperprior/s.safetensors": {Data: data}}))
}

// scene draws a picture with slopes, edges and noise, by integers alone, the same on
// every machine.
func scene(t testing.TB, w, h int, gray bool, seed uint64) *picture.Picture {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 7))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	x0, y0, r := rng.IntN(w), rng.IntN(h), 1+max(w, h)/3
	for y := range h {
		for x := range w {
			c := [3]int{x/2 + y, 255 - x/3, (x + 2*y) / 3}
			if (x-x0)*(x-x0)+(y-y0)*(y-y0) < r*r {
				c = [3]int{200 - y/2, 60 + x/4, 120}
			}
			p := img.Pix[img.PixOffset(x, y):]
			for i := range c {
				p[i] = uint8(min(max(c[i]+rng.IntN(9)-4, 0), 255))
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

func decode(t testing.TB, c *Codec, s *codecs.Stream, o codecs.DecodeOptions) *picture.Picture {
	t.Helper()
	r, err := c.Decode(context.Background(), s, o)
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

func size(t testing.TB, c *Codec, s *codecs.Stream) int {
	t.Helper()
	n, err := codecs.Size(c.Info(), s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRoundTripSizes(t *testing.T) {
	c := tinyCodec(t)
	for _, side := range [][2]int{{1, 1}, {1, 65}, {16, 16}, {17, 31}, {64, 64}, {4096, 3}, {3, 1100}, {600, 520}} {
		for _, gray := range []bool{false, true} {
			p := scene(t, side[0], side[1], gray, 1)
			got := decode(t, c, encode(t, c, p, codecs.Params{"q": "10"}), codecs.DecodeOptions{})
			if got.Width() != side[0] || got.Height() != side[1] || got.Gray() != gray || got.Alpha() {
				t.Errorf("%v: decoded to %d x %d, grey %t, alpha %t", side, got.Width(), got.Height(), got.Gray(), got.Alpha())
			}
			if v := psnr(p, got); v < 12 {
				t.Errorf("%v, grey %t: %.1f dB", side, gray, v)
			}
		}
	}
}

// The symbols that an encoder means are those that a decoder reads, escapes among them.
func TestSymbolsSurvive(t *testing.T) {
	c := tinyCodec(t)
	m, _, err := c.models.Load("s")
	if err != nil {
		t.Fatal(err)
	}
	l := newLayout(700, 90)
	p := prior{m.channels, l.wide * 2 * m.channels, make([]int16, l.high*l.wide*2*m.channels)}
	want := make([]int16, l.high*l.wide*m.channels)
	e := newEncoder(m, l, header{q: 500}, nil)
	rng := rand.New(rand.NewPCG(1, 2))
	y := make([]float32, len(want))
	for i := range want {
		at := i/m.channels*2*m.channels + i%m.channels
		mean, scale := rng.IntN(4000)-2000, rng.IntN(m.scales.Len())
		p.data[at], p.data[at+m.channels] = int16(mean), int16(scale)
		s := clampSymbol(int(rng.NormFloat64() * 3 * float64(scale)))
		if i%50 == 0 {
			s = rng.IntN(2*maxSymbol+1) - maxSymbol
		}
		if m.skip[scale] {
			s = 0
		}
		want[i], y[i] = int16(s), float32(s)+float32(mean)/meanUnit
	}
	f := &opened{layout: l, m: m, parts: l.regions()}
	got := make([]int16, len(want))
	for i, r := range f.parts {
		payload, err := e.region(t.Context(), r, tensor(l, m, y), p)
		if err != nil {
			t.Fatal(err)
		}
		f.y = append(f.y, payload)
		if err := f.readRegion(t.Context(), i, p, got, func() {}); err != nil {
			t.Fatal(err)
		}
	}
	if len(f.parts) != 2 {
		t.Errorf("%d regions for 700 pixels across", len(f.parts))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("symbol %d is %d, was %d", i, got[i], want[i])
		}
	}
}

func TestQualityRises(t *testing.T) {
	c := tinyCodec(t)
	p := scene(t, 200, 136, false, 2)
	lastSize, lastError := 0, math.Inf(1)
	for _, q := range []float64{0, 3.33, 6.67, 10} {
		s := encode(t, c, p, codecs.Params{}.WithQ(q))
		n, e := size(t, c, s), -psnr(p, decode(t, c, s, codecs.DecodeOptions{}))
		if n <= lastSize || e >= lastError {
			t.Errorf("q %g takes %d bytes for %.2f dB, a lower one %d for %.2f", q, n, -e, lastSize, -lastError)
		}
		lastSize, lastError = n, e
	}
}

func TestEncodingIsDeterministic(t *testing.T) {
	p := scene(t, 300, 520, false, 4)
	a, b := encode(t, tinyCodec(t), p, nil), encode(t, tinyCodec(t), p, nil)
	for i := range a.Sections {
		if !bytes.Equal(a.Sections[i].Payload, b.Sections[i].Payload) {
			t.Errorf("section %d differs between two encodes", i)
		}
	}
}

func TestParts(t *testing.T) {
	c := tinyCodec(t)
	p := scene(t, 200, 136, false, 5)
	s := encode(t, c, p, codecs.Params{"q": "10"})
	full := psnr(p, decode(t, c, s, codecs.DecodeOptions{}))
	means := decode(t, c, s, codecs.DecodeOptions{Off: []string{nameY}})
	if v := psnr(p, means); v > full-1 || v < 8 {
		t.Errorf("the means alone give %.2f dB, everything %.2f", v, full)
	}
	if !means.Equal(decode(t, c, s, codecs.DecodeOptions{UpTo: 1})) {
		t.Error("UpTo 1 is not the picture without y")
	}
	if v := psnr(p, decode(t, c, s, codecs.DecodeOptions{Off: []string{nameZ}})); v >= full {
		t.Errorf("without means %.2f dB, everything %.2f", v, full)
	}
}

func TestEdits(t *testing.T) {
	c := tinyCodec(t)
	s := encode(t, c, scene(t, 200, 136, false, 6), nil)
	plain := decode(t, c, s, codecs.DecodeOptions{})
	edited := decode(t, c, s, codecs.DecodeOptions{Edits: []codecs.Edit{{Part: 2, X: 3, Y: 4, Value: 9}}})
	if plain.Equal(edited) {
		t.Error("an edit changes nothing")
	}
	far, err := edited.Crop(image.Rect(184, 120, 200, 136))
	if err != nil {
		t.Fatal(err)
	}
	was, err := plain.Crop(image.Rect(184, 120, 200, 136))
	if err != nil {
		t.Fatal(err)
	}
	if !far.Equal(was) {
		t.Error("an edit reaches across the picture")
	}
	for _, e := range []codecs.Edit{{Part: 8}, {Part: -1}, {X: 13}, {Y: 9}} {
		if _, err := c.Decode(t.Context(), s, codecs.DecodeOptions{Edits: []codecs.Edit{e}}); err == nil {
			t.Errorf("edit %+v outside is accepted", e)
		}
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
	p := scene(t, 300, 600, false, 8)
	s := encode(t, c, p, nil)
	for name, midway := range map[string]bool{"before": false, "midway": true} {
		run := func(f func(ctx context.Context, on func(codecs.Progress)) error) error {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if !midway {
				cancel()
			}
			return f(ctx, func(codecs.Progress) { cancel() })
		}
		if err := run(func(ctx context.Context, on func(codecs.Progress)) error {
			_, err := c.Encode(ctx, p, codecs.EncodeOptions{On: on})
			return err
		}); !errors.Is(err, context.Canceled) {
			t.Errorf("an encode cancelled %s gives %v", name, err)
		}
		if err := run(func(ctx context.Context, on func(codecs.Progress)) error {
			_, err := c.Decode(ctx, s, codecs.DecodeOptions{On: on})
			return err
		}); !errors.Is(err, context.Canceled) {
			t.Errorf("a decode cancelled %s gives %v", name, err)
		}
	}
}

func TestProgress(t *testing.T) {
	c := tinyCodec(t)
	p := scene(t, 100, 600, false, 9)
	most, total := 0, 0
	on := func(v codecs.Progress) { most, total = max(most, v.Done), v.Total }
	s, err := c.Encode(t.Context(), p, codecs.EncodeOptions{On: serial(on)})
	if err != nil || most != total || total == 0 {
		t.Errorf("encoding reports %d of %d, error %v", most, total, err)
	}
	most = 0
	if _, err := c.Decode(t.Context(), s, codecs.DecodeOptions{On: serial(on)}); err != nil || most != total {
		t.Errorf("decoding reports %d of %d, error %v", most, total, err)
	}
}
