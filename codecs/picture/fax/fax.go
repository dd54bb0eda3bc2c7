// Package fax decodes the bi-level coding of fax machines as TIFF files use it:
// Group 3 in one and two dimensions, Group 4, and Modified Huffman rows without
// end-of-line codes. It does not read the uncompressed mode, which nobody writes.
//
// Sources: ITU-T T.4 (07/2003) and T.6 (11/1988); TIFF 6.0, sections 10 and 11.
package fax

import "errors"

// Scheme is one way to code rows.
type Scheme int

// Schemes, by the name of the TIFF compression.
const (
	Group3       Scheme = iota // rows separated by end-of-line codes (compression 3)
	Group4                     // two-dimensional rows without separators (4)
	HuffmanBytes               // one-dimensional rows that start on bytes (2)
	HuffmanWords               // ... on 16-bit words (32771)
)

// ErrCode marks a code that makes no sense where it stands; ErrCut data that ends
// before the last row.
var (
	ErrCode = errors.New("invalid fax code")
	ErrCut  = errors.New("fax data ends early")
)

// Options say how the data is coded.
type Options struct {
	Scheme Scheme
	TwoDim bool // Group3: a bit behind each end-of-line code says how the row is coded
}

// reader reads bits from the highest down; zeros follow the end of the data.
type reader struct {
	data []byte
	at   int // in bits
}

func (r *reader) peek(n int) int {
	v := uint32(0)
	for i := range 4 {
		v <<= 8
		if k := r.at>>3 + i; k < len(r.data) {
			v |= uint32(r.data[k])
		}
	}
	return int(v << (r.at & 7) >> (32 - n))
}

func (r *reader) ended() bool { return r.at >= 8*len(r.data) }

// row holds the positions where the colour changes, the first one to black. Empty
// runs stay in, as two equal positions: some encoders count them in the next row.
type row []int

// decoder decodes rows of width pixels.
type decoder struct {
	reader
	Options
	width    int
	ref, cur row
}

// Decode decodes height rows of width pixels to packed bits, rows on byte boundaries,
// 1 for black, and returns how many rows were in the data; the others are white.
// Group 3 goes on with the next row after a broken one; those are counted too. At an
// error the rows before it are returned.
func Decode(data []byte, width, height int, o Options) (bits []byte, rows, broken int, err error) {
	stride := (width + 7) / 8
	bits = make([]byte, stride*height)
	d := &decoder{reader: reader{data: data}, Options: o, width: width}
	for y := range height {
		more, err := d.next()
		if err != nil && o.Scheme == Group3 && !d.ended() {
			err = nil
			broken++
			d.resync()
		}
		if err != nil || !more {
			return bits, y, broken, err
		}
		d.cur.paint(bits[y*stride:(y+1)*stride], width)
		d.ref, d.cur = d.cur, d.ref[:0]
	}
	return bits, height, broken, nil
}

// paint sets the black runs.
func (r row) paint(bits []byte, width int) {
	for i := 0; i < len(r); i += 2 {
		end := width
		if i+1 < len(r) {
			end = r[i+1]
		}
		for x := r[i]; x < end; x++ {
			bits[x>>3] |= 0x80 >> (x & 7)
		}
	}
}

// next decodes a row into cur; more is false after the end of the block.
func (d *decoder) next() (more bool, err error) {
	flat := true
	switch d.Scheme {
	case Group4:
		if d.peek(12) == 1 {
			return false, nil
		}
		flat = false
	case HuffmanBytes:
		d.at = (d.at + 7) &^ 7
	case HuffmanWords:
		d.at = (d.at + 15) &^ 15
	case Group3:
		found := d.skipEnds()
		if d.TwoDim && found {
			flat = d.peek(1) == 1
			d.at++
		}
	}
	if d.ended() {
		return false, ErrCut
	}
	if flat {
		err = d.oneDim()
	} else {
		err = d.twoDim()
	}
	if err == nil && d.at > 8*len(d.data) {
		err = ErrCut
	}
	return true, err
}

// skipEnds passes end-of-line codes with the fill before them and reports whether
// there was one.
func (d *decoder) skipEnds() bool {
	found := false
	for d.peek(11) == 0 && !d.ended() {
		for d.peek(1) == 0 && !d.ended() {
			d.at++
		}
		d.at++
		found = true
		// In two dimensions a tag bit stands between the codes of the end of the block.
		if d.TwoDim && d.peek(12)&0x7ff == 0 {
			d.at++
		}
	}
	return found
}

// resync moves to the next end-of-line code.
func (d *decoder) resync() {
	for !d.ended() && d.peek(12) != 1 {
		d.at++
	}
}

// run reads a run of one colour (0 white, 1 black): make-up codes and a terminating one.
func (d *decoder) run(colour int) (int, error) {
	t := &tables()[colour]
	for n := 0; ; {
		e := t[d.peek(codeBits)]
		if e == 0 || n > d.width {
			return 0, ErrCode
		}
		d.at += int(e >> 12)
		n += int(e & 0xfff)
		if e&0xfff < 64 {
			return n, nil
		}
	}
}

// runs reads a run of colour, then one of the other colour and so on, from x, until
// the row is full or count runs are read; it returns where they end.
func (d *decoder) runs(x, colour, count int) (int, error) {
	for ; count > 0; count-- {
		n, err := d.run(colour)
		if err != nil {
			return x, err
		}
		x = min(x+n, d.width) // some encoders let the last run go too far
		d.cur = append(d.cur, x)
		colour = 1 - colour
	}
	return x, nil
}

// oneDim decodes white and black runs in turn.
func (d *decoder) oneDim() (err error) {
	d.cur = d.cur[:0]
	for x, colour := 0, 0; x < d.width && err == nil; colour = 1 - colour {
		x, err = d.runs(x, colour, 1)
	}
	return err
}

// twoDim decodes a row against the one above (T.4, 4.2; T.6, 2.2). In the
// recommendations' words a0 is x, and b1 the first change in the row above that lies
// right of a0 and is from its colour to the other one.
func (d *decoder) twoDim() (err error) {
	d.cur = d.cur[:0]
	x, colour := -1, 0
	for x < d.width {
		i := d.change(x, colour)
		v := d.peek(7)
		shift, n := vertical(v)
		switch {
		case n > 0:
			to := min(d.above(i)+shift, d.width)
			if to < max(x, 0) {
				return ErrCode
			}
			d.at += n
			x, colour = to, 1-colour
			d.cur = append(d.cur, x)
		case v>>3 == 1: // 0001: pass
			d.at += 4
			x = d.above(i + 1)
		case v>>4 == 1: // 001: horizontal
			d.at += 3
			if x, err = d.runs(max(x, 0), colour, 2); err != nil {
				return err
			}
		default:
			return ErrCode
		}
	}
	return nil
}

// vertical returns the shift of a vertical mode code among 7 bits, and its length; 0
// for another code.
func vertical(v int) (shift, bits int) {
	switch {
	case v>>6 == 1: // 1
		return 0, 1
	case v>>4 == 3: // 011
		return 1, 3
	case v>>4 == 2: // 010
		return -1, 3
	case v>>1 == 3: // 000011
		return 2, 6
	case v>>1 == 2: // 000010
		return -2, 6
	case v == 3: // 0000011
		return 3, 7
	case v == 2: // 0000010
		return -3, 7
	}
	return 0, 0
}

// change returns the index in ref of b1 for position x.
func (d *decoder) change(x, colour int) int {
	// Changes rise, so that everything before the last position stays behind; rows have
	// few changes, and a search from the row's start would take quadratic time.
	lo, hi := 0, len(d.ref)
	for lo < hi {
		mid := (lo + hi) / 2
		if d.ref[mid] > x {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	if lo%2 != colour {
		lo++
	}
	return lo
}

// above returns the i-th change of the row above; beyond the last one the row's end.
func (d *decoder) above(i int) int {
	if i < len(d.ref) {
		return d.ref[i]
	}
	return d.width
}
