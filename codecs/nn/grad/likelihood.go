package grad

import "math"

// The rate of a value y under a distribution of mean m and scale s is -log2 P with
// P = F((y+1/2-m)/s) - F((y-1/2-m)/s): the probability of an integer, and with uniform
// noise the right density (Ballé et al., ICLR 2017). The functions here give it as a
// natural logarithm with its derivatives by d = |y-m| and by s, precise however far out
// y lies and however small s is, with no floor under P.

// gaussianLog returns ln P and its derivatives under a normal distribution.
func gaussianLog(d, s float64) (lnP, byD, byS float64) {
	// Both ends in the lower tail, where a difference keeps its precision.
	a, b := (-0.5-d)/s, (0.5-d)/s
	if b > -gaussianFar {
		lnP = math.Log((math.Erfc(-b/math.Sqrt2) - math.Erfc(-a/math.Sqrt2)) / 2)
	} else {
		lnA, lnB := gaussianTail(-a), gaussianTail(-b)
		lnP = lnB + math.Log1p(-math.Exp(lnA-lnB))
	}
	fa, fb := gaussianRatio(a, lnP), gaussianRatio(b, lnP)
	return lnP, (fa - fb) / s, (a*fa - b*fb) / s
}

// gaussianFar is from where on the tail's series replaces math.Erfc, which nears its
// underflow at 38.
const gaussianFar = 30

// gaussianTail is the logarithm of the probability above z, z at least gaussianFar, by
// the asymptotic series; the first term left out is below 2e-10.
func gaussianTail(z float64) float64 {
	w := 1 / (z * z)
	return -z*z/2 - lnRoot2Pi - math.Log(z) + math.Log1p(-w*(1-w*(3-w*15)))
}

// lnRoot2Pi is ln(sqrt(2 pi)).
const lnRoot2Pi = 0.91893853320467274178

// gaussianRatio is the density at z over P.
func gaussianRatio(z, lnP float64) float64 { return math.Exp(-z*z/2 - lnRoot2Pi - lnP) }

// laplaceLog returns ln P and its derivatives under a Laplace distribution of density
// exp(-|x|/s) / (2s).
func laplaceLog(d, s float64) (lnP, byD, byS float64) {
	if d >= 0.5 {
		return -(d-0.5)/s + math.Log(-math.Expm1(-1/s)/2), -1 / s, ((d - 0.5) - 1/math.Expm1(1/s)) / (s * s)
	}
	p, q := -(0.5-d)/s, -(0.5+d)/s
	ep, eq := math.Exp(p), math.Exp(q)
	mass := -(math.Expm1(p) + math.Expm1(q)) / 2
	return math.Log(mass), (eq - ep) / (2 * s * mass), (p*ep + q*eq) / (2 * s * mass)
}

// softplus is ln(1 + e^x).
func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// sigmoid is 1 / (1 + e^-x).
func sigmoid(x float64) float64 {
	if x < 0 {
		e := math.Exp(x)
		return e / (1 + e)
	}
	return 1 / (1 + math.Exp(-x))
}

// logisticLog returns the logarithm of sigmoid(upper) - sigmoid(lower) and its
// derivatives by both; upper is above lower.
func logisticLog(lower, upper float64) (lnP, byLower, byUpper float64) {
	flip := lower+upper > 0
	if flip {
		lower, upper = -upper, -lower
	}
	// A monotone function that is all but flat may give two equal ends.
	gap := max(upper-lower, 1e-9)
	lnP = upper + math.Log(-math.Expm1(-gap)) - softplus(upper) - softplus(lower)
	q := 1 / math.Expm1(gap)
	byLower, byUpper = -q-sigmoid(lower), 1+q-sigmoid(upper)
	if flip {
		byLower, byUpper = -byUpper, -byLower
	}
	return lnP, byLower, byUpper
}

// logisticScaled is logisticLog as a distribution of scale s, like laplaceLog.
func logisticScaled(d, s float64) (lnP, byD, byS float64) {
	lower, upper := (-0.5-d)/s, (0.5-d)/s
	lnP, byLower, byUpper := logisticLog(lower, upper)
	return lnP, -(byLower + byUpper) / s, -(byLower*lower + byUpper*upper) / s
}
