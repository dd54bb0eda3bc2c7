package optim

import "math"

// Schedule is a learning rate over steps: a linear rise from 0 over Warmup steps, Base
// up to step Hold, then half a cosine down to Final at step Steps, and Final after it.
type Schedule struct {
	Base   float64
	Final  float64
	Warmup int
	Hold   int // 0: the cosine follows the warm-up at once
	Steps  int
}

// At returns the rate of a step, counted from 0.
func (s Schedule) At(step int) float64 {
	if step < s.Warmup {
		return s.Base * float64(step+1) / float64(s.Warmup)
	}
	from := max(s.Warmup, s.Hold)
	switch {
	case step < from:
		return s.Base
	case step >= s.Steps:
		return s.Final
	}
	t := float64(step-from) / float64(s.Steps-from)
	return s.Final + (s.Base-s.Final)*(1+math.Cos(math.Pi*t))/2
}
