package klt

import (
	"context"
	"math"
)

// leastBias keeps expected magnitudes above 0, in steps.
const leastBias = 0.001

// solve puts the fitted weights into the model.
func (f *fits) solve(m *model) {
	for p := range planes {
		solvePrediction(f.dcPred[p], m.dcPred[p][:])
		for k := 1; k < low; k++ {
			solvePrediction(f.acPred[p][k], m.acPred[p][k][:])
		}
		e := m.energy[p]
		x := make([]float64, 1+dcCues)
		solveEnergy(f.dcEnergy[p], x)
		e.bias[0] = int32(fixed(x[0], cueBits, maxBias))
		for i := range e.dc {
			e.dc[i] = int16(fixed(x[1+i], cueBits, math.MaxInt16))
		}
	}
	_ = inParallel(context.Background(), planes*(coefs-1), func(i int) {
		p, k := i/(coefs-1), 1+i%(coefs-1)
		m.energy[p].refit(f.energy[p][k], k)
	})
}

// fixed rounds to a fixed-point number within +-limit.
func fixed(v float64, fraction uint, limit float64) float64 {
	return min(max(math.Round(v*float64(int(1)<<fraction)), -limit), limit)
}

func solvePrediction(e *normal, weights []int16) {
	x := make([]float64, e.n)
	for i := range x {
		x[i] = float64(weights[i]) / (1 << predBits)
	}
	e.solve(x, func(int) float64 { return math.Inf(-1) })
	for i := range x {
		weights[i] = int16(fixed(x[i], predBits, math.MaxInt16))
	}
}

// solveEnergy finds weights of 0 or more: magnitudes only ever speak for magnitudes.
func solveEnergy(e *normal, x []float64) {
	e.solve(x, func(i int) float64 {
		if i == 0 {
			return leastBias
		}
		return 0
	})
}

// refit solves for coefficient k and stores its weights.
func (m *energyModel) refit(e *normal, k int) {
	x := make([]float64, e.n)
	put := make([]*int16, e.n)
	at := func(i int, row *weights64) {
		put[i] = &row[k]
		x[i] = float64(row[k]) / (1 << cueBits)
	}
	for i := range m.act {
		at(featAct+i, &m.act[i])
	}
	for j := range coefs {
		at(featOwn+j, &m.own[j])
		at(featLeft+j, &m.left[j])
		at(featUp+j, &m.up[j])
	}
	for d := range m.diag {
		at(featDiag+d, &m.diag[d])
	}
	for o, rows := range m.cross {
		for j := range rows {
			at(featCross+o*coefs+j, &rows[j])
		}
	}
	x[0] = float64(m.bias[k]) / (1 << cueBits)
	solveEnergy(e, x)
	m.bias[k] = int32(fixed(x[0], cueBits, maxBias))
	for i := 1; i < e.n; i++ {
		*put[i] = int16(fixed(x[i], cueBits, math.MaxInt16))
	}
}
