package grad

import (
	"fmt"
	"math"

	"codecworkbench/codecs/entropy"
)

// farthest bounds where a prior's quantiles are looked for.
const farthest = 1 << 20

// logit returns the logit of F(x) of a channel.
func (p *Prior) logit(channel int) func(x float64) float64 {
	var net priorChannel
	var tr priorTrace
	net.load(p.param.Data[channel*priorParams:])
	return func(x float64) float64 { return net.forward(x, &tr) }
}

// Medians returns each channel's median, which latents are rounded around:
// q = round(y - median), decoded as q + median.
func (p *Prior) Medians() []float32 {
	out := make([]float32, p.channels)
	for c := range out {
		out[c] = float32(quantile(p.logit(c), 0))
	}
	return out
}

// quantile returns where a rising function reaches a level, by bisection, within
// +-farthest.
func quantile(logit func(float64) float64, level float64) float64 {
	low, high := -float64(farthest), float64(farthest)
	for range 80 {
		if mid := (low + high) / 2; logit(mid) < level {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}

// Tables exports the prior as integer tables for the range coder, one a channel, of
// q = round(y - median): P(q) = F(q + median + 1/2) - F(q + median - 1/2). medians are
// those that the latents are rounded around (Medians), kept in the model file. Each
// table reaches out to where less than tail (above 0, at most 0.01) of the probability is
// left on both sides together, at most to +-limit, and has an escape for the rest.
func (p *Prior) Tables(medians []float32, tail float64, limit int, width uint) (*entropy.Factorized, error) {
	if len(medians) != p.channels {
		return nil, fmt.Errorf("factorized prior: %d medians for %d channels", len(medians), p.channels)
	}
	if !(tail > 0 && tail <= 0.01) || limit < 1 || limit > 1<<14 {
		return nil, fmt.Errorf("factorized prior: a tail of %g up to +-%d: above 0 to 0.01 and 1 to %d are allowed", tail, limit, 1<<14)
	}
	tables := make([]*entropy.Table, p.channels)
	for c := range tables {
		logit, m := p.logit(c), float64(medians[c])
		edge := math.Log(2/tail - 1) // the logit of 1 - tail/2
		first := int(math.Floor(quantile(logit, -edge) - m + 0.5))
		last := int(math.Ceil(quantile(logit, edge) - m - 0.5))
		first, last = max(min(first, 0), -limit), min(max(last, 0), limit)
		prob := make([]float64, last-first+2)
		low := logit(float64(first) + m - 0.5)
		rest := sigmoid(low)
		for v := first; v <= last; v++ {
			high := logit(float64(v) + m + 0.5)
			lnP, _, _ := logisticLog(low, high)
			prob[v-first] = math.Exp(lnP)
			low = high
		}
		prob[last-first+1] = rest + sigmoid(-low)
		cum, err := entropy.Quantize(prob, width)
		if err != nil {
			return nil, fmt.Errorf("factorized prior, channel %d: %w", c, err)
		}
		if tables[c], err = entropy.NewTable(cum, first, width, true); err != nil {
			return nil, fmt.Errorf("factorized prior, channel %d: %w", c, err)
		}
	}
	return entropy.NewFactorized(tables), nil
}
