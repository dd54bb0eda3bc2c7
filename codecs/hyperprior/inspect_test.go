package hyperprior

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
	s := encode(t, c, scene(t, 600, 100, false, 14), codecs.Params{"q": "9"})
	trace, err := c.Inspect(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	bits := panel[codecs.Plane](t, trace, "bits")
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
	for _, l := range panel[codecs.Series](t, trace, "rate").Lines {
		for _, v := range l.Y {
			total += v
		}
	}
	if math.Abs(total-sum) > 1e-3*sum {
		t.Errorf("channels add up to %.0f bits, positions to %.0f", total, sum)
	}
	h := panel[codecs.Histogram](t, trace, "histogram")
	prior := 0.0
	for _, v := range h.Prior {
		prior += v
	}
	if len(h.Counts) != len(h.Prior) || math.Abs(prior-1) > 1e-6 || h.Counts[-h.First] == 0 {
		t.Errorf("a histogram of %v has a prior that sums to %g", h.Counts, prior)
	}
	if rows := panel[codecs.Table](t, trace, "channels").Rows; len(rows) != 8 || len(rows[0]) != 5 {
		t.Errorf("the channels' table: %v", rows)
	}
	for _, v := range panel[codecs.Plane](t, trace, "sigma").Values {
		if !(v >= minSigma*0.999 && v <= maxSigma) {
			t.Fatalf("sigma %g", v)
		}
	}
	for _, id := range []string{"mean", "scale", "latent-1", "latent-4"} {
		if p := panel[codecs.Plane](t, trace, id); len(p.Values) != 38*7 {
			t.Errorf("panel %s has %d values", id, len(p.Values))
		}
	}
	if z := panel[codecs.Plane](t, trace, "hyper-latent"); z.Width != 10 || z.Height != 2 || z.Scale != 64 {
		t.Errorf("z has %d x %d positions", z.Width, z.Height)
	}
}
