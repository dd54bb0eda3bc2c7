package metrics

import (
	"context"
	"image"
	"math"

	"codecworkbench/metrics/internal/luma"

	"codecworkbench/codecs/nn/kernel"
)

// psnr is 10 log10(255^2 / MSE) of the 8-bit pictures. The squared errors are
// summed in integers, so that the value is exact for pictures of any size and
// infinite only where no sample differs. Memory: none beside the pictures.
type psnr struct {
	kind luma.Kind // empty: R, G and B
}

// NewPSNRRGB returns the metric "psnr-rgb", in dB: one MSE over all pixels and the
// three channels together, not the mean of three values in dB. It is +Inf for
// identical pictures.
func NewPSNRRGB() Metric { return psnr{} }

// psnrY is psnr of brightness, whose formula is a setting.
type psnrY struct {
	psnr
	set Settings
}

// NewPSNRY returns the metric "psnr-y", in dB: the PSNR of Y = 0.299 R + 0.587 G +
// 0.114 B, not rounded. It is +Inf where Y is identical. Of luma on the studio range
// (a setting) it is 1.32 dB higher, because the peak still is 255.
func NewPSNRY() Metric {
	return psnrY{}.With(NewSettings(lumaOption(luma.Y, luma.Y8, luma.YS8)))
}

// Settings implements Configurable.
func (m psnrY) Settings() Settings { return m.set }

// With implements Configurable.
func (m psnrY) With(s Settings) Metric { return psnrY{psnr{lumaKind(s)}, s} }

func (m psnrY) Info() Info {
	info := m.psnr.Info()
	info.ID, info.Name = "psnr-y", "PSNR-Y"
	info.Summary = "Mean squared error of the brightness alone on a logarithmic scale."
	return m.set.Label(info)
}

func (m psnr) Info() Info {
	return Info{
		ID: "psnr-rgb", Name: "PSNR-RGB", Unit: "dB", Version: 1,
		Range:   "0 up, infinite for identical pictures",
		Summary: "Mean squared error of R, G and B on a logarithmic scale: the usual number, blind to what the eye sees.",
	}
}

// psnrRows is how many rows one piece of the parallel work covers.
const psnrRows = 32

// Compare implements Metric.
func (m psnr) Compare(ctx context.Context, p *Pair) (float64, error) {
	sums := make([]uint64, (p.Height()+psnrRows-1)/psnrRows)
	err := m.scan(ctx, p, func(_, y int, _ []uint64, sum uint64) { sums[y/psnrRows] += sum })
	if err != nil {
		return 0, err
	}
	total := uint64(0) // below 2^63 for 100 megapixels
	for _, s := range sums {
		total += s
	}
	if total == 0 {
		return math.Inf(1), nil
	}
	mse := float64(total) / float64(p.ref.Pixels()) / m.unit()
	return 10 * math.Log10(255*255/mse), nil
}

// unit is what one pixel's square is divided by.
func (m psnr) unit() float64 {
	if m.kind == "" {
		return 3
	}
	return float64(m.kind.Steps() * m.kind.Steps())
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
	err := m.scan(ctx, p, func(x, y int, squares []uint64, _ uint64) {
		row := out.Values[y*out.Width+x:][:len(squares)]
		for i, s := range squares {
			row[i] = float32(float64(s) * scale)
		}
	})
	return out, err
}

// psnrRun is how many pixels scan works on at once.
const psnrRun = 512

// scan hands out the squared errors of every pixel, times unit: squares[i] belongs to
// pixel (x+i, y), sum is that of squares. Rows of one piece of psnrRows come one at a
// time; squares is only valid during the call.
func (m psnr) scan(ctx context.Context, p *Pair, use func(x, y int, squares []uint64, sum uint64)) error {
	a, b := p.ref.RGB8(), p.dist.RGB8()
	return kernel.Parallel(ctx, (p.Height()+psnrRows-1)/psnrRows, func() func(int) {
		var u, v [psnrRun]int32
		var squares [psnrRun]uint64
		return func(piece int) {
			for y := piece * psnrRows; y < min((piece+1)*psnrRows, p.Height()); y++ {
				for x := 0; x < p.Width(); x += psnrRun {
					n, sum := min(psnrRun, p.Width()-x), uint64(0)
					if m.kind == "" {
						sum = squaredErrorsRGB(squares[:n], a, b, x, y)
					} else {
						luma.Counts(m.kind, u[:n], a, x, y)
						luma.Counts(m.kind, v[:n], b, x, y)
						sum = squaredErrors(squares[:n], u[:n], v[:n])
					}
					use(x, y, squares[:n], sum)
				}
			}
		}
	})
}

// squaredErrorsRGB fills dst with the squared differences of R, G and B, summed, of row
// y from column x on, and returns the sum of all.
func squaredErrorsRGB(dst []uint64, a, b *image.NRGBA, x, y int) (sum uint64) {
	u, v := a.Pix[y*a.Stride+4*x:][:4*len(dst)], b.Pix[y*b.Stride+4*x:][:4*len(dst)]
	for i := range dst {
		if len(u) < 4 || len(v) < 4 { // spares checks below
			break
		}
		dr, dg, db := int32(u[0])-int32(v[0]), int32(u[1])-int32(v[1]), int32(u[2])-int32(v[2])
		square := uint64(uint32(dr*dr + dg*dg + db*db))
		dst[i] = square
		sum += square
		u, v = u[4:], v[4:]
	}
	return sum
}

// squaredErrors fills dst with the squared differences of luma, which stay below 2^36,
// and returns their sum.
func squaredErrors(dst []uint64, a, b []int32) (sum uint64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		d := int64(a[i]) - int64(b[i])
		dst[i] = uint64(d * d)
		sum += dst[i]
	}
	return sum
}
