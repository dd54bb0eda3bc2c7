package roi

import (
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/latenttest"
	"codecworkbench/codecs/picture"
)

// cost is what refinement lowers: bits, and the squared error of each pixel times its own
// quality's lambda.
func cost(t *testing.T, c *Codec, p *picture.Picture, s *codecs.Stream) float64 {
	t.Helper()
	f, err := c.Open(s)
	if err != nil {
		t.Fatal(err)
	}
	sum, x, y := 0.0, p.RGB8().Pix, latenttest.Decode(t, c, s, codecs.DecodeOptions{}).RGB8().Pix
	for i, v := range x {
		d, q := float64(v)-float64(y[i]), f.h.Q
		if f.gains != nil {
			q = f.gains.At(i/4/f.Width/f.Scale*f.Wide + i/4%f.Width/f.Scale)
		}
		sum += latent.Lambda(q) * d * d
	}
	return 8*float64(size(t, c, s)) + sum/3
}

// A refined file costs less, where some qualities lie beyond the model's levels too, by either
// kind of distribution.
func TestRefine(t *testing.T) {
	c, p := tinyCodec(t), latenttest.Scene(t, 150, 83, false, 3)
	mask := maskFile(t, blobs[1], 150, 83)
	for _, params := range []codecs.Params{
		{"q": "6"}, {"q": "6", "mask": mask}, {"q": "2", "mask": mask, "strength": "8"}, {"q": "9", "mask": mask, "prior": priorGaussian},
	} {
		plain := latenttest.Encode(t, c, p, params)
		fine := latenttest.Encode(t, c, p, params.With("refine", "10"))
		if before, after := cost(t, c, p, plain), cost(t, c, p, fine); after > 0.98*before {
			t.Errorf("%v: cost %.0f, without refinement %.0f", params, after, before)
		}
	}
}
