package grad

// slabFloats is the least that an arena takes at a time; beyond it, it grows by a share of
// what it has.
const (
	slabFloats = 1 << 16
	growth     = 4 // a quarter: smaller slabs waste more at their ends
)

// arena hands out slices of floats that all end at its next reset, or at a release.
type arena struct {
	slabs   [][]float32 // each cut to what is in use
	current int         // the slab in use; those after it are empty
	total   int         // floats in use
	peak    int         // the most since the last reset
}

// take returns n floats, whose contents are whatever was there.
func (a *arena) take(n int) []float32 {
	a.total += n
	a.peak = max(a.peak, a.total)
	for ; a.current < len(a.slabs); a.current++ {
		slab := a.slabs[a.current]
		if used := len(slab); cap(slab)-used >= n {
			a.slabs[a.current] = slab[:used+n]
			return slab[used : used+n : used+n]
		}
		if a.current == len(a.slabs)-1 {
			break
		}
	}
	a.current = len(a.slabs)
	slab := make([]float32, n, max(n, slabFloats, a.total/growth))
	a.slabs = append(a.slabs, slab)
	return slab[:n:n]
}

// mark is a state of an arena.
type mark struct{ current, used, total int }

// mark returns the present state.
func (a *arena) mark() mark {
	if len(a.slabs) == 0 {
		return mark{}
	}
	return mark{a.current, len(a.slabs[a.current]), a.total}
}

// release frees all that was taken since a mark.
func (a *arena) release(m mark) {
	for i := m.current; i < len(a.slabs); i++ {
		a.slabs[i] = a.slabs[i][:0]
	}
	if m.current < len(a.slabs) {
		a.slabs[m.current] = a.slabs[m.current][:m.used]
	}
	a.current, a.total = m.current, m.total
}

// clear zeroes all that is in use.
func (a *arena) clear() {
	for _, s := range a.slabs {
		clear(s)
	}
}

// reset makes all memory free again. Slabs stay as they are, since the next pass mostly takes
// what this one took; were they put together, old and new memory would be there at once.
// Where much of it was not used, for it had been cut to another pattern, all of it goes.
func (a *arena) reset() {
	have := 0
	for _, s := range a.slabs {
		have += cap(s)
	}
	if have > slabFloats && have > 2*a.peak {
		clear(a.slabs)
		a.slabs = a.slabs[:0]
	}
	a.release(mark{})
	a.peak = 0
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
