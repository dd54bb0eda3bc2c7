package vq

import "math/rand/v2"

// pool is a bounded random sample of vectors.
type pool struct {
	dim, limit, seen int
	v                []float32
	rng              *rand.Rand
}

// add takes a vector times k into the sample (Vitter's reservoir).
func (p *pool) add(v []float32, k float32) {
	p.seen++
	at := p.seen - 1
	if p.seen > p.limit {
		if at = p.rng.IntN(p.seen); at >= p.limit {
			return
		}
	} else {
		p.v = append(p.v, v...)
	}
	for i, x := range v {
		p.v[at*p.dim+i] = k * x
	}
}

func (t *training) pools(salt uint64) (p [classes]*pool) {
	for i, c := range classTable {
		p[i] = &pool{dim: c.dim(), limit: t.Vectors, rng: rand.New(rand.NewPCG(t.Seed, salt+uint64(i)))}
	}
	return p
}
