package butteraugli

import (
	"context"
	"math"

	"codecworkbench/metrics"
)

// norms are those of the differences: the largest, and the 3-, 6- and 12-norms, which
// are of means rather than of sums.
type norms struct {
	max    float64
	powers [3]float64
}

// sums are what norms come from: the largest difference and the sums of powers.
type sums struct {
	max    float64
	powers [3]float64
}

func (s *sums) add(row []float32) {
	for _, v := range row {
		d := float64(v)
		s.max = max(s.max, d)
		d *= d * d
		s.powers[0] += d
		d *= d
		s.powers[1] += d
		s.powers[2] += d * d
	}
}

// measure computes the norms of a pair.
func measure(ctx context.Context, p *metrics.Pair, nits float64) (norms, error) {
	parts := make([]sums, pieces(p.Width(), p.Height()))
	err := compare(ctx, p, nits, func(tile, _, _ int, row []float32) { parts[tile].add(row) })
	var total sums
	for _, part := range parts {
		total.max = max(total.max, part.max)
		for i, v := range part.powers {
			total.powers[i] += v
		}
	}
	n := norms{max: total.max}
	for i, v := range total.powers {
		n.powers[i] = math.Pow(v/float64(p.Width()*p.Height()), 1/float64(int(3)<<i))
	}
	return n, err
}

// differences computes the map of a pair.
func differences(ctx context.Context, p *metrics.Pair, nits float64) ([]float32, error) {
	out := make([]float32, p.Width()*p.Height())
	err := compare(ctx, p, nits, func(_, x, y int, row []float32) { copy(out[y*p.Width()+x:], row) })
	return out, err
}
