package metrics

import (
	"context"
	"image"
	"math"

	"codecworkbench/codecs/nn/kernel"
)

// psnr is 10 log10(255^2 / MSE) of the 8-bit pictures. The squared errors are
// summed in integers, so that the value is exact for pictures of any size and
// infinite only where no sample differs. Memory: none beside the pictures.
type psnr struct{ onLuma bool }

// NewPSNRRGB returns the metric "psnr-rgb", in dB: one MSE over all pixels and the
// three channels together, not the mean of three values in dB. It is +Inf for
// identical pictures.
func NewPSNRRGB() Metric { return psnr{} }

// NewPSNRY returns the metric "psnr-y", in dB: the PSNR of Y = 0.299 R + 0.587 G +
// 0.114 B, not rounded. It is +Inf where Y is identical.
func NewPSNRY() Metric { return psnr{onLuma: true} }

func (m psnr) Info() Info {
	info := Info{
		ID: "psnr-rgb", Name: "PSNR-RGB", Unit: "dB", Version: 1,
		Range:   "0 up, infinite for identical pictures",
		Summary: "Mean squared error of R, G and B on a logarithmic scale: the usual number, blind to what the eye sees.",
	}
	if m.onLuma {
		info.ID, info.Name = "psnr-y", "PSNR-Y"
		info.Summary = "Mean squared error of the brightness alone on a logarithmic scale."
	}
	return info
}

// psnrRows is how many rows one piece of the parallel work covers.
const psnrRows = 32

// Compare implements Metric.
func (m psnr) Compare(ctx context.Context, p *Pair) (float64, error) {
	a, b := p.ref.RGB8(), p.dist.RGB8()
	pieces := (p.Height() + psnrRows - 1) / psnrRows
	sums := make([]uint64, pieces)
	err := kernel.Parallel(ctx, pieces, func() func(int) {
		return func(i int) {
			x, y := rows(a, i*psnrRows, psnrRows), rows(b, i*psnrRows, psnrRows)
			if m.onLuma {
				sums[i] = squaredErrorsY(x, y)
			} else {
				sums[i] = squaredErrorsRGB(x, y)
			}
		}
	})
	if err != nil {
		return 0, err
	}
	total := uint64(0)
	for _, s := range sums {
		total += s
	}
	if total == 0 {
		return math.Inf(1), nil
	}
	mse := float64(total) / float64(p.ref.Pixels()) / m.unit()
	return 10 * math.Log10(255*255/mse), nil
}

// unit is what one pixel's sum of squares is divided by.
func (m psnr) unit() float64 {
	if m.onLuma {
		return lumaUnit * lumaUnit
	}
	return 3
}

// MapKinds implements Mapper.
func (m psnr) MapKinds() []MapKind {
	return []MapKind{{ID: "squared-error", Name: "Squared error", Good: 0, Bad: 400,
		Summary: "Squared difference of every pixel; 0 is identical."}}
}

// Map implements Mapper: the squared error of every pixel, of Y or the mean over
// R, G and B (0..65025, lower is better).
func (m psnr) Map(ctx context.Context, p *Pair, _ string) (*Map, error) {
	out := &Map{Width: p.Width(), Height: p.Height(), Step: 1, Values: make([]float32, p.ref.Pixels())}
	scale := 1 / m.unit()
	err := kernel.Parallel(ctx, out.Height, func() func(int) {
		return func(y int) {
			a, b := rows(p.ref.RGB8(), y, 1), rows(p.dist.RGB8(), y, 1)
			for x := range out.Width {
				v, w := a[4*x:4*x+4], b[4*x:4*x+4]
				sum := uint64(0)
				if m.onLuma {
					sum = squaredErrorsY(v, w)
				} else {
					sum = squaredErrorsRGB(v, w)
				}
				out.Values[y*out.Width+x] = float32(float64(sum) * scale)
			}
		}
	})
	return out, err
}

// rows returns the pixels of up to n rows from row y on.
func rows(img *image.NRGBA, y, n int) []uint8 {
	return img.Pix[y*img.Stride : min(y+n, img.Rect.Dy())*img.Stride]
}

// squaredErrorsRGB sums the squared differences of R, G and B of packed pixels.
// A piece of work has at most 32 x 65,535 pixels: far from an overflow.
func squaredErrorsRGB(a, b []uint8) uint64 {
	sum := uint64(0)
	for len(a) >= 4 && len(b) >= 4 {
		dr, dg, db := int32(a[0])-int32(b[0]), int32(a[1])-int32(b[1]), int32(a[2])-int32(b[2])
		sum += uint64(uint32(dr*dr + dg*dg + db*db))
		a, b = a[4:], b[4:]
	}
	return sum
}

// squaredErrorsY sums the squared differences of 1000 Y. A pixel adds at most
// 6.5e10, so that 100 megapixels stay below 2^63.
func squaredErrorsY(a, b []uint8) uint64 {
	sum := uint64(0)
	for len(a) >= 4 && len(b) >= 4 {
		d := lumaR*(int64(a[0])-int64(b[0])) + lumaG*(int64(a[1])-int64(b[1])) + lumaB*(int64(a[2])-int64(b[2]))
		sum += uint64(d * d)
		a, b = a[4:], b[4:]
	}
	return sum
}
