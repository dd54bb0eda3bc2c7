package klt

import (
	"context"
	"fmt"
	"image"
	"math"

	"codecworkbench/codecs"
	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/transform"
)

// Inspect shows where the bits went and what the model knows, from the file alone.
func (c *Codec) Inspect(ctx context.Context, s *codecs.Stream, _ *picture.Picture) (*codecs.Trace, error) {
	return codecs.Detach(ctx, func() (*codecs.Trace, error) { return c.inspect(ctx, s) })
}

func (c *Codec) inspect(ctx context.Context, s *codecs.Stream) (*codecs.Trace, error) {
	f, err := c.open(s)
	if err != nil {
		return nil, err
	}
	o := newObserver(f)
	for i, span := range f.spans {
		if f.data[i] == nil {
			continue
		}
		if err := o.slice(ctx, i, span); err != nil {
			return nil, err
		}
	}
	return &codecs.Trace{Panels: append(o.panels(), append(f.model.panels(f), o.bases()...)...), Places: f.places(s),
		Switches: f.switches(), Steps: []string{"means and what they predict", "all coefficients"}, Symbols: o.symbols()}, nil
}

// observer is a decoder that keeps what it sees.
type observer struct {
	*decoder
	f      *opened
	first  int                    // block of the picture that the slice begins with
	bits   []float32              // by block, all planes
	energy []float32              // by block: sum of the magnitudes of plane 0 without DC
	dc     []float32              // by block: DC of plane 0, in grey levels
	rate   [planes][coefs]float64 // bits by coefficient
	uses   [planes][coefs]int     // blocks in which a coefficient is not 0
	counts []int                  // residuals of plane 0 without DC, from -shown to shown
	prior  []float64              // their expected number
	coded  [planes]residuals
}

// shown is the largest residual of the histogram.
const shown = 8

func newObserver(f *opened) *observer {
	high := 0
	for _, s := range f.spans {
		high += s.high
	}
	n := f.wide * high
	o := &observer{f: f, bits: make([]float32, n), energy: make([]float32, n), dc: make([]float32, n),
		counts: make([]int, 2*shown+1), prior: make([]float64, 2*shown+1)}
	for p := range f.planes {
		o.coded[p] = newResiduals(n)
	}
	return o
}

func (o *observer) slice(ctx context.Context, i int, s span) error {
	out := newCoefficients(o.f.planes, o.f.wide*s.high)
	o.decoder = &decoder{m: o.f.model, in: entropy.NewDecoder(o.f.data[i]), out: &out}
	o.first = s.first * o.f.wide
	return newWalker(o.f.model, o.f.planes, o.f.wide, s.high).walk(ctx, o, nil)
}

func (o *observer) code(plane, block, k, table int, pred int32) int32 {
	q := o.decoder.code(plane, block, k, table, pred)
	t := o.m.tables.At(table)
	bits := t.Bits(int(abs32(q)))
	if q != 0 {
		bits++ // the sign
		o.uses[plane][k]++
	}
	at := o.first + block
	o.coded[plane].add(at, k, q)
	o.bits[at] += float32(bits)
	o.rate[plane][k] += bits
	switch {
	case plane == 0 && k == 0:
		o.dc[at] = o.out[0][block*coefs] * o.f.step * o.m.steps[0][0] / transform.Block
	case plane == 0:
		o.energy[at] += float32(abs32(q))
		o.count(t, q)
	}
	return q
}

// count adds a residual and its distribution to the histogram.
func (o *observer) count(t *entropy.Table, q int32) {
	if q >= -shown && q <= shown {
		o.counts[q+shown]++
	}
	o.prior[shown] += math.Exp2(-t.Bits(0))
	for v := 1; v <= shown; v++ {
		p := math.Exp2(-t.Bits(v) - 1)
		o.prior[shown+v] += p
		o.prior[shown-v] += p
	}
}

func (o *observer) panels() []codecs.Panel {
	wide := o.f.wide
	plane := func(v []float32, unit string, signed bool) codecs.Plane {
		return codecs.Plane{Width: wide, Height: len(v) / wide, Values: v, Unit: unit, Scale: transform.Block, Signed: signed, Cell: "block"}
	}
	total := 0.0
	for _, p := range o.prior {
		total += p
	}
	if total > 0 {
		for i := range o.prior {
			o.prior[i] /= total
		}
	}
	return []codecs.Panel{
		{ID: "bits", Title: "Bits by block", Help: "What each 8x8 block costs in the file, all planes together.", Data: plane(o.bits, "bits", false)},
		{ID: "dc", Title: "Block means (DC)", Help: "The mean of each block in the strongest colour channel: what is sent first.", Data: plane(o.dc, "grey levels", true)},
		{ID: "energy", Title: "Quantized energy", Help: "Sum of the coefficients' magnitudes after quantization: neighbours look alike, and that is what the contexts use.", Data: plane(o.energy, "steps", false)},
		{ID: "histogram", Title: "Coefficients and prior", Help: "Quantized coefficients of the strongest channel beside what the contexts' distributions expected on average.",
			Data: codecs.Histogram{First: -shown, Counts: o.counts, Prior: o.prior,
				SymbolName: "Coefficient, in steps", Noun: codecs.Noun{One: "coefficient", Many: "coefficients"}}},
		{ID: "rate", Title: "Bits by coefficient", Help: "How the file divides among coefficients in coding order.", Data: o.rates()},
	}
}

func (o *observer) rates() codecs.Series {
	s := codecs.Series{XLabel: "Coefficient, in coding order", YLabel: "Bits in the file"}
	for p := range o.f.planes {
		l := codecs.Line{Name: fmt.Sprintf("channel %d", p)}
		for k, r := range o.rate[p] {
			l.X, l.Y = append(l.X, float64(k)), append(l.Y, r)
		}
		s.Lines = append(s.Lines, l)
	}
	return s
}

// panels shows the model at the file's step.
func (m *model) panels(f *opened) []codecs.Panel {
	table := codecs.Table{Head: []string{"coefficient"}}
	for p := range f.planes {
		table.Head = append(table.Head, fmt.Sprintf("channel %d", p))
	}
	for k := range coefs {
		row := []string{fmt.Sprint(k)}
		for p := range f.planes {
			row = append(row, fmt.Sprintf("%.2f", f.step*m.steps[p][k]))
		}
		table.Rows = append(table.Rows, row)
	}
	return []codecs.Panel{
		{ID: "steps", Title: "Quantization steps", Help: "In grey levels, by coefficient in coding order.", Data: table},
	}
}

// bases shows the basis functions and how often the file uses them.
func (o *observer) bases() (panels []codecs.Panel) {
	for p := range o.f.planes {
		book := codecs.Codebook{Tile: 3 * transform.Block}
		for k := range coefs {
			if tile, err := o.f.model.tile(p, k); err == nil {
				book.Tiles = append(book.Tiles, tile)
				book.Uses = append(book.Uses, o.uses[p][k])
			}
		}
		panels = append(panels, codecs.Panel{ID: fmt.Sprintf("basis-%d", p), Title: fmt.Sprintf("Basis functions of channel %d", p),
			Help: "What one coefficient adds to the picture, strongest first. Lapping makes each reach into the blocks around.", Data: book})
	}
	return panels
}

// tile draws a basis function as it looks in the picture, grey for 0.
func (m *model) tile(plane, k int) (*picture.Picture, error) {
	f := m.lap.Spread(m.bases[plane].Function(k))
	peak := float32(1e-6)
	for _, v := range f.Pix {
		peak = max(peak, v, -v)
	}
	img := image.NewNRGBA(image.Rect(0, 0, f.Width, f.Height))
	for i, v := range f.Pix {
		g := sample(v / peak * (middle - 1))
		img.Pix[4*i], img.Pix[4*i+1], img.Pix[4*i+2], img.Pix[4*i+3] = g, g, g, 255
	}
	return picture.New(img, true, false, picture.Source{})
}
