package refine

import (
	"context"
	"image"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/picture"
)

// The tests' models are hyperprior's tiny ones, without their hyper networks: means are a
// pattern, and each channel has a table of its own.
type tiny struct {
	analysis, synthesis *nn.Network
	decoder             *Decoder
	channels            int
	tables              *entropy.Factorized
	skip                []bool
}

func newTiny(t testing.TB) *tiny { return loadModel(t, "../hyperprior/testdata/tiny.safetensors") }

func loadModel(t testing.TB, path string) *tiny {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := nn.ParseModel(data)
	if err != nil {
		t.Fatal(err)
	}
	network := func(name string) *nn.Network {
		n, err := f.Network(name)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	m := &tiny{analysis: network("analysis"), synthesis: network("synthesis")}
	size, err := m.analysis.Size(nn.Size{H: 64, W: 64, C: 3})
	if err != nil {
		t.Fatal(err)
	}
	m.channels = size.C
	if m.tables, err = entropy.LoadFactorized(f.File(), "sigma"); err != nil {
		t.Fatal(err)
	}
	m.skip = latent.Skips(m.tables)
	if m.decoder, err = LoadDecoder(f, m.channels); err != nil {
		t.Fatal(err)
	}
	return m
}

// scene draws slopes, an edge and noise.
func scene(t testing.TB, w, h int, gray bool) *picture.Picture {
	t.Helper()
	rng := rand.New(rand.NewPCG(3, 7))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := [3]int{x/2 + y, 255 - x/3, (x + 2*y) / 3}
			if (x-w/2)*(x-w/2)+(y-h/3)*(y-h/3) < 400 {
				c = [3]int{200 - y/2, 60 + x/4, 120}
			}
			p := img.Pix[img.PixOffset(x, y):]
			for i := range c {
				p[i] = uint8(min(max(c[i]+rng.IntN(9)-4, 0), 255))
			}
			if gray {
				p[1], p[2] = p[0], p[0]
			}
			p[3] = 255
		}
	}
	p, err := picture.New(img, gray, false, picture.Source{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// problem is a scene with its latents.
func (m *tiny) problem(t testing.TB, w, h int, gray bool) *Problem {
	t.Helper()
	pic := scene(t, w, h, gray)
	l := latent.NewLayout(w, h, m.decoder.scale)
	in := nn.NewTensor(l.High*l.Scale, l.Wide*l.Scale, 3)
	read := latent.ReadPixels(pic)
	for y := range in.H {
		read(y, in.Data[y*in.W*3:(y+1)*in.W*3])
	}
	y, err := m.analysis.Run(context.Background(), nn.NewSession(), in, nn.Options{Level: 1})
	if err != nil {
		t.Fatal(err)
	}
	y.Data = slices.Clone(y.Data)
	means, tables := make([]int16, m.channels), make([]int16, m.channels)
	for c := range means {
		means[c], tables[c] = int16(5*c%64), int16(c%m.tables.Len())
	}
	return &Problem{Picture: pic, Layout: l, Y: y, Level: 1, Gain: 1, Lambda: 0.01, Tables: m.tables, Skip: m.skip,
		At: func(_, _ int) ([]int16, []int16) { return means, tables }}
}

// leftTells makes the means of a problem depend on the symbols to the left, in the same
// region.
func (m *tiny) leftTells(p *Problem) {
	c, l := m.channels, p.Layout
	base, tables := p.At(0, 0)
	means := make([]int16, l.Positions()*c)
	p.At = func(x, y int) ([]int16, []int16) { return means[(y*l.Wide+x)*c:][:c], tables }
	p.Predict = func(_ context.Context, r latent.Region, choose Choose) error {
		symbols := make([]int16, c)
		for _, part := range l.Regions() {
			if part.X0 < r.X0 || part.X1 > r.X1 || part.Y0 < r.Y0 || part.Y1 > r.Y1 {
				continue
			}
			for y := part.Y0; y < part.Y1; y++ {
				clear(symbols)
				for x := part.X0; x < part.X1; x++ {
					here, _ := p.At(x, y)
					for i := range here {
						here[i] = base[i] + 9*min(max(symbols[i], -20), 20)
					}
					choose(x, y, 0, here, tables, symbols)
				}
			}
		}
		return nil
	}
}

// cost is J as an encoder and a decoder of the whole picture have it.
func (m *tiny) cost(t testing.TB, p *Problem) float64 {
	t.Helper()
	c, bits := m.channels, 0.0
	in := nn.NewTensor(p.Y.H, p.Y.W, c)
	gain := func(int) float32 { return p.Gain }
	weight := func(int) float64 { return 1 }
	if p.Map != nil {
		gain = func(i int) float32 { return p.Levels.Gain(p.Map.At(i)) }
		weight = func(i int) float64 { return latent.Lambda(p.Map.At(i)) / p.Lambda }
	}
	for i, v := range p.Y.Data {
		means, tables := p.At(i/c%p.Y.W, i/c/p.Y.W)
		n := 0
		if table := int(tables[i%c]); !p.Skip[table] {
			n = symbol(v, means[i%c])
			bits += p.Tables.At(table).Bits(n)
		}
		in.Data[i] = (float32(n) + float32(means[i%c])/MeanUnit) / gain(i/c)
	}
	out, err := m.synthesis.Run(context.Background(), nn.NewSession(), in, nn.Options{Level: p.Level, Map: crop(p, p.Layout.Whole())})
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewNRGBA(image.Rect(0, 0, p.Layout.Width, p.Layout.Height))
	write := latent.WritePixels(img, p.Picture.Gray())
	for y := range out.H {
		write(y, out.Data[y*out.W*3:(y+1)*out.W*3])
	}
	squares := 0.0
	for i, v := range p.Picture.RGB8().Pix {
		d := float64(v) - float64(img.Pix[i])
		x, y := i/4%p.Layout.Width, i/4/p.Layout.Width
		squares += d * d * weight(y/p.Layout.Scale*p.Layout.Wide+x/p.Layout.Scale)
	}
	return bits + p.Lambda*squares/3
}

// near compares sums of float32 work.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-4*max(math.Abs(a), math.Abs(b))+0.5 }
