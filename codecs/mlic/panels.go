package mlic

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn/kernel"
)

// worth is what y would cost with other contexts.
type worth struct {
	name string
	bits float64
}

// worth estimates what the same latents cost with all contexts that the file uses, without
// each of them, and without any, as if everything were coded.
func (f *opened) worth(ctx context.Context, l *latents) ([]worth, error) {
	out := []worth{{name: "as it is"}}
	without := []contexts{f.on}
	for _, t := range toggles() {
		if t.bit != skipping && f.on.has(t.bit) {
			out = append(out, worth{name: "without " + t.name})
			without = append(without, f.on&^t.bit)
		}
	}
	out = append(out, worth{name: "no context"})
	without = append(without, noContexts)
	var lock sync.Mutex
	err := kernel.Each(ctx, len(f.parts)*len(without), func(i int) error {
		part, k := i%len(f.parts), i/len(f.parts)
		if f.y.Data[part] == nil {
			return nil
		}
		bits, err := f.cost(ctx, l, f.parts[part], without[k])
		lock.Lock()
		defer lock.Unlock()
		out[k].bits += bits
		return err
	})
	return out, err
}

// cost is the bits of a region's latents with other contexts.
func (f *opened) cost(ctx context.Context, l *latents, r latent.Region, on contexts) (float64, error) {
	w := f.m.walkers.Get().(*walker)
	defer f.m.walkers.Put(w)
	sum := 0.0
	err := w.walk(ctx, f.m, f.Layout, r, l.prior, on, func(s *step) error {
		for i, at := range s.at {
			from := at*f.m.Channels + s.first
			for c := range s.width {
				j := i*s.width + c
				value := int(l.symbols[from+c])*meanUnit + int(l.means[from+c])
				symbol := latent.Clamp((value - int(s.means[j]) + meanUnit/2) >> meanBits)
				s.symbols[j] = int16(symbol)
				sum += f.m.scales.At(int(s.scales[j])).Bits(symbol)
			}
		}
		return nil
	})
	return sum, err
}

func (a *account) panels(worth []worth) []codecs.Panel {
	top := a.Strongest()[0]
	panels := []codecs.Panel{
		a.BitsPanel(", the share of z included"),
		a.passesPanel(),
		worthPanel(worth),
		{ID: "sigma", Title: "Expected spread", Help: "What z and contexts tell of y: the scale of the distributions, on average over channels (geometric mean). Where it is small, y costs next to nothing.",
			Data: a.Plane("steps", false, func(x, y int) float64 { return a.spread[y*a.Wide+x] })},
		{ID: "sigma-z", Title: "Expected spread by z alone", Help: "The same before contexts have their say: what a hyperprior would expect.",
			Data: a.Plane("steps", false, a.before)},
		{ID: "skipped", Title: "Latents not coded", Help: "How many of a position's latents were almost certainly at their mean, and took nothing.",
			Data: a.Plane("latents", false, func(x, y int) float64 { return float64(a.skips[y*a.Wide+x]) })},
		a.HistogramPanel("Distances from the mean, in steps, of the latents that were coded, beside what their distributions expected."),
		latent.RatePanel("How the file divides among channels, the most expensive first: most channels of y are for rare detail.", latent.Falling("y", a.Rate()), latent.Falling("z", a.hyperZ)),
		a.ChannelsPanel(),
		{ID: "mean", Title: fmt.Sprintf("Mean of channel %d", top), Help: "What z and contexts say about the strongest channel of y.",
			Data: a.Plane("steps", true, func(x, y int) float64 { return a.mean(x, y, top) })},
		{ID: "scale", Title: fmt.Sprintf("Sigma of channel %d", top), Help: "How far the strongest channel of y is expected to lie from its mean: less far between the checkerboard's anchors.",
			Data: a.Plane("steps", false, func(x, y int) float64 { return a.sigma[a.l.scales[(y*a.Wide+x)*a.Channels+top]] })},
	}
	panels = append(panels, a.passPanels()...)
	return append(append(panels, a.LatentPanels(a.value)...), a.f.m.hyper.Panel(a.f.hyper, a.l.z, a.hyperZ))
}

// before is the spread that z alone expects.
func (a *account) before(x, y int) float64 {
	_, base := a.l.prior.At(x, y)
	logs := 0.0
	for _, v := range base {
		logs += math.Log(a.sigma[a.scale(v)])
	}
	return math.Exp(logs / float64(len(base)))
}

// passesPanel lists the passes.
func (a *account) passesPanel() codecs.Panel {
	out := codecs.Table{Head: []string{"pass", "of y", "coded", "bytes", "sigma", "by z alone", "mean moved by"}}
	for i, p := range a.passes {
		n := math.Max(float64(p.latents), 1)
		out.Rows = append(out.Rows, []string{fmt.Sprint(i + 1), a.name(i), fmt.Sprintf("%.1f %%", 100*float64(p.coded)/n), fmt.Sprintf("%.0f", p.total/8),
			fmt.Sprintf("%.3f", math.Exp(p.sigma/n)), fmt.Sprintf("%.3f", math.Exp(p.before/n)), fmt.Sprintf("%.3f", math.Sqrt(p.shift/n))})
	}
	return codecs.Panel{ID: "passes", Title: "Passes", Data: out,
		Help: "The order of decoding: what each pass cost, the spread that it expected (geometric mean) beside what z alone expected, and how far contexts moved its means (RMS, in steps)."}
}

// rarePass is of how many positions one may cost more than the scale of passes shows.
const rarePass = 250

// passPanels map what each pass cost, on one scale for all.
func (a *account) passPanels() []codecs.Panel {
	var all []float32
	for _, p := range a.passes {
		all = append(all, p.bits...)
	}
	slices.Sort(all)
	most := all[len(all)-1-len(all)/rarePass]
	var out []codecs.Panel
	for i, p := range a.passes {
		plane := a.Plane("bits", false, func(x, y int) float64 { return float64(p.bits[y*a.Wide+x]) })
		plane.Most = most
		out = append(out, codecs.Panel{ID: fmt.Sprintf("pass-%d", i+1), Title: fmt.Sprintf("Bits of pass %d", i+1), Data: plane,
			Help: fmt.Sprintf("What this pass cost at each position: %s. The scale is that of all passes.", a.name(i))})
	}
	return out
}

// worthPanel lists what each context saves.
func worthPanel(list []worth) codecs.Panel {
	out := codecs.Table{Head: []string{"contexts", "bytes of y", "more"}}
	for _, w := range list {
		more := 100 * (w.bits/math.Max(list[0].bits, 1) - 1)
		out.Rows = append(out.Rows, []string{w.name, fmt.Sprintf("%.0f", w.bits/8), fmt.Sprintf("%+.2f %%", more)})
	}
	return codecs.Panel{ID: "contexts", Title: "What contexts save", Data: out,
		Help: "What the same latents would cost without each context, nothing skipped: predictions are made anew, the picture stays."}
}
