package klt

import (
	"context"

	"codecworkbench/codecs/nn/kernel"
)

// shards is into how many fixed parts the crops are divided: the sums of a part are
// taken in order and parts are added in order, so that training gives the same model
// on any number of cores.
const shards = 4

// trainRates are the base steps that training sees, as indices: 3.9 to 168 grey levels.
const (
	firstRate = 10
	lastRate  = 100
)

// start gives the model predictions and tables to begin with.
func (t *trainer) start() error {
	for p := range planes {
		// The plane through left, up and up left, half way to their mean.
		t.m.dcPred[p] = [dcTaps]int16{3072, 3072, -2048}
		e := &energyModel{}
		for q := range p {
			e.cross[q] = make([]weights64, coefs)
		}
		for k := range coefs {
			e.bias[k] = 1 << cueBits / 50
			e.left[k][k], e.up[k][k] = 1<<cueBits/4, 1<<cueBits/4
			e.diag[0][k], e.diag[1][k] = 1<<cueBits/8, 1<<cueBits/8
		}
		for i := range 4 {
			e.dc[i] = 1 << cueBits / 4
		}
		t.m.energy[p] = e
	}
	var err error
	t.m.tables, err = fitTables(newTally())
	return err
}

// round refits predictions and energies to residuals as the model now makes them,
// then tables and reconstruction points to the contexts that this gives.
func (t *trainer) round(ctx context.Context, round int) error {
	if round == 0 {
		t.rates = make([]int, len(t.crops))
	}
	for i := range t.rates {
		t.rates[i] = firstRate + t.rng.IntN(lastRate-firstRate+1)
	}
	fits := make([]*fits, shards)
	err := t.pass(ctx, round, func(shard int) recorder {
		fits[shard] = newFits()
		return fits[shard]
	})
	if err != nil {
		return err
	}
	for _, f := range fits[1:] {
		fits[0].merge(f)
	}
	fits[0].solve(t.m)
	t.tick()
	tallies := make([]*tally, shards)
	err = t.pass(ctx, round, func(shard int) recorder {
		tallies[shard] = newTally()
		return tallies[shard]
	})
	if err != nil {
		return err
	}
	for _, c := range tallies[1:] {
		tallies[0].merge(c)
	}
	if t.m.tables, err = fitTables(tallies[0]); err != nil {
		return err
	}
	tallies[0].shifts(t.m)
	t.tick()
	return nil
}

// recorder learns from one residual: x is the coefficient in steps, w and the rest
// what the codec knows before it is coded.
type recorder interface {
	record(w *walker, plane, block, k, table int, pred, q int32, x float32)
}

// pass codes every crop once; each shard has a recorder.
func (t *trainer) pass(ctx context.Context, round int, open func(shard int) recorder) error {
	z := quantizer{m: t.m}
	if round > 0 {
		z.lambda = lambda // the first tables know nothing yet
	}
	return kernel.Each(ctx, shards, func(shard int) error {
		r := open(shard)
		for i := shard; i < len(t.lapped); i += shards {
			if err := t.codeCrop(ctx, i, z, r); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *trainer) codeCrop(ctx context.Context, i int, z quantizer, r recorder) error {
	in := t.lapped[i]
	wide, high := in[0].Blocks()
	c, err := t.m.analyse(ctx, in, span{0, high}, baseStep(t.rates[i]))
	if err != nil {
		return err
	}
	w := newWalker(t.m, planes, wide, high)
	return w.walk(ctx, &listener{z, w, c, r}, nil)
}

// listener quantizes like an encoder and tells a recorder.
type listener struct {
	quantizer
	w  *walker
	in *coefficients
	r  recorder
}

func (l *listener) code(plane, block, k, table int, pred int32) int32 {
	x := l.in[plane][block*coefs+k]
	q := l.pick(l.m.tables.At(table), table, x, pred)
	l.r.record(l.w, plane, block, k, table, pred, q, x)
	return q
}

func (l *listener) err() error { return nil }

// tally counts magnitudes by context.
type tally struct {
	counts [][]float64 // by table, then magnitude up to tallyCap
	excess [][shifts][2]float64
}

const tallyCap = 160

func newTally() *tally {
	t := &tally{make([][]float64, planes*groups*levels), make([][shifts][2]float64, planes*groups*levels)}
	for i := range t.counts {
		t.counts[i] = make([]float64, tallyCap+1)
	}
	return t
}

func (t *tally) record(_ *walker, _, _, _, table int, pred, q int32, x float32) {
	mag := abs32(q)
	t.counts[table][min(mag, tallyCap)]++
	if mag >= 1 && mag <= shifts {
		d := x - float32(pred)/recUnit
		if q < 0 {
			d = -d
		}
		e := &t.excess[table][mag-1]
		e[0] += float64(d) - float64(mag)
		e[1]++
	}
}

func (t *tally) merge(o *tally) {
	for i := range t.counts {
		for j := range t.counts[i] {
			t.counts[i][j] += o.counts[i][j]
		}
		for j := range t.excess[i] {
			t.excess[i][j][0] += o.excess[i][j][0]
			t.excess[i][j][1] += o.excess[i][j][1]
		}
	}
}

// shifts moves reconstruction points to the mean of what was quantized to them, as
// far as there is evidence.
func (t *tally) shifts(m *model) {
	const caution = 50 // observations that stand for no shift
	for i := range t.excess {
		for j, e := range t.excess[i] {
			v := e[0] / (e[1] + caution) * shiftDiv
			m.shift[i][j] = int8(min(max(v, -shiftDiv/2), shiftDiv/2))
		}
	}
}
