package jpeg

// exactness tracks, for each component, how many low bits of each coefficient in
// zigzag order are still unknown: -1 means that no scan held it.
type exactness struct {
	now, before [][64]int8 // after the component's last scan, and before it
	scans       int
	lastGood    int // last row of MCUs for which the last scan had data
}

func newExactness(f *frame) *exactness {
	e := &exactness{now: make([][64]int8, len(f.comps)), before: make([][64]int8, len(f.comps))}
	for i := range e.now {
		for k := range e.now[i] {
			e.now[i][k] = -1
		}
	}
	return e
}

// add records a scan.
func (e *exactness) add(s *scan) {
	e.scans++
	for _, c := range s.comps {
		if e.scans > 1 {
			e.before[c.index] = e.now[c.index]
		}
		for k := s.ss; k <= s.se; k++ {
			e.now[c.index][k] = int8(s.al)
		}
	}
}

// complete reports whether every coefficient is known to its last bit.
func (e *exactness) complete() bool {
	for i := range e.now {
		for _, bits := range e.now[i] {
			if bits != 0 {
				return false
			}
		}
	}
	return true
}

// known reports whether every component had a scan with its DC coefficients.
func (e *exactness) known() bool {
	for i := range e.now {
		if e.now[i][0] < 0 {
			return false
		}
	}
	return true
}
