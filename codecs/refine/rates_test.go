package refine

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"codecworkbench/codecs/nn"
)

// Both searches find what trying everything finds, where bits are convex: within the tables.
func TestStepsAreMinima(t *testing.T) {
	m := newTiny(t)
	rates := NewRates(m.tables)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		table := rng.IntN(len(rates))
		r := &rates[table]
		v := float32(rng.NormFloat64() * 3)
		if math.Abs(float64(v)) > float64(m.tables.At(table).Last()-2) {
			continue
		}
		k := float32(math.Exp(rng.Float64()*6) * 20)
		b := k * rng.Float32() * 0.9
		cost := func(u float64) float64 {
			n := math.Floor(u)
			f, d := u-n, u-float64(v)
			low, high := float64(r.At(int(n))), float64(r.At(int(n)+1))
			return float64(k)/2*d*d + low + f*(high-low) + float64(b)/2*f*(1-f)
		}
		soft, hard := math.Inf(1), math.Inf(1)
		for u := -14 * 64; u <= 14*64; u++ {
			soft = min(soft, cost(float64(u)/64))
			if u%64 == 0 {
				hard = min(hard, cost(float64(u)/64))
			}
		}
		tolerance := 1e-4 * (1 + math.Abs(soft))
		if got := cost(float64(r.soft(v, k, b))); got > soft+tolerance {
			t.Fatalf("v %g, k %g, b %g: soft costs %g, there is %g", v, k, b, got, soft)
		}
		if got := cost(float64(r.hard(v, k))); got > hard+tolerance {
			t.Fatalf("v %g, k %g: hard costs %g, there is %g", v, k, got, hard)
		}
	}
}

// A latent shows as far as reach says, and no farther.
func TestReach(t *testing.T) {
	m := newTiny(t)
	const side = 24
	x := nn.NewTensor(side, side, m.channels)
	run := func() nn.Tensor {
		y, err := m.synthesis.Run(context.Background(), nn.NewSession(), x, nn.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return y
	}
	before := run()
	for c := range m.channels {
		x.Data[(side/2*side+side/2)*m.channels+c] = 10
	}
	after := run()
	most := 0
	for i, v := range after.Data {
		if v != before.Data[i] {
			row := i / after.C / after.W / m.decoder.scale
			most = max(most, row-side/2, side/2-row)
		}
	}
	if most != m.decoder.reach {
		t.Errorf("a latent shows %d positions away, not %d", most, m.decoder.reach)
	}
}
