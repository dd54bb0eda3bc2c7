package viewport

import (
	"context"
	"image"

	"codecworkbench/app/report/heatmap"
)

// Tone is how a source's values become colours.
type Tone int

// The tones.
const (
	Plain      Tone = iota // as they are, times the gain
	Signed                 // 128 is zero: what lies off it is multiplied by the gain
	FalseColor             // the red value times the gain chooses a colour of heatmap.Colors
)

// zero is the value that stands for no difference in signed differences.
const zero = 128

// Difference builds the pyramid of the absolute difference of two pictures of one
// size, channel by channel, with both put on black where they have alpha. Coarser levels average
// the difference, so that a zoomed-out view shows its mean and loses none of it.
func Difference(ctx context.Context, a, b *image.NRGBA) (*Pyramid, error) {
	return difference(ctx, a, b, func(out []uint8, d [3]int) {
		for c := range 3 {
			out[c] = uint8(max(d[c], -d[c]))
		}
	})
}

// SignedDifference builds the pyramid of a - b, channel by channel, as 128 plus the
// difference, for Tone Signed. Differences beyond -128 to 127 are cut there.
func SignedDifference(ctx context.Context, a, b *image.NRGBA) (*Pyramid, error) {
	return difference(ctx, a, b, func(out []uint8, d [3]int) {
		for c := range 3 {
			out[c] = uint8(min(max(d[c]+zero, 0), 255))
		}
	})
}

// LargestDifference builds the pyramid of the largest absolute difference of a
// channel, for Tone FalseColor.
func LargestDifference(ctx context.Context, a, b *image.NRGBA) (*Pyramid, error) {
	return difference(ctx, a, b, func(out []uint8, d [3]int) {
		v := uint8(max(d[0], -d[0], d[1], -d[1], d[2], -d[2]))
		out[0], out[1], out[2] = v, v, v
	})
}

// difference fills a pyramid with what pack makes of the differences of the three
// channels.
func difference(ctx context.Context, a, b *image.NRGBA, pack func(out []uint8, d [3]int)) (*Pyramid, error) {
	out := image.NewRGBA(a.Rect)
	parallelRows(a.Rect.Dy(), func(y0, y1 int) {
		for i := y0 * a.Stride; i < y1*a.Stride; i += 4 {
			var d [3]int
			for c := range 3 {
				d[c] = int(mul255(a.Pix[i+c], a.Pix[i+3])) - int(mul255(b.Pix[i+c], b.Pix[i+3]))
			}
			pack(out.Pix[i:i+3:i+3], d)
			out.Pix[i+3] = 255
		}
	})
	return buildLevels(ctx, out, false)
}

// falseColors are the colours of FalseColor.
var falseColors = heatmap.Colors()

// apply turns a row of opaque values into colours.
func (t Tone) apply(row []uint8, gain int) {
	gain = max(gain, 1)
	switch {
	case t == FalseColor:
		for i := 0; i < len(row); i += 4 {
			c := &falseColors[min(int(row[i])*gain, heatmap.Shades-1)]
			row[i], row[i+1], row[i+2] = c[0], c[1], c[2]
		}
	case gain == 1:
	case t == Signed:
		for i := 0; i < len(row); i += 4 {
			for c := range 3 {
				row[i+c] = uint8(min(max(zero+(int(row[i+c])-zero)*gain, 0), 255))
			}
		}
	default:
		for i := 0; i < len(row); i += 4 {
			for c := range 3 {
				row[i+c] = uint8(min(int(row[i+c])*gain, 255))
			}
		}
	}
}
