package transform

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// ErrNoEigen marks a matrix whose eigenvectors were not found, which happens only
// where it holds values that are not finite.
var ErrNoEigen = errors.New("covariance has no eigenvectors: it holds values that are not finite")

// Eigen returns the eigenvalues of a symmetric n x n matrix (row by row; its lower
// triangle is read), falling, and the eigenvectors, one a row, each with the sign
// that makes its sum, or else its first large entry, positive.
func Eigen(m []float64, n int) (values []float64, vectors [][]float64, err error) {
	for _, v := range m {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, nil, ErrNoEigen
		}
	}
	s := mat.NewSymDense(n, nil)
	for i := range n {
		for j := range i + 1 {
			s.SetSym(i, j, m[i*n+j])
		}
	}
	var e mat.EigenSym
	if !e.Factorize(s, true) {
		return nil, nil, ErrNoEigen
	}
	rising := e.Values(nil)
	var u mat.Dense
	e.VectorsTo(&u)
	for k := n - 1; k >= 0; k-- {
		v := mat.Col(nil, k, &u)
		if negative(v) {
			for i := range v {
				v[i] = -v[i]
			}
		}
		values = append(values, rising[k])
		vectors = append(vectors, v)
	}
	return values, vectors, nil
}

// negative reports whether v is the mirror image of the vector that Eigen returns.
func negative(v []float64) bool {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	const small = 1e-6
	if sum > small || sum < -small {
		return sum < 0
	}
	for _, x := range v {
		if x > small || x < -small {
			return x < 0
		}
	}
	return false
}
