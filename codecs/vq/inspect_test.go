package vq

import (
	"codecworkbench/codecs"
	"math"
	"testing"
)

// The bits that the panels report add up to the sections' sizes.
func TestInspect(t *testing.T) {
	c := tiny(t)
	s := encode(t, c, scene(200, 140, false, 5), 6)
	trace, err := c.Inspect(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	bits := 0.0
	for _, sec := range s.Sections {
		if sec.Kind == sectionLuma || sec.Kind == sectionChroma {
			bits += 8 * float64(len(sec.Payload))
		}
	}
	seen := map[string]bool{}
	for _, p := range trace.Panels {
		if seen[p.ID] {
			t.Errorf("two panels %q", p.ID)
		}
		seen[p.ID] = true
		switch d := p.Data.(type) {
		case codecs.Plane:
			if len(d.Values) != d.Width*d.Height {
				t.Errorf("%s: %d values for %d x %d", p.ID, len(d.Values), d.Width, d.Height)
			}
			if p.ID == "bits" {
				sum := 0.0
				for _, v := range d.Values {
					sum += float64(v) * 16
				}
				if math.Abs(sum-bits) > 0.01*bits+64 {
					t.Errorf("the bits map adds up to %.0f bits, the sections have %.0f", sum, bits)
				}
			}
		case codecs.Codebook:
			if len(d.Tiles) != len(d.Uses) || d.Tiles[0].Width() != d.Tile {
				t.Errorf("%s: %d tiles of %d, %d uses", p.ID, len(d.Tiles), d.Tile, len(d.Uses))
			}
		case codecs.Histogram:
			if len(d.Counts) != len(d.Prior) {
				t.Errorf("%s: %d counts, prior of %d", p.ID, len(d.Counts), len(d.Prior))
			}
		}
	}
	for _, id := range []string{"indices", "block-size", "bits", "means-0", "index-luma8", "usage-luma8", "codebook-luma8"} {
		if !seen[id] {
			t.Errorf("no panel %q", id)
		}
	}
}
