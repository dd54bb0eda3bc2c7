package blind

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Prior is how many virtual wins, and as many losses, each candidate has against an
// opponent of the average strength zero. It keeps scores finite where a candidate won or
// lost every trial, and shrinks them a little towards each other.
const Prior = 0.5

// Strengths are Bradley-Terry scores: candidate i is preferred to j with the probability
// 1 / (1 + exp(Score[j] - Score[i])). Their mean is zero.
type Strengths struct {
	Score []float64
	// Covariance of the scores: the inverse of the observed information, with the mean
	// taken out.
	Covariance [][]float64
}

// z95 is the normal quantile of two-sided 95 % intervals.
const z95 = 1.959964

// Interval is the 95 % interval of a score.
func (s Strengths) Interval(i int) (low, high float64) {
	half := z95 * math.Sqrt(math.Max(s.Covariance[i][i], 0))
	return s.Score[i] - half, s.Score[i] + half
}

// Difference is how far score i lies above score j, with its 95 % interval.
func (s Strengths) Difference(i, j int) (d, low, high float64) {
	d = s.Score[i] - s.Score[j]
	c := s.Covariance
	half := z95 * math.Sqrt(math.Max(c[i][i]+c[j][j]-2*c[i][j], 0))
	return d, d - half, d + half
}

// BetterThanAverage turns a score into the share of trials that are won against a
// candidate of score zero.
func BetterThanAverage(score float64) float64 { return 1 / (1 + math.Exp(-score)) }

// newtonSteps bounds the iterations; the likelihood is concave, and ten are plenty.
const newtonSteps = 100

// Fit finds the scores that make the wins likeliest: wins[i][j] counts how often i was
// preferred to j, a tie as half a win for each (R. Davidson, JASA 65 (1970), has ties as
// outcomes of their own; halves need no further parameter). prior is as Prior describes.
//
// Without a prior the scores exist only where no group of candidates won all its trials
// against the rest (D. Hunter, Annals of Statistics 32 (2004), Assumption 1); that is an
// error. Newton's method on the log-likelihood, with halved steps where one overshoots.
func Fit(wins [][]float64, prior float64) (Strengths, error) {
	n := len(wins)
	if n < 2 {
		return Strengths{}, errors.New("scores need two candidates at least")
	}
	s := make([]float64, n)
	at := likelihood(wins, prior, s)
	for range newtonSteps {
		gradient, information := slopes(wins, prior, s)
		step, err := solve(information, gradient)
		if err != nil {
			return Strengths{}, err
		}
		next, value := s, at
		for scale := 1.0; scale > 1e-6; scale /= 2 {
			tried := make([]float64, n)
			for i := range tried {
				tried[i] = s[i] + scale*step.AtVec(i)
			}
			if value = likelihood(wins, prior, tried); value >= at {
				next = tried
				break
			}
		}
		moved := 0.0
		for i := range s {
			moved = math.Max(moved, math.Abs(next[i]-s[i]))
		}
		s, at = next, value
		if moved < 1e-10 {
			return centred(s, information)
		}
		if moved > 0 && extent(s) > unbounded {
			break
		}
	}
	return Strengths{}, errors.New("a candidate won or lost every trial: its score has no bound without a prior")
}

// unbounded is a difference of scores that no number of trials supports.
const unbounded = 30

func extent(s []float64) float64 {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range s {
		lo, hi = math.Min(lo, v), math.Max(hi, v)
	}
	return hi - lo
}

// logLogistic is log(1 / (1 + exp(-x))), without overflow.
func logLogistic(x float64) float64 {
	if x < 0 {
		return x - math.Log1p(math.Exp(x))
	}
	return -math.Log1p(math.Exp(-x))
}

func likelihood(wins [][]float64, prior float64, s []float64) float64 {
	var sum float64
	for i := range wins {
		for j := range wins {
			if i != j && wins[i][j] > 0 {
				sum += wins[i][j] * logLogistic(s[i]-s[j])
			}
		}
		sum += prior * (logLogistic(s[i]) + logLogistic(-s[i]))
	}
	return sum
}

// slopes returns the gradient of the log-likelihood and its negated second derivatives;
// without a prior, made definite along the direction in which all scores move together.
func slopes(wins [][]float64, prior float64, s []float64) (*mat.VecDense, *mat.SymDense) {
	n := len(s)
	g, h := mat.NewVecDense(n, nil), mat.NewSymDense(n, nil)
	free := 0.0 // without a prior nothing holds the mean
	if prior == 0 {
		free = 1 / float64(n)
	}
	add := func(i, j int, v float64) { h.SetSym(i, j, h.At(i, j)+v) }
	for i := range n {
		p := BetterThanAverage(s[i])
		g.SetVec(i, g.AtVec(i)+prior*(1-2*p))
		add(i, i, 2*prior*p*(1-p)+free)
		for j := i + 1; j < n; j++ {
			trials := wins[i][j] + wins[j][i]
			p := BetterThanAverage(s[i] - s[j])
			d := wins[i][j] - trials*p
			g.SetVec(i, g.AtVec(i)+d)
			g.SetVec(j, g.AtVec(j)-d)
			v := trials * p * (1 - p)
			add(i, i, v)
			add(j, j, v)
			add(i, j, free-v)
		}
	}
	return g, h
}

func solve(h *mat.SymDense, g *mat.VecDense) (*mat.VecDense, error) {
	var chol mat.Cholesky
	if !chol.Factorize(h) {
		return nil, errors.New("there are candidates that no trials connect")
	}
	step := mat.NewVecDense(g.Len(), nil)
	if err := chol.SolveVecTo(step, g); err != nil {
		return nil, errors.New("there are candidates that hardly any trials connect")
	}
	return step, nil
}

// centred takes the mean out of the scores and of their covariance.
func centred(s []float64, information *mat.SymDense) (Strengths, error) {
	n := len(s)
	var chol mat.Cholesky
	inverse := mat.NewSymDense(n, nil)
	if !chol.Factorize(information) || chol.InverseTo(inverse) != nil {
		return Strengths{}, errors.New("there are candidates that no trials connect")
	}
	var mean, all float64
	rows := make([]float64, n)
	for i := range n {
		mean += s[i] / float64(n)
		for j := range n {
			rows[i] += inverse.At(i, j) / float64(n)
		}
		all += rows[i] / float64(n)
	}
	out := Strengths{Score: make([]float64, n), Covariance: make([][]float64, n)}
	for i := range n {
		out.Score[i] = s[i] - mean
		out.Covariance[i] = make([]float64, n)
		for j := range n {
			out.Covariance[i][j] = inverse.At(i, j) - rows[i] - rows[j] + all
		}
	}
	return out, nil
}
