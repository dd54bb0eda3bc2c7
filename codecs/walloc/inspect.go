package walloc

import (
	"context"
	"fmt"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent"
)

// Inspect shows latents before and after the compander, the bands that the decoder makes
// of them, and what each way of coding them takes, from the file alone.
func (f *opened) Inspect(ctx context.Context) (*codecs.Trace, error) {
	g, err := f.read(ctx, func() {})
	if err != nil {
		return nil, err
	}
	a := latent.NewAccount(f.Layout, f.m.channels, f.m.contexts.tables.Set)
	for i, r := range f.parts {
		if err := f.account(ctx, a, g, r, f.data.Data[i] != nil); err != nil {
			return nil, err
		}
	}
	rates, err := f.rates(ctx, g)
	if err != nil {
		return nil, err
	}
	bands, err := f.bands(ctx, g)
	if err != nil {
		return nil, err
	}
	return &codecs.Trace{Panels: append(f.panels(a, g), rates, bands), Places: f.Places(f.s, f.coder.kind), Steps: f.steps(),
		Switches: []codecs.Switch{{ID: nameLatents, Name: "Latents", Help: "Without them, the picture is what the decoder makes of zeros."}},
		Symbols:  f.Symbols(g.symbols, f.m.channels, f.m.compander.largest, "The latents of this place, after the compander.")}, nil
}

// steps name DecodeOptions.UpTo.
func (f *opened) steps() []string {
	var names []string
	for n := 1; n <= f.m.channels; n++ {
		names = append(names, fmt.Sprintf("%d of %d latents a place", n, f.m.channels))
	}
	return names
}

// account adds a region; if it is lost, it took no bits.
func (f *opened) account(ctx context.Context, a *latent.Account, g grid, r latent.Region, there bool) error {
	n := f.m.channels
	w := f.m.newWalker(g, r, f.h.Q, func(at, table, prediction int) int {
		s := int(g.symbols[at])
		a.Value(at%n, float64(s))
		if there {
			a.Symbol(at/n%f.Wide, at/n/f.Wide, at%n, table, s-prediction)
		}
		return s - prediction
	})
	return r.Each(ctx, nil, func() {}, w.position)
}

func (f *opened) panels(a *latent.Account, g grid) []codecs.Panel {
	whose := ""
	if f.coder.kind != sectionOwn {
		whose = ", had it been coded by our own coder: in " + f.coder.title + " pictures, bits have no place"
	}
	panels := []codecs.Panel{
		a.BitsPanel(whose),
		a.HistogramPanel("Distances of symbols from what their neighbours predicted, beside what their tables expected."),
		latent.RatePanel("How the bits divide among the latents of a place, the most expensive first.", latent.Falling("latents", a.Rate())),
		a.ChannelsPanel(),
	}
	panels = append(panels, f.companderPanels(a.Strongest()[0], g)...)
	return append(panels, a.LatentPanels(func(x, y, c int) float64 { return float64(g.symbols[(y*f.Wide+x)*f.m.channels+c]) })...)
}
