package refine

import (
	"context"

	"codecworkbench/codecs/latent"
)

// round sets the symbols to what u stands for.
func (s *state) round(ctx context.Context) error {
	if s.p.Predict != nil {
		return s.predict(ctx)
	}
	return s.rows(ctx, high(s.inner), func(y int) {
		at, _ := s.at(y)
		for i := range s.size() {
			s.symbols[at+i] = s.hard(at+i, i%s.d.channels)
		}
	})
}

// hard is the symbol that u number i, of a channel, stands for.
func (s *state) hard(i, channel int) int16 {
	if s.p.Skip[s.table[i]] {
		return 0
	}
	slope := s.p.slope(s.u[i] + s.mean[i])
	n := s.rates[s.table[i]].hard(s.u[i], s.bound*s.curve[channel]*slope*slope)
	if s.p.Values != nil {
		largest, mean := len(s.p.Values)/2, int(s.mean[i])
		n = min(max(n, -largest-mean), largest-mean)
	}
	return int16(latent.Clamp(n))
}

// predict rounds u where symbols tell how others are coded. Means move with what is rounded
// before them; what the synthesis reads stays, and u with it.
func (s *state) predict(ctx context.Context) error {
	return s.p.Predict(ctx, s.inner, func(x, y, first int, means, tables, symbols []int16) {
		at, _ := s.at(y - s.inner.Y0)
		at += (x-s.inner.X0)*s.d.channels + first
		for i := range means {
			mean := float32(means[i]) / MeanUnit
			moved := s.mean[at+i] - mean
			s.mean[at+i], s.table[at+i] = mean, tables[i]
			s.u[at+i] += moved
			s.before[at+i] += moved
			s.lastAt[at+i] += moved
			if s.p.Skip[tables[i]] {
				s.u[at+i], s.before[at+i] = 0, 0
			}
			s.symbols[at+i] = s.hard(at+i, first+i)
			symbols[i] = s.symbols[at+i]
		}
	})
}

// predict has a region predicted from Y, where latents tell how others are coded.
func (p *Problem) predict(ctx context.Context, r latent.Region) error {
	if p.Predict == nil {
		return nil
	}
	return p.Predict(ctx, r, func(x, y, first int, means, tables, symbols []int16) {
		values := p.Y.Data[(y*p.Y.W+x)*p.Y.C+first:]
		for i := range symbols {
			symbols[i] = 0
			if !p.Skip[tables[i]] {
				symbols[i] = int16(symbol(values[i], means[i]))
			}
		}
	})
}
