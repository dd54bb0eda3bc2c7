package roi

import (
	"context"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/hyper"
)

// Inspect shows the gain map, latents, what the hyperprior expected of them, how their shape
// fits, and where the bits went, from the file alone.
func (f *opened) Inspect(ctx context.Context) (*codecs.Trace, error) {
	w := f.m.spaces.Get().(*hyper.Workspace)
	defer f.m.spaces.Put(w)
	l, err := f.read(ctx, w, true, func() {})
	if err != nil {
		return nil, err
	}
	panels, err := f.panels(ctx, l, mapBits(f.s))
	if err != nil {
		return nil, err
	}
	return &codecs.Trace{Panels: panels, Places: f.Places(f.s, sectionY), Switches: f.switches(),
		Steps:   []string{"z alone", "z and y"},
		Symbols: f.Symbols(l.symbols, f.m.Channels, latent.LargestEdit, "How far each channel's latent lies from its mean, in steps: what y codes at this place.")}, nil
}

// mapBits is what the map takes.
func mapBits(s *codecs.Stream) float64 {
	payload, _ := s.Section(sectionMap, 0)
	return 8 * float64(len(payload))
}

func (f *opened) switches() []codecs.Switch {
	out := []codecs.Switch{
		{ID: nameY, Name: "Latents (y)", Help: "Distances from the means: without them, the picture is what z alone predicts."},
		{ID: nameZ, Name: "Means (from z)", Help: "What z predicts of each latent: without it, the picture is what y adds."},
	}
	if f.gains != nil {
		out = append(out, codecs.Switch{ID: nameMap, Name: "Gain map", Help: "Each position's quality: without it, all latents are taken to be scaled alike, too much of them inside and too little outside."})
	}
	return out
}

// panels describes what was read; the map's bits are shared out evenly.
func (f *opened) panels(ctx context.Context, l *latents, mapBits float64) ([]codecs.Panel, error) {
	a := hyper.NewAccount(f.Layout, f.prior.Coder, f.prior.sigma, l.prior, l.symbols)
	for i, r := range f.parts {
		if err := a.Region(ctx, r, f.y.Data[i] != nil); err != nil {
			return nil, err
		}
	}
	a.Hyper(f.m.hyper, f.z, l.z, f.h.Q)
	if mapBits > 0 {
		a.Share(latent.Layout{Scale: f.Scale * max(f.Wide, f.High)}, 0, 0, mapBits)
	}
	shapes := f.newShapes(l, latent.Ranked(a.Rate())[0])
	for i, r := range f.parts {
		if f.y.Data[i] == nil {
			continue
		}
		if err := shapes.region(ctx, r); err != nil {
			return nil, err
		}
	}
	panels := append([]codecs.Panel{f.gainPanel()}, a.Panels(", the shares of z and of the gain map included", latent.Falling("map", []float64{mapBits}))...)
	return append(panels, a.HyperPanel(f.m.hyper, f.z, l.z), shapes.residualPanel(), shapes.betaPanel()), nil
}

// gainPanel shows each position's quality.
func (f *opened) gainPanel() codecs.Panel {
	return codecs.Panel{ID: "gain-map", Title: "Gain map", Help: "The quality q of each 16x16 pixels: their latents are multiplied by the gains of that quality before they are rounded, and divided after. A mask spreads it around the file's q.",
		Data: f.Plane("q", false, func(x, y int) float64 {
			if f.gains == nil {
				return float64(f.h.Q) / latent.QUnit
			}
			return float64(f.gains.At(y*f.Wide+x)) / latent.QUnit
		})}
}
