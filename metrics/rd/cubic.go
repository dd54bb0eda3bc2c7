package rd

// cubic is the least-squares polynomial of degree 3 through all points, which
// VCEG-M33 uses and papers call "cubic": a fit, not a spline. It is kept in powers
// of t = (x - centre) / scale, which runs over -1..1.
type cubic struct {
	centre, scale float64
	c             [4]float64
}

// fitCubic fits at least four points whose x rise strictly. It builds the
// polynomials that are orthogonal over the points (Forsythe 1957), which needs no
// linear system and so loses no digits to one.
func fitCubic(x, y []float64) cubic {
	lo, hi := x[0], x[len(x)-1]
	f := cubic{centre: lo/2 + hi/2, scale: hi/2 - lo/2}
	t := make([]float64, len(x))
	for i := range t {
		t[i] = (x[i] - f.centre) / f.scale
	}
	var previous, current [4]float64 // coefficients of two neighbouring polynomials
	current[0] = 1
	previousNorm := 0.
	for degree := range 4 {
		var norm, dot, shift float64
		for i := range t {
			v := evaluate(&current, t[i])
			norm += v * v
			dot += v * y[i]
			shift += t[i] * v * v
		}
		for k := range f.c {
			f.c[k] += dot / norm * current[k]
		}
		alpha, beta := shift/norm, 0.
		if degree > 0 {
			beta = norm / previousNorm
		}
		var next [4]float64
		for k := range next {
			next[k] = -alpha*current[k] - beta*previous[k]
			if k > 0 {
				next[k] += current[k-1]
			}
		}
		previous, current, previousNorm = current, next, norm
	}
	return f
}

func evaluate(c *[4]float64, t float64) float64 { return c[0] + t*(c[1]+t*(c[2]+t*c[3])) }

func (f cubic) integral(lo, hi float64) float64 {
	primitive := func(x float64) float64 {
		t := (x - f.centre) / f.scale
		return t * (f.c[0] + t*(f.c[1]/2+t*(f.c[2]/3+t*f.c[3]/4)))
	}
	return f.scale * (primitive(hi) - primitive(lo))
}
