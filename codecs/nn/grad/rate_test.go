package grad

import (
	"context"
	"math"
	"math/big"
	"slices"
	"testing"

	"codecworkbench/codecs/entropy"
)

type logMass func(d, s float64) (lnP, byD, byS float64)

func TestLikelihoodsAgainstIntegrals(t *testing.T) {
	for name, c := range map[string]struct {
		log     logMass
		density func(x float64) float64
	}{
		"gaussian": {gaussianLog, func(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) }},
		"laplace":  {laplaceLog, func(x float64) float64 { return math.Exp(-math.Abs(x)) / 2 }},
		"logistic": {logisticScaled, func(x float64) float64 { return math.Pow(math.Exp(x/2)+math.Exp(-x/2), -2) }},
	} {
		for _, s := range []float64{0.11, 0.3, 1, 7, 256} {
			for _, d := range []float64{0, 0.2, 0.5, 0.7, 2} {
				// Simpson's rule in two parts, because of the kink at 0.
				mass := 0.0
				for _, part := range [][2]float64{{min(d-0.5, 0), min(d+0.5, 0)}, {max(d-0.5, 0), max(d+0.5, 0)}} {
					const n = 2000
					h := (part[1] - part[0]) / n
					for i := range n {
						x := part[0] + float64(i)*h
						mass += h / 6 / s * (c.density(x/s) + 4*c.density((x+h/2)/s) + c.density((x+h)/s))
					}
				}
				if mass < 1e-280 {
					continue
				}
				if lnP, _, _ := c.log(d, s); math.Abs(lnP-math.Log(mass)) > 1e-9*max(1, math.Abs(lnP)) {
					t.Errorf("%s at %g, scale %g: ln P %.12g, integral %.12g", name, d, s, lnP, math.Log(mass))
				}
			}
		}
	}
}

func TestLikelihoodDerivatives(t *testing.T) {
	for name, log := range map[string]logMass{"gaussian": gaussianLog, "laplace": laplaceLog, "logistic": logisticScaled} {
		for _, s := range []float64{0.11, 0.5, 2, 100} {
			for _, d := range []float64{0.01, 0.3, 0.499, 0.501, 1, 3.31, 5, 40, 3000} {
				value := func(d, s float64) float64 { v, _, _ := log(d, s); return v }
				lnP, byD, byS := log(d, s)
				if math.IsInf(lnP, 0) || math.IsNaN(lnP+byD+byS) {
					t.Errorf("%s at %g, scale %g: ln P %g, derivatives %g and %g", name, d, s, lnP, byD, byS)
					continue
				}
				h := 1e-5 * s
				wantD := (value(d+h, s) - value(d-h, s)) / (2 * h)
				wantS := (value(d, s+h) - value(d, s-h)) / (2 * h)
				scale := 1e-5*max(math.Abs(wantD), math.Abs(wantS)) + 1e-10*(1+math.Abs(lnP))/h
				if math.Abs(byD-wantD) > scale || math.Abs(byS-wantS) > scale {
					t.Errorf("%s at %g, scale %g: derivatives %.9g and %.9g, differences %.9g and %.9g", name, d, s, byD, byS, wantD, wantS)
				}
			}
		}
	}
}

// The two branches of the Gaussian's tail meet, and it stays a parabola far out.
func TestGaussianTails(t *testing.T) {
	for _, s := range []float64{0.11, 1, 10} {
		at := gaussianFar*s + 0.5
		a, da, sa := gaussianLog(at*(1-1e-12), s)
		b, db, sb := gaussianLog(at*(1+1e-12), s)
		if math.Abs(a-b) > 1e-8*math.Abs(a) || math.Abs(da-db) > 1e-6*math.Abs(da) || math.Abs(sa-sb) > 1e-6*math.Abs(sa) {
			t.Errorf("scale %g: %.12g, %.9g, %.9g and %.12g, %.9g, %.9g where the branches meet", s, a, da, sa, b, db, sb)
		}
	}
	lnP, byD, _ := gaussianLog(1e4, 0.11)
	z := (1e4 - 0.5) / 0.11
	if math.Abs(lnP/(-z*z/2)-1) > 1e-6 || math.Abs(byD/(-z/0.11)-1) > 1e-6 {
		t.Errorf("far out: ln P %g, derivative %g; expected about %g and %g", lnP, byD, -z*z/2, -z/0.11)
	}
}

// logisticLog is compared with 400-bit arithmetic, because near 1 and near 0 a difference
// of two sigmoids has nothing left in float64.
func TestLogisticMass(t *testing.T) {
	exp := func(x float64) *big.Float { // e^x by halving and Taylor
		v := new(big.Float).SetPrec(400).SetFloat64(x / 1024)
		sum, term := new(big.Float).SetPrec(400).SetInt64(1), new(big.Float).SetPrec(400).SetInt64(1)
		for i := int64(1); i < 60; i++ {
			term.Mul(term, v).Quo(term, new(big.Float).SetInt64(i))
			sum.Add(sum, term)
		}
		for range 10 {
			sum.Mul(sum, sum)
		}
		return sum
	}
	sigma := func(x float64) *big.Float {
		one := new(big.Float).SetPrec(400).SetInt64(1)
		e := exp(-x)
		return new(big.Float).SetPrec(400).Quo(one, e.Add(e, one))
	}
	for _, c := range [][2]float64{{-1, 1}, {-60, 55}, {-55, 60}, {90, 91}, {-91, -90}, {0, 1e-6}, {30, 80}} {
		p, _ := new(big.Float).Sub(sigma(c[1]), sigma(c[0])).Float64()
		lnP, byLower, byUpper := logisticLog(c[0], c[1])
		if math.Abs(lnP-math.Log(p)) > 1e-9*(1+math.Abs(lnP)) && math.Abs(lnP) > 1e-15 {
			t.Errorf("%v: ln P %.15g, expected %.15g", c, lnP, math.Log(p))
		}
		const h = 1e-6
		a, _, _ := logisticLog(c[0]-h, c[1])
		b, _, _ := logisticLog(c[0], c[1]+h)
		if c[1]-c[0] > 0.1 && (math.Abs(byLower-(lnP-a)/h) > 1e-4 || math.Abs(byUpper-(b-lnP)/h) > 1e-4) {
			t.Errorf("%v: derivatives %g and %g, differences %g and %g", c, byLower, byUpper, (lnP-a)/h, (b-lnP)/h)
		}
	}
	if lnP, l, u := logisticLog(2e4, 2e4); math.IsInf(lnP, 0) || math.IsNaN(lnP+l+u) {
		t.Errorf("a flat end gives %g, %g, %g", lnP, l, u)
	}
}

func TestRateGradients(t *testing.T) {
	const n = 600 // more than one piece
	y, mean, scale := random(1, n, 4), random(2, n, 1), random(3, n, 1.5)
	for i := range scale {
		scale[i] += 1.7
	}
	tape := NewTape()
	for name, rate := range map[string]func(y, m, s *Value) *Scalar{
		"gaussian": tape.GaussianBits, "laplace": tape.LaplaceBits, "logistic": tape.LogisticBits,
	} {
		gy, gm, gs := make([]float32, n), make([]float32, n), make([]float32, n)
		pass := func(scaleGrad []float32) *Scalar {
			tape.Reset(context.Background())
			bits := rate(tape.Leaf(10, 20, 3, y, gy), tape.Leaf(10, 20, 3, mean, gm), tape.Leaf(10, 20, 3, scale, scaleGrad))
			return tape.Weighted(0.3, bits, 0.1, bits)
		}
		mustBackward(t, tape, pass(gs))
		value := func() float64 { return pass(gs).Value }
		a, b, c := slices.Clone(gy), slices.Clone(gm), slices.Clone(gs)
		differences(t, name+" y", y, a, 0.003, 1e-3, value)
		differences(t, name+" mean", mean, b, 0.003, 1e-3, value)
		differences(t, name+" scale", scale, c, 0.003, 1e-3, value)
	}
}

func TestScaleBound(t *testing.T) {
	tape := NewTape()
	y, s := []float32{0, 3}, []float32{0.01, 0.01}
	gs := make([]float32, 2)
	tape.Reset(context.Background())
	loss := tape.GaussianBits(tape.Input(1, 1, 2, y), nil, tape.Leaf(1, 1, 2, s, gs))
	mustBackward(t, tape, loss)
	a, _, _ := gaussianLog(0, MinScale)
	b, _, _ := gaussianLog(3, MinScale)
	if math.Abs(loss.Value+(a+b)/math.Ln2) > 1e-9 {
		t.Errorf("rate %g below the bound, at the bound %g", loss.Value, -(a+b)/math.Ln2)
	}
	if gs[0] != 0 || !(gs[1] < 0) {
		t.Errorf("gradients %v: expected 0 where less scale is cheaper and below 0 where more is", gs)
	}
}

func TestPriorGradients(t *testing.T) {
	const channels, n = 3, 40
	p, err := NewPrior(channels, 5)
	if err != nil {
		t.Fatal(err)
	}
	param := p.Param()
	for i, v := range random(6, len(param.Data), 0.6) {
		param.Data[i] += v // gates start at zero, where their own gradient is special
	}
	y, gy := random(1, channels*n, 12), make([]float32, channels*n)
	tape := NewTape()
	pass := func() *Scalar {
		tape.Reset(context.Background())
		return tape.FactorizedBits(tape.Leaf(5, 8, channels, y, gy), p)
	}
	mustBackward(t, tape, pass())
	value := func() float64 { return pass().Value }
	a, b := slices.Clone(gy), slices.Clone(param.Grad)
	differences(t, "y", y, a, 0.01, 1e-3, value)
	for c := range channels {
		from := c * priorParams
		differences(t, "parameters", param.Data[from:from+priorParams], b[from:from+priorParams], 0.003, 1e-3, value)
	}
}

func TestPriorIsADistribution(t *testing.T) {
	p, _ := NewPrior(2, 9)
	for i, v := range random(6, len(p.param.Data), 1) {
		p.param.Data[i] += v
	}
	medians := p.Medians()
	for c := range 2 {
		logit := p.logit(c)
		if v := logit(float64(medians[c])); math.Abs(v) > 1e-4 {
			t.Errorf("logit %g at the median", v)
		}
		sum := 0.0
		for v := -3000; v <= 3000; v++ {
			lnP, _, _ := logisticLog(logit(float64(v)-0.5), logit(float64(v)+0.5))
			sum += math.Exp(lnP)
		}
		if math.Abs(sum-1) > 1e-6 {
			t.Errorf("channel %d sums to %g", c, sum)
		}
	}
	tables, err := p.Tables(medians, 1e-6, 2000, entropy.DefaultBits)
	if err != nil {
		t.Fatal(err)
	}
	for c := range 2 {
		logit, table := p.logit(c), tables.At(c)
		for v := table.First(); v <= table.Last(); v++ {
			lnP, _, _ := logisticLog(logit(float64(v)+float64(medians[c])-0.5), logit(float64(v)+float64(medians[c])+0.5))
			if want := -lnP / math.Ln2; want < 10 && math.Abs(table.Bits(v)-want) > 0.02 {
				t.Errorf("channel %d, value %d: %g bits in the table, %g in the prior", c, v, table.Bits(v), want)
			}
		}
		if logit(float64(table.First())+float64(medians[c])-0.5) > math.Log(1e-6) {
			t.Errorf("channel %d: table starts at %d, too late", c, table.First())
		}
	}
	if _, err := p.Tables(medians[:1], 1e-6, 100, 16); err == nil {
		t.Error("a missing median passed")
	}
	if _, err := p.Tables(medians, 0.5, 100, 16); err == nil {
		t.Error("a tail of a half passed")
	}
	if _, err := NewPrior(0, 1); err == nil {
		t.Error("a prior without channels passed")
	}
}
