package factorized

import (
	"context"
	"fmt"
	"math"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent"
)

// shownSymbols bounds the distribution of one channel that is shown, on either side of 0.
const shownSymbols = 20

// Inspect shows latents, the distributions that coded them, and where the bits went, from
// the file alone.
func (f *opened) Inspect(ctx context.Context) (*codecs.Trace, error) {
	symbols, err := f.read(ctx, true, func() {})
	if err != nil {
		return nil, err
	}
	n := f.m.Channels
	a := latent.NewAccount(f.Layout, n, f.m.y.Set)
	for i, r := range f.parts {
		there := f.y.Data[i] != nil
		err := r.Each(ctx, nil, func() {}, func(x, y int) {
			for c, v := range symbols[(y*f.Wide+x)*n:][:n] {
				a.Value(c, float64(v))
				if there {
					a.Symbol(x, y, c, f.row*n+c, int(v))
				}
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return &codecs.Trace{Panels: f.panels(a, symbols), Places: f.Places(f.s, sectionY),
		Switches: []codecs.Switch{{ID: nameY, Name: "Latents (y)", Help: "The latents: without them, every channel has its likeliest value everywhere."}},
		Symbols:  f.Symbols(symbols, n, latent.LargestEdit, "The rounded latents of this place, channel by channel.")}, nil
}

func (f *opened) panels(a *latent.Account, symbols []int16) []codecs.Panel {
	n := f.m.Channels
	panels := []codecs.Panel{
		a.BitsPanel(". Nothing tells the coder what kind of place it is at, so that smooth places cost nearly as much as busy ones"),
		a.HistogramPanel("The symbols of all channels beside what their distributions expected."),
		f.channelPanel(a.Strongest()[0], symbols),
		latent.RatePanel("How the file divides among channels, the most expensive first: most channels of y are for rare detail.", latent.Falling("y", a.Rate())),
		a.ChannelsPanel(),
	}
	return append(panels, a.LatentPanels(func(x, y, c int) float64 { return float64(symbols[(y*f.Wide+x)*n+c]) })...)
}

// channelPanel compares a channel's symbols with its distribution.
func (f *opened) channelPanel(c int, symbols []int16) codecs.Panel {
	h := codecs.Histogram{First: -shownSymbols, Counts: make([]int, 2*shownSymbols+1), Prior: make([]float64, 2*shownSymbols+1),
		SymbolName: "Rounded latent", Noun: codecs.Noun{One: "latent", Many: "latents"}}
	for i := c; i < len(symbols); i += f.m.Channels {
		if s := int(symbols[i]); s >= -shownSymbols && s <= shownSymbols {
			h.Counts[s+shownSymbols]++
		}
	}
	t := f.m.y.At(f.row, c)
	for i := range h.Prior {
		h.Prior[i] = math.Exp2(-t.Bits(i - shownSymbols))
	}
	return codecs.Panel{ID: "prior", Title: fmt.Sprintf("Channel %d and its prior", c), Data: h,
		Help: "The strongest channel's symbols, and the distribution that the model learned for it: the same for every picture and every place."}
}
