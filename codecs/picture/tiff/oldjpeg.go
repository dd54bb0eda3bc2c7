package tiff

import (
	"bytes"
	"encoding/binary"

	"codecworkbench/codecs/picture/jpeg"
	"codecworkbench/codecs/picture/raster"
)

// decodeWhole reads an old-style file whose JPEG data is one whole stream, at tag 513
// or in its only strip; done is false where there is no such stream.
func decodeWhole(d *directory, l *layout, img *raster.Image, limit raster.Limit) (done bool, err error) {
	at := d.whole(tagJPEGFormat, 0)
	if at == 0 && l.offsets.count == 1 {
		at = d.wholeAt(l.offsets, 0, 0)
	}
	if at <= 0 || at >= len(d.data) || l.offsets.count > 1 {
		return false, nil
	}
	stream := d.data[at:]
	c, err := jpeg.DecodeConfig(stream)
	if err != nil || c.Width != l.width || c.Height != l.height {
		return false, nil
	}
	if err := limit(c.Width, c.Height); err != nil {
		return false, err
	}
	m, err := jpeg.Decode(stream)
	if err != nil {
		return false, nil
	}
	if m.Truncated {
		return false, raster.Damaged(format, "it is cut off, part of the picture is missing")
	}
	img.Pix, img.Gray = m.Pix, m.Gray
	img.Notes = append(img.Notes, m.Notes...)
	return true, nil
}

// oldHeader is what the segments of an old-style file share: JPEG marker segments.
type oldHeader struct {
	tables []byte // DQT, DHT and DRI, with the markers
	frame  []byte // SOF, without the marker; the size in it is that of the picture
	scan   []byte // SOS, with the marker
	width  int
}

// readOldHeader collects the header from the stream at tag 513, or from the tables at
// tags 519 to 521.
func readOldHeader(d *directory, l *layout) (*oldHeader, error) {
	h := &oldHeader{width: l.segW}
	if at := d.whole(tagJPEGFormat, 0); at > 0 && at < len(d.data) {
		h.collect(d.data[at:])
	} else if err := h.build(d, l); err != nil {
		return nil, err
	}
	if len(h.frame) < 8 || h.tables == nil {
		return nil, raster.Unsupported(format, "old-style JPEG compression without tables")
	}
	if h.scan == nil {
		h.scan = scanHeader(int(h.frame[7]), func(c int) byte { return byte(min(c, 1) * 0x11) }, h.frame)
	}
	return h, nil
}

// collect takes the segments of a JPEG stream before its first scan.
func (h *oldHeader) collect(b []byte) {
	b = bytes.TrimPrefix(b, []byte("\xff\xd8"))
	for len(b) >= 4 && b[0] == 0xff {
		n := 2 + int(binary.BigEndian.Uint16(b[2:]))
		if n > len(b) {
			return
		}
		switch b[1] {
		case 0xdb, 0xc4, 0xdd:
			h.tables = append(h.tables, b[:n]...)
		case 0xc0, 0xc1:
			h.frame = b[2:n]
		case 0xda:
			h.scan = b[:n]
			return
		}
		b = b[n:]
	}
}

// build makes the segments from the tables at tags 519 to 521, one of each kind for
// each component.
func (h *oldHeader) build(d *directory, l *layout) error {
	table := func(tag, c int) []byte {
		at := d.wholeAt(d.tags[tag], c, len(d.data))
		return d.data[min(at, len(d.data)):]
	}
	h.frame = []byte{0, byte(8 + 3*l.colours), 8, 0, 0, 0, 0, byte(l.colours)}
	for c := range l.colours {
		q, dc, ac := table(tagJPEGQTables, c), table(tagJPEGDCTables, c), table(tagJPEGACTables, c)
		if len(q) < 64 {
			return raster.Damaged(format, "its JPEG tables are missing")
		}
		h.tables = append(h.tables, 0xff, 0xdb, 0, 67, byte(c))
		h.tables = append(h.tables, q[:64]...)
		for class, b := range [][]byte{dc, ac} {
			n := 16
			for i := 0; i < 16 && i < len(b); i++ {
				n += int(b[i])
			}
			if n > len(b) || n > 16+256 {
				return raster.Damaged(format, "its JPEG tables are missing")
			}
			h.tables = append(h.tables, 0xff, 0xc4, byte((n+3)>>8), byte(n+3), byte(class<<4|c))
			h.tables = append(h.tables, b[:n]...)
		}
		factors := byte(0x11)
		if c == 0 {
			factors = byte(l.jpegX<<4 | l.jpegY)
		}
		h.frame = append(h.frame, byte(c+1), factors, byte(c))
	}
	h.scan = scanHeader(l.colours, func(c int) byte { return byte(c * 0x11) }, h.frame)
	return nil
}

// scanHeader makes the SOS segment of one scan of all components.
func scanHeader(components int, tables func(c int) byte, frame []byte) []byte {
	b := []byte{0xff, 0xda, 0, byte(6 + 2*components), byte(components)}
	for c := range components {
		id := byte(c + 1)
		if 8+3*c < len(frame) {
			id = frame[8+3*c]
		}
		b = append(b, id, tables(c))
	}
	return append(b, 0, 63, 0)
}

// stream makes a whole JPEG stream of one stored strip or tile.
func (h *oldHeader) stream(stored []byte, rows int) []byte {
	if bytes.HasPrefix(stored, []byte("\xff\xd8")) {
		return stored
	}
	scan := h.scan
	if len(stored) > 4 && stored[0] == 0xff && stored[1] == 0xda { // the first one brings its header along
		n := min(2+int(binary.BigEndian.Uint16(stored[2:])), len(stored))
		scan, stored = stored[:n], stored[n:]
	}
	frame := bytes.Clone(h.frame)
	binary.BigEndian.PutUint16(frame[3:], uint16(rows))
	binary.BigEndian.PutUint16(frame[5:], uint16(h.width))
	var b bytes.Buffer
	b.WriteString("\xff\xd8" + adobeYCbCr)
	b.Write(h.tables)
	b.WriteString("\xff\xc0")
	b.Write(frame)
	b.Write(scan)
	b.Write(stored)
	b.WriteString("\xff\xd9")
	return b.Bytes()
}
