package optim

import "fmt"

// EMA keeps an exponential moving average of parameters, which is usually better than
// the last step's values (Polyak and Juditsky, 1992).
type EMA struct {
	params []*Param
	mean   [][]float32
	decay  float64
	n      int
}

// NewEMA starts from the parameters' present values. decay is below 1, usually 0.999.
func NewEMA(params []*Param, decay float64) (*EMA, error) {
	if !(decay >= 0 && decay < 1) {
		return nil, fmt.Errorf("moving average with a decay of %g: 0 to below 1 is allowed", decay)
	}
	e := &EMA{params: params, decay: decay}
	for _, p := range params {
		e.mean = append(e.mean, append([]float32(nil), p.Data...))
	}
	return e, nil
}

// Update takes the parameters' present values in. The decay rises from 0.1 as
// (1+n)/(10+n) up to its value, so that the start is soon forgotten.
func (e *EMA) Update() {
	e.n++
	k := float32(1 - min(e.decay, float64(1+e.n)/float64(10+e.n)))
	for i, p := range e.params {
		mean := e.mean[i]
		for j, v := range p.Data[:len(mean)] {
			mean[j] += k * (v - mean[j])
		}
	}
}

// Swap exchanges the parameters' values with the averages: once to use the averages,
// once more to train on.
func (e *EMA) Swap() {
	for i, p := range e.params {
		mean := e.mean[i]
		for j, v := range p.Data[:len(mean)] {
			p.Data[j], mean[j] = mean[j], v
		}
	}
}
