package hyper

import (
	"context"
	"fmt"
	"math"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent"
)

// Scales of the models that codecs/training makes, even in the logarithm: they label maps.
const MinSigma, MaxSigma = 0.11, 256

// Account adds up what a file holds whose latents are coded by means and scales.
type Account struct {
	*latent.Account
	coder   *Coder
	prior   Prior
	symbols []int16   // of y, [High, Wide, channels]
	sigma   []float64 // by table
	spread  []float64 // by position of y: the scales' geometric mean
	z       []float64 // bits by channel of z
}

// NewAccount is an account of symbols of y; sigma is what each of the coder's tables
// stands for. Add what was coded, region by region and z, before panels are made.
func NewAccount(l latent.Layout, c *Coder, sigma []float64, p Prior, symbols []int16) *Account {
	return &Account{Account: latent.NewAccount(l, len(c.first), c.Tables), coder: c, prior: p, symbols: symbols,
		sigma: sigma, spread: make([]float64, l.Positions())}
}

// Region adds a region, whose symbols count if they are there.
func (a *Account) Region(ctx context.Context, r latent.Region, there bool) error {
	return r.Each(ctx, nil, func() {}, func(x, y int) {
		at := y*a.Wide + x
		_, scales := a.prior.At(x, y)
		logs := 0.0
		for c, scale := range scales {
			a.Value(c, a.Latent(x, y, c))
			t := a.coder.Table(c, scale)
			logs += math.Log(a.sigma[t])
			if there && !a.coder.Skip[t] {
				a.Symbol(x, y, c, t, int(a.symbols[at*a.Channels+c]))
			}
		}
		a.spread[at] = math.Exp(logs / float64(a.Channels))
	})
}

// Latent is a latent in steps, as it is before it is divided by a gain.
func (a *Account) Latent(x, y, c int) float64 {
	return float64(a.symbols[(y*a.Wide+x)*a.Channels+c]) + a.Mean(x, y, c)
}

// Mean is what z predicts of a latent, in steps.
func (a *Account) Mean(x, y, c int) float64 {
	means, _ := a.prior.At(x, y)
	return float64(means[c]) / MeanUnit
}

// Sigma is how far a latent is expected to lie from its mean, in steps.
func (a *Account) Sigma(x, y, c int) float64 {
	_, scales := a.prior.At(x, y)
	return a.sigma[a.coder.Table(c, scales[c])]
}

// Hyper adds z, coded at quality q.
func (a *Account) Hyper(m *Model, l latent.Layout, z []int16, q int) {
	a.z = m.Account(a.Account, l, z, q)
}

// Panels are those of y; bits says what the map of bits includes, and further lines what else
// the file holds.
func (a *Account) Panels(bits string, further ...codecs.Line) []codecs.Panel {
	top := a.Strongest()[0]
	lines := append([]codecs.Line{latent.Falling("y", a.Rate()), latent.Falling("z", a.z)}, further...)
	panels := []codecs.Panel{
		a.BitsPanel(bits),
		{ID: "sigma", Title: "Expected spread", Help: "What z tells of y: the scale of the distributions, on average over channels (geometric mean). Where it is small, y costs next to nothing.",
			Data: a.Plane("steps", false, func(x, y int) float64 { return a.spread[y*a.Wide+x] })},
		a.HistogramPanel("Distances from the mean, in steps, of the latents that were coded, beside what their distributions expected."),
		latent.RatePanel("How the file divides among channels, the most expensive first: most channels of y are for rare detail.", lines...),
		a.ChannelsPanel(),
		{ID: "mean", Title: fmt.Sprintf("Mean of channel %d", top), Help: "What z alone says about the strongest channel of y.",
			Data: a.Plane("steps", true, func(x, y int) float64 { return a.Mean(x, y, top) })},
		{ID: "scale", Title: fmt.Sprintf("Sigma of channel %d", top), Help: "How far the strongest channel of y is expected to lie from its mean.",
			Data: a.Plane("steps", false, func(x, y int) float64 { return a.Sigma(x, y, top) })},
	}
	return append(panels, a.LatentPanels(a.Latent)...)
}

// HyperPanel shows the dearest channel of z.
func (a *Account) HyperPanel(m *Model, l latent.Layout, z []int16) codecs.Panel {
	return m.Panel(l, z, a.z)
}
