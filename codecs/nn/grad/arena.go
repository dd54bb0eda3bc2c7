package grad

// slabFloats is the least that an arena takes at a time.
const slabFloats = 1 << 16

// arena hands out slices of floats that all end at its next reset.
type arena struct {
	slabs [][]float32 // full up to the last, each cut to what is in use
	total int         // floats in use
}

// take returns n floats, whose contents are whatever was there.
func (a *arena) take(n int) []float32 {
	a.total += n
	if k := len(a.slabs) - 1; k >= 0 {
		if used := len(a.slabs[k]); cap(a.slabs[k])-used >= n {
			a.slabs[k] = a.slabs[k][:used+n]
			return a.slabs[k][used : used+n : used+n]
		}
	}
	slab := make([]float32, n, max(n, slabFloats, a.total))
	a.slabs = append(a.slabs, slab)
	return slab[:n:n]
}

// clear zeroes all that is in use.
func (a *arena) clear() {
	for _, s := range a.slabs {
		clear(s)
	}
}

// reset makes all memory free again, in one piece from now on.
func (a *arena) reset() {
	if len(a.slabs) > 1 {
		clear(a.slabs)
		a.slabs = append(a.slabs[:0], make([]float32, 0, a.total+a.total/8))
	}
	if len(a.slabs) == 1 {
		a.slabs[0] = a.slabs[0][:0]
	}
	a.total = 0
}

// pool hands out items that are reused after a reset (used = 0).
type pool[T any] struct {
	items []*T
	used  int
}

func (p *pool[T]) next() *T {
	if p.used == len(p.items) {
		p.items = append(p.items, new(T))
	}
	p.used++
	return p.items[p.used-1]
}

// grow returns a slice of n elements, in s's memory if that is enough.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
