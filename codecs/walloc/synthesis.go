package walloc

import (
	"context"
	"image"
	"sync"
	"sync/atomic"

	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/transform"
)

// synthesise makes the picture of symbols; tick is called for each row of them.
func (m *model) synthesise(ctx context.Context, g grid, h latent.Header, tick func()) (*picture.Picture, error) {
	img := image.NewNRGBA(image.Rect(0, 0, g.Width, g.Height))
	a := m.newAssembler(g.Layout, latent.WritePixels(img, h.Gray))
	if err := m.expand(ctx, g, h.Q, a.write, tick); err != nil {
		return nil, err
	}
	return picture.New(img, h.Gray, false, picture.Source{})
}

// expand runs the synthesis network; write takes the rows of packets, in any order and from
// several goroutines.
func (m *model) expand(ctx context.Context, g grid, q int, write func(y int, row []float32), tick func()) error {
	if err := m.check(g.Layout); err != nil {
		return err
	}
	values := make([]float32, len(m.compander.values))
	for i, v := range m.compander.values {
		values[i] = v / m.levels.Gain(q)
	}
	size := g.Wide * m.channels
	read := func(y int, row []float32) {
		for i, s := range g.symbols[y*size:][:size] {
			row[i] = values[int(s)+m.compander.largest]
		}
		tick()
	}
	session := m.spaces.Get().(*nn.Session)
	defer m.spaces.Put(session)
	return m.synthesis.RunRows(ctx, session, nn.Size{H: g.High, W: g.Wide, C: m.channels}, read, write, nn.Options{Level: m.levels.At(q)})
}

// assembler turns rows of packets, in whatever order they come, into rows of a picture. It
// holds only the strips that some rows of have come and others have not.
type assembler struct {
	latent.Layout
	m      *model
	out    func(y int, row []float32)
	strips []pending
}

// pending is a strip whose packets are being collected.
type pending struct {
	strip
	lock    sync.Mutex // for packets to be made
	packets []float32
	missing atomic.Int32 // rows
}

func (m *model) newAssembler(l latent.Layout, out func(y int, row []float32)) *assembler {
	a := &assembler{Layout: l, m: m, out: out}
	strips := stripsOf(l)
	a.strips = make([]pending, len(strips))
	for i, s := range strips {
		a.strips[i].strip = s
		a.strips[i].missing.Store(int32((s.high - s.low) * l.Scale))
	}
	return a
}

// write takes a row of packets.
func (a *assembler) write(y int, row []float32) {
	var done []float32 // the row, undone along itself
	at := y / a.Scale
	per := a.strips[0].to
	for i := max(at/per-1, 0); i <= min(at/per+1, len(a.strips)-1); i++ {
		s := &a.strips[i]
		if at < s.low || at >= s.high {
			continue
		}
		dst := s.row(a, y)
		if done == nil {
			copy(dst, row)
			a.m.rows.Unpackets(dst)
			done = dst
		} else {
			copy(dst, done)
		}
	}
	// Only now: a strip that is complete gives its rows up.
	for i := max(at/per-1, 0); i <= min(at/per+1, len(a.strips)-1); i++ {
		if s := &a.strips[i]; at >= s.low && at < s.high && s.missing.Add(-1) == 0 {
			a.finish(s)
		}
	}
}

// row is the memory of a row of packets in a strip.
func (s *pending) row(a *assembler, y int) []float32 {
	s.lock.Lock()
	if s.packets == nil {
		s.packets = make([]float32, (s.high-s.low)*s.blockRow(a.Layout))
	}
	s.lock.Unlock()
	width := a.Wide * a.Scale * colours
	return s.packets[(y-s.low*a.Scale)*width:][:width]
}

// finish writes the rows of a strip.
func (a *assembler) finish(s *pending) {
	width := a.Wide * a.Scale * colours
	transform.Unpackets(s.packets, width, a.m.splits)
	for y := s.from * a.Scale; y < s.to*a.Scale; y++ {
		a.out(y, s.packets[(y-s.low*a.Scale)*width:][:width])
	}
	s.packets = nil
}
