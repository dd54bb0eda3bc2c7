package jpeg

// Progressive files that were cut, or whose encoder left detail out, would show
// bare blocks. As in libjpeg-turbo, low frequencies that are not known exactly are
// then estimated from the DC values of the 5 x 5 blocks around (an extension of
// T.81 section K.8, which takes 3 x 3).

// smoothed is how many coefficients, in zigzag order, take part.
const smoothed = 10

// kernel weighs the DC values of the neighbourhood, in 256ths of the coefficient.
type kernel [5][5]int32

func (k kernel) transposed() (t kernel) {
	for y := range k {
		for x := range k {
			t[x][y] = k[y][x]
		}
	}
	return t
}

// Kernels for coefficients (vertical, horizontal frequency) where nothing but DC is
// known; those of the mirrored frequencies are transposed.
var (
	wide00 = kernel{{-2, -6, -8, -6, -2}, {-6, 6, 42, 6, -6}, {-8, 42, 152, 42, -8}, {-6, 6, 42, 6, -6}, {-2, -6, -8, -6, -2}}
	wide01 = kernel{{-1, -1, 0, 1, 1}, {-3, 13, 0, -13, 3}, {-3, 38, 0, -38, 3}, {-3, 13, 0, -13, 3}, {-1, -1, 0, 1, 1}}
	wide10 = kernel{{-1, -3, -3, -3, -1}, {-1, 13, 38, 13, -1}, {}, {1, -13, -38, -13, 1}, {1, 3, 3, 3, 1}}
	wide20 = kernel{{0, 0, 1, 0, 0}, {0, 2, 7, 2, 0}, {0, -5, -14, -5, 0}, {0, 2, 7, 2, 0}, {0, 0, 1, 0, 0}}
	wide11 = kernel{{-1, 0, 0, 0, 1}, {0, 9, 0, -9, 0}, {}, {0, -9, 0, 9, 0}, {1, 0, 0, 0, -1}}
	wide02 = kernel{{}, {0, 2, -5, 2, 0}, {1, 7, -14, 7, 1}, {0, 2, -5, 2, 0}, {}}
	wide03 = kernel{{}, {0, 1, 0, -1, 0}, {0, 2, 0, -2, 0}, {0, 1, 0, -1, 0}, {}}
	wide12 = kernel{{}, {0, 1, -3, 1, 0}, {}, {0, -1, 3, -1, 0}, {}}

	// Where some other coefficients are known, the five lowest are estimated.
	near01 = kernel{2: {-7, 50, 0, -50, 7}}
	near02 = kernel{2: {-1, 13, -24, 13, -1}}
	near11 = kernel{{0, -1, 0, 1, 0}, {-1, 10, 0, -10, 1}, {}, {1, -10, 0, 10, -1}, {0, 1, 0, -1, 0}}

	wideKernels = [smoothed]kernel{wide00, wide01, wide10, wide20, wide11, wide02,
		wide03, wide12, wide12.transposed(), wide03.transposed()}
	nearKernels = [6]kernel{{}, near01, near01.transposed(), near02.transposed(), near11, near02}
)

// smoother estimates coefficients of incomplete progressive files.
type smoother struct {
	f     *frame
	store *blockStore
	// Per component, how many low bits of the first coefficients are unknown (-1:
	// all): up to MCU row lastGood by the last scan, below it before that.
	now, before [][smoothed]int8
	lastGood    int
}

// newSmoother returns nil where there is nothing to estimate.
func newSmoother(f *frame, store *blockStore, e *exactness) *smoother {
	s := &smoother{f: f, store: store, lastGood: e.lastGood}
	useful := false
	for i := range f.comps {
		q := f.comps[i].quant
		if q == nil || e.now[i][0] < 0 {
			return nil
		}
		for k, bits := range e.now[i][:smoothed] {
			if q[ZigZag[k]] == 0 {
				return nil
			}
			useful = useful || k > 0 && bits != 0
		}
		var before [smoothed]int8
		for k := range before {
			before[k] = -1
			if e.scans > 1 {
				before[k] = e.before[i][k]
			}
		}
		s.now = append(s.now, [smoothed]int8(e.now[i][:smoothed]))
		s.before = append(s.before, before)
	}
	if !f.progressive || !useful {
		return nil
	}
	return s
}

// blockRows returns the rows of component c's blocks that the estimate for row
// r of MCU row y looks at, from two above to two below; at the picture's upper and
// lower end the nearest ones again. The ends are those of libjpeg-turbo 2.1, which
// begin a row of MCUs early (3.0 looks a row further there).
func (s *smoother) blockRows(c *component, y, r int) (rows [5]int) {
	height, last := c.v, s.f.mcusY-1
	if y == last && c.blocksY%c.v != 0 {
		height = c.blocksY % c.v
	}
	by := y*c.v + r
	rows = [5]int{by, by, by, by, by}
	if r > 0 || y > 0 {
		rows[0], rows[1] = by-1, by-1
	}
	if r > 1 || y > 1 {
		rows[0] = by - 2
	}
	if r < height-1 || y < last {
		rows[3], rows[4] = by+1, by+1
	}
	if r < height-2 || y+1 < last {
		rows[4] = by + 2
	}
	return rows
}

// block writes an estimate of the block in column x to out, given blockRows' rows.
func (s *smoother) block(comp, y int, rows *[5]int, x int, out *[64]int16) {
	c := &s.f.comps[comp]
	coefs := s.store.coefs[comp]
	*out = [64]int16(coefs[64*(rows[2]*c.stride+x):])
	bits := &s.now[comp]
	if y > s.lastGood {
		bits = &s.before[comp]
	}
	onlyDC := true
	for _, b := range bits[1:] {
		onlyDC = onlyDC && b == -1
	}
	var dc [5][5]int32
	for i, row := range rows {
		for j := range dc[i] {
			column := min(max(x+j-2, 0), c.blocksX-1)
			dc[i][j] = int32(coefs[64*(row*c.stride+column)])
		}
	}
	kernels := nearKernels[:]
	if onlyDC {
		kernels = wideKernels[:]
	}
	for k := range kernels {
		p := &out[ZigZag[k]]
		switch {
		case k == 0 && onlyDC:
			*p = int16(predict(&kernels[0], &dc, int64(c.quant[0]), int64(c.quant[0]), 0))
		case k > 0 && bits[k] != 0 && *p == 0:
			*p = int16(predict(&kernels[k], &dc, int64(c.quant[0]), int64(c.quant[ZigZag[k]]), bits[k]))
		}
	}
}

// predict estimates a coefficient with quantization step q from DC values of step
// q0. Where only its low bits are unknown, the estimate stays within them.
func predict(k *kernel, dc *[5][5]int32, q0, q int64, unknown int8) int64 {
	sum := int64(0)
	for i := range dc {
		for j := range dc[i] {
			sum += int64(k[i][j]) * int64(dc[i][j])
		}
	}
	sum *= q0
	p := (q<<7 + max(sum, -sum)) / (q << 8)
	if unknown > 0 {
		p = min(p, 1<<unknown-1)
	}
	if sum < 0 {
		return -p
	}
	return p
}
