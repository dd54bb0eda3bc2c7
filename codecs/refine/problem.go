package refine

import (
	"context"
	"fmt"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/picture"
)

// MeanUnit is one step of y in the means.
const MeanUnit = 64

// Problem is a picture with its latents and the way in which they are coded.
type Problem struct {
	Picture *picture.Picture
	Layout  latent.Layout
	// Y are the latents as they are rounded, [High, Wide, channels]: Run changes them.
	Y nn.Tensor
	// Level is where the synthesis' modulations stand, and Gain what latents were multiplied
	// by after the analysis; the synthesis reads them divided by it.
	Level float64
	Gain  float32
	// Map, where there is one, is a quality for each position, of which Levels make its own
	// level and gain in place of Level and Gain. Squared errors weigh as the qualities'
	// trade-offs do; Lambda is what they are related to.
	Map    *latent.Map
	Levels latent.Levels
	// Values are what integers from -n to n stand for, in rising order, before they are divided
	// by the gain; latents beyond them don't exist. Without Values, they stand for themselves.
	Values []float32
	// Lambda is the trade-off: bits a pixel that one unit of mean squared error, of samples 0
	// to 255, is worth (latent.Lambda).
	Lambda float64
	// At returns how a position is coded: what is coded is the rounded distance from the
	// means (in 1/MeanUnit), by the tables of those numbers. It is called from any goroutine.
	At func(x, y int) (means, tables []int16)
	// Predict is set by codecs whose symbols tell how others are coded. It goes through a
	// region of the grid (all of it, or some of its Regions) in the order of coding, and has
	// the symbols chosen on its way; afterwards, At returns what it said then.
	Predict func(ctx context.Context, r latent.Region, choose Choose) error
	// Tables are all distributions; Skip tells of each whether its symbols are not coded but
	// taken to be 0.
	Tables *entropy.Factorized
	Skip   []bool
}

// Choose fills in the symbols of a position's channels from first on, which are coded by
// means and tables; where a table is skipped, they must be 0. It may be called from several
// goroutines for different positions.
type Choose func(x, y, first int, means, tables, symbols []int16)

// check refuses what does not fit together.
func (p *Problem) check(d *Decoder) error {
	l := p.Layout
	switch {
	case p.Y.H != l.High || p.Y.W != l.Wide || p.Y.C != d.channels || len(p.Y.Data) != l.High*l.Wide*d.channels:
		return fmt.Errorf("latents of %v in %d numbers: the layout has %d x %d positions, the synthesis %d channels", p.Y.Size(), len(p.Y.Data), l.High, l.Wide, d.channels)
	case l.Scale != d.scale || l.Width != p.Picture.Width() || l.Height != p.Picture.Height():
		return fmt.Errorf("a layout of %d x %d pixels, %d a position, for a picture of %d x %d and a synthesis with %d", l.Width, l.Height, l.Scale, p.Picture.Width(), p.Picture.Height(), d.scale)
	case p.Values != nil && (len(p.Values) < 3 || len(p.Values)%2 == 0):
		return fmt.Errorf("values of %d integers: expected an odd number of 3 at least", len(p.Values))
	case p.Map != nil && len(p.Map.Index) != l.Positions():
		return fmt.Errorf("a map of %d positions, the layout has %d", len(p.Map.Index), l.Positions())
	case !(p.Gain > 0) || !(p.Lambda > 0) || len(p.Skip) != p.Tables.Len():
		return fmt.Errorf("gain %g, lambda %g, %d of %d tables: all must be above 0", p.Gain, p.Lambda, len(p.Skip), p.Tables.Len())
	}
	return nil
}

// value is what the synthesis reads for a latent, before it is divided by the gain: between
// integers, the mean of what they stand for.
func (p *Problem) value(v float32) float32 {
	if p.Values == nil {
		return v
	}
	low, part := p.below(v)
	return p.Values[low] + part*(p.Values[low+1]-p.Values[low])
}

// slope is the derivative of value.
func (p *Problem) slope(v float32) float32 {
	if p.Values == nil {
		return 1
	}
	low, _ := p.below(v)
	return p.Values[low+1] - p.Values[low]
}

// below is the number of the value below a latent, and the latent's distance from it.
func (p *Problem) below(v float32) (low int, part float32) {
	if v += float32(len(p.Values) / 2); !(v > 0) {
		v = 0 // also of what is no number
	}
	v = min(v, float32(len(p.Values)-1))
	low = min(int(v), len(p.Values)-2)
	return low, v - float32(low)
}

// largest bounds latents.
func (p *Problem) largest() float32 {
	if p.Values == nil {
		return latent.MaxSymbol
	}
	return float32(len(p.Values) / 2)
}

// symbol is what a latent is rounded to without refinement.
func symbol(y float32, mean int16) int {
	return latent.Clamp(latent.Nearest(y - float32(mean)/MeanUnit))
}

// wholePixels is the size of a picture that is refined in one window; a larger one is divided
// into the regions that are coded apart.
const wholePixels = 768 * 512

// window is a part of the grid whose latents are refined together.
type window struct {
	inner latent.Region // what is refined
	seen  latent.Region // all positions in whose pixels that shows
	outer latent.Region // all positions that these pixels depend on
}

// whole is a window of everything.
func whole(l latent.Layout) window { return window{l.Whole(), l.Whole(), l.Whole()} }

// windows divides the grid, unless the picture is small, into the regions that are coded apart.
func windows(l latent.Layout, reach int) []window {
	if l.Positions()*l.Scale*l.Scale <= wholePixels {
		return []window{whole(l)}
	}
	var out []window
	for _, inner := range l.Regions() {
		out = append(out, window{inner, widen(l, inner, reach), widen(l, inner, 2*reach)})
	}
	return out
}

// widen adds n positions on all sides, as far as there are any.
func widen(l latent.Layout, r latent.Region, n int) latent.Region {
	return latent.Region{X0: max(r.X0-n, 0), Y0: max(r.Y0-n, 0), X1: min(r.X1+n, l.Wide), Y1: min(r.Y1+n, l.High)}
}

func wide(r latent.Region) int { return r.X1 - r.X0 }
func high(r latent.Region) int { return r.Y1 - r.Y0 }
