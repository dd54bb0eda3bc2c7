package klt

import (
	"cmp"
	"context"
	"math/bits"

	"codecworkbench/codecs/nn/kernel"
)

// symbols codes one residual: an encoder chooses and writes it, a decoder reads it, a
// trainer counts it. plane, block and k say which coefficient; table is its context;
// pred its prediction in 1/recUnit steps.
type symbols interface {
	code(plane, block, k, table int, pred int32) int32
	// err says why going on is pointless; it is asked after every row of blocks.
	err() error
}

// Bounds that damaged files can't exceed.
const (
	maxResidual = 1 << 15 // steps
	maxRec      = 1 << 20 // 1/recUnit steps
	magCap      = 63      // of a magnitude as a cue
	actCap      = 255     // of an activity as a cue, in steps
)

// nonzeros lists the coefficients of a block that are not 0, with capped magnitudes.
type nonzeros struct {
	n      int
	k, mag [coefs]uint8
}

// lows are the reconstructed predicted coefficients of a block, in 1/recUnit steps.
type lows [low]int32

// walker visits the coefficients of a slice in coding order and keeps the contexts.
// All of it is integer arithmetic on symbols: encoder and decoder agree on every
// machine. DC of all blocks comes first, then the rest block by block.
type walker struct {
	m          *model
	planes     int
	wide, high int // blocks
	dcRec      [planes][]int32
	dcMag      [planes][]uint8
	// Of the row of blocks above (0) and this one (1), with an empty block at each end.
	rows [planes][2][]nonzeros
	lows [planes][2][]lows
}

func newWalker(m *model, planeCount, wide, high int) *walker {
	w := &walker{m: m, planes: planeCount, wide: wide, high: high}
	for p := range planeCount {
		w.dcRec[p] = make([]int32, wide*high)
		w.dcMag[p] = make([]uint8, wide*high)
		for r := range 2 {
			w.rows[p][r] = make([]nonzeros, wide+2)
			w.lows[p][r] = make([]lows, wide+2)
		}
	}
	return w
}

// walk codes the whole slice. tick is called after each row of blocks.
func (w *walker) walk(ctx context.Context, c symbols, tick func()) error {
	for y := range w.high {
		for x := range w.wide {
			for p := range w.planes {
				w.dc(c, p, x, y)
			}
		}
		if err := cmp.Or(ctx.Err(), c.err()); err != nil {
			return err
		}
	}
	return w.walkAC(ctx, c, tick)
}

// walkAC codes all but DC.
func (w *walker) walkAC(ctx context.Context, c symbols, tick func()) error {
	for y := range w.high {
		for x := range w.wide {
			for p := range w.planes {
				w.ac(c, p, x, y)
			}
		}
		for p := range w.planes {
			w.rows[p][0], w.rows[p][1] = w.rows[p][1], w.rows[p][0]
			w.lows[p][0], w.lows[p][1] = w.lows[p][1], w.lows[p][0]
		}
		if err := cmp.Or(ctx.Err(), c.err()); err != nil {
			return err
		}
		if tick != nil {
			tick()
		}
	}
	return nil
}

// level classes an expected magnitude in 1/(1<<cueBits): four levels an octave.
func level(energy int32) int {
	if energy < 16 {
		return 0
	}
	n := bits.Len32(uint32(energy))
	return min((n-5)*4+int(energy>>(n-3)&3)+1, levels-1)
}

func abs32(v int32) int32 {
	if v < 0 {
		return -v
	}
	return v
}

func clamp(v, bound int32) int32 { return min(max(v, -bound), bound) }

// dcNeighbours returns the reconstructed DC at left, up, up left, up right, two to
// the left, two up; those outside stand in for each other.
func (w *walker) dcNeighbours(p, x, y int) (t [dcTaps]int32) {
	rec, i := w.dcRec[p], y*w.wide+x
	switch {
	case x > 0 && y > 0:
		t[0], t[1], t[2] = rec[i-1], rec[i-w.wide], rec[i-w.wide-1]
	case x > 0:
		t[0], t[1], t[2] = rec[i-1], rec[i-1], rec[i-1]
	case y > 0:
		t[0], t[1], t[2] = rec[i-w.wide], rec[i-w.wide], rec[i-w.wide]
	}
	t[3], t[4], t[5] = t[1], t[0], t[1]
	if y > 0 && x+1 < w.wide {
		t[3] = rec[i-w.wide+1]
	}
	if x > 1 {
		t[4] = rec[i-2]
	}
	if y > 1 {
		t[5] = rec[i-2*w.wide]
	}
	return t
}

// dcCue gathers what the energy of DC is estimated from: the magnitudes around, the
// differences of the neighbours, the magnitudes of earlier planes.
func (w *walker) dcCue(p, x, y int, t *[dcTaps]int32) (cue [dcCues]int32) {
	mag, i := w.dcMag[p], y*w.wide+x
	if x > 0 {
		cue[0] = int32(mag[i-1])
	}
	if y > 0 {
		cue[1] = int32(mag[i-w.wide])
		if x > 0 {
			cue[2] = int32(mag[i-w.wide-1])
		}
		if x+1 < w.wide {
			cue[3] = int32(mag[i-w.wide+1])
		}
	}
	cue[4] = min(abs32(t[0]-t[2])/recUnit, actCap)
	cue[5] = min(abs32(t[1]-t[2])/recUnit, actCap)
	cue[6] = min(abs32(t[1]-t[3])/recUnit, actCap)
	for q := range p {
		cue[7+q] = int32(w.dcMag[q][i])
	}
	return cue
}

// dc codes the DC of one block and plane.
func (w *walker) dc(c symbols, p, x, y int) {
	t := w.dcNeighbours(p, x, y)
	cue := w.dcCue(p, x, y, &t)
	e := w.m.energy[p]
	energy := e.bias[0]
	for i, v := range cue {
		energy += v * int32(e.dc[i])
	}
	sum := int64(1) << (predBits - 1)
	for i, v := range t {
		sum += int64(v) * int64(w.m.dcPred[p][i])
	}
	pred := clamp(int32(sum>>predBits), maxRec)
	i := y*w.wide + x
	q := clamp(c.code(p, i, 0, tableIndex(p, 0, level(energy)), pred), maxResidual)
	w.dcRec[p][i] = clamp(pred+q*recUnit, maxRec)
	w.dcMag[p][i] = uint8(min(abs32(q), actCap))
}

// acFeatures gathers what the predicted coefficients of a block are predicted from:
// the differences of the eight DCs around to its own, then the coefficients of the
// blocks to the left and above.
func (w *walker) acFeatures(p, x, y int, f *[acTaps]int32) {
	rec, i := w.dcRec[p], y*w.wide+x
	n := 0
	for dy := -1; dy <= 1; dy++ {
		for dx := -1; dx <= 1; dx++ {
			if dx == 0 && dy == 0 {
				continue
			}
			f[n] = 0
			if u, v := x+dx, y+dy; u >= 0 && u < w.wide && v >= 0 && v < w.high {
				f[n] = rec[v*w.wide+u] - rec[i]
			}
			n++
		}
	}
	copy(f[n:], w.lows[p][1][x][1:])
	copy(f[n+low-1:], w.lows[p][0][x+1][1:])
}

// acActivity measures how the DCs around change: across, down, and their second
// differences, in steps.
func acActivity(f *[acTaps]int32) (act [acCues]int32) {
	l, r, u, d := f[3], f[4], f[1], f[6]
	for i, v := range [acCues]int32{r - l, d - u, r + l, d + u} {
		act[i] = min(abs32(v)/recUnit, actCap)
	}
	return act
}

// energies estimates the magnitudes of a block's coefficients from other blocks and
// planes; ac adds those of the block itself as it goes.
func (w *walker) energies(p, x int, act *[acCues]int32, out *[coefs]int32) {
	e := w.m.energy[p]
	*out = e.bias
	for i, v := range act {
		if v != 0 {
			kernel.AddRow(out, &e.act[i], int16(v), 0)
		}
	}
	addAll(out, e.left[:], &w.rows[p][1][x])
	addAll(out, e.up[:], &w.rows[p][0][x+1])
	for d, at := range [2]int{x, x + 2} {
		nz := &w.rows[p][0][at]
		for i := range nz.n {
			k := nz.k[i] & (coefs - 1)
			out[k] += int32(nz.mag[i]) * int32(e.diag[d][k])
		}
	}
	for q := range p {
		addAll(out, e.cross[q], &w.rows[q][1][x+1])
	}
}

func addAll(out *[coefs]int32, rows []weights64, nz *nonzeros) {
	for i := range nz.n {
		kernel.AddRow(out, &rows[nz.k[i]], int16(nz.mag[i]), 0)
	}
}

// ac codes a block's coefficients 1 to 63 in one plane.
func (w *walker) ac(c symbols, p, x, y int) {
	var f [acTaps]int32
	var energy [coefs]int32
	w.acFeatures(p, x, y, &f)
	act := acActivity(&f)
	w.energies(p, x, &act, &energy)
	block := y*w.wide + x
	e := w.m.energy[p]
	nz, rec := &w.rows[p][1][x+1], &w.lows[p][1][x+1]
	nz.n = 0
	if mag := min(w.dcMag[p][block], magCap); mag > 0 {
		nz.k[0], nz.mag[0], nz.n = 0, mag, 1
		kernel.AddRow(&energy, &e.own[0], int16(mag), 1)
	}
	for k := 1; k < coefs; k++ {
		pred := int32(0)
		if k < low {
			pred = predict(&w.m.acPred[p][k], &f)
		}
		q := clamp(c.code(p, block, k, tableIndex(p, k, level(energy[k])), pred), maxResidual)
		if k < low {
			rec[k] = clamp(pred+q*recUnit, maxRec)
		}
		if q != 0 {
			mag := min(abs32(q), magCap)
			nz.k[nz.n], nz.mag[nz.n] = uint8(k), uint8(mag)
			nz.n++
			// Sums of coefficients that are coded already may change too: none is read again.
			if k+1 < coefs {
				kernel.AddRow(&energy, &e.own[k], int16(mag), k+1)
			}
		}
	}
}

func predict(weights *[acTaps]int16, f *[acTaps]int32) int32 {
	sum := int64(1) << (predBits - 1)
	for i, v := range f {
		sum += int64(v) * int64(weights[i])
	}
	return clamp(int32(sum>>predBits), maxRec)
}
