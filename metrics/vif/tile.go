package vif

// Positions of the window are worked on in tiles whose rows fit into the
// second-level cache. They also are the pieces of the parallel work and of the sum,
// so that the result depends on the pictures alone, not on the machine.
const (
	tileWidth  = 256
	tileHeight = 96
)

// tiling shares out the positions where the whole window lies inside a plane.
type tiling struct {
	width, height  int // in positions
	columns, lines int // in tiles
}

func newTiling(p plane, w *window) tiling {
	width, height := p.size()
	t := tiling{width: width - w.size + 1, height: height - w.size + 1}
	t.columns, t.lines = (t.width+tileWidth-1)/tileWidth, (t.height+tileHeight-1)/tileHeight
	return t
}

func (t tiling) count() int { return t.columns * t.lines }

// scan computes the means of tile i a row at a time: value k belongs to the window
// whose upper left sample is (x+k, y). They are valid during the call.
func (t tiling) scan(w *worker, i int, use func(x, y int, s *stats)) {
	column, line := i%t.columns, i/t.columns
	x0, x1 := t.width*column/t.columns, t.width*(column+1)/t.columns
	y0, y1 := t.height*line/t.lines, t.height*(line+1)/t.lines
	w.means.n = x1 - x0
	for y := y0; y < y1+w.window.size-1; y++ {
		w.along(x0, y)
		if top := y - w.window.size + 1; top >= y0 {
			w.down()
			use(x0, top, &w.means)
		}
	}
}

// moments are the weighted means that the model needs: of x, y, x*x, y*y and x*y.
const moments = 5

// A worker holds one goroutine's scratch memory.
type worker struct {
	window    *window
	ref, dist plane
	source    [moments][]float64 // one row of the planes and of their products
	shifted   [][]float64
	rings     [moments]ring // rows after the pass along them
	means     stats
}

func newWorker(ref, dist plane, w *window) *worker {
	out := &worker{window: w, ref: ref, dist: dist, shifted: make([][]float64, w.size)}
	for m := range moments {
		out.source[m] = make([]float64, tileWidth+w.size-1)
		out.rings[m] = newRing(w.size, tileWidth)
	}
	return out
}

// along reads a row from column x on and filters it.
func (w *worker) along(x, y int) {
	n := w.means.n + w.window.size - 1
	a, b := w.source[0][:n], w.source[1][:n]
	w.ref.read(a, x, y)
	w.dist.read(b, x, y)
	aa, bb, ab := w.source[2][:n], w.source[3][:n], w.source[4][:n]
	for i, u := range a {
		v := b[i]
		aa[i], bb[i], ab[i] = u*u, v*v, u*v
	}
	for m, source := range w.source {
		for k := range w.shifted {
			w.shifted[k] = source[k:]
		}
		w.window.blend(w.rings[m].next()[:w.means.n], w.shifted)
	}
}

// down filters the last rows down their columns.
func (w *worker) down() {
	s := &w.means
	for m, dst := range [moments]*[tileWidth]float64{&s.x, &s.y, &s.xx, &s.yy, &s.xy} {
		w.window.blend(dst[:s.n], w.rings[m].rows)
	}
}
