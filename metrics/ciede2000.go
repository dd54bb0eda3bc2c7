package metrics

import (
	"context"

	"codecworkbench/codecs/nn/kernel"
)

// ciede2000 is the mean of the CIEDE2000 colour difference (CIE 142-2001) over all
// pixels, sRGB taken as under D65. It is 0 for identical pictures and has no upper
// bound (black to white: 100); lower is better. A difference of 1 is about the least
// that is seen between two patches side by side.
//
// It is the measure of colour fidelity: shifts of hue, saturation and brightness weigh
// as viewers of patches see them. It knows nothing of where pixels lie: noise that no
// eye resolves counts in full, and neither blocking nor blur is more than their pixels.
//
// What daala and libvmaf call ciede2000 is another number, 45 - 20 log10 of a mean with
// other weights. A comparison needs 25 KB, and 30 KB a core, beside the pictures.
type ciede2000 struct{}

// NewCIEDE2000 returns the metric "ciede2000".
func NewCIEDE2000() Metric { return ciede2000{} }

func (ciede2000) Info() Info {
	return Info{
		ID: "ciede2000", Name: "CIEDE2000", Version: 1, Lower: true,
		Range:   "0 up, 0 is identical, 1 is about the least visible difference of a patch",
		Summary: "Mean difference of colour as the eye sees it, pixel by pixel; 0 is identical.",
		Paper:   "Sharma, Wu and Dalal, The CIEDE2000 color-difference formula, Color Research and Application 2005",
	}
}

// Compare implements Metric.
func (m ciede2000) Compare(ctx context.Context, p *Pair) (float64, error) {
	sums := make([]float64, p.Height())
	err := m.scan(ctx, p, func(_, y int, differences []float64) {
		sum := 0.
		for _, d := range differences {
			sum += d
		}
		sums[y] += sum
	})
	total := 0.
	for _, s := range sums {
		total += s
	}
	return total / float64(p.ref.Pixels()), err
}

// MapKinds implements Mapper.
func (ciede2000) MapKinds() []MapKind {
	return []MapKind{{ID: "difference", Name: "Colour difference", Good: 0, Bad: 10,
		Summary: "CIEDE2000 of every pixel; 0 is identical, 1 about the least visible difference of a patch."}}
}

// Map implements Mapper: the difference of every pixel.
func (m ciede2000) Map(ctx context.Context, p *Pair, _ string) (*Map, error) {
	out := &Map{Width: p.Width(), Height: p.Height(), Step: 1, Values: make([]float32, p.ref.Pixels())}
	err := m.scan(ctx, p, func(x, y int, differences []float64) {
		row := out.Values[y*out.Width+x:][:len(differences)]
		for i, d := range differences {
			row[i] = float32(d)
		}
	})
	return out, err
}

// ciede2000Run is how many pixels scan works on at once.
const ciede2000Run = 512

// scan hands out the differences of every pixel: differences[i] belongs to pixel
// (x+i, y). Those of one row come one at a time and from left to right; they are only
// valid during the call.
func (ciede2000) scan(ctx context.Context, p *Pair, use func(x, y int, differences []float64)) error {
	a, b := p.ref.RGB8(), p.dist.RGB8()
	tables, formula := newLabTables(), newDeltaE()
	return kernel.Parallel(ctx, p.Height(), func() func(int) {
		var differences [ciede2000Run]float64
		var colours [2][ciede2000Run]lab
		return func(y int) {
			for x := 0; x < p.Width(); x += ciede2000Run {
				out := differences[:min(ciede2000Run, p.Width()-x)]
				tables.convert(colours[0][:len(out)], a.Pix[y*a.Stride+4*x:])
				tables.convert(colours[1][:len(out)], b.Pix[y*b.Stride+4*x:])
				for i := range out {
					out[i] = formula.between(&colours[0][i], &colours[1][i])
				}
				use(x, y, out)
			}
		}
	})
}
