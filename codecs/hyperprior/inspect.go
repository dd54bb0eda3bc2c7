package hyperprior

import (
	"context"
	"fmt"
	"math"

	"codecworkbench/codecs"
	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/picture"
)

// Scales of the models that codecs/training makes, even in the logarithm: they label maps.
const minSigma, maxSigma = 0.11, 256

// Inspect shows latents, what the hyperprior expected of them, and where the bits went,
// from the file alone.
func (c *Codec) Inspect(ctx context.Context, s *codecs.Stream, _ *picture.Picture) (*codecs.Trace, error) {
	return codecs.Detach(ctx, func() (*codecs.Trace, error) {
		f, err := c.open(s)
		if err != nil {
			return nil, err
		}
		w := f.m.spaces.Get().(*workspace)
		defer f.m.spaces.Put(w)
		l, err := f.read(ctx, w, true, func() {})
		if err != nil {
			return nil, err
		}
		a := newAccount(f, l)
		for i, r := range f.parts {
			there := f.y.Data[i] != nil
			if err := r.Each(ctx, nil, func() {}, func(x, y int) { a.position(x, y, there) }); err != nil {
				return nil, err
			}
		}
		a.describe()
		return &codecs.Trace{Panels: a.panels(), Places: f.Places(s, sectionY), Switches: switches(),
			Steps:   []string{"z alone", "z and y"},
			Symbols: f.Symbols(l.symbols, f.m.Channels, latent.LargestEdit, "How far each channel's latent lies from its mean, in steps: what y codes at this place.")}, nil
	})
}

func switches() []codecs.Switch {
	return []codecs.Switch{
		{ID: nameY, Name: "y", Help: "Distances from the means: without them, the picture is what z alone predicts."},
		{ID: nameZ, Name: "Means", Help: "What z predicts of each latent: without it, the picture is what y adds."},
	}
}

// account adds up what a file holds.
type account struct {
	*latent.Account
	f      *opened
	l      *latents
	sigma  []float64 // by scale
	spread []float64 // by position of y: the scales' geometric mean
	hyperZ []float64 // bits by channel of z
}

func newAccount(f *opened, l *latents) *account {
	return &account{Account: latent.NewAccount(f.Layout, f.m.Channels, f.m.scales), f: f, l: l,
		sigma: entropy.ScaleGrid(f.m.scales.Len(), minSigma, maxSigma), spread: make([]float64, f.Positions()), hyperZ: make([]float64, f.m.hyper.Channels)}
}

// position adds a position, whose symbols count if they are there.
func (a *account) position(x, y int, there bool) {
	at := y*a.Wide + x
	_, scales := a.l.prior.At(x, y)
	logs := 0.0
	for c, scale := range scales {
		a.Value(c, a.value(x, y, c))
		logs += math.Log(a.sigma[scale])
		if there && !a.f.m.skip[scale] {
			a.Symbol(x, y, c, int(scale), int(a.l.symbols[at*a.Channels+c]))
		}
	}
	a.spread[at] = math.Exp(logs / float64(a.Channels))
}

// value is a latent as the synthesis gets it.
func (a *account) value(x, y, c int) float64 {
	return float64(a.l.symbols[(y*a.Wide+x)*a.Channels+c]) + a.mean(x, y, c)
}

func (a *account) mean(x, y, c int) float64 {
	means, _ := a.l.prior.At(x, y)
	return float64(means[c]) / meanUnit
}

// describe adds the bits of z, each position's shared out to the latents that it covers.
func (a *account) describe() {
	m, l := a.f.m, a.f.z
	for i := range l.Positions() {
		sum := 0.0
		for c := range m.hyper.Channels {
			bits := m.hyper.Table(a.f.h.Q, c).Bits(int(a.l.z[i*m.hyper.Channels+c]))
			a.hyperZ[c] += bits
			sum += bits
		}
		a.Share(l, i%l.Wide, i/l.Wide, sum)
	}
}

func (a *account) panels() []codecs.Panel {
	top := a.Strongest()[0]
	panels := []codecs.Panel{
		a.BitsPanel(", the share of z included"),
		{ID: "sigma", Title: "Expected spread", Help: "What z tells of y: the scale of the distributions, on average over channels (geometric mean). Where it is small, y costs next to nothing.",
			Data: a.Plane("steps", false, func(x, y int) float64 { return a.spread[y*a.Wide+x] })},
		a.HistogramPanel("Distances from the mean, in steps, of the latents that were coded, beside what their distributions expected."),
		latent.RatePanel("How the file divides among channels, the dearest first: most channels of y are for rare detail.", latent.Falling("y", a.Rate()), latent.Falling("z", a.hyperZ)),
		a.ChannelsPanel(),
		{ID: "mean", Title: fmt.Sprintf("Mean of channel %d", top), Help: "What z alone says about the strongest channel of y.",
			Data: a.Plane("steps", true, func(x, y int) float64 { return a.mean(x, y, top) })},
		{ID: "scale", Title: fmt.Sprintf("Sigma of channel %d", top), Help: "How far the strongest channel of y is expected to lie from its mean.",
			Data: a.Plane("steps", false, func(x, y int) float64 { _, scales := a.l.prior.At(x, y); return a.sigma[scales[top]] })},
	}
	return append(append(panels, a.LatentPanels(a.value)...), a.hyperPanel())
}

// hyperPanel shows the dearest channel of z.
func (a *account) hyperPanel() codecs.Panel {
	l, n := a.f.z, a.f.m.hyper.Channels
	c := latent.Ranked(a.hyperZ)[0]
	return codecs.Panel{ID: "hyper-latent", Title: fmt.Sprintf("Hyper-latent channel %d", c),
		Help: fmt.Sprintf("The channel of z that costs most: one number for %dx%d pixels, from which means and scales follow.", l.Scale, l.Scale),
		Data: l.Plane("steps", true, func(x, y int) float64 { return float64(a.l.z[(y*l.Wide+x)*n+c]) })}
}
