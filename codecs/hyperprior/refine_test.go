package hyperprior

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/latenttest"
	"codecworkbench/codecs/picture"
)

// cost is what refinement lowers: bits, and lambda times the squared error of a pixel.
func cost(t *testing.T, c *Codec, p *picture.Picture, s *codecs.Stream, q int) float64 {
	t.Helper()
	size, err := codecs.Size(c.Info(), s)
	if err != nil {
		t.Fatal(err)
	}
	sum, x, y := 0.0, p.RGB8().Pix, decode(t, c, s, codecs.DecodeOptions{}).RGB8().Pix
	for i, v := range x {
		d := float64(v) - float64(y[i])
		sum += d * d
	}
	return 8*float64(size) + latent.Lambda(q*latent.QUnit)*sum/3
}

// A refined file is an ordinary one, costs less, also below the model's levels, and is the
// same each time.
func TestRefine(t *testing.T) {
	for name, c := range map[string]*Codec{ID: tinyCodec(t), GDNID: NewGDN(latenttest.Models(t, GDNID, "testdata/tiny-gdn.safetensors"))} {
		for _, q := range []string{"1", "8"} {
			p := scene(t, 150, 83, false, 3)
			plain := encode(t, c, p, codecs.Params{"q": q})
			fine := encode(t, c, p, codecs.Params{"q": q, "refine": "10"})
			level := int(q[0] - '0')
			if before, after := cost(t, c, p, plain, level), cost(t, c, p, fine, level); after > 0.99*before {
				t.Errorf("%s at %s: cost %.0f, without refinement %.0f", name, q, after, before)
			}
			again := encode(t, c, p, codecs.Params{"q": q, "refine": "10"})
			for i, s := range again.Sections {
				if !bytes.Equal(s.Payload, fine.Sections[i].Payload) {
					t.Errorf("%s at %s: section %d is another the second time", name, q, i)
				}
			}
		}
	}
}

// Who watches sees each step, and what the best file so far is; the last one shown is the
// file that comes, if it was drafted.
func TestRefineReports(t *testing.T) {
	c, p := tinyCodec(t), scene(t, 150, 83, false, 3)
	steps, shown := 0, 0
	finish := make(chan struct{})
	o := codecs.EncodeOptions{Params: codecs.Params{"refine": "200"}, Finish: finish, On: func(r codecs.Progress) {
		if steps++; r.Done != steps || r.Total != 200 {
			t.Errorf("step %d: %d of %d", steps, r.Done, r.Total)
		}
		if r.Preview == nil {
			return
		}
		if shown++; r.BPP <= 0 || r.PSNR <= 0 || r.Preview.Width() != p.Width() {
			t.Errorf("shown with %g bpp and %g dB", r.BPP, r.PSNR)
		}
		if shown == 1 {
			close(finish)
		}
	}}
	s, err := c.Encode(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	if shown == 0 || steps > 100 {
		t.Errorf("%d drafts in %d steps", shown, steps)
	}
	plain := encode(t, c, p, nil)
	if after, before := cost(t, c, p, s, 6), cost(t, c, p, plain, 6); after > before {
		t.Errorf("finished early with a cost of %.0f, without refinement %.0f", after, before)
	}
}

func TestRefineCancelled(t *testing.T) {
	c, p := tinyCodec(t), scene(t, 600, 500, false, 3)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := c.Encode(ctx, p, codecs.EncodeOptions{Params: codecs.Params{"refine": "200"}}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a cancelled encode ends with %v", err)
	}
}
