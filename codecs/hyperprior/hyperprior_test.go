package hyperprior

import (
	"errors"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/latenttest"
)

func TestBehaviour(t *testing.T) { latenttest.Behaves(t, tinyCodec(t)) }

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
	c := tinyGDN(t)
	latenttest.Behaves(t, c)
	if c.Info().ID != GDNID {
		t.Errorf("its id is %s", c.Info().ID)
	}
	if _, err := New(latenttest.Models(t, ID, "testdata/tiny-gdn.safetensors")).Encode(t.Context(), scene(t, 16, 16, false, 1), codecs.EncodeOptions{}); !errors.Is(err, latent.ErrModel) {
		t.Errorf("a model of %s for %s gives %v", GDNID, ID, err)
	}
}
