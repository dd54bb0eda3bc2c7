package metrics

import "math"

// deltaE computes colour differences by CIEDE2000 with kL = kC = kH = 1, after Sharma,
// Wu and Dalal, "The CIEDE2000 color-difference formula: implementation notes,
// supplementary test data, and mathematical observations" (Color Research and
// Application 30(1), 2005). Hues stay vectors: the mean hue is the bisector of two, and
// the formula's cosines of its multiples are polynomials of its own, so that there is
// no inverse and no trigonometric function to compute.
type deltaE struct {
	// rotation is sin(2 dTheta) by the cosine of the mean hue's distance to 275
	// degrees, from rotationLow to 1; it is 0 below.
	rotation [rotationSteps + 3]float64
}

// Between the steps of the table of rotations lies a parabola, to 1e-7. Its first
// cosine is that of 125 degrees, where rotation has fallen to 1e-11.
const (
	rotationSteps = 2048
	rotationLow   = -0.5735764363510461
	rotationScale = rotationSteps / (1 - rotationLow)
)

func newDeltaE() *deltaE {
	d := &deltaE{}
	for i := range d.rotation {
		cosine := rotationLow + float64(i)/rotationScale
		square := math.Pow(math.Acos(min(cosine, 1)), 2)
		if cosine > 1 {
			// The square of the angle goes on smoothly, as the last parabola needs it.
			square = -math.Pow(math.Acosh(cosine), 2)
		}
		d.rotation[i] = math.Sin(60 * degree * math.Exp(-square/(25*25*degree*degree)))
	}
	return d
}

// degree is in radians.
const degree = math.Pi / 180

// far7 is 25^7.
const far7 = 25 * 25 * 25 * 25 * 25 * 25 * 25

// chromaShare is sqrt(c^7 / (c^7 + 25^7)).
func chromaShare(c float64) float64 {
	c2 := c * c
	c7 := c2 * c2 * c2 * c
	return math.Sqrt(c7 / (c7 + far7))
}

// between is the difference of two colours.
func (d *deltaE) between(p, q *lab) float64 {
	if *p == *q {
		return 0
	}
	stretch := 1.5 - 0.5*chromaShare((math.Sqrt(p.a*p.a+p.b*p.b)+math.Sqrt(q.a*q.a+q.b*q.b))/2)
	pa, qa := p.a*stretch, q.a*stretch
	pc, qc := math.Sqrt(pa*pa+p.b*p.b), math.Sqrt(qa*qa+q.b*q.b)
	deltaH, cosine, sine := hues(pa, p.b, pc, qa, q.b, qc)
	meanL, meanC := (p.l+q.l)/2-50, (pc+qc)/2

	weightL := 1 + 0.015*meanL*meanL/math.Sqrt(20+meanL*meanL)
	weightC := 1 + 0.045*meanC
	weightH := 1 + 0.015*meanC*hueWeight(cosine, sine)
	share := 1 / (weightL * weightC * weightH) // one division for three
	l := (q.l - p.l) * weightC * weightH * share
	c := (qc - pc) * weightL * weightH * share
	h := deltaH * weightL * weightC * share
	sum := l*l + c*c + h*h
	if turn := d.turn(cosine, sine); turn != 0 {
		sum -= 2 * chromaShare(meanC) * turn * c * h
	}
	return math.Sqrt(max(0, sum))
}

// hues returns the hue difference dH' and the direction of the mean hue of two
// chromaticities with their lengths.
func hues(pa, pb, pc, qa, qb, qc float64) (deltaH, cosine, sine float64) {
	product := pc * qc
	if product == 0 { // a grey has no hue: the mean is that of the other
		if sum := pc + qc; sum > 0 {
			return 0, (pa + qa) / sum, (pb + qb) / sum
		}
		return 0, 1, 0
	}
	// With D the difference of hues, dH' is 2 sqrt(product) sin(D/2).
	dot, cross := pa*qa+pb*qb, pa*qb-qa*pb
	var square float64
	if dot >= 0 {
		// The bisector is the sum of unit vectors, whose square is 2 + 2 cos D; and
		// sin(D/2) is sin D over its length.
		cosine, sine = pa*qc+qa*pc, pb*qc+qb*pc
		square, deltaH = product+dot, 2*cross
	} else {
		// That sum may vanish, but not the difference, which lies across. Opposite
		// hues differ by +180 degrees where the second is greater on 0..360.
		cosine, sine = qb*pc-pb*qc, pa*qc-qa*pc
		square, deltaH = product-dot, 2*(product-dot)
		if cross < 0 || cross == 0 && (pb < 0 || pb == 0 && pa < 0) {
			deltaH, cosine, sine = -deltaH, -cosine, -sine
		}
	}
	length := 1 / math.Sqrt(2*product*square)
	return deltaH * length * math.Sqrt(product), cosine * length, sine * length
}

// hueWeight is T for a mean hue h with this cosine and sine: 1 - 0.17 cos(h - 30) +
// 0.24 cos(2h) + 0.32 cos(3h + 6) - 0.20 cos(4h - 63), angles in degrees.
func hueWeight(c, s float64) float64 {
	const (
		cos30, sin30 = 0.8660254037844387, 0.5
		cos6, sin6   = 0.9945218953682733, 0.10452846326765347
		cos63, sin63 = 0.45399049973954675, 0.8910065241883679
	)
	c2, s2 := c*c-s*s, 2*s*c
	c3, s3 := c2*c-s2*s, s2*c+c2*s
	c4, s4 := c2*c2-s2*s2, 2*s2*c2
	return 1 - 0.17*(cos30*c+sin30*s) + 0.24*c2 + 0.32*(cos6*c3-sin6*s3) - 0.20*(cos63*c4+sin63*s4)
}

// turn is sin(2 dTheta) for a mean hue, which counts around blue: dTheta = 30 degrees
// times exp(-((h - 275 degrees)/25)^2).
func (d *deltaE) turn(cosine, sine float64) float64 {
	const cos275, sin275 = 0.08715574274765817, -0.9961946980917455
	at := (cosine*cos275 + sine*sin275 - rotationLow) * rotationScale
	// The formula takes hues on 0..360: those that begin there are far from 275.
	if at < 1 || sine >= 0 && cosine > 0 {
		return 0
	}
	i := min(int(at+0.5), rotationSteps)
	x := at - float64(i)
	before, here, behind := d.rotation[i-1], d.rotation[i], d.rotation[i+1]
	return here + x*0.5*(behind-before+x*(before+behind-2*here))
}
