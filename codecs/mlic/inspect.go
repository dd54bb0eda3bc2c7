package mlic

import (
	"context"
	"fmt"
	"math"

	"codecworkbench/codecs"
	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/hyper"
)

// Inspect shows latents, the passes that they were decoded in, what contexts made of the
// hyperprior's predictions, and what each of them saved, from the file alone.
func (f *opened) Inspect(ctx context.Context) (*codecs.Trace, error) {
	w := f.m.spaces.Get().(*workspace)
	defer f.m.spaces.Put(w)
	l, err := f.read(ctx, w, f.m.passes(), func() {})
	if err != nil {
		return nil, err
	}
	a := newAccount(f, l)
	for i, r := range f.parts {
		there := f.y.Data[i] != nil
		if err := r.Each(ctx, nil, func() {}, func(x, y int) { a.position(x, y, (x-r.X0+y-r.Y0)%2, there) }); err != nil {
			return nil, err
		}
	}
	a.hyperZ = f.m.hyper.Account(a.Account, f.hyper, l.z, f.h.Q)
	worth, err := f.worth(ctx, l)
	if err != nil {
		return nil, err
	}
	return &codecs.Trace{Panels: a.panels(worth), Places: f.Places(f.s, sectionY), Switches: switches(), Steps: a.steps(),
		Symbols: f.Symbols(l.symbols, f.m.Channels, latent.LargestEdit, "How far each channel's latent lies from its mean, in steps: what y codes at this place.")}, nil
}

func switches() []codecs.Switch {
	return []codecs.Switch{
		{ID: nameY, Name: "Latents (y)", Help: "Distances from the means: without them, the picture is what z alone predicts."},
		{ID: nameZ, Name: "Means (from z)", Help: "What z and contexts predict of each latent: without it, the picture is what y adds."},
	}
}

// steps name the passes, for DecodeOptions.UpTo.
func (a *account) steps() []string {
	names := []string{"z alone"}
	for i := range a.passes {
		names = append(names, "up to "+a.name(i))
	}
	return names
}

// account adds up what a file holds.
type account struct {
	*latent.Account
	f      *opened
	l      *latents
	sigma  []float64 // by scale
	spread []float64 // by position of y: the scales' geometric mean
	passes []passAccount
	skips  []int     // by position: latents that were not coded
	hyperZ []float64 // bits by channel of z
}

// passAccount adds up one pass over all regions.
type passAccount struct {
	bits          []float32 // by position
	total         float64   // bits
	latents       int
	coded         int
	sigma, before float64 // sums of logarithms: with contexts, and by z alone
	shift         float64 // sum of the means' squared corrections
}

func newAccount(f *opened, l *latents) *account {
	a := &account{Account: latent.NewAccount(f.Layout, f.m.Channels, f.m.scales), f: f, l: l,
		sigma:  entropy.ScaleGrid(f.m.scales.Len(), hyper.MinSigma, hyper.MaxSigma),
		spread: make([]float64, f.Positions()), skips: make([]int, f.Positions()),
		passes: make([]passAccount, f.m.passes())}
	for i := range a.passes {
		a.passes[i].bits = make([]float32, f.Positions())
	}
	return a
}

// position adds a position of a half of the checkerboard, whose symbols count if they are
// there.
func (a *account) position(x, y, half int, there bool) {
	at := y*a.Wide + x
	means, base := a.l.prior.At(x, y)
	logs := 0.0
	for k, s := range a.f.m.slices {
		p := &a.passes[2*k+half]
		for c := s.first; c < s.first+s.channels; c++ {
			i := at*a.Channels + c
			a.Value(c, a.value(x, y, c))
			scale := int(a.l.scales[i])
			p.latents++
			p.sigma += math.Log(a.sigma[scale])
			p.before += math.Log(a.sigma[a.scale(base[c])])
			shift := float64(int(a.l.means[i])-int(means[c])) / meanUnit
			p.shift += shift * shift
			logs += math.Log(a.sigma[scale])
			switch {
			case !there:
			case a.f.on.has(skipping) && a.f.m.skip[scale]:
				a.skips[at]++
			default:
				a.Symbol(x, y, c, scale, int(a.l.symbols[i]))
				bits := a.f.m.scales.At(scale).Bits(int(a.l.symbols[i]))
				p.coded++
				p.total += bits
				p.bits[at] += float32(bits)
			}
		}
	}
	a.spread[at] = math.Exp(logs / float64(a.Channels))
}

// scale is the table that z alone would choose.
func (a *account) scale(base int16) int {
	return min(max((int(base)+1<<(scaleBits-1))>>scaleBits, 0), len(a.sigma)-1)
}

// value is a latent as the synthesis gets it.
func (a *account) value(x, y, c int) float64 {
	return float64(a.l.symbols[(y*a.Wide+x)*a.Channels+c]) + a.mean(x, y, c)
}

func (a *account) mean(x, y, c int) float64 {
	return float64(a.l.means[(y*a.Wide+x)*a.Channels+c]) / meanUnit
}

// name says what a pass codes.
func (a *account) name(pass int) string {
	s := a.f.m.slices[pass/2]
	return fmt.Sprintf("channels %d to %d, %s", s.first, s.first+s.channels-1, []string{"anchors", "between"}[pass%2])
}
