package butteraugli

import (
	"context"
	"math"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/metrics"
)

// norms are those of the differences: the largest, and the 3-, 6- and 12-norms, of means
// rather than of sums.
type norms struct {
	max    float64
	powers [powers]float64
}

// powers is how many norms there are beside the largest; power k is 3 * 2^k.
const powers = 3

// sums are what norms come from: the largest difference and the sums of powers.
type sums struct {
	norms
	t []float32
}

// add adds a row of differences, which it changes. Powers are taken of parts of the
// row's largest difference, so that none is out of the range of float32.
func (s *sums) add(row []float32) {
	largest := kernel.Max(row)
	if largest == 0 {
		return
	}
	s.max = max(s.max, float64(largest))
	if len(s.t) < len(row) {
		s.t = make([]float32, len(row))
	}
	power := s.t[:len(row)]
	kernel.Scale(row, row, 1/largest)
	kernel.Square(power, row)
	kernel.Mul(power, power, row)
	unit := float64(largest) * float64(largest) * float64(largest)
	for k := range s.powers {
		s.powers[k] += unit * float64(kernel.Sum(power))
		kernel.Square(power, power)
		unit *= unit
	}
}

// measure computes the norms of a pair.
func measure(ctx context.Context, p *metrics.Pair, nits float64) (norms, error) {
	parts := make([]sums, pieces(p.Width(), p.Height()))
	err := compare(ctx, p, nits, func(tile, _, _ int, row []float32) { parts[tile].add(row) })
	var n norms
	for _, part := range parts {
		n.max = max(n.max, part.max)
		for k, v := range part.powers {
			n.powers[k] += v
		}
	}
	for k, v := range n.powers {
		n.powers[k] = math.Pow(v/float64(p.Width()*p.Height()), 1/float64(int(3<<k)))
	}
	return n, err
}

// differences computes the map of a pair.
func differences(ctx context.Context, p *metrics.Pair, nits float64) ([]float32, error) {
	out := make([]float32, p.Width()*p.Height())
	err := compare(ctx, p, nits, func(_, x, y int, row []float32) { copy(out[y*p.Width()+x:], row) })
	return out, err
}
