package latent

import (
	"encoding/json"
	"fmt"
	"math"
)

// Trade-offs at two qualities; the others lie on the straight line through them, in the
// logarithm.
const (
	topLambda = 0.05 // at QMax
	lowLambda = 0.0018
	lowQ      = 3
)

// lambdaStep is the logarithm of the factor from a q to the next whole one.
var lambdaStep = math.Log(topLambda/lowLambda) / (QMax - lowQ)

// Lambda is the trade-off that q (in 1/QUnit) stands for: bits a pixel that one unit of
// mean squared error, of samples 0 to 255, is worth.
func Lambda(q int) float64 {
	return topLambda * math.Exp(lambdaStep*(float64(q)/QUnit-QMax))
}

// qOf is the inverse of Lambda, rounded; false where there is none near.
func qOf(lambda float64) (q int, ok bool) {
	at := (QMax + math.Log(lambda/topLambda)/lambdaStep) * QUnit
	if !(math.Abs(at) < 100*QUnit) {
		return 0, false
	}
	return int(math.Round(at)), true
}

// Levels are the rates that a model was trained for: each of its gain vectors has a row a
// level, and between two rows gains are interpolated geometrically (Cui et al., CVPR 2021).
// Beyond the levels, latents are scaled as a whole before they are rounded, as if there were
// more. A trained level of a hyperprior so imitated from one, two or three levels above it
// takes 1.7, 5 and 8 % more bytes at the same PSNR, on validation photos.
type Levels struct {
	Count       int
	first, last int     // q of the lowest and of the highest, in 1/QUnit
	ratio       float64 // of the steps of y from a level to the one below
}

// maxLevels bounds them.
const maxLevels = 64

// ParseLevels reads a model's trade-offs, a JSON array that rises evenly in the logarithm.
func ParseLevels(text string) (Levels, error) {
	var lambdas []float64
	if err := json.Unmarshal([]byte(text), &lambdas); err != nil {
		return Levels{}, fmt.Errorf("%w: its lambdas: %w", ErrModel, err)
	}
	n := len(lambdas)
	if n < 1 || n > maxLevels {
		return Levels{}, fmt.Errorf("%w: %d lambdas, 1 to %d are allowed", ErrModel, n, maxLevels)
	}
	first, ok := qOf(lambdas[0])
	last, ok2 := qOf(lambdas[n-1])
	if !ok || !ok2 || (last > first) != (n > 1) {
		return Levels{}, fmt.Errorf("%w: lambdas from %g to %g", ErrModel, lambdas[0], lambdas[n-1])
	}
	v := Levels{Count: n, first: first, last: last, ratio: 1}
	for i, lambda := range lambdas {
		// A hundredth of q in the ends' rounding is 0.5 %.
		if want := Lambda(first + (last-first)*i/max(n-1, 1)); !(math.Abs(lambda/want-1) < 0.02) {
			return Levels{}, fmt.Errorf("%w: the lambda of level %d is %g, expected about %.3g: they must rise evenly in the logarithm", ErrModel, i, lambda, want)
		}
	}
	if n > 1 {
		// At high rates, steps are as the roots of the trade-offs.
		v.ratio = math.Sqrt(lambdas[1] / lambdas[0])
	}
	return v, nil
}

// At is where q stands among the levels: 0 to Count-1, or beyond where the model has none.
// A model of one level has that alone.
func (v Levels) At(q int) float64 {
	if v.Count == 1 {
		return 0
	}
	return float64((q-v.first)*(v.Count-1)) / float64(v.last-v.first)
}

// Row is the nearest of rows that lie evenly from the lowest level to the highest.
func (v Levels) Row(q, rows int) int {
	if v.Count == 1 {
		return 0
	}
	span := v.last - v.first
	return min(max(2*(q-v.first)*(rows-1)+span, 0)/(2*span), rows-1)
}

// Gain is what latents are multiplied by before they are rounded: 1 within the levels.
func (v Levels) Gain(q int) float32 {
	at := v.At(q)
	return float32(math.Pow(v.ratio, at-min(max(at, 0), float64(v.Count-1))))
}
