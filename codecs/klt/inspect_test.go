package klt

import (
	"math"
	"testing"

	"codecworkbench/codecs"
)

func panel[T any](t *testing.T, trace *codecs.Trace, id string) T {
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

func TestInspect(t *testing.T) {
	c := tinyCodec(t)
	p := scene(t, 100, 600, false, 14)
	s := encode(t, c, p, nil)
	trace, err := c.Inspect(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	bits := panel[codecs.Plane](t, trace, "bits")
	if bits.Width != 13 || bits.Height != 75 || len(bits.Values) != 13*75 {
		t.Fatalf("the bits' plane has %d x %d blocks and %d values", bits.Width, bits.Height, len(bits.Values))
	}
	sum, payload := 0.0, 0
	for _, v := range bits.Values {
		sum += float64(v)
	}
	for _, sec := range s.Sections[1:] {
		payload += 8 * len(sec.Payload)
	}
	// Escapes and the streams' ends are all that the map does not know exactly.
	if math.Abs(sum-float64(payload)) > 0.005*float64(payload)+32 {
		t.Errorf("the map adds up to %.0f bits, the file holds %d", sum, payload)
	}
	rate := panel[codecs.Series](t, trace, "rate")
	total := 0.0
	for _, l := range rate.Lines {
		for _, v := range l.Y {
			total += v
		}
	}
	if math.Abs(total-sum) > 1e-3*sum {
		t.Errorf("coefficients add up to %.0f bits, blocks to %.0f", total, sum)
	}
	h := panel[codecs.Histogram](t, trace, "histogram")
	prior := 0.0
	for _, v := range h.Prior {
		prior += v
	}
	if len(h.Counts) != len(h.Prior) || math.Abs(prior-1) > 1e-6 {
		t.Errorf("a histogram of %d bins has a prior of %d that sums to %g", len(h.Counts), len(h.Prior), prior)
	}
	book := panel[codecs.Codebook](t, trace, "basis-0")
	if len(book.Tiles) != coefs || len(book.Uses) != coefs || book.Uses[0] < book.Uses[coefs-1] {
		t.Errorf("%d functions, %d counts", len(book.Tiles), len(book.Uses))
	}
	if rows := panel[codecs.Table](t, trace, "steps").Rows; len(rows) != coefs || len(rows[0]) != 1+planes {
		t.Errorf("the steps' table has %d rows", len(rows))
	}
	dc := panel[codecs.Plane](t, trace, "dc")
	for _, v := range dc.Values {
		if v < -260 || v > 260 {
			t.Fatalf("a block's mean is %g", v)
		}
	}
}

func TestInspectGray(t *testing.T) {
	c := tinyCodec(t)
	trace, err := c.Inspect(t.Context(), encode(t, c, scene(t, 20, 20, true, 15), nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(panel[codecs.Series](t, trace, "rate").Lines); n != 1 {
		t.Errorf("a grey file has %d channels", n)
	}
}
