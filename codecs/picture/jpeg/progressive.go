package jpeg

import "math/bits"

// huffProgressive decodes the four kinds of progressive Huffman scans (T.81
// section G.1.2).
type huffProgressive struct {
	huffBase
	ss, se int  // spectral selection
	al     uint // bit position of this scan
	refine bool
	eobRun int // blocks left that hold nothing more in this band
}

func (h *huffProgressive) start(segment []byte) {
	h.huffBase.start(segment)
	h.eobRun = 0
}

func (h *huffProgressive) block(i int, b *[64]int16, nonzero *uint64) {
	switch {
	case h.ss == 0 && !h.refine:
		h.pred[i] += h.dcDifference(h.comps[i].dc)
		b[0] = int16(h.pred[i] << h.al)
	case h.ss == 0:
		if h.bit() {
			b[0] |= 1 << h.al
		}
	case !h.refine:
		h.acFirst(h.comps[i].ac, b, nonzero)
	default:
		h.acRefine(h.comps[i].ac, b, nonzero)
	}
}

// run reads the length of an end-of-band run whose symbol has category r; this
// block is the first of it.
func (h *huffProgressive) run(r uint8) int {
	return 1<<r + h.bits(uint(r))
}

func (h *huffProgressive) acFirst(t *huffTable, b *[64]int16, nonzero *uint64) {
	if h.eobRun > 0 {
		h.eobRun--
		return
	}
	for k := h.ss; k <= h.se; k++ {
		s, ok := h.symbol(t)
		h.bad = h.bad || !ok
		run, size := s>>4, uint(s&15)
		if size == 0 {
			if run != 15 {
				h.eobRun = h.run(run) - 1
				return
			}
			k += 15
			continue
		}
		k += int(run)
		v := extend(int32(h.bits(size)), size)
		if v := int16(v << h.al); v != 0 {
			k = min(k, 63)
			b[ZigZag[k]] = v
			*nonzero |= 1 << k
		}
	}
}

// acRefine adds one bit to coefficients already known and inserts new ones of
// magnitude one (T.81 figure G.7).
func (h *huffProgressive) acRefine(t *huffTable, b *[64]int16, nonzero *uint64) {
	k := h.ss
	if h.eobRun == 0 {
		for ; k <= h.se; k++ {
			s, ok := h.symbol(t)
			h.bad = h.bad || !ok
			run, value := int(s>>4), int16(0)
			if s&15 != 0 {
				value = -1 << h.al
				if h.bit() {
					value = 1 << h.al
				}
			} else if run != 15 {
				h.eobRun = h.run(uint8(run))
				break
			}
			k = h.refineRun(b, *nonzero, k, run)
			if value != 0 {
				at := min(k, 63)
				b[ZigZag[at]] = value
				*nonzero |= 1 << at
			}
		}
	}
	if h.eobRun > 0 {
		h.eobRun--
		h.refineRun(b, *nonzero, k, 64)
	}
}

// refineRun refines the coefficients from place k on that are not 0, passing over
// zeros of those that are, and returns the place of the zero that follows.
func (h *huffProgressive) refineRun(b *[64]int16, nonzero uint64, k, zeros int) int {
	one := int16(1) << h.al
	for {
		next := bits.TrailingZeros64(nonzero >> k << k)
		if k+zeros < next || next > h.se {
			return min(k+zeros, h.se+1)
		}
		zeros -= next - k
		k = next + 1
		p := &b[ZigZag[next&63]]
		if h.bit() && *p&one == 0 {
			if *p > 0 {
				*p += one
			} else {
				*p -= one
			}
		}
	}
}
