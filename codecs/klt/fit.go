package klt

import "math"

// normal holds weighted normal equations of a least-squares fit.
type normal struct {
	n int
	a []float64 // n x n, of which the lower triangle is used
	b []float64
}

func newNormal(n int) *normal { return &normal{n, make([]float64, n*n), make([]float64, n)} }

func (e *normal) merge(o *normal) {
	for i, v := range o.a {
		e.a[i] += v
	}
	for i, v := range o.b {
		e.b[i] += v
	}
}

// add counts one observation of y with a weight; only the features listed, in rising
// order, are not 0.
func (e *normal) add(index []int32, value []float64, y, weight float64) {
	for i, at := range index {
		v := weight * value[i]
		e.b[at] += v * y
		row := e.a[int(at)*e.n : int(at+1)*e.n]
		for j, other := range index[:i+1] {
			row[other] += v * value[j]
		}
	}
}

// Coordinate descent ends after this many sweeps, or once no weight moves further.
const (
	sweeps  = 100
	settled = 1e-4
)

// solve returns the weights of the least error at or above floor (by feature), by
// coordinate descent from x. Features never seen get the least weight allowed.
func (e *normal) solve(x []float64, floor func(i int) float64) {
	active := e.pack(x, floor)
	n := len(active)
	a, b := make([]float64, 0, n*n), make([]float64, 0, n)
	for _, i := range active {
		b = append(b, e.b[i])
		for _, j := range active {
			a = append(a, e.a[max(i, j)*e.n+min(i, j)])
		}
	}
	v := make([]float64, n)
	for i, at := range active {
		v[i] = x[at]
	}
	for range sweeps {
		moved := 0.0
		for i := range v {
			g := b[i]
			row := a[i*n : (i+1)*n]
			for j, c := range row {
				g -= c * v[j]
			}
			const ridge = 1.0001
			next := max(v[i]+g/(row[i]*ridge), floor(active[i]))
			moved = max(moved, math.Abs(next-v[i]))
			v[i] = next
		}
		if moved < settled {
			break
		}
	}
	for i, at := range active {
		x[at] = v[i]
	}
}

// pack returns the features that were seen and settles the others.
func (e *normal) pack(x []float64, floor func(i int) float64) (active []int) {
	for i := range x {
		if e.a[i*e.n+i] > 0 {
			active = append(active, i)
		} else {
			x[i] = max(0, floor(i))
		}
	}
	return active
}

// Features of a coefficient's energy, in this order: the bias, the activities, the
// coefficients of this block, of those to the left and above, the two diagonal ones,
// then those of earlier planes.
const (
	featAct   = 1
	featOwn   = featAct + acCues
	featLeft  = featOwn + coefs
	featUp    = featLeft + coefs
	featDiag  = featUp + coefs
	featCross = featDiag + 2
)

func features(plane int) int { return featCross + plane*coefs }

// fits gathers all that a round refits. It is a recorder.
type fits struct {
	dcPred   [planes]*normal
	acPred   [planes][low]*normal
	dcEnergy [planes]*normal
	energy   [planes][coefs]*normal

	index []int32
	value []float64
	seen  int
}

func newFits() *fits {
	f := &fits{}
	for p := range planes {
		f.dcPred[p], f.dcEnergy[p] = newNormal(dcTaps), newNormal(1+dcCues)
		for k := 1; k < coefs; k++ {
			if k < low {
				f.acPred[p][k] = newNormal(acTaps)
			}
			f.energy[p][k] = newNormal(features(p))
		}
	}
	return f
}

func (f *fits) merge(o *fits) {
	for p := range planes {
		f.dcPred[p].merge(o.dcPred[p])
		f.dcEnergy[p].merge(o.dcEnergy[p])
		for k := 1; k < coefs; k++ {
			if k < low {
				f.acPred[p][k].merge(o.acPred[p][k])
			}
			f.energy[p][k].merge(o.energy[p][k])
		}
	}
}

func (f *fits) record(w *walker, plane, block, k, table int, pred, q int32, x float32) {
	bx, by := block%w.wide, block/w.wide
	if k == 0 {
		f.recordDC(w, plane, bx, by, pred, q, x)
		return
	}
	if k < low {
		var t [acTaps]int32
		w.acFeatures(plane, bx, by, &t)
		f.fitPrediction(f.acPred[plane][k], t[:], pred, x)
	}
	f.recordEnergy(w, plane, bx, by, k, q)
}

func (f *fits) begin() { f.index, f.value = f.index[:0], f.value[:0] }

func (f *fits) feature(i int, v float64) {
	if v != 0 {
		f.index = append(f.index, int32(i))
		f.value = append(f.value, v)
	}
}

// fitPrediction adds an observation weighted so that absolute errors, which are
// nearer to bits than squares, are what is made small.
func (f *fits) fitPrediction(e *normal, taps []int32, pred int32, x float32) {
	f.begin()
	for i, v := range taps {
		f.feature(i, float64(v)/recUnit)
	}
	miss := math.Abs(float64(x) - float64(pred)/recUnit)
	e.add(f.index, f.value, float64(x), 1/(1+miss))
}

func (f *fits) recordDC(w *walker, plane, bx, by int, pred, q int32, x float32) {
	t := w.dcNeighbours(plane, bx, by)
	f.fitPrediction(f.dcPred[plane], t[:], pred, x)
	cue := w.dcCue(plane, bx, by, &t)
	e := w.m.energy[plane]
	energy := e.bias[0]
	f.begin()
	f.feature(0, 1)
	for i, v := range cue {
		energy += v * int32(e.dc[i])
		f.feature(1+i, float64(v))
	}
	f.fitEnergy(f.dcEnergy[plane], energy, q, 1)
}

// fitEnergy adds an observation of a magnitude, weighted for relative errors: by the
// inverse of the square of what the model now expects (iteratively reweighted least
// squares for a Laplace scale), between that and a Poisson's below a tenth.
func (f *fits) fitEnergy(e *normal, energy, q int32, weight float64) {
	b := max(float64(energy), 0) / (1 << cueBits)
	e.add(f.index, f.value, float64(min(abs32(q), actCap)), weight/((b+0.002)*(b+0.1)))
}

// thin returns the odds, one in n, at which an observation is used. Its cost grows
// with the square of how many features it has, and neighbours say nearly the same.
func thin(w *walker, plane, bx int) int {
	active := w.rows[plane][1][bx+1].n + w.rows[plane][1][bx].n + w.rows[plane][0][bx+1].n
	for o := range plane {
		active += w.rows[o][1][bx+1].n
	}
	return 3 + active*active/300
}

func (f *fits) recordEnergy(w *walker, plane, bx, by, k int, q int32) {
	odds := thin(w, plane, bx)
	if f.seen++; f.seen%odds != 0 {
		return
	}
	m := w.m.energy[plane]
	energy := m.bias[k]
	add := func(at int, v int32, weight int16) {
		energy += v * int32(weight)
		f.feature(at, float64(v))
	}
	f.begin()
	f.feature(0, 1)
	var t [acTaps]int32
	w.acFeatures(plane, bx, by, &t)
	for i, v := range acActivity(&t) {
		add(featAct+i, v, m.act[i][k])
	}
	each := func(nz *nonzeros, first int, rows []weights64) {
		for i := range nz.n {
			add(first+int(nz.k[i]), int32(nz.mag[i]), rows[nz.k[i]][k])
		}
	}
	each(&w.rows[plane][1][bx+1], featOwn, m.own[:])
	each(&w.rows[plane][1][bx], featLeft, m.left[:])
	each(&w.rows[plane][0][bx+1], featUp, m.up[:])
	for d, at := range [2]int{bx, bx + 2} {
		nz := &w.rows[plane][0][at]
		for i := range nz.n {
			if int(nz.k[i]) == k {
				add(featDiag+d, int32(nz.mag[i]), m.diag[d][k])
			}
		}
	}
	for o := range plane {
		each(&w.rows[o][1][bx+1], featCross+o*coefs, m.cross[o])
	}
	f.fitEnergy(f.energy[plane][k], energy, q, float64(odds))
}
