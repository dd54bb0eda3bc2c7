package hyper

import (
	"fmt"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent"
)

// Account adds the bits of z at quality q to those of the latents that each position covers,
// and returns them by channel of z.
func (m *Model) Account(a *latent.Account, l latent.Layout, z []int16, q int) []float64 {
	channels := make([]float64, m.Channels)
	for i := range l.Positions() {
		sum := 0.0
		for c := range channels {
			bits := m.Table(q, c).Bits(int(z[i*m.Channels+c]))
			channels[c] += bits
			sum += bits
		}
		a.Share(l, i%l.Wide, i/l.Wide, sum)
	}
	return channels
}

// Panel shows the dearest channel of z; bits are what Account returned.
func (m *Model) Panel(l latent.Layout, z []int16, bits []float64) codecs.Panel {
	c := latent.Ranked(bits)[0]
	return codecs.Panel{ID: "hyper-latent", Title: fmt.Sprintf("Hyper-latent channel %d", c),
		Help: fmt.Sprintf("The channel of z that costs most: one number for %dx%d pixels, from which means and scales follow.", l.Scale, l.Scale),
		Data: l.Plane("steps", true, func(x, y int) float64 { return float64(z[(y*l.Wide+x)*m.Channels+c]) })}
}
