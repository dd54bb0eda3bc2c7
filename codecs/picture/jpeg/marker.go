package jpeg

import (
	"bytes"
	"fmt"
	"image"
)

// Marker codes, the second byte after 0xFF (T.81 table B.1).
const (
	mSOF0 = 0xC0 // baseline
	mSOF1 = 0xC1 // extended sequential, Huffman
	mSOF2 = 0xC2 // progressive, Huffman
	mSOF9 = 0xC9 // extended sequential, arithmetic
	mSOFA = 0xCA // progressive, arithmetic
	mSOFF = 0xCF
	mDHT  = 0xC4
	mJPG  = 0xC8
	mDAC  = 0xCC
	mRST0 = 0xD0
	mRST7 = 0xD7
	mSOI  = 0xD8
	mEOI  = 0xD9
	mSOS  = 0xDA
	mDQT  = 0xDB
	mDNL  = 0xDC
	mDRI  = 0xDD
	mAPP0 = 0xE0
	mAPP1 = 0xE1
	mAPP2 = 0xE2
	mAPPE = 0xEE
	mCOM  = 0xFE
)

// decoder holds one file's state. Tables persist from segment to segment.
type decoder struct {
	data []byte
	pos  int  // of the next byte to parse
	raw  bool // components are wanted as they are

	quant    [4]*[64]uint16 // natural order
	dc, ac   [4]*huffTable
	arith    arithConditioning
	restart  int // MCUs in a restart interval; 0: none
	frame    *frame
	jfif     bool
	adobe    int // colour transform of the Adobe segment; -1: no segment
	iccParts [][]byte
	exif     []byte

	notes     []string
	truncated bool
	corrupt   bool // some entropy-coded data made no sense
	out       *image.NRGBA
}

// note records something for the user, once.
func (d *decoder) note(format string, args ...any) {
	s := fmt.Sprintf(format, args...)
	for _, n := range d.notes {
		if n == s {
			return
		}
	}
	d.notes = append(d.notes, s)
}

// readHeader parses up to the first scan header, whose marker it leaves unread.
func (d *decoder) readHeader() error {
	d.adobe, d.arith = -1, defaultConditioning()
	if len(d.data) == 0 {
		return fmt.Errorf("%w: it is empty", ErrFormat)
	}
	if len(d.data) < 3 || d.data[0] != 0xFF || d.data[1] != mSOI {
		return fmt.Errorf("%w: it does not start with FF D8", ErrFormat)
	}
	d.pos = 2
	for {
		m, ok := d.nextMarker()
		switch {
		case !ok:
			return fmt.Errorf("%w: it ends after %d bytes, before any picture data", ErrTruncated, len(d.data))
		case m == mEOI:
			return fmt.Errorf("%w: it holds no picture", ErrDamaged)
		case m == mSOS:
			if d.frame == nil {
				return fmt.Errorf("%w: picture data before the frame header", ErrDamaged)
			}
			d.pos -= 2
			return d.frame.resolveHeight(d.data[d.pos:])
		}
		if err := d.segment(m); err != nil {
			return err
		}
	}
}

// nextMarker moves past the next marker, skipping fill bytes and junk, and
// returns its code. ok is false at the end of the data.
func (d *decoder) nextMarker() (code byte, ok bool) {
	for d.pos < len(d.data) {
		i := bytes.IndexByte(d.data[d.pos:], 0xFF)
		if i < 0 {
			break
		}
		d.pos += i
		for d.pos < len(d.data) && d.data[d.pos] == 0xFF {
			d.pos++
		}
		if d.pos == len(d.data) {
			break
		}
		code = d.data[d.pos]
		d.pos++
		if code != 0 {
			return code, true
		}
	}
	d.pos = len(d.data)
	return 0, false
}

// bare reports whether a marker stands alone, without a segment. Reserved codes
// below the frame headers are junk that looks like a marker.
func bare(m byte) bool { return m < mSOF0 || m >= mRST0 && m <= mEOI }

// segment parses the segment of a marker just read; scans are not its business.
func (d *decoder) segment(m byte) error {
	if bare(m) {
		return nil
	}
	body, err := d.segmentBody(m)
	if err != nil {
		return err
	}
	switch m {
	case mDHT:
		return d.parseHuffman(body)
	case mDQT:
		return d.parseQuant(body)
	case mDAC:
		return d.arith.parse(body)
	case mDRI:
		if len(body) < 2 {
			return fmt.Errorf("%w: short restart interval segment", ErrDamaged)
		}
		d.restart = int(body[0])<<8 | int(body[1])
	case mAPP0, mAPP1, mAPP2, mAPPE:
		d.application(m, body)
	default:
		if m <= mSOFF && m != mJPG {
			return d.parseFrame(m, body)
		}
	}
	return nil
}

// parseFrame reads the one frame header.
func (d *decoder) parseFrame(m byte, body []byte) error {
	if d.frame != nil {
		return fmt.Errorf("%w: a second frame header", ErrDamaged)
	}
	f, err := parseFrame(m, body)
	d.frame = f
	return err
}

// application reads the application segments that matter: JFIF, Exif, colour
// profile and Adobe.
func (d *decoder) application(m byte, body []byte) {
	switch m {
	case mAPP0:
		d.jfif = d.jfif || len(body) >= 14 && bytes.HasPrefix(body, []byte("JFIF\x00"))
	case mAPP1:
		if p, ok := bytes.CutPrefix(body, []byte("Exif\x00")); ok && len(p) > 1 && d.exif == nil {
			d.exif = p[1:]
		}
	case mAPP2:
		if p, ok := bytes.CutPrefix(body, []byte("ICC_PROFILE\x00")); ok && len(p) > 2 {
			d.iccParts = append(d.iccParts, p)
		}
	case mAPPE:
		if len(body) >= 12 && bytes.HasPrefix(body, []byte("Adobe")) {
			d.adobe = int(body[11])
		}
	}
}

// segmentBody returns the bytes after a segment's length field and moves past them.
func (d *decoder) segmentBody(m byte) ([]byte, error) {
	if len(d.data)-d.pos < 2 {
		d.pos = len(d.data)
		return nil, fmt.Errorf("%w: it ends in the header of segment %02X", ErrTruncated, m)
	}
	n := int(d.data[d.pos])<<8 | int(d.data[d.pos+1])
	if n < 2 {
		return nil, fmt.Errorf("%w: segment %02X claims a length of %d bytes", ErrDamaged, m, n)
	}
	if len(d.data)-d.pos < n {
		d.pos = len(d.data)
		return nil, fmt.Errorf("%w: it ends inside segment %02X", ErrTruncated, m)
	}
	body := d.data[d.pos+2 : d.pos+n]
	d.pos += n
	return body, nil
}

// parseQuant reads quantization tables (T.81 section B.2.4.1).
func (d *decoder) parseQuant(b []byte) error {
	for len(b) > 0 {
		precision, id := b[0]>>4, b[0]&15
		b = b[1:]
		size := 64
		if precision != 0 {
			size = 128
		}
		if id > 3 {
			return fmt.Errorf("%w: quantization table number %d, the format ends at 3", ErrDamaged, id)
		}
		if len(b) < size {
			return fmt.Errorf("%w: short quantization table", ErrDamaged)
		}
		t := new([64]uint16)
		for k := range 64 {
			if precision != 0 {
				t[ZigZag[k]] = uint16(b[2*k])<<8 | uint16(b[2*k+1])
			} else {
				t[ZigZag[k]] = uint16(b[k])
			}
		}
		d.quant[id] = t
		b = b[size:]
	}
	return nil
}

// assembleICC joins the chunks of a colour profile (ICC.1:2022, annex B.4): each
// starts with its number and the count of all, which may stand in any order.
func (d *decoder) assembleICC() []byte {
	if len(d.iccParts) == 0 {
		return nil
	}
	total := int(d.iccParts[0][1])
	byNumber := make([][]byte, total+1)
	for _, p := range d.iccParts {
		if n := int(p[0]); n >= 1 && n <= total && byNumber[n] == nil {
			byNumber[n] = p[2:]
		}
	}
	var profile []byte
	for _, p := range byNumber[1:] {
		if p == nil {
			d.note("the colour profile is incomplete and was ignored")
			return nil
		}
		profile = append(profile, p...)
	}
	return profile
}
