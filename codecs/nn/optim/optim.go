// Package optim changes parameters along their gradients: Adam with bias correction,
// clipping by the global norm, a warm-up and cosine schedule, and moving averages.
// Gradients come from package grad; this package knows slices only.
//
// A training step is
//
//	norm := optim.Clip(params, 1)
//	adam.Step(schedule.At(step))
//	ema.Update()
//	optim.Zero(params)
//
// Everything runs in a fixed order on one goroutine, so that equal gradients give equal
// parameters, and allocates nothing.
package optim

import "math"

// Param is a tensor under optimisation.
type Param struct {
	Name string
	// Data is what the optimiser changes, in place.
	Data []float32
	// Grad is the derivative of the loss by each element of Data. Backward passes add
	// to it; see Zero.
	Grad []float32
	// Bounded says that Data stays at or above Lower (GDN's beta and gamma, scales). A
	// gradient that would move an element at its bound further down counts as zero; one
	// that moves it up passes (the lower bound of Ballé et al., ICLR 2018, appendix 6.2).
	Bounded bool
	Lower   float32
}

// Zero sets all gradients to zero.
func Zero(params []*Param) {
	for _, p := range params {
		clear(p.Grad)
	}
}

// Norm returns the Euclidean norm of all gradients together, summed in float64. It is
// not finite where a gradient is not: such a step should be left out.
func Norm(params []*Param) float64 {
	sum := 0.0
	for _, p := range params {
		part := 0.0
		for _, g := range p.Grad {
			part += float64(g) * float64(g)
		}
		sum += part
	}
	return math.Sqrt(sum)
}

// Clip scales all gradients by one factor so that their norm is at most limit, which is
// above 0, and returns the norm that they had. Gradients whose norm is not finite stay.
func Clip(params []*Param, limit float64) float64 {
	norm := Norm(params)
	if !(norm > limit) || math.IsInf(norm, 0) {
		return norm
	}
	k := float32(limit / norm)
	for _, p := range params {
		for i := range p.Grad {
			p.Grad[i] *= k
		}
	}
	return norm
}
