// Package latenttest has the tests that all codecs on package latent have to pass, and what
// their own tests need.
package latenttest

import (
	"context"
	"image"
	"math"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"testing/fstest"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// Models holds one model, a codec's "s", from a file.
func Models(t testing.TB, codec, file string) *codecs.Models {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return codecs.NewModels(fstest.MapFS{codec + "/s" + codecs.ModelExt: {Data: data}})
}

// Scene draws a picture with slopes, edges and noise, by integers alone, the same on every
// machine.
func Scene(t testing.TB, w, h int, gray bool, seed uint64) *picture.Picture {
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

// Encode compresses a picture.
func Encode(t testing.TB, c codecs.Codec, p *picture.Picture, params codecs.Params) *codecs.Stream {
	t.Helper()
	s, err := c.Encode(context.Background(), p, codecs.EncodeOptions{Params: params})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Decode reconstructs a picture.
func Decode(t testing.TB, c codecs.Codec, s *codecs.Stream, o codecs.DecodeOptions) *picture.Picture {
	t.Helper()
	r, err := c.Decode(context.Background(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	return r.Picture
}

// Marshal is the .cwb file of a stream.
func Marshal(t testing.TB, s *codecs.Stream) []byte {
	t.Helper()
	data, err := codecs.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Parse reads a .cwb file of a codec.
func Parse(t testing.TB, c codecs.Codec, data []byte) *codecs.Stream {
	t.Helper()
	s, _, err := registry(t, c).Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// registry lists a codec for container files.
func registry(t testing.TB, c codecs.Codec) *codecs.Registry {
	t.Helper()
	r, err := codecs.NewRegistry([]codecs.Codec{c}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// PSNR of the samples of two opaque pictures, in dB.
func PSNR(a, b *picture.Picture) float64 {
	x, y := a.RGB8().Pix, b.RGB8().Pix
	sum := 0.0
	for i := range x {
		d := float64(x[i]) - float64(y[i])
		sum += d * d
	}
	return 10 * math.Log10(255*255*float64(len(x))*3/4/sum)
}

// serial makes a progress function safe to be called from several goroutines.
func serial(f func(codecs.Progress)) func(codecs.Progress) {
	var lock sync.Mutex
	return func(p codecs.Progress) {
		lock.Lock()
		defer lock.Unlock()
		f(p)
	}
}

// Panel finds a trace's panel of an ID and a type.
func Panel[T any](t *testing.T, trace *codecs.Trace, id string) T {
	t.Helper()
	for _, p := range trace.Panels {
		if p.ID == id {
			if p.Title == "" || p.Help == "" {
				t.Errorf("panel %s has no title or help", id)
			}
			v, ok := p.Data.(T)
			if !ok {
				t.Fatalf("panel %s is a %T", id, p.Data)
			}
			return v
		}
	}
	t.Fatalf("no panel %s", id)
	panic("unreachable")
}
