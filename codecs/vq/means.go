package vq

import "codecworkbench/codecs/entropy"

// grid is a small picture of quantized block means, in steps.
type grid struct {
	w, h int
	v    []int32 // in 1/16 step
}

const (
	meanUnit    = 16 // grid values a step
	coarseCells = 16 // the first grid positions coded are this far apart
)

func newGrid(w, h int) *grid { return &grid{w, h, make([]int32, w*h)} }

// meansOf returns the means of all meanSide x meanSide blocks.
func meansOf(p plane) []float32 {
	gw, gh := p.w/meanSide, p.h/meanSide
	out := make([]float32, gw*gh)
	for y := range p.h {
		row := p.v[y*p.w : (y+1)*p.w]
		addMeans(out[y/meanSide*gw:], row)
	}
	return out
}

// addMeans adds a row's share in the means of its blocks.
func addMeans(means, row []float32) {
	for x, v := range row {
		means[x/meanSide] += v / (meanSide * meanSide)
	}
}

// visit calls f for every position of a w x h grid, coarse to fine: a lattice of
// coarseCells, then its gaps halved again and again. step is the distance to the
// known positions: those of the lattice of 2*step, and for odd rows and columns together
// the diagonal ones.
func visit(w, h int, f func(x, y, step int, pass int)) {
	for y := 0; y < h; y += coarseCells {
		for x := 0; x < w; x += coarseCells {
			f(x, y, coarseCells, 0)
		}
	}
	for step := coarseCells / 2; step >= 1; step /= 2 {
		for y := step; y < h; y += 2 * step {
			for x := step; x < w; x += 2 * step {
				f(x, y, step, 1)
			}
		}
		for y := 0; y < h; y += step {
			first := step
			if y/step%2 == 1 {
				first = 0
			}
			for x := first; x < w; x += 2 * step {
				f(x, y, step, 2)
			}
		}
	}
}

// predict returns the expected value at a position from those known before it,
// and how much these differ, both in 1/meanUnit step.
func (g *grid) predict(x, y, step, pass int) (value, spread int32) {
	var known [4]int32
	n := 0
	add := func(x, y int) {
		if x >= 0 && y >= 0 && x < g.w && y < g.h {
			known[n] = g.v[y*g.w+x]
			n++
		}
	}
	switch pass {
	case 0:
		add(x-step, y)
		add(x, y-step)
	case 1:
		add(x-step, y-step)
		add(x+step, y-step)
		add(x-step, y+step)
		add(x+step, y+step)
	case 2:
		add(x-step, y)
		add(x+step, y)
		add(x, y-step)
		add(x, y+step)
	}
	if n == 0 {
		return 0, 0
	}
	sum, low, high := int32(0), known[0], known[0]
	for _, k := range known[:n] {
		sum += k
		low, high = min(low, k), max(high, k)
	}
	return sum / int32(n), high - low
}

// spreadBucket sorts a spread (1/meanUnit step) into eight classes.
func spreadBucket(s int32) int {
	switch {
	case s < meanUnit/4:
		return 0
	case s < meanUnit:
		return 1
	case s < 2*meanUnit:
		return 2
	case s < 4*meanUnit:
		return 3
	case s < 7*meanUnit:
		return 4
	case s < 12*meanUnit:
		return 5
	case s < 24*meanUnit:
		return 6
	}
	return 7
}

// levelOf numbers the lattices: 0 for the first, then coarse to fine.
func levelOf(step, pass int) int {
	if pass == 0 {
		return 0
	}
	n := 1
	for s := coarseCells / 2; s > step; s /= 2 {
		n++
	}
	return n
}

// meanCoder codes the means of a slice, plane after plane.
type meanCoder struct {
	io    bitIO
	m     *models
	plane int
	last  [3][]int32 // residuals in steps, by plane
	grids [3]*grid
}

// meanSite is the context of one mean.
type meanSite struct {
	level, bucket, near, other, sign int
}

// pass codes a plane's grid in both directions: choose, when encoding, returns the
// residual in steps for a prediction, given what a residual would cost in bits; when
// decoding it is nil.
func (c *meanCoder) pass(plane int, g *grid, choose func(at int, predicted int32, level int, cost func(r int32) float64) int32) {
	c.plane, c.grids[plane] = plane, g
	c.last[plane] = make([]int32, len(g.v))
	visit(g.w, g.h, func(x, y, step, pass int) {
		if cut(c.io) {
			return
		}
		at := y*g.w + x
		p, spread := g.predict(x, y, step, pass)
		s := c.site(x, y, step, pass, spread)
		r := int32(0)
		if choose != nil {
			r = choose(at, p, s.level, func(r int32) float64 { return c.cost(s, r) })
		}
		r = c.residual(s, r)
		c.last[plane][at] = r
		g.v[at] = min(max(p+r*meanUnit, -1<<24), 1<<24)
	})
}

// site gathers the context of a position.
func (c *meanCoder) site(x, y, step, pass int, spread int32) meanSite {
	g, last := c.grids[c.plane], c.last[c.plane]
	at := y*g.w + x
	s := meanSite{level: min(levelOf(step, pass), meanLevels-1), bucket: spreadBucket(spread)}
	back := 2 * step
	if pass == 0 {
		back = step
	}
	if x >= back {
		s.near += int(min(abs(last[at-back]), 2))
	}
	if y >= back {
		s.near += 3 * int(min(abs(last[at-back*g.w]), 2))
	}
	switch c.plane {
	case 1:
		// The luma grid is twice as fine and has its own sign.
		l := c.grids[0]
		for i := range 4 {
			s.other += int(abs(c.last[0][(2*y+i/2)*l.w+2*x+i%2]))
		}
		s.other = min(s.other, 3)
	case 2:
		r := c.last[1][at]
		s.other = int(min(abs(r), 3))
		s.sign = 1 + sign(r > 0) - sign(r < 0)
	}
	return s
}

// zeroModels are the models of "the residual is zero".
func (c *meanCoder) zeroModels(s meanSite) (a, b *entropy.Bit) {
	a = &c.m.zero[0][((c.plane*meanLevels+s.level)*8+s.bucket)*9+s.near]
	b = &c.m.zero[1][(((c.plane*meanLevels+s.level)*9+s.near)*bands+c.m.band)*4+s.other]
	return a, b
}

// residual codes a residual in steps.
func (c *meanCoder) residual(s meanSite, r int32) int32 {
	a, b := c.zeroModels(s)
	if c.m.mixed(c.io, kindZero, c.plane*meanLevels+s.level, sign(r != 0), a, b) == 0 {
		return 0
	}
	negative := c.io.bit(sign(r < 0), &c.m.minus[(c.plane*3+s.sign)*3+min(s.other, 2)])
	size := int32(1)
	for {
		if size == meanSizes {
			more := c.io.number(uint32(max(abs(r)-size, 0)), &c.m.far[c.plane])
			size += int32(min(more, 1<<20))
			break
		}
		a := &c.m.beyond[0][((c.plane*meanLevels+s.level)*meanSizes+int(size))*4+s.other]
		b := &c.m.beyond[1][((c.plane*8+s.bucket)*meanSizes+int(size))*bands+c.m.band]
		if c.m.mixed(c.io, kindBeyond, c.plane, sign(abs(r) > size), a, b) == 0 {
			break
		}
		size++
	}
	if negative == 1 {
		return -size
	}
	return size
}

// cost estimates the bits of a residual.
func (c *meanCoder) cost(s meanSite, r int32) float64 {
	a, b := c.zeroModels(s)
	v := sign(r != 0)
	bits := (a.Bits(v) + b.Bits(v)) / 2
	if r == 0 {
		return bits
	}
	bits++
	for size := int32(1); size <= abs(r) && size < meanSizes; size++ {
		bits += c.m.beyond[1][((c.plane*8+s.bucket)*meanSizes+int(size))*bands+c.m.band].Bits(sign(abs(r) > size))
	}
	return bits
}

func abs(v int32) int32 {
	if v < 0 {
		return -v
	}
	return v
}

// sign is 1 for true.
func sign(b bool) int {
	if b {
		return 1
	}
	return 0
}
