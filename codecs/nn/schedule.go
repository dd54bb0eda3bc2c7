package nn

import (
	"fmt"
	"math"
)

// stream is a value's band as a run goes down the picture.
type stream struct {
	size       Size
	pad        int // of zeros, in positions, on all sides
	held       Span
	keep, need int // what readers ask for: rows from keep on, up to need
	rows       int // the most that were held
	data       []float32
}

// stride is the number of elements from one row to the next.
func (b *stream) stride() int { return (b.size.W + 2*b.pad) * b.size.C }

// row returns a row without its padding.
func (b *stream) row(y int) []float32 { return b.band().row(y, 0, b.size.W) }

// band returns the rows held.
func (b *stream) band() Band {
	return Band{Size: b.size, Y: b.held.Lo, X: -b.pad, Stride: b.stride(), Data: b.data}
}

// hardMemory is what even the smallest strip may not pass, in bytes.
const hardMemory = 1<<31 - 1

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
	for i := range s.plan.values {
		if !s.owned(i) {
			continue
		}
		b := &s.streams[i]
		if n := b.rows * b.stride(); cap(b.data) < n {
			b.data = make([]float32, n)
		} else {
			b.data = b.data[:n]
		}
	}
	return nil
}

// owned says whether a value is a band in the session's memory.
func (s *Session) owned(v int) bool {
	of := s.plan.values[v]
	return of.root == v && of.band && (s.byRows || v != 0 && v != s.plan.output)
}

// simulate goes through a run's strips without computing and returns the bytes of its bands.
func (s *Session) simulate() int {
	s.rewind()
	h := s.streams[s.plan.output].size.H
	for end := 0; end < h; {
		end = min(end+s.strip, h)
		s.demand(end)
		s.slide(0, s.streams[0].need, false)
		for i := range s.plan.segments {
			s.slideOutputs(i, false)
		}
	}
	bytes := 0
	for i := range s.plan.values {
		if s.owned(i) {
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
	// What the output has so far was written.
	s.streams[s.plan.output].keep, s.streams[s.plan.output].need = s.spans[s.plan.values[s.plan.output].segment].Hi, end
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

// slideOutputs makes room in a segment's output bands for the rows that it is about to
// compute.
func (s *Session) slideOutputs(i int, move bool) {
	for _, v := range s.plan.segments[i].outputs {
		s.slide(v, s.spans[i].Hi, move)
	}
}

// slide makes room in a band for the rows up to row to: rows that nobody needs any more go,
// the others move up. Padding rows become zero. Without move only the numbers change.
func (s *Session) slide(v, to int, move bool) {
	b := &s.streams[v]
	if !s.owned(v) {
		b.held = Span{0, to} // all of the caller's tensor is there
		return
	}
	held := b.held
	b.held = Span{max(held.Lo, min(b.keep, held.Hi)), max(min(to, b.size.H), held.Hi)}
	if to >= b.size.H {
		b.held.Hi = b.size.H + b.pad
	}
	b.rows = max(b.rows, b.held.Hi-b.held.Lo)
	if !move {
		return
	}
	stride := b.stride()
	copy(b.data, b.data[(b.held.Lo-held.Lo)*stride:(held.Hi-held.Lo)*stride])
	b.zeroRows(Span{held.Hi, min(0, b.held.Hi)})
	b.zeroRows(Span{max(held.Hi, b.size.H), b.held.Hi})
}

// zeroRows clears rows, if any.
func (b *stream) zeroRows(rows Span) {
	if rows.Lo < rows.Hi {
		stride := b.stride()
		clear(b.data[(rows.Lo-b.held.Lo)*stride : (rows.Hi-b.held.Lo)*stride])
	}
}
