package rd

import "math"

// function is a curve that can be integrated exactly between two abscissae
// within its range.
type function interface{ integral(lo, hi float64) float64 }

// hermite is a piecewise cubic through the points (x, y) with slopes d there; x
// rises strictly and there are at least two points.
type hermite struct{ x, y, d []float64 }

// piece returns the coefficients of interval k in powers of the distance from its
// left end.
func (f hermite) piece(k int) (c0, c1, c2, c3 float64) {
	h := f.x[k+1] - f.x[k]
	slope := (f.y[k+1] - f.y[k]) / h
	return f.y[k], f.d[k], (3*slope - 2*f.d[k] - f.d[k+1]) / h, (f.d[k] + f.d[k+1] - 2*slope) / (h * h)
}

func (f hermite) integral(lo, hi float64) float64 {
	sum := 0.
	for k := range len(f.x) - 1 {
		a, b := max(lo, f.x[k])-f.x[k], min(hi, f.x[k+1])-f.x[k]
		if a >= b {
			continue
		}
		c0, c1, c2, c3 := f.piece(k)
		primitive := func(t float64) float64 { return t * (c0 + t*(c1/2+t*(c2/3+t*c3/4))) }
		sum += primitive(b) - primitive(a)
	}
	return sum
}

// at returns the value at v, which must lie within the range of x.
func (f hermite) at(v float64) float64 {
	k := 0
	for k < len(f.x)-2 && v > f.x[k+1] {
		k++
	}
	c0, c1, c2, c3 := f.piece(k)
	t := v - f.x[k]
	return c0 + t*(c1+t*(c2+t*c3))
}

// secants returns the steps of x and the slopes of the straight lines between
// neighbouring points.
func secants(x, y []float64) (h, m []float64) {
	h, m = make([]float64, len(x)-1), make([]float64, len(x)-1)
	for k := range h {
		h[k] = x[k+1] - x[k]
		m[k] = (y[k+1] - y[k]) / h[k]
	}
	return h, m
}

// pchip interpolates without overshoot: Fritsch and Butland, "A method for
// constructing local monotone piecewise cubic interpolants" (1984), with the
// one-sided three-point end slopes of MATLAB's pchip and SciPy's PchipInterpolator.
func pchip(x, y []float64) hermite {
	h, m := secants(x, y)
	n := len(x)
	d := make([]float64, n)
	if n == 2 {
		d[0], d[1] = m[0], m[0]
		return hermite{x, y, d}
	}
	for k := 1; k < n-1; k++ {
		if math.Signbit(m[k-1]) != math.Signbit(m[k]) || m[k-1] == 0 || m[k] == 0 {
			continue // a local extremum stays one: slope 0
		}
		w1, w2 := 2*h[k]+h[k-1], h[k]+2*h[k-1]
		d[k] = (w1 + w2) / (w1/m[k-1] + w2/m[k])
	}
	d[0] = pchipEnd(h[0], h[1], m[0], m[1])
	d[n-1] = pchipEnd(h[n-2], h[n-3], m[n-2], m[n-3])
	return hermite{x, y, d}
}

// pchipEnd is the slope at an end from the two steps and secants next to it,
// limited so that the curve keeps its shape.
func pchipEnd(h0, h1, m0, m1 float64) float64 {
	d := ((2*h0+h1)*m0 - h0*m1) / (h0 + h1)
	switch {
	case d*m0 <= 0:
		return 0
	case m0*m1 < 0 && math.Abs(d) > 3*math.Abs(m0):
		return 3 * m0
	}
	return d
}

// akima interpolates as Akima, "A new method of interpolation and smooth curve
// fitting based on local procedures" (J. ACM 17(4), 1970): the original method,
// as SciPy's Akima1DInterpolator; two points are joined by a straight line.
func akima(x, y []float64) hermite {
	_, secant := secants(x, y)
	n := len(x)
	d := make([]float64, n)
	if n == 2 {
		d[0], d[1] = secant[0], secant[0]
		return hermite{x, y, d}
	}
	// Two secants are extrapolated at each end: point k lies between m[k+1] and m[k+2].
	m := make([]float64, n+3)
	copy(m[2:], secant)
	m[1] = 2*m[2] - m[3]
	m[0] = 2*m[1] - m[2]
	m[n+1] = 2*m[n] - m[n-1]
	m[n+2] = 2*m[n+1] - m[n]
	largest := 0.
	for k := range n {
		largest = max(largest, math.Abs(m[k+3]-m[k+2])+math.Abs(m[k+1]-m[k]))
	}
	for k := range n {
		right, left := math.Abs(m[k+3]-m[k+2]), math.Abs(m[k+1]-m[k])
		if right+left > 1e-9*largest {
			d[k] = (right*m[k+1] + left*m[k+2]) / (right + left)
		} else {
			d[k] = (m[k+3] + m[k]) / 2
		}
	}
	return hermite{x, y, d}
}
