package refine

import (
	"context"
	"slices"
	"testing"

	"codecworkbench/codecs/latent"
)

// levels are those of the tiny model.
func levels(t *testing.T) latent.Levels {
	t.Helper()
	v, err := latent.ParseLevels("[0.0018, 0.009486833, 0.05]")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// withMap gives the left of a problem one quality and the right another.
func withMap(t *testing.T, p *Problem, left, right int) *Problem {
	t.Helper()
	p.Levels, p.Map = levels(t), &latent.Map{Q: []int{left, right}}
	for i := range p.Layout.Positions() {
		side := uint8(0)
		if i%p.Layout.Wide >= p.Layout.Wide/2 {
			side = 1
		}
		p.Map.Index = append(p.Map.Index, side)
	}
	return p
}

// A map of one quality is that quality, to the bit.
func TestUniformMap(t *testing.T) {
	m := newTiny(t)
	const q = 650 // level 1 of 0 to 2
	run := func(p *Problem) []float32 {
		p.Lambda = latent.Lambda(q)
		if err := Run(context.Background(), m.decoder, p, Options{Iterations: 5}); err != nil {
			t.Fatal(err)
		}
		return p.Y.Data
	}
	want := run(m.problem(t, 150, 90, false))
	if got := run(withMap(t, m.problem(t, 150, 90, false), q, q)); !slices.Equal(got, want) {
		t.Error("with a map of one quality, other latents are found")
	}
}

// With a map, what falls is the cost in which each error weighs by its own position's
// trade-off, beyond the model's levels too, and windows add up.
func TestMap(t *testing.T) {
	m := newTiny(t)
	for _, q := range [][2]int{{350, 900}, {1000, 100}, {1200, 600}} {
		p := withMap(t, m.problem(t, 130, 70, false), q[0], q[1])
		before := m.cost(t, p)
		if err := Run(context.Background(), m.decoder, p, Options{Iterations: 12}); err != nil {
			t.Fatal(err)
		}
		if after := m.cost(t, p); after > 0.97*before {
			t.Errorf("qualities %v: J is %g after %g", q, after, before)
		}
	}
	m.windowsAddUp(t, withMap(t, m.problem(t, 2*512+50, 400, false), 300, 1100))
}
