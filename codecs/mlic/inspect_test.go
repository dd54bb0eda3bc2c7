package mlic

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent/hyper"
	"codecworkbench/codecs/latent/latenttest"
)

func TestInspect(t *testing.T) {
	c := tinyCodec(t)
	s := encode(t, c, scene(t, 600, 100, false, 14), codecs.Params{"q": "9"})
	trace, err := c.Inspect(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"sigma", "sigma-z"} {
		for _, v := range latenttest.Panel[codecs.Plane](t, trace, id).Values {
			if !(v >= hyper.MinSigma*0.999 && v <= hyper.MaxSigma) {
				t.Fatalf("%s %g", id, v)
			}
		}
	}
	for _, id := range []string{"mean", "scale", "skipped", "pass-1", "pass-8"} {
		if p := latenttest.Panel[codecs.Plane](t, trace, id); len(p.Values) != 38*7 {
			t.Errorf("panel %s has %d values", id, len(p.Values))
		}
	}
	if z := latenttest.Panel[codecs.Plane](t, trace, "hyper-latent"); z.Width != 10 || z.Height != 2 || z.Scale != 64 {
		t.Errorf("z has %d x %d positions", z.Width, z.Height)
	}
}

// The first pass costs something on anchors alone, the passes add up to the file, and each
// takes half of the positions.
func TestPassesPanel(t *testing.T) {
	c := tinyCodec(t)
	s := encode(t, c, scene(t, 600, 100, false, 14), codecs.Params{"q": "9"})
	trace, err := c.Inspect(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	first := latenttest.Panel[codecs.Plane](t, trace, "pass-1")
	for i, v := range first.Values {
		x, y := i%38, i/38
		if x >= 19 { // the second region starts at 19
			x -= 19
		}
		if v != 0 && (x+y)%2 != 0 {
			t.Fatalf("the first pass has %g bits at %d, %d", v, i%38, y)
		}
	}
	sum, payload := 0.0, 0
	rows := latenttest.Panel[codecs.Table](t, trace, "passes").Rows
	for _, row := range rows {
		v, err := strconv.ParseFloat(row[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += v
	}
	for _, sec := range s.Sections[2:] {
		payload += len(sec.Payload)
	}
	if len(rows) != 8 || math.Abs(sum-float64(payload)) > 10 {
		t.Errorf("%d passes add up to %.0f bytes, y takes %d", len(rows), sum, payload)
	}
}

// The list of contexts starts with the file as it is, which costs what the symbols cost, and
// leaves out what the file does without.
func TestWorthPanel(t *testing.T) {
	c := tinyCodec(t)
	p := scene(t, 300, 200, false, 15)
	for _, test := range []struct {
		params codecs.Params
		rows   int
	}{
		{codecs.Params{"q": "9", "skip": "false"}, 6},
		{codecs.Params{"q": "9", "skip": "false", "local": "false", "global": "false"}, 4},
	} {
		s := encode(t, c, p, test.params)
		trace, err := c.Inspect(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		rows := latenttest.Panel[codecs.Table](t, trace, "contexts").Rows
		if len(rows) != test.rows || !strings.Contains(rows[1][0], "without") {
			t.Fatalf("%v: rows %v", test.params, rows)
		}
		bytes, err := strconv.Atoi(rows[0][1])
		if err != nil || math.Abs(float64(bytes-len(s.Sections[2].Payload))) > 4 {
			t.Errorf("as it is: %s bytes, the file has %d", rows[0][1], len(s.Sections[2].Payload))
		}
	}
}
