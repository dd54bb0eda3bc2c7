package blind

import (
	"fmt"
	"math"
)

// Guessing is the probability that a guesser has at least right of n answers right, each
// with a chance of one half: the exact one-sided binomial p-value.
func Guessing(right, n int) float64 {
	if right <= 0 || n <= 0 {
		return 1
	}
	var sum float64
	for k := n; k >= right; k-- { // the small terms first
		sum += math.Exp(logChoose(n, k) - float64(n)*math.Ln2)
	}
	return math.Min(sum, 1)
}

// Even is the probability that two equally good candidates part n wins at least as
// unevenly as into wins and the rest: the exact two-sided binomial p-value.
func Even(wins, n int) float64 {
	return math.Min(2*Guessing(max(wins, n-wins), n), 1)
}

// Needed is how many of n answers must be right for guessing to do as well in at most a
// share of cases; n+1 where even all are not enough.
func Needed(n int, share float64) int {
	right := n + 1
	for right > 0 && Guessing(right-1, n) <= share {
		right--
	}
	return right
}

func logChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1)) // the signs of factorials are known
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

// Percent writes a probability for a sentence: "3.8 %", "fewer than 0.1 %".
func Percent(p float64) string {
	switch {
	case p < 0.001:
		return "fewer than 0.1 %"
	case p < 0.0995:
		return fmt.Sprintf("%.1f %%", 100*p)
	}
	return fmt.Sprintf("%.0f %%", 100*p)
}
