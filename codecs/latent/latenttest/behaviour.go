package latenttest

import (
	"bytes"
	"context"
	"errors"
	"image"
	"math"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/codectest"
)

// Behaves tests what all these codecs promise, on a codec whose default model is a tiny one
// of 16 pixels a latent.
func Behaves(t *testing.T, c codecs.Codec) {
	for name, f := range map[string]func(*testing.T, codecs.Codec){
		"sizes": sizes, "quality": quality, "determinism": deterministic, "edits": edits,
		"missing model": missingModel, "cancel": cancel, "progress": progress,
		"damage": damage, "lost region": lostRegion, "truncation": truncation, "empty sections": emptySections,
		"inspection": inspection,
	} {
		t.Run(name, func(t *testing.T) { f(t, c) })
	}
}

func sizes(t *testing.T, c codecs.Codec) {
	for _, side := range [][2]int{{1, 1}, {1, 65}, {16, 16}, {17, 31}, {64, 64}, {4096, 3}, {3, 1100}, {600, 520}} {
		for _, gray := range []bool{false, true} {
			p := Scene(t, side[0], side[1], gray, 1)
			got := Decode(t, c, Encode(t, c, p, codecs.Params{"q": "10"}), codecs.DecodeOptions{})
			if got.Width() != side[0] || got.Height() != side[1] || got.Gray() != gray || got.Alpha() {
				t.Errorf("%v: decoded to %d x %d, grey %t, alpha %t", side, got.Width(), got.Height(), got.Gray(), got.Alpha())
			}
			if v := PSNR(p, got); v < 12 {
				t.Errorf("%v, grey %t: %.1f dB", side, gray, v)
			}
		}
	}
}

func quality(t *testing.T, c codecs.Codec) {
	p := Scene(t, 200, 136, false, 2)
	lastSize, lastError := 0, math.Inf(1)
	for _, q := range []float64{0, 3.33, 6.67, 10} {
		s := Encode(t, c, p, codecs.Params{}.WithQ(q))
		n, e := len(Marshal(t, s)), -PSNR(p, Decode(t, c, s, codecs.DecodeOptions{}))
		if n <= lastSize || e >= lastError {
			t.Errorf("q %g takes %d bytes for %.2f dB, a lower one %d for %.2f", q, n, -e, lastSize, -lastError)
		}
		lastSize, lastError = n, e
	}
}

func deterministic(t *testing.T, c codecs.Codec) {
	p := Scene(t, 300, 520, false, 4)
	a, b := Encode(t, c, p, nil), Encode(t, c, p, nil)
	for i := range a.Sections {
		if !bytes.Equal(a.Sections[i].Payload, b.Sections[i].Payload) {
			t.Errorf("section %d differs between two encodes", i)
		}
	}
}

func edits(t *testing.T, c codecs.Codec) {
	s := Encode(t, c, Scene(t, 200, 136, false, 6), nil)
	plain := Decode(t, c, s, codecs.DecodeOptions{})
	edited := Decode(t, c, s, codecs.DecodeOptions{Edits: []codecs.Edit{{Part: 2, X: 3, Y: 4, Value: 9}}})
	if plain.Equal(edited) {
		t.Error("an edit changes nothing")
	}
	corner := image.Rect(184, 120, 200, 136)
	far, err := edited.Crop(corner)
	if err != nil {
		t.Fatal(err)
	}
	was, err := plain.Crop(corner)
	if err != nil {
		t.Fatal(err)
	}
	if !far.Equal(was) {
		t.Error("an edit reaches across the picture")
	}
	for _, e := range []codecs.Edit{{Part: 1 << 20}, {Part: -1}, {X: 13}, {Y: 9}} {
		if _, err := c.Decode(t.Context(), s, codecs.DecodeOptions{Edits: []codecs.Edit{e}}); err == nil {
			t.Errorf("edit %+v outside is accepted", e)
		}
	}
}

func missingModel(t *testing.T, c codecs.Codec) {
	p := Scene(t, 16, 16, false, 7)
	if _, err := c.Encode(t.Context(), p, codecs.EncodeOptions{Params: codecs.Params{"model": "absent"}}); !errors.Is(err, codecs.ErrNoModel) {
		t.Errorf("an absent model gives %v", err)
	}
	s := Encode(t, c, p, nil)
	s.Model ^= 1
	if _, err := c.Decode(t.Context(), s, codecs.DecodeOptions{}); !errors.Is(err, codecs.ErrNoModel) {
		t.Errorf("a stream with another model's hash gives %v", err)
	}
}

func cancel(t *testing.T, c codecs.Codec) {
	p := Scene(t, 300, 600, false, 8)
	s := Encode(t, c, p, nil)
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

func progress(t *testing.T, c codecs.Codec) {
	p := Scene(t, 100, 600, false, 9)
	most, total := 0, 0
	on := serial(func(v codecs.Progress) { most, total = max(most, v.Done), v.Total })
	s, err := c.Encode(t.Context(), p, codecs.EncodeOptions{On: on})
	if err != nil || most != total || total == 0 {
		t.Errorf("encoding reports %d of %d, error %v", most, total, err)
	}
	most = 0
	if _, err := c.Decode(t.Context(), s, codecs.DecodeOptions{On: on}); err != nil || most != total {
		t.Errorf("decoding reports %d of %d, error %v", most, total, err)
	}
}

// inspection checks the panels that all these codecs have.
func inspection(t *testing.T, c codecs.Codec) {
	s := Encode(t, c, Scene(t, 600, 100, false, 14), codecs.Params{"q": "9"})
	trace, err := c.(codecs.Inspector).Inspect(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	bits := Panel[codecs.Plane](t, trace, "bits")
	if bits.Width != 38 || bits.Height != 7 || len(bits.Values) != 38*7 || bits.Scale != 16 {
		t.Fatalf("the bits' plane has %d x %d positions and %d values", bits.Width, bits.Height, len(bits.Values))
	}
	sum, payload := 0.0, 0
	for _, v := range bits.Values {
		sum += float64(v)
	}
	for _, sec := range s.Sections[1:] {
		payload += 8 * len(sec.Payload)
	}
	// The streams' ends are all that the map does not know exactly.
	if math.Abs(sum-float64(payload)) > 0.002*float64(payload)+24 {
		t.Errorf("the map adds up to %.0f bits, the file holds %d", sum, payload)
	}
	total := 0.0
	for _, l := range Panel[codecs.Series](t, trace, "rate").Lines {
		for _, v := range l.Y {
			total += v
		}
	}
	if math.Abs(total-sum) > 1e-3*sum {
		t.Errorf("channels add up to %.0f bits, positions to %.0f", total, sum)
	}
	h := Panel[codecs.Histogram](t, trace, "histogram")
	prior := 0.0
	for _, v := range h.Prior {
		prior += v
	}
	if len(h.Counts) != len(h.Prior) || math.Abs(prior-1) > 1e-6 || h.Counts[-h.First] == 0 {
		t.Errorf("a histogram of %v has a prior that sums to %g", h.Counts, prior)
	}
	if rows := Panel[codecs.Table](t, trace, "channels").Rows; len(rows) != 8 || len(rows[0]) != 5 {
		t.Errorf("the channels' table: %v", rows)
	}
	if p := Panel[codecs.Plane](t, trace, "latent-4"); len(p.Values) != 38*7 {
		t.Errorf("a latent's panel has %d values", len(p.Values))
	}
	changes(t, c, s, trace)
}

// changes is codectest.Changes for codecs of this kind, whose regions tile the picture.
func changes(t *testing.T, c codecs.Codec, s *codecs.Stream, trace *codecs.Trace) {
	codectest.Changes(t, c, s, trace)
	area := 0
	for _, p := range trace.Places {
		if s.Sections[p.Part].Part > 0 || p.Rect.Dx() < s.Width {
			area += p.Rect.Dx() * p.Rect.Dy()
		}
	}
	if area != s.Width*s.Height {
		t.Errorf("regions cover %d of %d pixels", area, s.Width*s.Height)
	}
}
