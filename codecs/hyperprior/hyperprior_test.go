package hyperprior

import (
	"errors"
	"math/rand/v2"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/hyper"
	"codecworkbench/codecs/latent/latenttest"
	"codecworkbench/codecs/nn"
)

func TestBehaviour(t *testing.T) { latenttest.Behaves(t, tinyCodec(t)) }

// The symbols that an encoder means are those that a decoder reads, escapes among them.
func TestSymbolsSurvive(t *testing.T) {
	c := tinyCodec(t)
	m, _, err := c.models.Load("s")
	if err != nil {
		t.Fatal(err)
	}
	l := m.layout(700, 90)
	data := make([]int16, l.Positions()*2*m.Channels)
	p := hyper.NewPrior(m.Channels, l.Wide, data)
	want := make([]int16, l.High*l.Wide*m.Channels)
	e := newEncoder(m, scene(t, 700, 90, false, 1), latent.Header{Q: 500}, nil)
	rng := rand.New(rand.NewPCG(1, 2))
	y := make([]float32, len(want))
	for i := range want {
		at := i/m.Channels*2*m.Channels + i%m.Channels
		mean, scale := rng.IntN(4000)-2000, rng.IntN(m.scales.Len())
		data[at], data[at+m.Channels] = int16(mean), int16(scale)
		s := latent.Clamp(int(rng.NormFloat64() * 3 * float64(scale)))
		if i%50 == 0 {
			s = rng.IntN(2*latent.MaxSymbol+1) - latent.MaxSymbol
		}
		if m.skip[scale] {
			s = 0
		}
		want[i], y[i] = int16(s), float32(s)+float32(mean)/meanUnit
	}
	f := &opened{layout: l, m: m, parts: l.Regions()}
	got := make([]int16, len(want))
	for i, r := range f.parts {
		payload, err := e.region(t.Context(), r, nn.Tensor{H: l.High, W: l.Wide, C: m.Channels, Data: y}, p)
		if err != nil {
			t.Fatal(err)
		}
		f.y.Data = append(f.y.Data, payload)
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

func TestParts(t *testing.T) {
	c := tinyCodec(t)
	p := scene(t, 200, 136, false, 5)
	s := encode(t, c, p, codecs.Params{"q": "10"})
	full := latenttest.PSNR(p, decode(t, c, s, codecs.DecodeOptions{}))
	means := decode(t, c, s, codecs.DecodeOptions{Off: []string{nameY}})
	if v := latenttest.PSNR(p, means); v > full-1 || v < 8 {
		t.Errorf("the means alone give %.2f dB, everything %.2f", v, full)
	}
	if !means.Equal(decode(t, c, s, codecs.DecodeOptions{UpTo: 1})) {
		t.Error("UpTo 1 is not the picture without y")
	}
	if v := latenttest.PSNR(p, decode(t, c, s, codecs.DecodeOptions{Off: []string{nameZ}})); v >= full {
		t.Errorf("without means %.2f dB, everything %.2f", v, full)
	}
}

// The textbook network is the same codec but for its id and model.
func TestGDN(t *testing.T) {
	c := NewGDN(latenttest.Models(t, GDNID, "testdata/tiny-gdn.safetensors"))
	latenttest.Behaves(t, c)
	if c.Info().ID != GDNID {
		t.Errorf("its id is %s", c.Info().ID)
	}
	if _, err := New(latenttest.Models(t, ID, "testdata/tiny-gdn.safetensors")).Encode(t.Context(), scene(t, 16, 16, false, 1), codecs.EncodeOptions{}); !errors.Is(err, latent.ErrModel) {
		t.Errorf("a model of %s for %s gives %v", GDNID, ID, err)
	}
}
