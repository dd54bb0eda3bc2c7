package nn

import (
	"context"
	"fmt"
	"math"
	"runtime"
)

// Session is the memory that runs need: bands, tiles, workers. It serves one run at a
// time, of any network, and remembers the last one's schedule.
type Session struct {
	plan   *plan
	in     Size
	memory int
	strip  int // output rows

	streams []stream // by value; those of roots count
	spans   []Span   // by segment: the rows that it has yet to compute in this strip
	out     []float32
	crew    crew

	// Of the segment that runs:
	seg   int
	tiles tiling
}

// stream is a value's band as a run goes down the picture.
type stream struct {
	size       Size
	pad        int // of zeros, in positions, on all sides
	held       Span
	keep, need int // what readers ask for: rows from keep on, up to need
	rows       int // the most that were held
	data       []float32
}

// NewSession returns an empty session.
func NewSession() *Session {
	s := new(Session)
	s.crew.work = s.tile
	return s
}

// stride is the number of elements from one row to the next.
func (b *stream) stride() int { return (b.size.W + 2*b.pad) * b.size.C }

// band returns the rows held.
func (b *stream) band() Band {
	return Band{Size: b.size, Y: b.held.Lo, X: -b.pad, Stride: b.stride(), Data: b.data}
}

// prepare makes the session ready for a plan and input.
func (s *Session) prepare(p *plan, in Tensor, o Options) error {
	if err := in.check(); err != nil {
		return fmt.Errorf("input: %w", err)
	}
	memory := o.Memory
	if memory <= 0 {
		memory = DefaultMemory
	}
	if s.plan == p && s.in == in.Size() && s.memory == memory {
		return nil
	}
	s.plan = nil
	if len(s.streams) < len(p.values) {
		s.streams = append(s.streams, make([]stream, len(p.values)-len(s.streams))...)
	}
	if len(s.spans) < len(p.segments) {
		s.spans = make([]Span, len(p.segments))
	}
	if err := s.sizes(p, in.Size()); err != nil {
		return err
	}
	s.plan, s.in, s.memory = p, in.Size(), memory
	if err := s.chooseStrip(); err != nil {
		s.plan = nil
		return err
	}
	return nil
}

// sizes computes every value's size.
func (s *Session) sizes(p *plan, in Size) error {
	s.streams[0].size, s.streams[0].pad = in, 0
	for _, seg := range p.segments {
		for _, n := range seg.nodes {
			size := s.streams[n.src].size
			if n.op != nil {
				next, err := n.op.Size(size)
				if err == nil {
					err = next.check()
				}
				if err != nil {
					return fmt.Errorf("%s: %w", n.label, err)
				}
				size = next
			} else if skip := s.streams[n.skip].size; skip != size {
				return fmt.Errorf("%s: the body turns %s into %s, which cannot be added", n.label, skip, size)
			}
			s.streams[n.dst].size, s.streams[n.dst].pad = size, p.values[n.dst].pad
		}
	}
	return nil
}

// hardMemory is what even the smallest strip may not pass, in bytes.
const hardMemory = 2 << 30

// chooseStrip finds the largest strip within the memory, by halving, and gives the bands
// their memory.
func (s *Session) chooseStrip() error {
	h := s.streams[s.plan.output].size.H
	for s.strip = h; ; s.strip = (s.strip + 1) / 2 {
		used := s.simulate()
		if used <= s.memory {
			break
		}
		if s.strip == 1 {
			if used > hardMemory {
				return fmt.Errorf("even one row of output needs %d MiB of activations; the picture is too wide", used>>20)
			}
			break
		}
	}
	for i, v := range s.plan.values {
		b := &s.streams[i]
		if v.root != i || !v.band || i == 0 || i == s.plan.output {
			continue
		}
		if n := b.rows * b.stride(); cap(b.data) < n {
			b.data = make([]float32, n)
		} else {
			b.data = b.data[:n]
		}
	}
	return nil
}

// simulate goes through a run's strips without computing and returns the bytes of its bands.
func (s *Session) simulate() int {
	s.rewind()
	h := s.streams[s.plan.output].size.H
	for end := 0; end < h; {
		end = min(end+s.strip, h)
		s.demand(end)
		for i := range s.plan.segments {
			s.slide(i, false)
		}
	}
	bytes := 0
	for i, v := range s.plan.values {
		if v.root == i && v.band && i != 0 && i != s.plan.output {
			bytes += 4 * s.streams[i].rows * s.streams[i].stride()
		}
	}
	return bytes
}

// rewind puts everything above the picture's first row.
func (s *Session) rewind() {
	for i := range s.streams[:len(s.plan.values)] {
		b := &s.streams[i]
		b.held, b.rows = Span{-b.pad, -b.pad}, 0
	}
	for i := range s.spans[:len(s.plan.segments)] {
		s.spans[i] = Span{}
	}
}

// demand finds, from the last segment to the first, which rows each must compute so that
// the output is there up to row end, and which rows of the bands are still needed.
func (s *Session) demand(end int) {
	for i := range s.plan.values {
		s.streams[i].keep, s.streams[i].need = math.MaxInt, 0
	}
	s.streams[s.plan.output].need = end
	for i := len(s.plan.segments) - 1; i >= 0; i-- {
		seg := &s.plan.segments[i]
		head := seg.nodes[0]
		h := s.streams[head.dst].size.H
		from, to := s.spans[i].Hi, s.spans[i].Hi
		for _, v := range seg.outputs {
			to = max(to, s.streams[v].need)
		}
		to = min(seg.grain.up(min(to, h)), h)
		s.spans[i] = Span{from, to}
		if from == h {
			continue
		}
		src := &s.streams[s.plan.values[head.src].root]
		src.keep = min(src.keep, head.needs(Span{from, from + 1}, src.size).Lo)
		if to > from {
			src.need = max(src.need, head.needs(Span{from, to}, src.size).Hi)
		}
		for _, v := range seg.skips {
			skip := &s.streams[v]
			skip.keep, skip.need = min(skip.keep, from), max(skip.need, to)
		}
	}
}

// needs is Needs of the node's op.
func (n node) needs(out Span, in Size) Span {
	if n.op == nil {
		return out
	}
	return n.op.Needs(out, in)
}

// slide makes room in a segment's output bands for the rows that it is about to compute:
// rows that nobody needs any more go, the others move up. Padding rows become zero.
func (s *Session) slide(i int, move bool) {
	to := s.spans[i].Hi
	for _, v := range s.plan.segments[i].outputs {
		b := &s.streams[v]
		held := b.held
		if v == s.plan.output {
			b.held = Span{0, to}
			continue
		}
		b.held = Span{max(held.Lo, min(b.keep, held.Hi)), max(to, held.Hi)}
		if to == b.size.H {
			b.held.Hi = b.size.H + b.pad
		}
		b.rows = max(b.rows, b.held.Hi-b.held.Lo)
		if !move {
			continue
		}
		stride := b.stride()
		copy(b.data, b.data[(b.held.Lo-held.Lo)*stride:(held.Hi-held.Lo)*stride])
		b.zeroRows(Span{held.Hi, min(0, b.held.Hi)})
		b.zeroRows(Span{max(held.Hi, b.size.H), b.held.Hi})
	}
}

// zeroRows clears rows, if any.
func (b *stream) zeroRows(rows Span) {
	if rows.Lo < rows.Hi {
		stride := b.stride()
		clear(b.data[(rows.Lo-b.held.Lo)*stride : (rows.Hi-b.held.Lo)*stride])
	}
}

// run computes out.
func (s *Session) run(ctx context.Context, out, in Tensor, o Options) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.streams[0].data = in.Data
	s.streams[s.plan.output].data = out.Data
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	s.crew.start(ctx, workers, o.Level)
	defer s.crew.stop()
	s.rewind()
	for end := 0; end < out.H && ctx.Err() == nil; {
		end = min(end+s.strip, out.H)
		s.demand(end)
		for i := range s.plan.segments {
			s.segment(i)
		}
	}
	s.streams[0].data, s.streams[s.plan.output].data = nil, nil
	return ctx.Err()
}

// segment computes a segment's rows of this strip.
func (s *Session) segment(i int) {
	if s.spans[i].Lo == s.spans[i].Hi {
		return
	}
	s.slide(i, true)
	s.seg = i
	s.tiles = s.tiling(i, len(s.crew.workers))
	s.crew.do(s.tiles.count())
}
