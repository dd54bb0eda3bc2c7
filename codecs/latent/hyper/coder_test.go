package hyper

import (
	"math/rand/v2"
	"testing"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn"
)

// The symbols that an encoder means are those that a decoder reads, escapes among them, also
// where channels have tables of their own.
func TestSymbolsSurvive(t *testing.T) {
	const channels, scales = 6, 20
	tables, err := entropy.ScaleTables(entropy.GaussianCDF, append(entropy.ScaleGrid(scales, 0.11, 256), entropy.ScaleGrid(scales, 0.2, 100)...), 1e-4, 200, 16)
	if err != nil {
		t.Fatal(err)
	}
	c := NewCoder(tables, []int{0, scales, 0, 0, scales, scales})
	l := latent.NewLayout(700, 90, 16)
	data := make([]int16, l.Positions()*2*channels)
	p := NewPrior(channels, l.Wide, data)
	want := make([]int16, l.Positions()*channels)
	rng := rand.New(rand.NewPCG(1, 2))
	y := make([]float32, len(want))
	for i := range want {
		channel := i % channels
		at := i/channels*2*channels + channel
		mean, scale := rng.IntN(4000)-2000, rng.IntN(scales)
		data[at], data[at+channels] = int16(mean), int16(scale)
		s := latent.Clamp(int(rng.NormFloat64() * 10 * float64(scale)))
		if i%50 == 0 {
			s = rng.IntN(2*latent.MaxSymbol+1) - latent.MaxSymbol
		}
		if c.Skip[c.Table(channel, int16(scale))] {
			s = 0
		}
		want[i], y[i] = int16(s), float32(s)+float32(mean)/MeanUnit
	}
	regions := l.Regions()
	if len(regions) != 2 {
		t.Errorf("%d regions for 700 pixels across", len(regions))
	}
	tick := func() {}
	payloads, err := c.Encode(t.Context(), regions, nn.Tensor{H: l.High, W: l.Wide, C: channels, Data: y}, p, tick)
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Decode(t.Context(), l, regions, payloads, p, tick)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("symbol %d is %d, was %d", i, got[i], want[i])
		}
	}
	payloads[0] = nil
	if got, err = c.Decode(t.Context(), l, regions, payloads, p, tick); err != nil {
		t.Fatal(err)
	}
	first, other := 0, 0
	for i := range want {
		if (i/channels)%l.Wide < regions[0].X1 {
			first += int(got[i]) * int(got[i])
		} else if got[i] != want[i] {
			other++
		}
	}
	if first != 0 || other != 0 {
		t.Errorf("without the first region's payload, it sums to %d and the other has %d other symbols", first, other)
	}
}
