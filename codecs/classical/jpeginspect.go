package classical

import (
	"context"
	"image"
	"strconv"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/picture/jpeg"
)

// Inspect shows where a file's bits went, its quantization tables and its coefficients.
func (jpegCodec) Inspect(ctx context.Context, s *codecs.Stream, _ *picture.Picture) (*codecs.Trace, error) {
	file, err := s.Native()
	if err != nil {
		return nil, err
	}
	c, err := codecs.Detach(ctx, func() (*jpeg.Coefficients, error) { return jpeg.DecodeCoefficients(file) })
	if err != nil {
		return nil, err
	}
	var panels, tables []codecs.Panel // the most telling first
	if c.Components[0].Bits != nil {
		panels = append(panels, codecs.Panel{ID: "bits", Title: "Bits per block", Data: jpegBits(c),
			Help: "How many bits each 8x8 block of pixels took, counted from the Huffman codes in the file; chroma's bits are shared out over the pixels that they cover."})
	}
	for i := range min(len(c.Components), 2) {
		p := &c.Components[i]
		name := jpegPlaneName(i)
		panels = append(panels, codecs.Panel{ID: "coefficients-" + name, Title: "Quantized coefficients, " + name, Data: jpegHistogram(p),
			Help: "How often each value occurs among the coefficients other than the mean: nearly all are 0, which is where the saving comes from."})
		tables = append(tables, codecs.Panel{ID: "quant-" + name, Title: "Quantization steps, " + name, Data: jpegSteps(&p.Quant),
			Help: "Each frequency is divided by its step and rounded. The upper left is the block's mean; detail gets finer to the right and downwards, and its steps larger."})
	}
	panels = append(append(panels, codecs.Panel{ID: "nonzero", Title: "Which frequencies survive", Data: jpegSurvival(c),
		Help: "The share of blocks in which each coefficient is not 0, in the file's zigzag order from coarse to fine."}), tables...)
	panels = append(panels, codecs.Panel{ID: "dc", Title: "Block averages (DC)", Data: jpegAverages(&c.Components[0]),
		Help: "The first coefficient of each luma block is its mean brightness: an eighth-size picture, coded as differences from block to block."})
	return &codecs.Trace{Panels: panels, Places: jpegPlaces(file, c), Switches: jpegSwitches(len(c.Components)),
		Steps: jpegStepNames(), Symbols: jpegSymbols(c)}, nil
}

// jpegPlaces says that picture data goes everywhere; tables and headers go nowhere.
func jpegPlaces(file []byte, c *jpeg.Coefficients) []codecs.Place {
	var list []codecs.Place
	for i, s := range jpeg.Segments(file) {
		if s.PictureData() {
			list = append(list, codecs.Place{Part: i, Rect: image.Rect(0, 0, c.Width, c.Height)})
		}
	}
	return list
}

// jpegPlaneName names a component for panels.
func jpegPlaneName(i int) string {
	if i == 0 {
		return "luma"
	}
	return "chroma"
}

func jpegSteps(q *[64]uint16) codecs.Table {
	t := codecs.Table{Head: []string{""}}
	for x := range 8 {
		t.Head = append(t.Head, "x "+strconv.Itoa(x))
	}
	for y := range 8 {
		row := []string{"y " + strconv.Itoa(y)}
		for x := range 8 {
			row = append(row, strconv.Itoa(int(q[8*y+x])))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// jpegAverages is the picture that the DC coefficients alone describe.
func jpegAverages(p *jpeg.CoefficientPlane) codecs.Plane {
	out := codecs.Plane{Width: p.BlocksX, Height: p.BlocksY, Unit: "grey levels", Scale: 8, Cell: "block",
		Values: make([]float32, p.BlocksX*p.BlocksY)}
	for i := range out.Values {
		out.Values[i] = float32(p.Coefs[64*i])*float32(p.Quant[0])/8 + 128
	}
	return out
}

// jpegBits is the map of bits by 8x8 pixels, all components together.
func jpegBits(c *jpeg.Coefficients) codecs.Plane {
	w, h := (c.Width+7)/8, (c.Height+7)/8
	out := codecs.Plane{Width: w, Height: h, Unit: "bits", Scale: 8, Cell: "block", Values: make([]float32, w*h)}
	hMax, vMax := 1, 1
	for i := range c.Components {
		hMax, vMax = max(hMax, c.Components[i].H), max(vMax, c.Components[i].V)
	}
	for i := range c.Components {
		p := &c.Components[i]
		share := float32(p.H*p.V) / float32(hMax*vMax)
		for y := range h {
			row := p.Bits[min(y*p.V/vMax, p.BlocksY-1)*p.BlocksX:]
			for x := range w {
				out.Values[y*w+x] += float32(row[min(x*p.H/hMax, p.BlocksX-1)]) * share
			}
		}
	}
	return out
}

// jpegShown bounds the values in a histogram; those beyond are counted at its ends.
const jpegShown = 32

func jpegHistogram(p *jpeg.CoefficientPlane) codecs.Histogram {
	h := codecs.Histogram{First: -jpegShown, Counts: make([]int, 2*jpegShown+1),
		SymbolName: "Quantized coefficient, in steps", Noun: codecs.Noun{One: "coefficient", Many: "coefficients"}}
	for i, v := range p.Coefs {
		if i%64 != 0 {
			h.Counts[min(max(int(v), -jpegShown), jpegShown)+jpegShown]++
		}
	}
	return h
}

func jpegSurvival(c *jpeg.Coefficients) codecs.Series {
	s := codecs.Series{XLabel: "Coefficient, in zigzag order", YLabel: "Blocks (%)"}
	for i := range min(len(c.Components), 3) {
		p := &c.Components[i]
		line := codecs.Line{Name: jpegComponentName(i, len(c.Components))}
		var counts [64]int
		for k, v := range p.Coefs {
			if v != 0 {
				counts[k%64]++
			}
		}
		for k, at := range jpeg.ZigZag {
			line.X = append(line.X, float64(k))
			line.Y = append(line.Y, 100*float64(counts[at])/float64(p.BlocksX*p.BlocksY))
		}
		s.Lines = append(s.Lines, line)
	}
	return s
}
