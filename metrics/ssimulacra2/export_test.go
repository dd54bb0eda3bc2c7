package ssimulacra2

// Weights are the factors of the means and of the 4-norms of the terms in a row of the
// table.
func Weights(row int) (mean, norm [terms]float64) { return weights[row].mean, weights[row].norm }
