package vq

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/picture"
)

var update = flag.Bool("update", false, "write testdata anew: the tiny model and the golden stream")

const (
	tinyModel  = "testdata/tiny.safetensors"
	goldenFile = "testdata/golden.cwb"
	// goldenHash is of the golden stream's symbols; goldenBytes of the stream itself.
	goldenHash  = "9e64e5f8235abe0f"
	goldenBytes = "cb387a315c430ecc"
)

// scene draws a picture with shading, edges and texture.
func scene(w, h int, gray bool, seed uint64) *picture.Picture {
	rng := rand.New(rand.NewPCG(seed, 9))
	cx, cy, r := rng.Float64()*float64(w), rng.Float64()*float64(h), 5+rng.Float64()*float64(min(w, h))/2
	f, turn := 0.2+rng.Float64(), rng.Float64()*math.Pi
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			dx, dy := float64(x)-cx, float64(y)-cy
			v := 90 + 60*math.Sin(float64(x+2*y)/70)
			c := 20 * math.Cos(float64(y-x)/50)
			if dx*dx+dy*dy < r*r {
				v, c = 200-v/2, -2*c
			}
			if dx > 0 {
				v += 25 * math.Sin(f*(dx*math.Cos(turn)+dy*math.Sin(turn)))
			}
			v += rng.NormFloat64() * 2
			if gray {
				c = 0
			}
			i := img.PixOffset(x, y)
			img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = clip(v+c), clip(v), clip(v-c), 255
		}
	}
	p, err := picture.New(img, gray, false, picture.Source{})
	if err != nil {
		panic(err)
	}
	return p
}

func clip(v float64) uint8 { return uint8(min(max(v, 0), 255)) }

func trainTiny(t *testing.T) ([]byte, []Usage) {
	t.Helper()
	file, usage, err := Train(t.Context(), func(f func(string, *picture.Picture) error) error {
		for i := range uint64(24) {
			if err := f(fmt.Sprint(i), scene(140, 120, i%6 == 5, i)); err != nil {
				return err
			}
		}
		return nil
	}, Training{Seed: 1, Rounds: 1, Crop: 96, Vectors: 2000, Bits: [classes]int{4, 4, 5, 4, 4, 4, 4}, Data: "synthetic scenes"})
	if err != nil {
		t.Fatal(err)
	}
	return file, usage
}

// tiny is the codec with the frozen model as "default".
func tiny(t testing.TB) *Codec {
	t.Helper()
	data, err := os.ReadFile(tinyModel)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "vq"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "vq", "default.safetensors"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	return New(codecs.NewModels(os.DirFS(dir)))
}

func encode(t testing.TB, c *Codec, p *picture.Picture, q float64) *codecs.Stream {
	t.Helper()
	s, err := c.Encode(context.Background(), p, codecs.EncodeOptions{Params: codecs.Params{}.WithQ(q)})
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

func mse(a, b *picture.Picture) float64 {
	sum := 0.0
	x, y := a.RGB8().Pix, b.RGB8().Pix
	for i := range x {
		d := float64(x[i]) - float64(y[i])
		sum += d * d
	}
	return sum / float64(3*a.Pixels())
}

func TestRoundTrip(t *testing.T) {
	c := tiny(t)
	for _, size := range [][2]int{{1, 1}, {2, 1}, {17, 31}, {33, 64}, {160, 96}, {4096, 3}, {3, 1100}} {
		for _, gray := range []bool{false, true} {
			p := scene(size[0], size[1], gray, 7)
			last := 0
			for _, q := range []float64{0, 5, 10} {
				s := encode(t, c, p, q)
				data, err := codecs.Marshal(s)
				if err != nil {
					t.Fatal(err)
				}
				f, err := container.Parse(data)
				if err != nil {
					t.Fatal(err)
				}
				s.Sections = f.Sections
				got := decode(t, c, s, codecs.DecodeOptions{})
				if got.Width() != size[0] || got.Height() != size[1] || got.Gray() != gray {
					t.Fatalf("%v gray %t q %g: came back as %d x %d, gray %t", size, gray, q, got.Width(), got.Height(), got.Gray())
				}
				if d := mse(p, got); q == 10 && d > 120 {
					t.Errorf("%v gray %t: MSE %.1f at the highest quality", size, gray, d)
				}
				if p.Pixels() > 1000 && len(data) <= last {
					t.Errorf("%v gray %t: q %g takes %d bytes, a lower one %d", size, gray, q, len(data), last)
				}
				last = len(data)
			}
		}
	}
}

// What the decoder reads is what the encoder chose.
func TestSymbolsRoundTrip(t *testing.T) {
	c := tiny(t)
	for _, gray := range []bool{false, true} {
		s := encode(t, c, scene(200, 1100, gray, 3), 6)
		m, err := c.modelOf(s)
		if err != nil {
			t.Fatal(err)
		}
		first, err := read(t.Context(), s, m)
		if err != nil {
			t.Fatal(err)
		}
		if first.slices != 3 {
			t.Fatalf("%d slices", first.slices)
		}
		sections, err := first.write(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		for i, sec := range sections {
			if !bytes.Equal(sec.Payload, s.Sections[i].Payload) {
				t.Errorf("gray %t: section %d differs when coded again", gray, i)
			}
		}
	}
}

func TestDeterministic(t *testing.T) {
	c := tiny(t)
	p := scene(120, 90, false, 4)
	a, b := encode(t, c, p, 4), encode(t, c, p, 4)
	x, _ := codecs.Marshal(a)
	y, _ := codecs.Marshal(b)
	if !bytes.Equal(x, y) {
		t.Error("two encodes of one picture differ")
	}
	if !decode(t, c, a, codecs.DecodeOptions{}).Equal(decode(t, c, b, codecs.DecodeOptions{})) {
		t.Error("two decodes of one stream differ")
	}
}

// Longer prefixes come closer to the picture.
func TestProgressive(t *testing.T) {
	c := tiny(t)
	p := scene(160, 128, false, 2)
	s := encode(t, c, p, 7)
	last := math.Inf(1)
	for n := 1; n <= progressiveSteps; n++ {
		d := mse(p, decode(t, c, s, codecs.DecodeOptions{UpTo: n}))
		if d > last*1.0001 {
			t.Errorf("step %d has MSE %.2f, the one before %.2f", n, d, last)
		}
		last = d
	}
	if full := mse(p, decode(t, c, s, codecs.DecodeOptions{})); full != last {
		t.Errorf("all steps give MSE %g, no limit %g", last, full)
	}
	surface := mse(p, decode(t, c, s, codecs.DecodeOptions{UpTo: 1}))
	if surface < 2*last {
		t.Errorf("the surface alone has MSE %.2f, everything %.2f", surface, last)
	}
	without := decode(t, c, s, codecs.DecodeOptions{Off: []string{"luma indices", "chroma indices"}})
	if !without.Equal(decode(t, c, s, codecs.DecodeOptions{UpTo: 1})) {
		t.Error("leaving out all indices is not the surface")
	}
}

func TestEdits(t *testing.T) {
	c := tiny(t)
	s := encode(t, c, scene(160, 128, false, 2), 7)
	trace, err := c.Inspect(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	before := decode(t, c, s, codecs.DecodeOptions{})
	changed := false
	for _, panel := range trace.Panels {
		if panel.ID != "index-luma8" {
			continue
		}
		plane := panel.Data.(codecs.Plane)
		for i, v := range plane.Values {
			if !(v >= 0) { // no index
				continue
			}
			e := codecs.Edit{Part: editPart(2, 0), X: i % plane.Width, Y: i / plane.Width, Value: int(v)}
			if !decode(t, c, s, codecs.DecodeOptions{Edits: []codecs.Edit{e}}).Equal(before) {
				t.Fatal("replacing an index by itself changes the picture")
			}
			e.Value ^= 16
			after := decode(t, c, s, codecs.DecodeOptions{Edits: []codecs.Edit{e}})
			changed = !after.Equal(before)
			near := image.Rect(e.X*8-8, e.Y*8-8, e.X*8+16, e.Y*8+16)
			for k := 0; k < len(after.RGB8().Pix); k += 4 {
				at := image.Pt(k/4%160, k/4/160)
				if !at.In(near) && !bytes.Equal(after.RGB8().Pix[k:k+4], before.RGB8().Pix[k:k+4]) {
					t.Fatalf("an edit of block %d, %d reaches %v", e.X, e.Y, at)
				}
			}
			break
		}
	}
	if !changed {
		t.Error("no index of luma8 could be replaced to an effect")
	}
	for _, e := range []codecs.Edit{{Part: -1}, {Part: 99}, {Part: 8, Value: 1 << 20}, {Part: 8, X: 500}, {Part: 11, X: 1, Y: 1}} {
		if _, err := c.Decode(t.Context(), s, codecs.DecodeOptions{Edits: []codecs.Edit{e}}); err == nil {
			t.Errorf("edit %+v was accepted", e)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	c, p := tiny(b), scene(768, 512, false, 1)
	for b.Loop() {
		encode(b, c, p, 5)
	}
}

func BenchmarkDecode(b *testing.B) {
	c := tiny(b)
	s := encode(b, c, scene(768, 512, false, 1), 5)
	for b.Loop() {
		decode(b, c, s, codecs.DecodeOptions{})
	}
}
