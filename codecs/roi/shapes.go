package roi

import (
	"context"
	"fmt"
	"math"

	"codecworkbench/codecs"
	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
)

// shapes counts the symbols of a file against both kinds of distribution.
type shapes struct {
	f     *opened
	l     *latents
	kinds [2]prior   // generalized Gaussians and Gaussians
	bits  [2]float64 // of latents that either kind would code

	channel int   // that is shown
	seen    []int // its latents among them, by scale
	found   density
}

func (f *opened) newShapes(l *latents, channel int) *shapes {
	return &shapes{f: f, l: l, kinds: [2]prior{f.m.generalized, f.m.gaussian}, channel: channel, seen: make([]int, f.m.gaussian.Tables.Len())}
}

// counts tells whether a latent was coded and would have been with the other kind.
func (s *shapes) counts(c int, scale int16) bool {
	for _, k := range s.kinds {
		if k.Skip[k.Table(c, scale)] {
			return false
		}
	}
	return true
}

// region adds a region that is there.
func (s *shapes) region(ctx context.Context, r latent.Region) error {
	return r.Each(ctx, nil, func() {}, func(x, y int) {
		_, scales := s.l.prior.At(x, y)
		for c, symbol := range s.l.symbols[(y*s.f.Wide+x)*s.f.m.Channels:][:s.f.m.Channels] {
			if !s.counts(c, scales[c]) {
				continue
			}
			if c == s.channel {
				s.seen[scales[c]]++
				s.found.add(int(symbol), s.f.m.gaussian.sigma[scales[c]], 1)
			}
			for i, k := range s.kinds {
				s.bits[i] += k.Tables.At(k.Table(c, scales[c])).Bits(int(symbol))
			}
		}
	})
}

// The residuals' axis, in deviations.
const (
	shownSpread = 5.0
	shownBins   = 80
)

// density is a sum of steps over the residuals' axis.
type density [shownBins]float64

// add spreads weight evenly over a symbol's interval, of symbols of a deviation.
func (d *density) add(symbol int, sigma, weight float64) {
	const bin = 2 * shownSpread / shownBins
	low, high := (float64(symbol)-0.5)/sigma, (float64(symbol)+0.5)/sigma
	weight /= high - low
	first := int(math.Floor((max(low, -shownSpread) + shownSpread) / bin))
	for i := first; i < shownBins; i++ {
		from := -shownSpread + float64(i)*bin
		if from >= high {
			break
		}
		d[i] += weight * max(min(high, from+bin)-max(low, from), 0) / bin
	}
}

// line is the density as shares of n latents.
func (d *density) line(name string, n int) codecs.Line {
	l := codecs.Line{Name: name}
	for i, v := range d {
		l.X = append(l.X, -shownSpread+(float64(i)+0.5)*2*shownSpread/shownBins)
		l.Y = append(l.Y, v/float64(max(n, 1)))
	}
	return l
}

// residualPanel compares the channel's distances from their means, in their deviations, with
// what either kind of distribution expects.
func (s *shapes) residualPanel() codecs.Panel {
	n := 0
	for _, uses := range s.seen {
		n += uses
	}
	lines := []codecs.Line{s.found.line("latents", n)}
	names := [2]string{fmt.Sprintf("generalized Gaussian, beta %.2g", s.f.m.betas[s.f.m.shape[s.channel]]), "Gaussian"}
	for i, k := range s.kinds {
		var d density
		for scale, uses := range s.seen {
			if uses > 0 {
				// In the Gaussian's deviations for both: they differ for the lowest scale alone.
				expect(&d, k.Tables.At(k.Table(s.channel, int16(scale))), s.f.m.gaussian.sigma[scale], float64(uses))
			}
		}
		lines = append(lines, d.line(names[i], n))
	}
	return codecs.Panel{ID: "residual", Title: fmt.Sprintf("Residuals of channel %d", s.channel),
		Help: fmt.Sprintf("How far the most expensive channel's latents lie from their means, in deviations, and what its distributions expect. All latents together take %.0f bytes by generalized Gaussians and %.0f by Gaussians.", s.bits[0]/8, s.bits[1]/8),
		Data: codecs.Series{XLabel: "(y - mean) / sigma", YLabel: "Density", Lines: lines}}
}

// expect adds what a table expects of so many symbols of a deviation.
func expect(d *density, t *entropy.Table, sigma, uses float64) {
	for v := t.First(); v <= t.Last(); v++ {
		d.add(v, sigma, uses*math.Exp2(-t.Bits(v)))
	}
}

// betaPanel shows the channels' shapes.
func (s *shapes) betaPanel() codecs.Panel {
	var betas []float64
	for _, shape := range s.f.m.shape {
		betas = append(betas, s.f.m.betas[shape])
	}
	return codecs.Panel{ID: "beta", Title: "Shape by channel", Help: "Beta of each channel's generalized Gaussian: 2 is the Gaussian, 1 the Laplace distribution; a lower one has a sharper peak and heavier tails. Training photos chose it.",
		Data: codecs.Series{XLabel: "Channels, the most Gaussian first", YLabel: "beta", Lines: []codecs.Line{latent.Falling("beta", betas)}}}
}
