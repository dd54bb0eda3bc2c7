package walloc

import (
	"context"
	"fmt"
	"image"
	"math"
	"sync/atomic"

	"codecworkbench/codecs"
	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/transform"
)

// Bins of the histograms around the compander.
const (
	binsAside  = 12 // of the numbers before it, on either side of 0, one being sigma/4
	perSigma   = 4
	shownBins  = 32 // of the symbols after it
	bandPixels = 1 << 21
)

// companderPanels compare a channel's latents before and after the compander with what
// would fill the bits.
func (f *opened) companderPanels(channel int, g grid) []codecs.Panel {
	c := f.m.compander
	before := codecs.Histogram{First: -binsAside, Counts: make([]int, 2*binsAside+1), Prior: make([]float64, 2*binsAside+1),
		SymbolName: "Quarters of the expected deviation", PriorName: "normal distribution", Noun: codecs.Noun{One: "latent", Many: "latents"}}
	width := (2*c.largest + shownBins) / shownBins // symbols a bin
	aside := (c.largest + width/2) / width
	after := codecs.Histogram{First: -aside, Counts: make([]int, 2*aside+1), Prior: make([]float64, 2*aside+1),
		SymbolName: fmt.Sprintf("Bins of %d symbols", width), PriorName: "even distribution", Noun: codecs.Noun{One: "latent", Many: "latents"}}
	for i := channel; i < len(g.symbols); i += f.m.channels {
		s := g.symbols[i]
		bin := int(math.Round(float64(c.expand(s) / c.sigma * perSigma)))
		before.Counts[min(max(bin, -binsAside), binsAside)+binsAside]++
		after.Counts[int(math.Floor(float64(s)/float64(width)+0.5))+aside]++
	}
	for i := range before.Prior {
		at := float64(i - binsAside)
		before.Prior[i] = entropy.GaussianCDF((at+0.5)/perSigma) - entropy.GaussianCDF((at-0.5)/perSigma)
	}
	for i := range after.Prior {
		after.Prior[i] = 1 / float64(len(after.Prior))
	}
	return []codecs.Panel{
		{ID: "before", Title: fmt.Sprintf("Channel %d before the compander", channel), Data: before,
			Help: "The strongest latent as it was before its distribution was flattened, in quarters of the deviation that the compander expects, beside a normal distribution. At low rates latents are scaled down and fill only the middle."},
		{ID: "after", Title: fmt.Sprintf("Channel %d after the compander", channel), Data: after,
			Help: fmt.Sprintf("The same latent's symbols, %d to a bin, beside an even distribution: a channel that looks like that fills its bits, and entropy coding gains nothing.", width)},
	}
}

// rates compares what the symbols take, coded in different ways.
func (f *opened) rates(ctx context.Context, g grid) (codecs.Panel, error) {
	bits := 1 + math.Log2(float64(f.m.compander.largest+1))
	t := codecs.Table{Head: []string{"coding", "bytes", "bits a pixel"}}
	row := func(name string, bytes float64) {
		t.Rows = append(t.Rows, []string{name, fmt.Sprintf("%.0f", bytes), fmt.Sprintf("%.4f", 8*bytes/float64(f.Width)/float64(f.Height))})
	}
	row("pixels of 24 bits", 3*float64(f.Width)*float64(f.Height))
	row(fmt.Sprintf("latents of %.0f bits", bits), bits/8*float64(len(g.symbols)))
	row("entropy by channel", f.entropy(g)/8)
	for _, s := range f.m.stages() {
		if s.kind == sectionWebP && s.kind != f.coder.kind && len(f.parts) > webpRegions {
			continue
		}
		bytes, err := f.coded(ctx, g, s)
		if err != nil {
			return codecs.Panel{}, err
		}
		row(s.title, float64(bytes))
	}
	return codecs.Panel{ID: "coding", Title: "Ways to code the latents", Data: t,
		Help: "What the file's latents take: as they are, at the entropy of each channel's histogram (which no file knows beforehand), as a PNG or a WebP picture, and by our own coder, whose contexts see neighbours."}, nil
}

// webpRegions is of how many regions WebP is tried: each takes a core a quarter of a second.
const webpRegions = 16

// coded is how many bytes a stage takes.
func (f *opened) coded(ctx context.Context, g grid, s stage) (int, error) {
	var sum atomic.Int64
	err := kernel.Each(ctx, len(f.parts), func(i int) error {
		data, err := s.write(ctx, g, f.parts[i], f.h.Q, func() {})
		sum.Add(int64(len(data)))
		return err
	})
	return int(sum.Load()), err
}

// entropy of each channel's histogram, in bits for all symbols.
func (f *opened) entropy(g grid) float64 {
	n, c := f.m.channels, f.m.compander
	counts := make([]int, n*(2*c.largest+1))
	for i, s := range g.symbols {
		counts[i%n*(2*c.largest+1)+int(s)+c.largest]++
	}
	sum, all := 0.0, float64(f.Positions())
	for _, k := range counts {
		if k > 0 {
			sum -= float64(k) * math.Log2(float64(k)/all)
		}
	}
	return sum
}

// bands shows the wavelet packets that the decoder's network makes, each as a small
// picture, ordered by frequency: all blocks' or, in large pictures, every few blocks'.
func (f *opened) bands(ctx context.Context, g grid) (codecs.Panel, error) {
	side := f.Scale // what the panel keeps is not to keep the file
	every := int(math.Ceil(math.Sqrt(float64(f.Wide*f.Scale*f.High*f.Scale) / bandPixels)))
	wide, high := (f.Wide+every-1)/every, (f.High+every-1)/every
	v := make([]float32, wide*high*f.Scale*f.Scale)
	write := func(y int, row []float32) {
		if y/f.Scale%every != 0 {
			return
		}
		at := (transform.PacketOrder(y%f.Scale, f.m.splits)*high + y/f.Scale/every) * wide * f.Scale
		for x := 0; x < f.Wide; x += every {
			for band := range f.Scale {
				s := row[(x*f.Scale+band)*colours:][:colours]
				grey := float64(s[0]+s[1]+s[2]) / colours * 255
				v[at+transform.PacketOrder(band, f.m.splits)*wide+x/every] = float32(math.Copysign(math.Log2(1+math.Abs(grey)), grey))
			}
		}
	}
	if err := f.m.expand(ctx, g, f.h.Q, write, func() {}); err != nil {
		return codecs.Panel{}, err
	}
	return codecs.Panel{ID: "bands", Title: "Wavelet packets",
		Help: fmt.Sprintf("What the decoder's network makes of the latents, the mean of three colours: %d x %d bands, low frequencies at the top left, as logarithms of their magnitude with its sign. The inverse transform turns them into the picture.", f.Scale, f.Scale),
		Data: codecs.Plane{Width: wide * f.Scale, Height: high * f.Scale, Values: v, Unit: "log2(1 + grey levels)", Signed: true,
			Where: func(x, y int) (string, image.Rectangle) {
				bx, by := x%wide*every, y%high*every
				return fmt.Sprintf("band %d, %d, position %d, %d", x/wide, y/high, bx, by), image.Rect(bx*side, by*side, (bx+1)*side, (by+1)*side)
			}}}, nil
}
