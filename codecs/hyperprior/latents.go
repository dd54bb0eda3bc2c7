package hyperprior

import (
	"context"
	"fmt"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/nn/integer"
)

const (
	// meanUnit is one step of y in the means.
	meanUnit = 64
	// maxSymbol bounds symbols, so that damaged files can't overflow anything.
	maxSymbol = 1 << 14
	// Latents are skipped if their table gives the mean at least skipShare/skipUnit, which is
	// sigma up to 0.14 in the models that codecs/training makes. On validation photos this
	// costs nothing: files are 0.16 % smaller at the same PSNR.
	skipShare = 999
	skipUnit  = 1000
)

// prior is what z tells of y: by position, the means of all channels in 1/meanUnit, then
// the numbers of their scale tables. Its memory is a workspace's.
type prior struct {
	channels int
	stride   int // elements from a row of positions to the next
	data     []int16
}

// predict runs the hyper-synthesis.
func (m *model) predict(ctx context.Context, w *workspace, l layout, z []int16) (prior, error) {
	out, err := m.hyper.Run(ctx, w.hyper, integer.Tensor{H: l.hyperHigh, W: l.hyperWide, C: m.hyperChannels, Data: z})
	if err != nil {
		return prior{}, err
	}
	const ratio = hyperScale / latentScale
	if out.H != ratio*l.hyperHigh || out.W != ratio*l.hyperWide || out.C != 2*m.channels {
		return prior{}, fmt.Errorf("%w: its hyper-synthesis gives %d x %d x %d for %d x %d positions, expected %d channels %d times as wide and high",
			errModel, out.W, out.H, out.C, l.hyperWide, l.hyperHigh, 2*m.channels, ratio)
	}
	return prior{m.channels, out.W * out.C, out.Data}, nil
}

// at returns a position's means and scales.
func (p prior) at(x, y int) (means, scales []int16) {
	at := y*p.stride + x*2*p.channels
	return p.data[at : at+p.channels], p.data[at+p.channels : at+2*p.channels]
}

// hyperSymbol is the value of z that a decoder gets for v.
func (m *model) hyperSymbol(t *entropy.Table, v int) int {
	_, largest := m.hyper.Channels()
	return min(max(t.Clamp(v), -largest), largest)
}

// clampSymbol keeps a symbol of y within bounds.
func clampSymbol(v int) int { return min(max(v, -maxSymbol), maxSymbol) }
