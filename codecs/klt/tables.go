package klt

import (
	"context"
	"fmt"
	"math"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/nn/kernel"
)

// How far a table trusts what it is drawn towards, in observations.
const (
	groupTrust = 32 // the same level of all groups of the plane
	priorTrust = 8  // the geometric distribution of the level's magnitude
)

// levelMean is the magnitude in the middle of a level.
func levelMean(level int) float64 {
	return 16 * math.Exp2((float64(level)-0.5)/4) / (1 << cueBits)
}

// fitTables makes the distributions of all contexts from counts.
func fitTables(t *tally) (*entropy.Factorized, error) {
	out := make([]*entropy.Table, planes*groups*levels)
	err := kernel.Each(context.Background(), planes*levels, func(i int) (err error) {
		plane, level := i/levels, i%levels
		mean := levelMean(level)
		entries := int(min(max(8*mean+4, 4), tallyCap-1))
		prior := geometric(mean, entries)
		pooled := make([]float64, entries+1)
		for g := range groups {
			addCounts(pooled, t.counts[(plane*groups+g)*levels+level])
		}
		blend(pooled, prior, priorTrust)
		for g := range groups {
			own := make([]float64, entries+1)
			at := (plane*groups+g)*levels + level
			addCounts(own, t.counts[at])
			blend(own, pooled, groupTrust)
			if out[at], err = makeTable(own); err != nil {
				return fmt.Errorf("distribution %d: %w", at, err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return entropy.NewFactorized(out), nil
}

// makeTable makes a table of magnitudes with an escape, the last entry.
func makeTable(p []float64) (*entropy.Table, error) {
	cum, err := entropy.Quantize(p, entropy.DefaultBits)
	if err != nil {
		return nil, err
	}
	return entropy.NewTable(cum, 0, entropy.DefaultBits, true)
}

// geometric is the distribution of magnitudes with a mean, all from entries on in one.
func geometric(mean float64, entries int) []float64 {
	p := make([]float64, entries+1)
	ratio := mean / (1 + mean)
	for i := range entries {
		p[i] = math.Pow(ratio, float64(i)) * (1 - ratio)
	}
	p[entries] = math.Pow(ratio, float64(entries))
	return p
}

// addCounts adds counts to those of a table, whose last entry takes the rest.
func addCounts(to, counts []float64) {
	last := len(to) - 1
	for i, c := range counts {
		to[min(i, last)] += c
	}
}

// blend adds trust observations of a prior to counts and makes probabilities of them.
func blend(counts, prior []float64, trust float64) {
	sum := trust
	for _, c := range counts {
		sum += c
	}
	for i := range counts {
		counts[i] = (counts[i] + trust*prior[i]) / sum
	}
}
