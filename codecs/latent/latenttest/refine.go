package latenttest

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/picture"
)

// Refines tests the option of codecs that improve their latents (package refine), with other
// parameters as they are given.
func Refines(t *testing.T, c codecs.Codec, params codecs.Params) {
	r := refining{c, params}
	for name, f := range map[string]func(*testing.T){
		"gain": r.gains, "report": r.reports, "cancel": r.cancels, "large": r.largePicture,
	} {
		t.Run(name, f)
	}
}

// refining is a codec with parameters of its own.
type refining struct {
	codec  codecs.Codec
	params codecs.Params
}

// with are the parameters for a quality and a number of iterations.
func (r refining) with(q, iterations int) codecs.Params {
	return r.params.WithQ(float64(q)).With("refine", strconv.Itoa(iterations))
}

// cost is what refinement lowers: bits, and lambda times the squared error of a pixel.
func (r refining) cost(t *testing.T, p *picture.Picture, s *codecs.Stream, q int) float64 {
	t.Helper()
	size, err := codecs.Size(r.codec.Info(), s)
	if err != nil {
		t.Fatal(err)
	}
	sum, x, y := 0.0, p.RGB8().Pix, Decode(t, r.codec, s, codecs.DecodeOptions{}).RGB8().Pix
	for i, v := range x {
		d := float64(v) - float64(y[i])
		sum += d * d
	}
	return 8*float64(size) + latent.Lambda(q*latent.QUnit)*sum/3
}

// gains checks that a refined file is an ordinary one, costs less, also below the model's
// levels, and is the same each time.
func (r refining) gains(t *testing.T) {
	p := Scene(t, 150, 83, false, 3)
	for q, bound := range map[int]float64{1: 0.999, 8: 0.99} {
		before := r.cost(t, p, Encode(t, r.codec, p, r.with(q, 0)), q)
		for _, n := range []int{1, 10} {
			fine := Encode(t, r.codec, p, r.with(q, n))
			if after := r.cost(t, p, fine, q); after > before+tail || n == 10 && after > bound*before {
				t.Errorf("q %d, %d iterations: cost %.0f, without refinement %.0f", q, n, after, before)
			}
			if !bytes.Equal(Marshal(t, fine), Marshal(t, Encode(t, r.codec, p, r.with(q, n)))) {
				t.Errorf("q %d, %d iterations: another file the second time", q, n)
			}
		}
	}
}

// tail is how many bits a file may differ from the sum of its symbols' costs.
const tail = 16

// largePicture checks that windows of a large picture, each with contexts and neighbours of
// its own, gain together.
func (r refining) largePicture(t *testing.T) {
	const q = 7
	p := Scene(t, 1050, 400, false, 4)
	before, after := r.cost(t, p, Encode(t, r.codec, p, r.with(q, 0)), q), r.cost(t, p, Encode(t, r.codec, p, r.with(q, 3)), q)
	if after > 0.995*before {
		t.Errorf("cost %.0f, without refinement %.0f", after, before)
	}
}

// reports checks that who watches sees each step, and what the best file so far is.
func (r refining) reports(t *testing.T) {
	const all = 200
	p := Scene(t, 150, 83, false, 3)
	steps, shown := 0, 0
	finish := make(chan struct{})
	o := codecs.EncodeOptions{Params: r.with(6, all), Finish: finish, On: func(v codecs.Progress) {
		if steps++; v.Done != steps || v.Total != all {
			t.Errorf("step %d: %d of %d", steps, v.Done, v.Total)
		}
		if v.Preview == nil {
			return
		}
		if shown++; v.BPP <= 0 || v.PSNR <= 0 || v.Preview.Width() != p.Width() {
			t.Errorf("shown with %g bpp and %g dB", v.BPP, v.PSNR)
		}
		if shown == 1 {
			close(finish)
		}
	}}
	s, err := r.codec.Encode(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	if shown == 0 || steps > all/2 {
		t.Errorf("%d drafts in %d steps", shown, steps)
	}
	if after, before := r.cost(t, p, s, 6), r.cost(t, p, Encode(t, r.codec, p, r.with(6, 0)), 6); after > before {
		t.Errorf("finished early with a cost of %.0f, without refinement %.0f", after, before)
	}
}

func (r refining) cancels(t *testing.T) {
	p := Scene(t, 600, 500, false, 3)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := r.codec.Encode(ctx, p, codecs.EncodeOptions{Params: r.with(6, 200)}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a cancelled encode ends with %v", err)
	}
}
