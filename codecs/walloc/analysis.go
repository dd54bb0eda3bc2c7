package walloc

import (
	"context"

	"codecworkbench/codecs/container"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/shell"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/transform"
)

// compress encodes a picture.
func compress(ctx context.Context, j shell.Job[*model]) ([]container.Section, error) {
	m, h := j.Model, j.Header
	coder := m.stage(func(s stage) bool { return s.name == j.Params["entropy"] })
	if coder.name != entropyOwn {
		j.Refine.Iterations = 0
	}
	l := m.layout(j.Picture.Width(), j.Picture.Height())
	parts := l.Regions()
	meter := latent.NewMeter(l.High+latent.RegionRows(parts), j.Refine.On())
	y, err := m.analyse(ctx, j.Picture, l, h.Q, meter.Tick)
	if err != nil {
		return nil, err
	}
	code := func(ctx context.Context) ([]container.Section, error) {
		payloads, g := make([][]byte, len(parts)), grid{l, m.symbols(y)}
		err := kernel.Each(ctx, len(parts), func(i int) error {
			var err error
			payloads[i], err = coder.write(ctx, g, parts[i], h.Q, meter.Tick)
			return err
		})
		return append([]container.Section{h.Section()}, latent.Sections(coder.kind, payloads)...), err
	}
	j.Refine.Decoder = m.refiner
	if err := j.Refine.Improve(ctx, m.problem(j.Picture, l, y, h.Q), code); err != nil {
		return nil, err
	}
	return code(ctx)
}

// symbols are the rounded latents.
func (m *model) symbols(y []float32) []int16 {
	out := make([]int16, len(y))
	for i, u := range y {
		out[i] = m.compander.symbol(u)
	}
	return out
}

// grid is the symbols of a picture, [High, Wide, channels].
type grid struct {
	latent.Layout
	symbols []int16
}

// analyse returns the latents of a picture at quality q, companded and not yet rounded; tick is
// called for each row of them, from any goroutine.
func (m *model) analyse(ctx context.Context, p *picture.Picture, l latent.Layout, q int, tick func()) ([]float32, error) {
	read, gains := latent.ReadPixels(p), m.gainsAt(q)
	strips := stripsOf(l)
	out := make([]float32, l.Positions()*m.channels)
	err := kernel.Parallel(ctx, len(strips), func() func(int) {
		var packets []float32
		size := l.Wide * m.channels
		return func(i int) {
			s := strips[i]
			packets = m.readStrip(packets, s, l, read)
			for y := s.from; y < s.to; y++ {
				row := out[y*size:][:size]
				m.project(row, packets[(y-s.low)*s.blockRow(l):], l)
				kernel.MulRows(row, row, gains)
				m.compander.compress(row)
				tick()
			}
		}
	})
	return out, err
}

// project writes a row of latents, from the rows of packets that a row of positions covers:
// one matrix product, which reads packets where they lie.
func (m *model) project(row, packets []float32, l latent.Layout) {
	width := l.Wide * l.Scale * colours
	a := kernel.Matrix{Data: packets[:l.Scale*width], Stride: l.Scale * colours, Runs: l.Scale, Run: l.Scale * colours, RunStride: width}
	kernel.Gemm(l.Wide, a, m.head, row, m.channels, kernel.GemmOptions{Bias: m.bias})
}

// strip is rows of positions from..to-1 that are transformed together, and the rows low to
// high-1 that they need for it.
type strip struct{ from, to, low, high int }

// Strips are high enough that what they share with their neighbours is a small part, in
// memory of at most a few times stripBytes a core.
const (
	stripPixels = 256
	stripBytes  = 16 << 20
)

// stripsOf divides a grid.
func stripsOf(l latent.Layout) []strip {
	block := 4 * colours * l.Scale * l.Scale * l.Wide
	rows := max(min(stripPixels/l.Scale, stripBytes/block), transform.PacketHalo)
	var out []strip
	for y := 0; y < l.High; y += rows {
		to := min(y+rows, l.High)
		out = append(out, strip{y, to, max(y-transform.PacketHalo, 0), min(to+transform.PacketHalo, l.High)})
	}
	return out
}

// blockRow is the number of packets that a row of positions covers.
func (s strip) blockRow(l latent.Layout) int { return l.Wide * l.Scale * l.Scale * colours }

// readStrip returns the packets of a strip, in memory of an earlier one where that is large
// enough.
func (m *model) readStrip(packets []float32, s strip, l latent.Layout, read func(y int, row []float32)) []float32 {
	size := (s.high - s.low) * s.blockRow(l)
	if cap(packets) < size {
		packets = make([]float32, size)
	}
	packets = packets[:size]
	width := l.Wide * l.Scale * colours
	for y := range (s.high - s.low) * l.Scale {
		row := packets[y*width:][:width]
		read(s.low*l.Scale+y, row)
		m.rows.Packets(row)
	}
	transform.Packets(packets, width, m.splits)
	return packets
}
