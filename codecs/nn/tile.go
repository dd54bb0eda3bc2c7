package nn

// tileFloats is how many numbers of tile-local memory and output a tile may have, so that
// they stay in the second-level cache beside weights: 192 KiB.
const tileFloats = 48 << 10

// tileMACs bounds a tile's multiplications, so that also portable kernels look at the
// context often enough.
const tileMACs = 32 << 20

// tilesPerWorker is how many tiles a core should get at least, so that all end together.
const tilesPerWorker = 4

// tiling divides a segment's rows into tiles.
type tiling struct {
	area       Tile // all of it
	grain      Grain
	rows, cols int // of a tile, multiples of the grain
	across     int // tiles side by side
	down       int
}

// tiling chooses the tiles of a segment.
func (s *Session) tiling(i, workers int) tiling {
	seg := &s.plan.segments[i]
	size := s.streams[seg.nodes[0].dst].size
	floats := 0
	for _, slot := range seg.slots {
		floats += s.channels(slot)
	}
	for _, v := range seg.outputs {
		floats += s.streams[v].size.C
	}
	step := max(seg.grain.Step, 1)
	t := tiling{area: Tile{s.spans[i], Span{0, size.W}}, grain: seg.grain, rows: step}
	positions := max(min(tileFloats/floats, tileMACs/seg.macs), 16)
	if positions < size.W*step {
		t.across = (size.W*step + positions - 1) / positions
		t.cols = roundUp((size.W+t.across-1)/t.across, step)
		if step < 12 {
			t.cols = roundUp(t.cols, 12*step) // whole blocks of the matrix product
		}
	} else {
		t.cols = roundUp(size.W+seg.grain.Shift, step)
		height := s.spans[i].Hi - s.spans[i].Lo
		share := (height + workers*tilesPerWorker - 1) / (workers * tilesPerWorker)
		t.rows = roundUp(min(max(positions/size.W/step*step, 1), share), step)
	}
	t.across = lines(Span{0, size.W}, t.cols, t.grain)
	t.down = lines(t.area.Rows, t.rows, t.grain)
	return t
}

// lines returns how many pieces of n the span is cut into on the grain's lattice.
func lines(span Span, n int, g Grain) int {
	return (span.Hi - g.down(span.Lo) + n - 1) / n
}

func roundUp(v, step int) int { return (v + step - 1) / step * step }

// count returns the number of tiles.
func (t *tiling) count() int { return t.across * t.down }

// at returns a tile.
func (t *tiling) at(i int) Tile {
	return Tile{
		piece(t.area.Rows, t.rows, t.grain, i/t.across),
		piece(t.area.Cols, t.cols, t.grain, i%t.across),
	}
}

func piece(span Span, n int, g Grain, i int) Span {
	first := g.down(span.Lo)
	return Span{max(span.Lo, first+i*n), min(span.Hi, first+(i+1)*n)}
}

// channels returns the most channels of a slot's values.
func (s *Session) channels(slot slot) int {
	c := 0
	for _, v := range slot.values {
		c = max(c, s.streams[v].size.C)
	}
	return c
}

// tile computes tile i of the running segment.
func (s *Session) tile(w *Worker, i int) {
	seg := &s.plan.segments[s.seg]
	t := s.tiles.at(i)
	w.reset()
	w.slots = w.slots[:0]
	for _, slot := range seg.slots {
		w.slots = append(w.slots, w.Floats(t.positions()*s.channels(slot)))
	}
	mark := w.mark()
	for _, n := range seg.nodes {
		dst, src := s.band(w, n.dst, t), s.band(w, n.src, t)
		if n.op != nil {
			n.op.Compute(w, dst, src, t)
		} else {
			addTile(dst, src, s.band(w, n.skip, t), t)
		}
		w.release(mark)
	}
	for _, v := range seg.outputs {
		s.streams[v].zeroColumns(t)
	}
}

// band returns where a value lies for a tile.
func (s *Session) band(w *Worker, v int, t Tile) Band {
	root := s.plan.values[v].root
	b := &s.streams[root]
	if s.plan.values[root].band {
		return b.band()
	}
	return Band{
		Size: b.size, Y: t.Rows.Lo, X: t.Cols.Lo, Stride: t.width() * b.size.C,
		Data: w.slots[s.plan.values[root].slot],
	}
}

// zeroColumns clears the padding beside a tile that touches the edges.
func (b *stream) zeroColumns(t Tile) {
	if b.pad == 0 {
		return
	}
	band := b.band()
	for y := t.Rows.Lo; y < t.Rows.Hi; y++ {
		if t.Cols.Lo == 0 {
			clear(band.row(y, -b.pad, b.pad))
		}
		if t.Cols.Hi == b.size.W {
			clear(band.row(y, b.size.W, b.pad))
		}
	}
}
