package hyperprior

import (
	"context"

	"codecworkbench/codecs"
	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/hyper"
)

// Scales that tables stand for: they label maps.
const minSigma, maxSigma = hyper.MinSigma, hyper.MaxSigma

// Inspect shows latents, what the hyperprior expected of them, and where the bits went,
// from the file alone.
func (f *opened) Inspect(ctx context.Context) (*codecs.Trace, error) {
	w := f.m.spaces.Get().(*workspace)
	defer f.m.spaces.Put(w)
	l, err := f.read(ctx, w, true, func() {})
	if err != nil {
		return nil, err
	}
	sigma := entropy.ScaleGrid(f.m.scales.Len(), minSigma, maxSigma)
	a := hyper.NewAccount(f.Layout, f.m.coder, sigma, l.prior, l.symbols)
	for i, r := range f.parts {
		if err := a.Region(ctx, r, f.y.Data[i] != nil); err != nil {
			return nil, err
		}
	}
	a.Hyper(f.m.hyper, f.z, l.z, f.h.Q)
	panels := append(a.Panels(", the share of z included"), a.HyperPanel(f.m.hyper, f.z, l.z))
	return &codecs.Trace{Panels: panels, Places: f.Places(f.s, sectionY), Switches: switches(),
		Steps:   []string{"z alone", "z and y"},
		Symbols: f.Symbols(l.symbols, f.m.Channels, latent.LargestEdit, "How far each channel's latent lies from its mean, in steps: what y codes at this place.")}, nil
}

func switches() []codecs.Switch {
	return []codecs.Switch{
		{ID: nameY, Name: "Latents (y)", Help: "Distances from the means: without them, the picture is what z alone predicts."},
		{ID: nameZ, Name: "Means (from z)", Help: "What z predicts of each latent: without it, the picture is what y adds."},
	}
}
