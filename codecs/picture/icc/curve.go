package icc

import (
	"encoding/binary"
	"math"
)

// curve maps an encoded sample in 0..1 to a linear one.
type curve func(x float64) float64

// maxPoints bounds the points of a sampled curve.
const maxPoints = 1 << 16

// readCurve reads a curveType or parametricCurveType tag.
func readCurve(b []byte) (curve, error) {
	if len(b) < 12 {
		return nil, errDamaged
	}
	switch string(b[:4]) {
	case "curv":
		return sampled(b)
	case "para":
		return parametric(b)
	}
	return nil, errDamaged
}

// sampled reads a curve of points; none means the identity, one an exponent.
func sampled(b []byte) (curve, error) {
	n := int(min(binary.BigEndian.Uint32(b[8:]), maxPoints))
	b = b[12:]
	if len(b) < 2*n {
		return nil, errDamaged
	}
	switch n {
	case 0:
		return func(x float64) float64 { return x }, nil
	case 1:
		g := float64(binary.BigEndian.Uint16(b)) / 256
		return func(x float64) float64 { return math.Pow(x, g) }, nil
	}
	points := make([]float64, n)
	for i := range points {
		points[i] = float64(binary.BigEndian.Uint16(b[2*i:])) / 65535
	}
	return func(x float64) float64 {
		at := min(max(x, 0), 1) * float64(n-1)
		i := min(int(at), n-2)
		f := at - float64(i)
		return points[i]*(1-f) + points[i+1]*f
	}, nil
}

// parametric reads the functions 0 to 4 of ICC.1:2010, table 65, as one:
// (a*x+b)^g + e from d on, c*x + f below.
func parametric(b []byte) (curve, error) {
	kind := int(binary.BigEndian.Uint16(b[8:]))
	counts := [...]int{1, 3, 4, 5, 7}
	if kind >= len(counts) || len(b) < 12+4*counts[kind] {
		return nil, errDamaged
	}
	var v [7]float64
	for i := range counts[kind] {
		v[i] = fixed(b[12+4*i:])
	}
	g, a, k, c, d, e, f := v[0], v[1], v[2], v[3], v[4], v[5], v[6]
	switch kind {
	case 0:
		a, d = 1, math.Inf(-1)
	case 1, 2: // the third or fourth parameter is the value below the corner
		if a == 0 {
			return nil, errDamaged
		}
		d, e, f, c = -k/a, c, c, 0
	}
	return func(x float64) float64 {
		if x >= d {
			return math.Pow(max(a*x+k, 0), g) + e
		}
		return c*x + f
	}, nil
}
