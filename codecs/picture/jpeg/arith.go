package jpeg

import "fmt"

// Statistics bins of arithmetic coding (T.81 tables F.2 to F.5): where the groups
// of bins start in the area of a table.
const (
	arithTables = 16
	dcBins      = 64
	acBins      = 256
	dcX1        = 20  // magnitude categories of DC differences
	acX2Low     = 189 // magnitude categories of AC coefficients up to place Kx
	acX2High    = 217 // beyond it
	toM         = 14  // from a category's bin to the bin of its low bits

	// fixedBin is a state of probability one half that never changes (index 113 is
	// no state of the standard; libjpeg has it too).
	fixedBin = 113
	// maxMagnitude ends magnitudes in damaged data.
	maxMagnitude = 0x8000
)

// arithConditioning holds the conditioning values of the DAC segment (T.81 section B.2.4.3).
type arithConditioning struct {
	low, high [arithTables]uint8 // bounds of small DC differences, as powers of two
	kx        [arithTables]uint8 // last place of the lower AC frequencies
}

func defaultConditioning() (a arithConditioning) {
	for i := range arithTables {
		a.low[i], a.high[i], a.kx[i] = 0, 1, 5
	}
	return a
}

func (a *arithConditioning) parse(b []byte) error {
	for ; len(b) >= 2; b = b[2:] {
		class, id, value := b[0]>>4, b[0]&15, b[1]
		switch {
		case class == 1:
			a.kx[id] = value
		case class == 0 && value&15 <= value>>4:
			a.low[id], a.high[id] = value&15, value>>4
		default:
			return fmt.Errorf("%w: arithmetic conditioning %02X %02X", ErrDamaged, b[0], value)
		}
	}
	return nil
}

// arithDecoder is the binary decoder of T.81 annex D.
type arithDecoder struct {
	seg  []byte // segmentPad zeros at the end
	pos  int
	c    uint32 // code register, with shift bits below the interval
	a    uint32 // interval
	left int    // bits of c not yet used; -16 at the start
}

func (d *arithDecoder) reset(seg []byte) { *d = arithDecoder{seg: seg, left: -16} }

// overread reports whether more was read than the segment holds. That is normal at
// its end, where encoders leave out zeros.
func (d *arithDecoder) overread() bool { return d.pos > len(d.seg)-segmentPad }

// decide decodes one decision with a statistics bin: bits 0..6 the state, bit 7
// the more probable value (T.81 figures D.14 to D.19).
func (d *arithDecoder) decide(bin *uint8) bool {
	for d.a < 0x8000 {
		d.renormalize()
	}
	state := &arithStates[*bin&127]
	mps := *bin & 128
	qe := uint32(state.qe)
	d.a -= qe
	split := d.a << uint(d.left&31)
	upper := d.c >= split
	if !upper && d.a >= 0x8000 {
		return mps != 0
	}
	// The smaller part of the interval is the less probable value's, which need
	// not be the upper one.
	lps := upper == (d.a >= qe)
	if upper {
		d.c -= split
		d.a = qe
	}
	if !lps {
		*bin = mps | state.nextMPS
		return mps != 0
	}
	*bin = mps ^ state.exchange | state.nextLPS
	return mps == 0
}

// renormalize doubles the interval and takes in a byte where one is due.
func (d *arithDecoder) renormalize() {
	d.left--
	if d.left < 0 {
		var b byte
		if d.pos < len(d.seg) {
			b = d.seg[d.pos]
		}
		d.pos++
		d.c = d.c<<8 | uint32(b)
		d.left += 8
		if d.left < 0 { // still filling the register at the start
			d.left++
			if d.left == 0 {
				d.a = 0x8000
			}
		}
	}
	d.a <<= 1
}

// arithBlocks decodes blocks of arithmetic scans, sequential (T.81 section F.2.4)
// and progressive (section G.2).
type arithBlocks struct {
	arithDecoder
	comps   []scanComponent
	cond    *arithConditioning
	ss, se  int
	al      uint
	refine  bool
	dc      [arithTables]*[dcBins]uint8
	ac      [arithTables]*[acBins]uint8
	fixed   uint8
	pred    [maxComponents]int32
	context [maxComponents]int // offset of the DC bins: class of the last difference
	dead    bool               // the segment made no sense: its rest is skipped
	bad     bool
}

func (d *decoder) newArithmetic(s *scan) (entropyDecoder, error) {
	cond := d.arith // a later DAC segment must not change this scan
	a := &arithBlocks{comps: s.comps, cond: &cond, ss: s.ss, se: s.se, al: uint(s.al), refine: s.ah > 0}
	for _, c := range s.comps {
		a.dc[c.dcN], a.ac[c.acN] = new([dcBins]uint8), new([acBins]uint8)
	}
	return a, nil
}

func (a *arithBlocks) start(segment []byte) {
	a.reset(segment)
	for i := range arithTables {
		if a.dc[i] != nil {
			*a.dc[i] = [dcBins]uint8{}
		}
		if a.ac[i] != nil {
			*a.ac[i] = [acBins]uint8{}
		}
	}
	a.pred, a.context = [maxComponents]int32{}, [maxComponents]int{}
	a.dead = false
}

func (a *arithBlocks) exhausted() bool { return a.dead }
func (a *arithBlocks) damaged() bool   { return a.bad }
func (a *arithBlocks) used() int       { return 0 }

// even decodes a decision of probability one half.
func (a *arithBlocks) even() bool {
	a.fixed = fixedBin
	return a.decide(&a.fixed)
}

// fail ends the segment after impossible data.
func (a *arithBlocks) fail() { a.dead, a.bad = true, true }

func (a *arithBlocks) block(i int, b *[64]int16, nonzero *uint64) {
	if a.dead {
		return
	}
	switch {
	case a.refine && a.ss == 0:
		if a.even() {
			b[0] |= 1 << a.al
		}
	case a.refine:
		a.acRefine(a.ac[a.comps[i].acN], b, nonzero)
	default:
		if a.ss == 0 {
			difference := a.dcDifference(i)
			if a.dead {
				return
			}
			a.pred[i] += difference
			b[0] = int16(a.pred[i] << a.al)
		}
		if a.se > 0 {
			a.acFirst(a.comps[i].acN, b, nonzero)
		}
	}
}

// dcDifference decodes a DC difference (T.81 figures F.19 to F.24).
func (a *arithBlocks) dcDifference(i int) int32 {
	n := a.comps[i].dcN
	bins, at := a.dc[n], a.context[i]
	if !a.decide(&bins[at]) {
		a.context[i] = 0
		return 0
	}
	sign := 0
	if a.decide(&bins[at+1]) {
		sign = 1
	}
	at += 2 + sign
	m := int32(0)
	if a.decide(&bins[at]) {
		m, at = 1, dcX1
		for a.decide(&bins[at]) {
			if m <<= 1; m == maxMagnitude {
				a.fail()
				return 0
			}
			at++
		}
	}
	switch {
	case m < 1<<a.cond.low[n]>>1:
		a.context[i] = 0
	case m > 1<<a.cond.high[n]>>1:
		a.context[i] = 12 + 4*sign
	default:
		a.context[i] = 4 + 4*sign
	}
	v := a.lowBits(&bins[at+toM], m)
	if sign == 1 {
		return -v
	}
	return v
}

// lowBits decodes the bits below the leading one of a magnitude less one.
func (a *arithBlocks) lowBits(bin *uint8, m int32) int32 {
	v := m
	for m >>= 1; m > 0; m >>= 1 {
		if a.decide(bin) {
			v |= m
		}
	}
	return v + 1
}

// acFirst decodes AC coefficients ss..se (T.81 figure F.20; those of progressive
// first scans are coded alike).
func (a *arithBlocks) acFirst(n int, b *[64]int16, nonzero *uint64) {
	bins := a.ac[n]
	for k := max(a.ss, 1); k <= a.se; k++ {
		at := 3 * (k - 1)
		if a.decide(&bins[at]) {
			return
		}
		for !a.decide(&bins[at+1]) {
			at += 3
			if k++; k > a.se {
				a.fail()
				return
			}
		}
		negative := a.even()
		v, ok := a.acMagnitude(bins, at+2, k <= int(a.cond.kx[n]))
		if !ok {
			a.fail()
			return
		}
		if negative {
			v = -v
		}
		b[ZigZag[k]] = int16(v << a.al)
		*nonzero |= 1 << k
	}
}

// acMagnitude decodes the magnitude of a coefficient that is not 0 (T.81 figures
// F.23 and F.24).
func (a *arithBlocks) acMagnitude(bins *[acBins]uint8, at int, low bool) (v int32, ok bool) {
	m := int32(0)
	if a.decide(&bins[at]) {
		m = 1
		if a.decide(&bins[at]) {
			m = 2
			at = acX2High
			if low {
				at = acX2Low
			}
			for a.decide(&bins[at]) {
				if m <<= 1; m == maxMagnitude {
					return 0, false
				}
				at++
			}
		}
	}
	return a.lowBits(&bins[at+toM], m), true
}

// acRefine adds one bit to coefficients ss..se (T.81 figure G.10).
func (a *arithBlocks) acRefine(bins *[acBins]uint8, b *[64]int16, nonzero *uint64) {
	one := int16(1) << a.al
	// Up to the last coefficient known from earlier scans there is no end of block.
	known := a.se
	for known > 0 && b[ZigZag[known]] == 0 {
		known--
	}
	for k := a.ss; k <= a.se; k++ {
		at := 3 * (k - 1)
		if k > known && a.decide(&bins[at]) {
			return
		}
		for !a.refineOne(&b[ZigZag[k]], bins, at, one) {
			at += 3
			if k++; k > a.se {
				a.fail()
				return
			}
		}
		*nonzero |= 1 << k
	}
}

// refineOne refines one coefficient and reports whether it is not 0 afterwards.
func (a *arithBlocks) refineOne(p *int16, bins *[acBins]uint8, at int, one int16) bool {
	if *p != 0 {
		if a.decide(&bins[at+2]) {
			if *p < 0 {
				*p -= one
			} else {
				*p += one
			}
		}
		return true
	}
	if !a.decide(&bins[at+1]) {
		return false
	}
	*p = one
	if a.even() {
		*p = -one
	}
	return true
}
