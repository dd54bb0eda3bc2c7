package quantize

import (
	"cmp"
	"slices"

	"codecworkbench/codecs/nn/kernel"
)

// Sort returns a codebook of the given codewords (2^bits rows of dim elements, not
// yet in order) numbered so that prefixes are good coarser codebooks: the set is cut
// in two equal halves around two lines, each half again, and so on; the cuts give the
// bits of the index, the most significant first.
func Sort(dim, bits int, codewords []float32, uses []float32) (*Shapes, error) {
	unit := append([]float32(nil), codewords...)
	order := make([]int, len(unit)/dim)
	for i := range order {
		order[i] = i
		normalize(unit[i*dim : (i+1)*dim])
	}
	h := &halver{dim: dim, rows: unit, uses: uses, key: make([]float32, len(order))}
	h.cut(order)
	sorted := make([]float32, 0, len(unit))
	weights := make([]float32, 0, len(uses))
	for _, i := range order {
		sorted = append(sorted, unit[i*dim:(i+1)*dim]...)
		weights = append(weights, uses[i])
	}
	return NewShapes(dim, bits, sorted, weights)
}

type halver struct {
	dim  int
	rows []float32
	uses []float32
	key  []float32 // by codeword: how much more the first line keeps than the second
}

func (h *halver) row(i int) []float32 { return h.rows[i*h.dim : (i+1)*h.dim] }

// cut orders a set, of a power of two elements, by recursive halving.
func (h *halver) cut(set []int) {
	if len(set) < 2 {
		return
	}
	a, b := h.poles(set)
	for range 5 {
		sumA, sumB := make([]float32, h.dim), make([]float32, h.dim)
		for _, i := range set {
			c := h.row(i)
			ga, gb := kernel.Dot(c, a), kernel.Dot(c, b)
			h.key[i] = ga*ga - gb*gb
			if ga*ga >= gb*gb {
				kernel.AddScaled(sumA, ga*(h.uses[i]+1), c)
			} else {
				kernel.AddScaled(sumB, gb*(h.uses[i]+1), c)
			}
		}
		if !normalize(sumA) || !normalize(sumB) {
			break
		}
		a, b = sumA, sumB
	}
	slices.SortFunc(set, func(i, j int) int {
		return cmp.Or(cmp.Compare(h.key[j], h.key[i]), cmp.Compare(i, j))
	})
	half := len(set) / 2
	h.cut(set[:half])
	h.cut(set[half:])
}

// poles returns two codewords far apart to begin with: the one most unlike the
// first of the set, and the one most unlike that.
func (h *halver) poles(set []int) (a, b []float32) {
	farthest := func(from []float32) []float32 {
		best, least := set[0], float32(2)
		for _, i := range set {
			if g := square(kernel.Dot(h.row(i), from)); g < least {
				best, least = i, g
			}
		}
		return h.row(best)
	}
	a = farthest(h.row(set[0]))
	return a, farthest(a)
}
