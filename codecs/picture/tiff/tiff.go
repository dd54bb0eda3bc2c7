// Package tiff reads the first picture of TIFF and BigTIFF files: strips and tiles,
// samples together or in planes, 1 to 64 bits a sample, whole or floating, bi-level,
// grey, palette, RGB, CMYK, YCbCr and CIELab with associated or straight alpha;
// uncompressed or with PackBits, LZW, Deflate, the fax codings, JPEG (old and new
// style), ThunderScan or NeXT compression; both predictors and both bit orders.
// It does not read LogLuv, camera raw files, ZSTD, LZMA, JBIG or JPEG 2000.
//
// Sources: Adobe, TIFF revision 6.0 (1992); Adobe, "TIFF Technical Notes" 1 to 3 for
// Photoshop (1995, 2005); the BigTIFF design (AWare Systems).
package tiff

import (
	"encoding/binary"
	"math"

	"codecworkbench/codecs/picture/raster"
)

const format = "TIFF"

// Tags that are read.
const (
	tagWidth           = 256
	tagHeight          = 257
	tagBits            = 258
	tagCompression     = 259
	tagPhotometric     = 262
	tagFillOrder       = 266
	tagStripOffsets    = 273
	tagOrientation     = 274
	tagSamples         = 277
	tagRowsPerStrip    = 278
	tagStripCounts     = 279
	tagPlanar          = 284
	tagT4Options       = 292
	tagPredictor       = 317
	tagColorMap        = 320
	tagTileWidth       = 322
	tagTileHeight      = 323
	tagTileOffsets     = 324
	tagTileCounts      = 325
	tagInkSet          = 332
	tagExtraSamples    = 338
	tagSampleFormat    = 339
	tagJPEGTables      = 347
	tagJPEGFormat      = 513
	tagJPEGFormatBytes = 514
	tagJPEGQTables     = 519
	tagJPEGDCTables    = 520
	tagJPEGACTables    = 521
	tagYCbCrCoeff      = 529
	tagYCbCrSub        = 530
	tagReferenceBW     = 532
	tagICC             = 34675
)

// maxEntries bounds the entries of a directory; real ones have some dozens.
const maxEntries = 4096

// entry is one field of the directory; value points into the file.
type entry struct {
	kind  int // TIFF's type
	count int
	value []byte
}

// directory is the first image file directory.
type directory struct {
	data  []byte
	order binary.ByteOrder
	big   bool
	tags  map[int]entry
	lost  map[int]bool // tags whose values lie outside the file
	more  bool         // another directory follows
}

// Is reports whether data starts like a TIFF or BigTIFF file.
func Is(data []byte) bool {
	if len(data) < 8 {
		return false
	}
	switch string(data[:4]) {
	case "II*\x00", "MM\x00*", "II+\x00", "MM\x00+":
		return true
	}
	return false
}

// typeSizes holds the bytes of a value by type.
var typeSizes = [...]int{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8}

// readDirectory reads the header and the first directory, no other one: a file can't
// make it run in circles.
func readDirectory(data []byte) (*directory, error) {
	if !Is(data) {
		return nil, raster.Damaged(format, "the header is cut off")
	}
	d := &directory{data: data, order: binary.LittleEndian, tags: map[int]entry{}, lost: map[int]bool{}}
	if data[0] == 'M' {
		d.order = binary.BigEndian
	}
	at, countSize, entrySize, valueSize := uint64(d.order.Uint32(data[4:])), 2, 12, 4
	if d.big = data[2] == '+' || data[3] == '+'; d.big {
		if len(data) < 16 || d.order.Uint16(data[4:]) != 8 {
			return nil, raster.Damaged(format, "the BigTIFF header is broken")
		}
		at, countSize, entrySize, valueSize = d.order.Uint64(data[8:]), 8, 20, 8
	}
	if at < 8 || at > uint64(len(data)-countSize) {
		return nil, raster.Damaged(format, "its directory is not in the file")
	}
	rest := data[at:]
	n := uint64(d.order.Uint16(rest))
	if d.big {
		n = d.order.Uint64(rest)
	}
	rest = rest[countSize:]
	if n == 0 || n > maxEntries || uint64(len(rest)/entrySize) < n {
		return nil, raster.Damaged(format, "its directory of %d entries is cut off or broken", n)
	}
	for range n {
		d.add(rest[:entrySize], valueSize)
		rest = rest[entrySize:]
	}
	for _, b := range rest[:min(valueSize, len(rest))] {
		d.more = d.more || b != 0
	}
	return d, nil
}

// add takes one entry in. Of a tag that comes twice the first counts.
func (d *directory) add(b []byte, valueSize int) {
	tag, kind := int(d.order.Uint16(b)), int(d.order.Uint16(b[2:]))
	count := uint64(d.order.Uint32(b[4:]))
	if d.big {
		count = d.order.Uint64(b[4:])
	}
	if kind >= len(typeSizes) || typeSizes[kind] == 0 || count == 0 || count > uint64(len(d.data)) {
		return
	}
	if _, ok := d.tags[tag]; ok {
		return
	}
	n := count * uint64(typeSizes[kind])
	value := b[len(b)-valueSize:]
	if n > uint64(valueSize) {
		at := uint64(d.order.Uint32(value))
		if d.big {
			at = d.order.Uint64(value)
		}
		if at > uint64(len(d.data)) || n > uint64(len(d.data))-at {
			d.lost[tag] = true
			return
		}
		value = d.data[at:]
	}
	d.tags[tag] = entry{kind, int(count), value[:n]}
}

// number returns the i-th value of an entry as a number; 0 where there is none.
func (d *directory) number(e entry, i int) float64 {
	if i >= e.count {
		return 0
	}
	b := e.value[i*typeSizes[e.kind]:]
	switch e.kind {
	case 1, 2, 7:
		return float64(b[0])
	case 6:
		return float64(int8(b[0]))
	case 3:
		return float64(d.order.Uint16(b))
	case 8:
		return float64(int16(d.order.Uint16(b)))
	case 4, 13:
		return float64(d.order.Uint32(b))
	case 9:
		return float64(int32(d.order.Uint32(b)))
	case 5:
		return float64(d.order.Uint32(b)) / float64(max(d.order.Uint32(b[4:]), 1))
	case 10:
		return float64(int32(d.order.Uint32(b))) / float64(max(int32(d.order.Uint32(b[4:])), 1))
	case 11:
		return float64(math.Float32frombits(d.order.Uint32(b)))
	case 12:
		return math.Float64frombits(d.order.Uint64(b))
	case 16, 17, 18:
		return float64(d.order.Uint64(b))
	}
	return 0
}

// whole returns the first value of a tag as a whole number in 0 to 2^53, or the
// default where the tag is missing or makes no sense.
func (d *directory) whole(tag, missing int) int {
	e, ok := d.tags[tag]
	if !ok {
		return missing
	}
	return d.wholeAt(e, 0, missing)
}

func (d *directory) wholeAt(e entry, i, missing int) int {
	v := d.number(e, i)
	if !(v >= 0 && v <= 1<<53) {
		return missing
	}
	return int(v)
}

// numbers returns the values of a tag, or the default where it has fewer.
func (d *directory) numbers(tag int, missing ...float64) []float64 {
	e := d.tags[tag]
	if e.count < len(missing) {
		return missing
	}
	out := make([]float64, len(missing))
	for i := range out {
		out[i] = d.number(e, i)
	}
	return out
}

// DecodeConfig reads the size and the orientation.
func DecodeConfig(data []byte) (raster.Config, error) {
	d, err := readDirectory(data)
	if err != nil {
		return raster.Config{}, err
	}
	l, err := readLayout(d)
	if err != nil {
		return raster.Config{}, err
	}
	return raster.Config{Width: l.width, Height: l.height, Orientation: l.orientation}, nil
}
