package jpeg

import (
	"fmt"
	"strings"
)

// Segment is one part of a file, for display.
type Segment struct {
	Name   string // "quantization tables", "picture data", ...
	Offset int    // of its first byte, the marker's FF, in the file
	Length int    // bytes, marker included
}

// PictureData reports whether the segment is entropy-coded data of a scan.
func (s Segment) PictureData() bool { return strings.HasPrefix(s.Name, pictureData) }

const pictureData = "picture data"

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
		if bare(m) {
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
				add(fmt.Sprintf("%s with %d restart markers", pictureData, restarts), start, d.pos)
			} else {
				add(pictureData, start, d.pos)
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

// segmentNames describes segments for people, by marker.
var segmentNames = map[byte]string{
	mSOI: "start of image", mEOI: "end of image", mDQT: "quantization tables",
	mDAC: "arithmetic conditioning", mDRI: "restart interval", mSOS: "start of scan", mDNL: "number of lines",
	mSOF0: "frame header, baseline", mSOF1: "frame header, extended", mSOF2: "frame header, progressive",
	mSOF9: "frame header, arithmetic", mSOFA: "frame header, progressive arithmetic",
	mAPP0: "application data (JFIF)", mAPP1: "application data (Exif, XMP)",
	mAPP2: "application data (colour profile)", mAPPE: "application data (Adobe)", mCOM: "comment",
}

func segmentName(m byte, body []byte) string {
	switch {
	case m == mDHT:
		return huffmanName(body)
	case m == mDQT && (len(body) == 65 && body[0]>>4 == 0 || len(body) == 129 && body[0]>>4 == 1):
		return fmt.Sprintf("quantization table %d", body[0]&15)
	}
	if name, ok := segmentNames[m]; ok {
		return name
	}
	return fmt.Sprintf("marker %02X", m)
}

// huffmanName names a segment of Huffman tables: one by its class and number.
func huffmanName(body []byte) string {
	const counts = 16 // codes by length
	if len(body) < 1+counts {
		return "Huffman tables"
	}
	n := 1 + counts
	for _, c := range body[1 : 1+counts] {
		n += int(c)
	}
	if n != len(body) {
		return "Huffman tables"
	}
	return fmt.Sprintf("Huffman table, %s %d", [2]string{"DC", "AC"}[body[0]>>4&1], body[0]&15)
}
