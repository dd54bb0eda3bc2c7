package transform

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// LapReach is how many lags of the autocovariance LearnLap needs, from lag 0.
const LapReach = 3 * Block

// LearnLap finds the filter with which the Karhunen-Loeve transform of a line's
// blocks has the largest coding gain, for lines with this autocovariance (LapReach
// lags). The search is a seeded hill climb over V, the same on every run.
func LearnLap(autocov []float64) (*Lap, error) {
	if len(autocov) != LapReach || !(autocov[0] > 0) {
		return nil, fmt.Errorf("autocovariance of %d lags, expected %d and a positive variance", len(autocov), LapReach)
	}
	cov := symmetric(autocov)
	var best [lapHalf * lapHalf]float64
	for i := range lapHalf {
		best[i*lapHalf+i] = 1
	}
	least := lapCost(cov, best)
	rng := rand.New(rand.NewPCG(1, 2003))
	const patience = 60 // failures before the steps shrink
	for step, failed := 0.15, 0; step > 1e-4; {
		try := best
		for i := range try {
			try[i] += step * rng.NormFloat64()
		}
		if c := lapCost(cov, try); c < least {
			least, best, failed = c, try, 0
		} else if failed++; failed > patience {
			step, failed = step*0.7, 0
		}
	}
	return NewLap(best)
}

// symmetric returns the covariance matrix, scaled to variance 1.
func symmetric(autocov []float64) *mat.SymDense {
	cov := mat.NewSymDense(LapReach, nil)
	for i := range LapReach {
		for j := range i + 1 {
			cov.SetSym(i, j, autocov[i-j]/autocov[0])
		}
	}
	return cov
}

// lapCost is the mean log energy of the coefficients, each times its function's
// squared length: the negative of the coding gain but for constants (Katto and
// Yasuda 1991).
func lapCost(cov *mat.SymDense, v [lapHalf * lapHalf]float64) float64 {
	l, err := NewLap(v)
	if err != nil {
		return math.Inf(1)
	}
	analysis, synthesis := lapLine(l)
	var t, c mat.Dense
	t.Mul(analysis, cov)
	c.Mul(&t, analysis.T())
	values, vectors, err := Eigen(c.RawMatrix().Data, Block)
	if err != nil {
		return math.Inf(1)
	}
	sum := 0.0
	for k, f := range vectors {
		length := 0.0
		for i := range LapReach {
			s := 0.0
			for j := range f {
				s += synthesis.At(i, j) * f[j]
			}
			length += s * s
		}
		if !(values[k] > 0) {
			return math.Inf(1)
		}
		sum += math.Log(values[k] * length)
	}
	return sum / Block
}

// lapLine returns the filters as matrices: from a line of three blocks to the middle
// one, and from that back to the line.
func lapLine(l *Lap) (analysis, synthesis *mat.Dense) {
	analysis, synthesis = mat.NewDense(Block, LapReach, nil), mat.NewDense(LapReach, Block, nil)
	for j := range LapReach {
		p := &Plane{LapReach, 1, make([]float32, LapReach)}
		p.Pix[j] = 1
		along(p, &l.pre)
		for i := range Block {
			analysis.Set(i, j, float64(p.Pix[Block+i]))
		}
	}
	for j := range Block {
		p := &Plane{LapReach, 1, make([]float32, LapReach)}
		p.Pix[Block+j] = 1
		along(p, &l.post)
		for i, v := range p.Pix {
			synthesis.Set(i, j, float64(v))
		}
	}
	return analysis, synthesis
}
