package hyperprior

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"codecworkbench/codecs"
	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/picture"
)

const (
	shownChannels = 4 // of y, as planes
	shownSymbol   = 8 // the largest of the histogram
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
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			a.region(r, f.y[i] != nil)
		}
		a.hyper()
		return &codecs.Trace{Panels: a.panels()}, nil
	})
}

// account adds up what a file holds.
type account struct {
	*opened
	l      *latents
	sigma  []float64 // by scale
	bits   []float32 // by position of y, with its share of z
	spread []float32 // by position of y: the scales' geometric mean
	rate   []float64 // bits by channel of y
	coded  []int     // by channel of y: latents that were not skipped
	energy []float64 // by channel of y: sum of squares
	hyperZ []float64 // bits by channel of z
	uses   []int     // by scale: latents that were coded
	counts []int     // coded symbols from -shownSymbol to shownSymbol
}

func newAccount(f *opened, l *latents) *account {
	n, positions := f.m.channels, f.wide*f.high
	return &account{opened: f, l: l, sigma: entropy.ScaleGrid(f.m.scales.Len(), minSigma, maxSigma),
		bits: make([]float32, positions), spread: make([]float32, positions),
		rate: make([]float64, n), coded: make([]int, n), energy: make([]float64, n),
		hyperZ: make([]float64, f.m.hyperChannels), uses: make([]int, f.m.scales.Len()), counts: make([]int, 2*shownSymbol+1)}
}

// region adds the latents of a region, whose symbols count if it is there.
func (a *account) region(r region, there bool) {
	for y := r.y0; y < r.y1; y++ {
		for x := r.x0; x < r.x1; x++ {
			a.position(x, y, there)
		}
	}
}

func (a *account) position(x, y int, there bool) {
	at, n := y*a.wide+x, a.m.channels
	_, scales := a.l.prior.at(x, y)
	logs := 0.0
	for c, scale := range scales {
		v := a.value(x, y, c)
		a.energy[c] += v * v
		logs += math.Log(a.sigma[scale])
		if !there || a.m.skip[scale] {
			continue
		}
		s := int(a.l.symbols[at*n+c])
		bits := a.m.scales.At(int(scale)).Bits(s)
		a.bits[at] += float32(bits)
		a.rate[c] += bits
		a.coded[c]++
		a.uses[scale]++
		if s >= -shownSymbol && s <= shownSymbol {
			a.counts[s+shownSymbol]++
		}
	}
	a.spread[at] = float32(math.Exp(logs / float64(n)))
}

// value is a latent as the synthesis gets it.
func (a *account) value(x, y, c int) float64 {
	means, _ := a.l.prior.at(x, y)
	return float64(a.l.symbols[(y*a.wide+x)*a.m.channels+c]) + float64(means[c])/meanUnit
}

// hyper adds the bits of z, each position's shared out to the latents that it covers.
func (a *account) hyper() {
	const ratio = hyperScale / latentScale
	n := a.m.hyperChannels
	first := a.h.row(a.m.levels) * n
	for i := range a.hyperWide * a.hyperHigh {
		sum := 0.0
		for c := range n {
			bits := a.m.z.At(first + c).Bits(int(a.l.z[i*n+c]))
			a.hyperZ[c] += bits
			sum += bits
		}
		x0, y0 := i%a.hyperWide*ratio, i/a.hyperWide*ratio
		x1, y1 := min(x0+ratio, a.wide), min(y0+ratio, a.high)
		share := float32(sum / float64((x1-x0)*(y1-y0)))
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				a.bits[y*a.wide+x] += share
			}
		}
	}
}

func (a *account) panels() []codecs.Panel {
	order := ranked(a.energy)
	top := order[0]
	panels := []codecs.Panel{
		{ID: "bits", Title: "Bits by position", Help: "What each 16x16 pixels cost in the file, the share of z included.", Data: a.plane("bits", a.bits, false)},
		{ID: "sigma", Title: "Expected spread", Help: "What z tells of y: the scale of the distributions, on average over channels (geometric mean). Where it is small, y costs next to nothing.",
			Data: a.plane("steps", a.spread, false)},
		{ID: "histogram", Title: "Symbols and prior", Help: "Distances from the mean, in steps, of the latents that were coded, beside what their distributions expected.",
			Data: codecs.Histogram{First: -shownSymbol, Counts: a.counts, Prior: a.expected()}},
		{ID: "rate", Title: "Bits by channel", Help: "How the file divides among channels, the dearest first: most channels of y are for rare detail.",
			Data: codecs.Series{XLabel: "channels, dearest first", YLabel: "bits", Lines: []codecs.Line{line("y", a.rate), line("z", a.hyperZ)}}},
		{ID: "channels", Title: "Channels of y", Help: "The strongest channels: their bits, their strength, and how much of them had to be coded at all.", Data: a.table(order)},
		{ID: "mean", Title: fmt.Sprintf("Mean of channel %d", top), Help: "What z alone says about the strongest channel of y.",
			Data: a.each16(true, func(x, y int) float64 { means, _ := a.l.prior.at(x, y); return float64(means[top]) / meanUnit })},
		{ID: "scale", Title: fmt.Sprintf("Sigma of channel %d", top), Help: "How far the strongest channel of y is expected to lie from its mean.",
			Data: a.each16(false, func(x, y int) float64 { _, scales := a.l.prior.at(x, y); return a.sigma[scales[top]] })},
	}
	for i, c := range order[:min(shownChannels, len(order))] {
		panels = append(panels, codecs.Panel{ID: fmt.Sprintf("latent-%d", i+1), Title: fmt.Sprintf("Latent channel %d", c),
			Help: "A channel of y as the synthesis gets it; number 1 is the strongest.",
			Data: a.each16(true, func(x, y int) float64 { return a.value(x, y, c) })})
	}
	return append(panels, a.hyperPanel())
}

// hyperPanel shows the dearest channel of z.
func (a *account) hyperPanel() codecs.Panel {
	c, n := ranked(a.hyperZ)[0], a.m.hyperChannels
	values := make([]float32, a.hyperWide*a.hyperHigh)
	for i := range values {
		values[i] = float32(a.l.z[i*n+c])
	}
	return codecs.Panel{ID: "hyper-latent", Title: fmt.Sprintf("Hyper-latent channel %d", c), Help: "The channel of z that costs most: one number for 64x64 pixels, from which means and scales follow.",
		Data: codecs.Plane{Width: a.hyperWide, Height: a.hyperHigh, Values: values, Unit: "steps", Scale: hyperScale, Signed: true}}
}

func (a *account) plane(unit string, v []float32, signed bool) codecs.Plane {
	return codecs.Plane{Width: a.wide, Height: a.high, Values: v, Unit: unit, Scale: latentScale, Signed: signed}
}

// each16 is a plane of a function of the position.
func (a *account) each16(signed bool, f func(x, y int) float64) codecs.Plane {
	v := make([]float32, a.wide*a.high)
	for i := range v {
		v[i] = float32(f(i%a.wide, i/a.wide))
	}
	return a.plane("steps", v, signed)
}

// expected is the mean of the distributions that the symbols were coded by.
func (a *account) expected() []float64 {
	out := make([]float64, len(a.counts))
	sum := 0.0
	for scale, n := range a.uses {
		if n == 0 {
			continue
		}
		t := a.m.scales.At(scale)
		for i := range out {
			p := float64(n) * math.Exp2(-t.Bits(i-shownSymbol))
			out[i] += p
			sum += p
		}
	}
	if sum > 0 {
		for i := range out {
			out[i] /= sum
		}
	}
	return out
}

func (a *account) table(order []int) codecs.Table {
	total := 0.0
	for _, r := range a.rate {
		total += r
	}
	positions := float64(a.wide * a.high)
	out := codecs.Table{Head: []string{"channel", "bytes", "share of y", "RMS", "coded"}}
	for _, c := range order[:min(len(order), 16)] {
		out.Rows = append(out.Rows, []string{fmt.Sprint(c), fmt.Sprintf("%.0f", a.rate[c]/8), fmt.Sprintf("%.1f %%", 100*a.rate[c]/max(total, 1)),
			fmt.Sprintf("%.2f", math.Sqrt(a.energy[c]/positions)), fmt.Sprintf("%.1f %%", 100*float64(a.coded[c])/positions)})
	}
	return out
}

// ranked returns the indices of v, the largest first.
func ranked(v []float64) []int {
	out := make([]int, len(v))
	for i := range out {
		out[i] = i
	}
	slices.SortStableFunc(out, func(i, j int) int { return cmp.Compare(v[j], v[i]) })
	return out
}

// line plots values in falling order.
func line(name string, v []float64) codecs.Line {
	l := codecs.Line{Name: name}
	for rank, i := range ranked(v) {
		l.X, l.Y = append(l.X, float64(rank+1)), append(l.Y, v[i])
	}
	return l
}
