package jpeg

import "fmt"

// Segment is one part of a file, for display.
type Segment struct {
	Name   string // "quantization tables", "picture data", ...
	Offset int    // of its first byte, the marker's FF, in the file
	Length int    // bytes, marker included
}

// Segments lists a file's parts in order; together they hold every byte. It reads
// as far as markers make sense and calls the rest unreadable.
func Segments(data []byte) []Segment {
	var list []Segment
	add := func(name string, from, to int) {
		if to > from {
			list = append(list, Segment{Name: name, Offset: from, Length: to - from})
		}
	}
	d := decoder{data: data}
	for d.pos < len(data) {
		start := d.pos
		m, ok := d.nextMarker()
		if !ok {
			add("junk", start, len(data))
			break
		}
		add("junk", start, d.pos-2)
		start = max(d.pos-2, start)
		if m == mSOI || m == mEOI || m < mSOF0 || m >= mRST0 && m <= mRST7 {
			add(segmentName(m, nil), start, d.pos)
		} else {
			body, err := d.segmentBody(m)
			if err != nil {
				add("unreadable", start, len(data))
				break
			}
			add(segmentName(m, body), start, d.pos)
		}
		if m == mSOS {
			start = d.pos
			if restarts := d.skipEntropy(); restarts > 0 {
				add(fmt.Sprintf("picture data with %d restart markers", restarts), start, d.pos)
			} else {
				add("picture data", start, d.pos)
			}
		}
	}
	return list
}

// skipEntropy moves to the next marker that is neither stuffing, fill nor a restart
// marker, and counts the latter.
func (d *decoder) skipEntropy() (restarts int) {
	for ; d.pos < len(d.data); d.pos++ {
		if d.data[d.pos] != 0xFF || d.pos+1 == len(d.data) {
			continue
		}
		switch m := d.data[d.pos+1]; {
		case m >= mRST0 && m <= mRST7:
			restarts++
		case m != 0 && m != 0xFF:
			return restarts
		}
	}
	return restarts
}

// segmentName describes a segment for people.
func segmentName(m byte, body []byte) string {
	switch m {
	case mSOI:
		return "start of image"
	case mEOI:
		return "end of image"
	case mDQT:
		return "quantization tables"
	case mDHT:
		if len(body) > 0 && body[0]>>4 == 0 {
			return "Huffman table, DC"
		}
		return "Huffman table, AC"
	case mDAC:
		return "arithmetic conditioning"
	case mDRI:
		return "restart interval"
	case mSOS:
		return "start of scan"
	case mDNL:
		return "number of lines"
	case mSOF0, mSOF1, mSOF2, mSOF9, mSOFA:
		return "frame header"
	case mAPP1:
		return "application data (Exif, XMP)"
	case mAPP2:
		return "application data (colour profile)"
	case 0xFE:
		return "comment"
	}
	if m >= mAPP0 && m <= 0xEF {
		return fmt.Sprintf("application data %d", m-mAPP0)
	}
	return fmt.Sprintf("marker %02X", m)
}
