package jpeg

import "fmt"

// scanComponent is a component's part in a scan.
type scanComponent struct {
	index    int // in the frame
	comp     *component
	dc, ac   *huffTable // of Huffman scans
	dcN, acN int        // table numbers
}

// scan is a parsed scan header (T.81 section B.2.3).
type scan struct {
	comps  []scanComponent
	ss, se int // spectral selection
	ah, al int // successive approximation
}

// parseScan reads the scan header at d.pos, just behind its marker.
func (d *decoder) parseScan() (*scan, error) {
	b, err := d.segmentBody(mSOS)
	if err != nil {
		return nil, err
	}
	if len(b) < 1 || len(b) < 4+2*int(b[0]) {
		return nil, fmt.Errorf("%w: short scan header", ErrDamaged)
	}
	n := int(b[0])
	if n < 1 || n > len(d.frame.comps) {
		return nil, fmt.Errorf("%w: a scan of %d components in a file of %d", ErrDamaged, n, len(d.frame.comps))
	}
	s := &scan{}
	for i := range n {
		sc, err := d.scanComponent(s, b[1+2*i], b[2+2*i])
		if err != nil {
			return nil, err
		}
		s.comps = append(s.comps, sc)
	}
	tail := b[1+2*n:]
	s.ss, s.se, s.ah, s.al = int(tail[0]), int(tail[1]), int(tail[2]>>4), int(tail[2]&15)
	if !d.frame.progressive {
		// Some encoders leave these fields unset; they mean nothing here.
		s.ss, s.se, s.ah, s.al = 0, 63, 0, 0
		return s, nil
	}
	if !s.sensible() {
		return nil, fmt.Errorf("%w: a progressive scan of coefficients %d to %d, bits %d to %d, %d components",
			ErrDamaged, s.ss, s.se, s.ah, s.al, n)
	}
	return s, nil
}

// sensible reports whether the parameters of a progressive scan obey T.81 section
// G.1.1.1: DC alone or AC of one component, and refinement by one bit.
func (s *scan) sensible() bool {
	band := s.ss <= s.se && s.se <= 63
	alone := s.ss == 0 && s.se == 0 || s.ss > 0 && len(s.comps) == 1
	bits := s.al <= 13 && (s.ah == 0 || s.ah == s.al+1)
	return band && alone && bits
}

// scanComponent finds the component of a scan with an id. Files exist whose
// components share one id: those are taken in order.
func (d *decoder) scanComponent(s *scan, id, tables byte) (scanComponent, error) {
	for i := range d.frame.comps {
		c := &d.frame.comps[i]
		used := false
		for _, other := range s.comps {
			used = used || other.index == i
		}
		if c.id != id || used {
			continue
		}
		if c.quant == nil { // the table in force at the component's first scan counts
			if d.quant[c.tq] == nil {
				return scanComponent{}, fmt.Errorf("%w: quantization table %d is missing", ErrDamaged, c.tq)
			}
			c.quant = d.quant[c.tq]
		}
		return scanComponent{index: i, comp: c, dcN: int(tables >> 4), acN: int(tables & 15)}, nil
	}
	return scanComponent{}, fmt.Errorf("%w: a scan names component %d, which the frame header lacks", ErrDamaged, id)
}

// entropyDecoder sets up decoding of a scan.
func (d *decoder) entropyDecoder(s *scan) (entropyDecoder, error) {
	if d.frame.arithmetic {
		return d.newArithmetic(s)
	}
	for i := range s.comps {
		c := &s.comps[i]
		if c.dcN > 3 || c.acN > 3 {
			return nil, fmt.Errorf("%w: a scan names Huffman table %d", ErrDamaged, max(c.dcN, c.acN))
		}
		if s.ss == 0 && s.ah == 0 {
			if c.dc = d.table(&d.dc, c.dcN, lumaDC); c.dc == nil || !c.dc.isDC() {
				return nil, fmt.Errorf("%w: DC Huffman table %d is missing or wrong", ErrDamaged, c.dcN)
			}
		}
		if s.se > 0 {
			if c.ac = d.table(&d.ac, c.acN, lumaAC); c.ac == nil {
				return nil, fmt.Errorf("%w: AC Huffman table %d is missing", ErrDamaged, c.acN)
			}
		}
	}
	base := huffBase{comps: s.comps}
	if d.frame.progressive {
		return &huffProgressive{huffBase: base, ss: s.ss, se: s.se, al: uint(s.al), refine: s.ah > 0}, nil
	}
	return &huffSequential{huffBase: base}, nil
}

// table returns Huffman table n, or the typical one where the file has none.
func (d *decoder) table(tables *[4]*huffTable, n, luma int) *huffTable {
	if tables[n] == nil && n < 2 {
		tables[n] = standardTable(luma + 2*n)
	}
	return tables[n]
}

// blockStore holds quantized coefficients: of the whole picture, or of one row
// of MCUs. Blocks of component c lie row by row, comps[c].stride a row.
type blockStore struct {
	coefs   [maxComponents][]int16  // 64 a block, natural order
	nonzero [maxComponents][]uint64 // a block: see entropyDecoder
	bits    [maxComponents][]int32  // a block: bits read for it; nil unless wanted
}

// newBlockStore has room for mcuRows rows of MCUs.
func (f *frame) newBlockStore(mcuRows int, bits bool) *blockStore {
	s := &blockStore{}
	for i := range f.comps {
		n := f.comps[i].stride * f.comps[i].v * mcuRows
		s.coefs[i] = make([]int16, 64*n)
		s.nonzero[i] = make([]uint64, n)
		if bits {
			s.bits[i] = make([]int32, n)
		}
	}
	return s
}

func (s *blockStore) clear() {
	for i := range s.coefs {
		clear(s.coefs[i])
		clear(s.nonzero[i])
	}
}

// scanRun is the state of one scan's decoding.
type scanRun struct {
	d        *decoder
	ent      entropyDecoder
	scan     *scan
	buf      []byte // of the current segment
	cut      bool   // the data ended in the current segment
	dry      bool   // the current segment holds no more
	left     int    // MCUs to the next restart
	next     int    // number of the restart marker expected next
	lastGood int    // last row of MCUs of the frame that had data
	lost     int    // MCUs without data, or not all of theirs
}

// newRun starts decoding a scan whose header was just read.
func (d *decoder) newRun(s *scan) (*scanRun, error) {
	ent, err := d.entropyDecoder(s)
	if err != nil {
		return nil, err
	}
	r := &scanRun{d: d, ent: ent, scan: s, left: d.restart}
	r.segment()
	return r, nil
}

func (r *scanRun) segment() {
	r.buf, r.cut = r.d.entropySegment(r.buf)
	r.ent.start(r.buf)
}

// beforeMCU steps over restart markers and reports whether there is data left to
// decode in row of MCUs row. Without data an MCU stays as it is, as in libjpeg.
func (r *scanRun) beforeMCU(row int) bool {
	if r.d.restart > 0 {
		if r.left == 0 {
			r.restart()
		}
		r.left--
	}
	if r.dry {
		r.lost++
	} else {
		r.lastGood = row
	}
	return !r.dry
}

func (r *scanRun) afterMCU() {
	r.dry = r.ent.exhausted()
	if r.cut && r.ent.overread() {
		r.lost++
	}
}

// row decodes MCU row y of the scan into s, whose first row is MCU row base.
func (r *scanRun) row(s *blockStore, y, base int) {
	if len(r.scan.comps) == 1 {
		c := &r.scan.comps[0]
		first := (y - base*c.comp.v) * c.comp.stride
		for x := range c.comp.blocksX {
			if r.beforeMCU(y / c.comp.v) {
				r.block(0, s, c.index, first+x)
				r.afterMCU()
			} else if r.d.restart == 0 {
				r.lost += c.comp.blocksX - x - 1
				return
			}
		}
		return
	}
	for x := range r.d.frame.mcusX {
		if !r.beforeMCU(y) {
			continue
		}
		for i := range r.scan.comps {
			c := &r.scan.comps[i]
			for v := range c.comp.v {
				first := ((y-base)*c.comp.v+v)*c.comp.stride + x*c.comp.h
				for h := range c.comp.h {
					r.block(i, s, c.index, first+h)
				}
			}
		}
		r.afterMCU()
	}
}

func (r *scanRun) block(i int, s *blockStore, comp, at int) {
	b := (*[64]int16)(s.coefs[comp][64*at:])
	if s.bits[comp] == nil {
		r.ent.block(i, b, &s.nonzero[comp][at])
		return
	}
	before := r.ent.used()
	r.ent.block(i, b, &s.nonzero[comp][at])
	s.bits[comp][at] += int32(r.ent.used() - before)
}

// rows is how many rows of MCUs the scan has, and units how many MCUs.
func (r *scanRun) rows() int {
	if len(r.scan.comps) == 1 {
		return r.scan.comps[0].comp.blocksY
	}
	return r.d.frame.mcusY
}

func (r *scanRun) units() int {
	if len(r.scan.comps) == 1 {
		return r.scan.comps[0].comp.blocksY * r.scan.comps[0].comp.blocksX
	}
	return r.d.frame.mcusY * r.d.frame.mcusX
}

// restart moves to the next restart interval. Where another marker stands there
// than the expected one, the rules of libjpeg decide: a marker one or two ahead
// means that an interval was lost, so the present one stays empty; one or two
// behind is passed over; any other counts as the expected one.
func (r *scanRun) restart() {
	d := r.d
	r.left = d.restart
	expected := r.next
	r.next = (r.next + 1) & 7
	for {
		start := d.pos
		m, ok := d.nextMarker()
		if ok && (m < mSOF0 || m >= mRST0 && m <= mRST7) {
			ahead := (int(m) - mRST0 - expected) & 7
			if m < mSOF0 || ahead == 6 || ahead == 7 {
				d.corrupt = true
				continue
			}
			if ahead != 1 && ahead != 2 {
				d.corrupt = d.corrupt || ahead != 0
				r.dry = false
				r.segment()
				return
			}
		}
		// Another segment, the end, or a later interval: this one is empty.
		d.pos = start
		r.cut = !ok
		d.corrupt = d.corrupt || ok
		r.ent.start(make([]byte, segmentPad))
		return
	}
}

// finish notes what was lost.
func (r *scanRun) finish() {
	d := r.d
	d.corrupt = d.corrupt || r.ent.damaged()
	if r.lost == 0 && !r.dry {
		return
	}
	percent := min(max(100*r.lost/r.units(), 1), 99)
	switch {
	case r.cut && d.frame.progressive:
		d.truncated = true
	case r.cut:
		d.truncated = true
		d.note("%v: %d %% of the picture is missing", ErrTruncated, percent)
	default:
		d.corrupt = true
	}
}
