package classical

import (
	"fmt"
	"slices"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture/jpeg"
)

// Parts that a decode can leave out.
const (
	jpegLuma     = "luma"
	jpegChroma   = "chroma"
	jpegMeans    = "averages"
	jpegDetail   = "detail"
	coefficients = 64 // of a block
	// jpegLargest bounds replaced coefficients: what 8-bit samples can give.
	jpegLargest = 2047
)

func jpegSwitches(components int) []codecs.Switch {
	list := []codecs.Switch{
		{ID: jpegMeans, Name: "Averages", Help: "Coefficient 0 of every block: without it, only edges and texture are left."},
		{ID: jpegDetail, Name: "Detail", Help: "Coefficients 1 to 63: without them, every block is flat."},
	}
	if components >= 3 {
		list = append(list, codecs.Switch{ID: jpegLuma, Name: "Luma", Help: "Brightness: without it, only colour is left."},
			codecs.Switch{ID: jpegChroma, Name: "Chroma", Help: "Colour: without it, the picture is grey."})
	}
	return list
}

// jpegStepNames name the steps of DecodeOptions.UpTo.
func jpegStepNames() []string {
	names := []string{"averages alone"}
	for n := 2; n <= coefficients; n++ {
		names = append(names, fmt.Sprintf("%d of 64 coefficients", n))
	}
	return names
}

// jpegChanges reports whether a decode is to differ from the file's.
func jpegChanges(o codecs.DecodeOptions) bool {
	return len(o.Edits) > 0 || len(o.Off) > 0 || o.UpTo > 0 && o.UpTo < coefficients
}

// jpegChange applies edits, leaves parts out, and keeps the first UpTo coefficients of
// each block in zigzag order.
func jpegChange(c *jpeg.Coefficients, o codecs.DecodeOptions) error {
	if err := jpegReplace(c, o.Edits); err != nil {
		return err
	}
	keep := coefficients
	if o.UpTo > 0 {
		keep = min(keep, o.UpTo)
	}
	off := func(name string) bool { return slices.Contains(o.Off, name) }
	for i := range c.Components {
		p := &c.Components[i]
		if i == 0 && off(jpegLuma) || i > 0 && off(jpegChroma) {
			clear(p.Coefs)
			continue
		}
		for n, at := range jpeg.ZigZag {
			left := n == 0 && off(jpegMeans) || n > 0 && off(jpegDetail)
			if n < keep && !left {
				continue
			}
			for b := int(at); b < len(p.Coefs); b += coefficients {
				p.Coefs[b] = 0
			}
		}
	}
	return nil
}

func jpegReplace(c *jpeg.Coefficients, edits []codecs.Edit) error {
	for _, e := range edits {
		i, k := e.Part/coefficients, e.Part%coefficients
		if e.Part < 0 || i >= len(c.Components) || e.X < 0 || e.Y < 0 || e.X >= c.Components[i].BlocksX || e.Y >= c.Components[i].BlocksY {
			return fmt.Errorf("no coefficient %d in block %d, %d: there are %d components of 64 coefficients", e.Part, e.X, e.Y, len(c.Components))
		}
		c.Components[i].Block(e.X, e.Y)[k] = int16(min(max(e.Value, -jpegLargest), jpegLargest))
	}
	return nil
}

// jpegSymbols lets every coefficient be replaced: part 64 c + k is coefficient k, row by
// row, of component c.
func jpegSymbols(c *jpeg.Coefficients) []codecs.Symbols {
	hMax, vMax := 1, 1
	for i := range c.Components {
		hMax, vMax = max(hMax, c.Components[i].H), max(vMax, c.Components[i].V)
	}
	var list []codecs.Symbols
	for i := range c.Components {
		p := &c.Components[i]
		if hMax*p.V != vMax*p.H || hMax%p.H != 0 { // a place that is no square
			continue
		}
		name := jpegComponentName(i, len(c.Components))
		list = append(list, codecs.Symbols{
			ID: "coefficients-" + name, Name: "Coefficients, " + name,
			Help:  "The block's quantized coefficients: the upper left is its average, frequencies rise to the right and downwards.",
			Noun:  codecs.Noun{One: "coefficient", Many: "coefficients"},
			Width: p.BlocksX, Height: p.BlocksY, Scale: 8 * hMax / p.H, Columns: 8,
			Part: coefficients * i, Min: -jpegLargest, Max: jpegLargest,
			At: func(x, y int) []int {
				out := make([]int, coefficients)
				for k, v := range p.Block(x, y) {
					out[k] = int(v)
				}
				return out
			},
		})
	}
	return list
}

// jpegComponentName names one of a file's components.
func jpegComponentName(i, components int) string {
	if components <= 3 {
		return [...]string{"luma", "Cb", "Cr"}[i]
	}
	return fmt.Sprintf("component %d", i+1)
}
