package optim

import (
	"cmp"
	"errors"
	"fmt"
	"math"
)

// AdamOptions are Adam's constants; zero values take the usual ones.
type AdamOptions struct {
	Beta1   float64 // decay of the gradients' mean, below 1; 0 = 0.9
	Beta2   float64 // decay of the squares' mean, below 1; 0 = 0.999
	Epsilon float64 // added to the root of the squares' mean; 0 = 1e-8
	Decay   float64 // weight decay apart from the gradient (AdamW), a step's share is rate*Decay
}

// Adam is the optimiser of Kingma and Ba (ICLR 2015, algorithm 1) with bias correction,
// and with the separate weight decay of Loshchilov and Hutter (ICLR 2019) if asked for.
type Adam struct {
	params []*Param
	o      AdamOptions
	mean   [][]float32
	square [][]float32
	step   int
	power1 float64 // Beta1^step
	power2 float64
}

// NewAdam makes an optimiser whose averages start at zero.
func NewAdam(params []*Param, o AdamOptions) (*Adam, error) {
	o.Beta1, o.Beta2, o.Epsilon = cmp.Or(o.Beta1, 0.9), cmp.Or(o.Beta2, 0.999), cmp.Or(o.Epsilon, 1e-8)
	if !(o.Beta1 > 0 && o.Beta1 < 1 && o.Beta2 > 0 && o.Beta2 < 1 && o.Epsilon > 0 && o.Decay >= 0) {
		return nil, fmt.Errorf("adam: beta %g and %g must lie between 0 and 1, epsilon %g above 0, decay %g not below 0", o.Beta1, o.Beta2, o.Epsilon, o.Decay)
	}
	if len(params) == 0 {
		return nil, errors.New("adam: no parameters to optimise")
	}
	a := &Adam{params: params, o: o, power1: 1, power2: 1}
	for _, p := range params {
		if len(p.Data) != len(p.Grad) {
			return nil, fmt.Errorf("adam: %s has %d elements but %d gradients", p.Name, len(p.Data), len(p.Grad))
		}
		a.mean = append(a.mean, make([]float32, len(p.Data)))
		a.square = append(a.square, make([]float32, len(p.Data)))
	}
	return a, nil
}

// Steps returns how many steps were taken since the start or the last Restart.
func (a *Adam) Steps() int { return a.step }

// Restart forgets all averages, as for a new phase with another loss.
func (a *Adam) Restart() {
	a.step, a.power1, a.power2 = 0, 1, 1
	for i := range a.params {
		clear(a.mean[i])
		clear(a.square[i])
	}
}

// Step moves all parameters by their gradients at a learning rate.
func (a *Adam) Step(rate float64) {
	a.step++
	a.power1 *= a.o.Beta1
	a.power2 *= a.o.Beta2
	// Both corrections in one factor and one epsilon: m/(1-p1) / (sqrt(v/(1-p2)) + e)
	root := math.Sqrt(1 - a.power2)
	u := update{
		b1: float32(a.o.Beta1), b2: float32(a.o.Beta2),
		rate: float32(rate * root / (1 - a.power1)), eps: float32(a.o.Epsilon * root),
		keep: float32(1 - rate*a.o.Decay),
	}
	for i, p := range a.params {
		if p.Bounded {
			bound(p)
		}
		u.apply(p.Data, p.Grad, a.mean[i], a.square[i])
		if p.Bounded {
			for j, v := range p.Data {
				p.Data[j] = max(v, p.Lower)
			}
		}
	}
}

// bound removes the gradients that push down what is at its bound already.
func bound(p *Param) {
	for i, v := range p.Data {
		if v <= p.Lower && p.Grad[i] > 0 {
			p.Grad[i] = 0
		}
	}
}

// Averages this near to zero count as zero: they don't show beside epsilon, and the
// denormal numbers that they would fall to, where a gradient has vanished, are slow.
const (
	tinyMean   = 1e-25
	tinySquare = 1e-36
)

// update holds a step's constants.
type update struct{ b1, b2, rate, eps, keep float32 }

func (u update) apply(data, grad, mean, square []float32) {
	grad, mean, square = grad[:len(data)], mean[:len(data)], square[:len(data)]
	for i, g := range grad {
		m := mean[i] + (1-u.b1)*(g-mean[i])
		v := square[i] + (1-u.b2)*(g*g-square[i])
		if m < tinyMean && m > -tinyMean {
			m = 0
		}
		if v < tinySquare {
			v = 0
		}
		mean[i], square[i] = m, v
		data[i] = data[i]*u.keep - u.rate*m/(float32(math.Sqrt(float64(v)))+u.eps)
	}
}
