package hyperprior

import (
	"context"
	"fmt"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/integer"
)

// meanUnit is one step of y in the means.
const meanUnit = 64

// layout is the geometry of both codes.
type layout struct {
	latent.Layout               // of y
	hyper         latent.Layout // of z
}

func (m *model) layout(width, height int) layout {
	return layout{m.Layout(width, height), latent.NewLayout(width, height, m.hyperScale)}
}

// prior is what z tells of y: by position, the means of all channels in 1/meanUnit, then
// the numbers of their scale tables. Its memory is a workspace's.
type prior struct {
	channels int
	stride   int // elements from a row of positions to the next
	data     []int16
}

// predict runs the hyper-synthesis.
func (m *model) predict(ctx context.Context, w *workspace, l layout, z []int16) (prior, error) {
	out, err := m.hyperSynthesis.Run(ctx, w.hyper, integer.Tensor{H: l.hyper.High, W: l.hyper.Wide, C: m.hyperChannels, Data: z})
	if err != nil {
		return prior{}, err
	}
	ratio := m.hyperScale / m.Scale
	if out.H != ratio*l.hyper.High || out.W != ratio*l.hyper.Wide || out.C != 2*m.Channels {
		return prior{}, fmt.Errorf("%w: its hyper-synthesis gives %d x %d x %d for %d x %d positions, expected %d channels %d times as wide and high",
			latent.ErrModel, out.W, out.H, out.C, l.hyper.Wide, l.hyper.High, 2*m.Channels, ratio)
	}
	return prior{m.Channels, out.W * out.C, out.Data}, nil
}

// at returns a position's means and scales.
func (p prior) at(x, y int) (means, scales []int16) {
	at := y*p.stride + x*2*p.channels
	return p.data[at : at+p.channels], p.data[at+p.channels : at+2*p.channels]
}

// describe returns z for latents y at quality q, as a decoder gets it, and its payload.
func (m *model) describe(ctx context.Context, w *workspace, l layout, y nn.Tensor, q int) ([]int16, []byte, error) {
	t, err := m.hyperAnalysis.Run(ctx, w.hyperAnalysis, y, nn.Options{Level: m.Levels.At(q)})
	if err != nil {
		return nil, nil, err
	}
	z, out := make([]int16, len(t.Data)), entropy.NewEncoder()
	n, row := m.hyperChannels, m.Levels.Row(q, m.z.Rows)
	for i, v := range t.Data {
		table := m.z.At(row, i%n)
		s := m.hyperSymbol(table, latent.Nearest(v))
		table.Encode(out, s)
		z[i] = int16(s)
	}
	return z, out.Bytes(), nil
}

// readZ decodes z from its payload.
func (m *model) readZ(ctx context.Context, l layout, payload []byte, q int) ([]int16, error) {
	n, row := m.hyperChannels, m.Levels.Row(q, m.z.Rows)
	in := entropy.NewDecoder(payload)
	z := make([]int16, 0, n)
	err := l.hyper.Whole().Each(ctx, in, func() {}, func(_, _ int) {
		for c := range n {
			t := m.z.At(row, c)
			z = append(z, int16(m.hyperSymbol(t, t.Decode(in))))
		}
	})
	return z, err
}

// hyperSymbol is the value of z that a decoder gets for v.
func (m *model) hyperSymbol(t *entropy.Table, v int) int {
	_, largest := m.hyperSynthesis.Channels()
	return min(max(t.Clamp(v), -largest), largest)
}
