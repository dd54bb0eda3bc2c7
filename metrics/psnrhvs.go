package metrics

import (
	"context"
	"math"

	"codecworkbench/metrics/internal/luma"

	"codecworkbench/codecs/nn/kernel"
)

// psnrHVS is PSNR-HVS of Egiazarian, Astola, Ponomarenko, Lukin, Battisti and Carli,
// "New full-reference quality metrics based on HVS" (VPQM 2006), and PSNR-HVS-M of
// Ponomarenko, Silvestri, Egiazarian, Carli, Astola and Lukin, "On between-coefficient
// contrast masking of DCT basis functions" (VPQM 2007): the PSNR of the DCT
// coefficients of 8x8 blocks, weighted by the contrast sensitivity of the eye; with -M,
// what the contrast of the block itself masks does not count. Blocks lie side by side
// from the upper left corner on; what is left at the right and lower edge is not
// looked at. Values are in dB, higher is better, +Inf where no block has an error
// that counts.
//
// It is good at blocking, ringing and noise, cheap, and far closer to viewers than
// PSNR; it misses colour and whatever is larger than a block. At high quality it
// depends much on how luma is rounded: up to 3 dB.
//
// What daala and libvmaf call psnr_hvs is another metric, up to 8 dB away: another
// table, masking always, blocks that overlap by a pixel, an integer DCT.
//
// A comparison needs about 40 KB a core beside the pictures.
type psnrHVS struct {
	masked bool
	set    Settings
}

// NewPSNRHVS returns the metric "psnr-hvs", in dB.
func NewPSNRHVS() Metric {
	return psnrHVS{set: NewSettings(lumaOption(luma.Y, luma.Y8, luma.YS8))}
}

// NewPSNRHVSM returns the metric "psnr-hvs-m", in dB.
func NewPSNRHVSM() Metric {
	return psnrHVS{masked: true, set: NewSettings(lumaOption(luma.Y, luma.Y8, luma.YS8))}
}

func (m psnrHVS) Info() Info {
	info := Info{
		ID: "psnr-hvs", Name: "PSNR-HVS", Unit: "dB", Version: 1, MinSide: hvsBlock,
		Range:   "0 up, infinite for identical pictures",
		Summary: "PSNR of brightness with errors weighted by how well the eye sees their spatial frequency.",
		Paper:   "Egiazarian et al., New full-reference quality metrics based on HVS, VPQM 2006",
	}
	if m.masked {
		info.ID, info.Name = "psnr-hvs-m", "PSNR-HVS-M"
		info.Summary = "PSNR-HVS without the errors that the picture's own texture hides."
		info.Paper = "Ponomarenko et al., On between-coefficient contrast masking of DCT basis functions, VPQM 2007"
	}
	return m.set.Label(info)
}

// Settings implements Configurable.
func (m psnrHVS) Settings() Settings { return m.set }

// With implements Configurable.
func (m psnrHVS) With(s Settings) Metric { m.set = s; return m }

// hvsKey is what the errors of a pair are kept under.
type hvsKey struct{ kind luma.Kind }

// of chooses the metric's own one of the errors.
func (m psnrHVS) of(e hvsErrors) float64 {
	if m.masked {
		return e.masked
	}
	return e.plain
}

// Compare implements Metric.
func (m psnrHVS) Compare(ctx context.Context, p *Pair) (float64, error) {
	kind := lumaKind(m.set)
	mean, err := Shared(p, hvsKey{kind}, func() (hvsErrors, error) {
		columns, lines := p.Width()/hvsBlock, p.Height()/hvsBlock
		sums := make([]hvsErrors, lines)
		err := hvsScan(ctx, p, kind, func(_, line int, errors []hvsErrors) {
			s := sums[line]
			for _, e := range errors {
				s.plain += e.plain
				s.masked += e.masked
			}
			sums[line] = s
		})
		mean, share := hvsErrors{}, 1/(float64(columns)*float64(lines))
		for _, s := range sums {
			mean.plain += s.plain * share
			mean.masked += s.masked * share
		}
		return mean, err
	})
	if err != nil {
		return 0, err
	}
	return 10 * math.Log10(255*255/m.of(mean)), nil
}

// MapKinds implements Mapper.
func (m psnrHVS) MapKinds() []MapKind {
	return []MapKind{{ID: "visible-error", Name: "Visible error", Good: 0, Bad: 100,
		Summary: "Weighted squared error of every block of 8 x 8 pixels; 0 is identical."}}
}

// Map implements Mapper: the mean squared weighted error of every block.
func (m psnrHVS) Map(ctx context.Context, p *Pair, _ string) (*Map, error) {
	columns, lines := p.Width()/hvsBlock, p.Height()/hvsBlock
	out := &Map{Width: columns, Height: lines, Step: hvsBlock, Values: make([]float32, columns*lines)}
	err := hvsScan(ctx, p, lumaKind(m.set), func(column, line int, errors []hvsErrors) {
		row := out.Values[line*columns+column:][:len(errors)]
		for i, e := range errors {
			row[i] = float32(m.of(e))
		}
	})
	return out, err
}

// hvsRun is how many blocks of a row are read at once.
const hvsRun = 64

// hvsScan hands out the errors of every block: errors[i] belongs to block column+i of
// row line. Those of one row come one at a time and from left to right; they are only
// valid during the call.
func hvsScan(ctx context.Context, p *Pair, kind luma.Kind, use func(column, line int, errors []hvsErrors)) error {
	ref, dist := p.ref.RGB8(), p.dist.RGB8()
	columns, lines := p.Width()/hvsBlock, p.Height()/hvsBlock
	sight := newHVSSight(kind)
	return kernel.Parallel(ctx, lines, func() func(int) {
		var a, b [hvsBlock][hvsRun * hvsBlock]int32
		var u, v hvsSamples
		var errors [hvsRun]hvsErrors
		return func(line int) {
			for first := 0; first < columns; first += hvsRun {
				n := min(hvsRun, columns-first)
				for i := range hvsBlock {
					luma.Counts(kind, a[i][:n*hvsBlock], ref, first*hvsBlock, line*hvsBlock+i)
					luma.Counts(kind, b[i][:n*hvsBlock], dist, first*hvsBlock, line*hvsBlock+i)
				}
				for j := range n {
					for i := range hvsBlock {
						*(*[hvsBlock]int32)(u[hvsBlock*i:]) = [hvsBlock]int32(a[i][j*hvsBlock:])
						*(*[hvsBlock]int32)(v[hvsBlock*i:]) = [hvsBlock]int32(b[i][j*hvsBlock:])
					}
					errors[j] = sight.errors(&u, &v)
				}
				use(first, line, errors[:n])
			}
		}
	})
}
