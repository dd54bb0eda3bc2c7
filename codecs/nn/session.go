package nn

import (
	"context"
	"fmt"
	"runtime"
)

// Session is the memory that runs need: bands, tiles, workers. It serves one run at a
// time, of any network, and remembers the last one's schedule; a program that runs several
// networks in turn keeps a session for each.
type Session struct {
	plan *plan
	setting
	strip int // output rows

	streams []stream // by value; those of roots count
	spans   []Span   // by segment: the rows that it has yet to compute in this strip
	out     []float32
	crew    crew

	// What the crew does:
	job         func(w *Worker, i int)
	tileJob     func(w *Worker, i int)
	readJob     func(w *Worker, i int)
	writeJob    func(w *Worker, i int)
	seg         int // that runs
	tiles       tiling
	first       int // row to read or write
	read, write func(y int, row []float32)
}

// setting is what a schedule depends on beside the network.
type setting struct {
	in     Size
	memory int  // bytes
	byRows bool // input and output are bands too, read and written by functions
}

// NewSession returns an empty session.
func NewSession() *Session {
	s := new(Session)
	s.crew.work = func(w *Worker, i int) { s.job(w, i) }
	s.tileJob = s.tile
	s.readJob = func(_ *Worker, i int) { s.read(s.first+i, s.streams[0].row(s.first+i)) }
	s.writeJob = func(_ *Worker, i int) { s.write(s.first+i, s.streams[s.plan.output].row(s.first+i)) }
	return s
}

// prepare makes the session ready for a plan and input.
func (s *Session) prepare(p *plan, in Size, byRows bool, o Options) error {
	if err := in.check(); err != nil {
		return fmt.Errorf("input: %w", err)
	}
	if o.Memory <= 0 {
		o.Memory = DefaultMemory
	}
	want := setting{in, o.Memory, byRows}
	if s.plan == p && s.setting == want {
		return nil
	}
	s.plan = nil
	if len(s.streams) < len(p.values) {
		s.streams = append(s.streams, make([]stream, len(p.values)-len(s.streams))...)
	}
	if len(s.spans) < len(p.segments) {
		s.spans = make([]Span, len(p.segments))
	}
	if err := s.sizes(p, in); err != nil {
		return err
	}
	s.plan, s.setting = p, want
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

// run computes the output; bands that are the caller's memory are in place.
func (s *Session) run(ctx context.Context, o Options) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := o.Map.Check(); err != nil {
		return err
	}
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	s.crew.start(ctx, workers, o)
	defer s.crew.stop()
	s.rewind()
	h, last := s.streams[s.plan.output].size.H, &s.spans[s.plan.values[s.plan.output].segment]
	for end := 0; end < h && ctx.Err() == nil; {
		end = min(end+s.strip, h)
		s.demand(end)
		if s.byRows {
			s.readRows()
		}
		for i := range s.plan.segments {
			s.segment(i)
		}
		if s.byRows {
			s.rows(s.writeJob, *last)
		}
	}
	return ctx.Err()
}

// readRows gets the input rows of this strip.
func (s *Session) readRows() {
	from := s.streams[0].held.Hi
	s.slide(0, s.streams[0].need, true)
	s.rows(s.readJob, Span{from, s.streams[0].held.Hi})
}

// rows has a job done for rows.
func (s *Session) rows(job func(*Worker, int), rows Span) {
	s.job, s.first = job, rows.Lo
	s.crew.do(rows.Hi - rows.Lo)
}

// segment computes a segment's rows of this strip.
func (s *Session) segment(i int) {
	if s.spans[i].Lo == s.spans[i].Hi {
		return
	}
	s.slideOutputs(i, true)
	s.job, s.seg = s.tileJob, i
	s.tiles = s.tiling(i, len(s.crew.workers))
	s.crew.do(s.tiles.count())
}
