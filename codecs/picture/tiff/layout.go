package tiff

import (
	"math"
	"slices"

	"codecworkbench/codecs/picture/raster"
)

// Photometric interpretations.
const (
	whiteIsZero = 0
	blackIsZero = 1
	colourRGB   = 2
	palette     = 3
	mask        = 4
	separated   = 5
	yCbCr       = 6
	cieLab      = 8
	iccLab      = 9
)

// Compressions.
const (
	compressNone      = 1
	compressHuffman   = 2
	compressGroup3    = 3
	compressGroup4    = 4
	compressLZW       = 5
	compressOldJPEG   = 6
	compressJPEG      = 7
	compressDeflate   = 8
	compressNeXT      = 32766
	compressHuffmanW  = 32771
	compressPackBits  = 32773
	compressThunder   = 32809
	compressDeflate2  = 32946
	maxTileSide       = 1 << 20
	maxSamples        = 32
	maxSegmentBytes   = 1 << 30
	formatUnsigned    = 1
	formatSigned      = 2
	formatFloat       = 3
	alphaNone         = 0
	alphaAssociated   = 1 // colours are multiplied by alpha
	alphaUnassociated = 2
)

// layout is what the directory says about the pixels.
type layout struct {
	width, height  int
	bits           int // a sample
	samples        int // a pixel
	colours        int // of them the first ones
	alpha          int // kind of alpha, which is the sample behind the colours
	sampleFormat   int
	compression    int
	photometric    int
	planar         bool // each sample in a plane of its own
	reversed       bool // bits run from the lowest to the highest
	predictor      int
	orientation    int
	tiled          bool
	segW, segH     int // of a strip or tile
	across, down   int // strips or tiles
	subX, subY     int // chroma subsampling
	jpegX, jpegY   int // chroma subsampling inside JPEG data
	offsets, sizes entry

	brokenRows int // of fax data, or missing: counted while decoding
}

// readLayout reads and checks the directory's description of the pixels.
func readLayout(d *directory) (*layout, error) {
	l := &layout{
		width: d.whole(tagWidth, 0), height: d.whole(tagHeight, 0),
		samples:      d.whole(tagSamples, max(d.tags[tagBits].count, 1)),
		bits:         d.whole(tagBits, 1),
		compression:  d.whole(tagCompression, compressNone),
		planar:       d.whole(tagPlanar, 1) == 2,
		reversed:     d.whole(tagFillOrder, 1) == 2,
		predictor:    d.whole(tagPredictor, 1),
		orientation:  d.whole(tagOrientation, 1),
		sampleFormat: d.whole(tagSampleFormat, formatUnsigned),
		subX:         1, subY: 1,
	}
	for _, tag := range []int{tagBits, tagColorMap, tagStripOffsets, tagStripCounts, tagTileOffsets, tagTileCounts, tagExtraSamples, tagSampleFormat, tagJPEGTables} {
		if d.lost[tag] {
			return nil, raster.Damaged(format, "it is cut off: the values of tag %d are not in the file", tag)
		}
	}
	if l.width < 1 || l.height < 1 || l.width > math.MaxInt32 || l.height > math.MaxInt32 {
		return nil, raster.Damaged(format, "its directory says %d x %d pixels", l.width, l.height)
	}
	if l.samples < 1 || l.samples > maxSamples {
		return nil, raster.Unsupported(format, "%d samples a pixel", l.samples)
	}
	if e := d.tags[tagBits]; e.count > 1 {
		for i := range min(e.count, l.samples) {
			if d.wholeAt(e, i, 0) != l.bits {
				return nil, raster.Unsupported(format, "samples of different sizes")
			}
		}
	}
	if l.samples == 1 {
		l.planar = false
	}
	if err := l.readColour(d); err != nil {
		return nil, err
	}
	if err := l.checkSamples(); err != nil {
		return nil, err
	}
	return l, l.readSegments(d)
}

// readColour finds out which samples are colours and which is alpha.
func (l *layout) readColour(d *directory) error {
	l.photometric = d.whole(tagPhotometric, -1)
	l.jpegX, l.jpegY = 1, 1
	extra := d.tags[tagExtraSamples]
	if l.photometric < 0 { // libtiff's guess
		l.photometric = blackIsZero
		if l.samples-extra.count >= 3 {
			l.photometric = colourRGB
		}
	}
	switch l.photometric {
	case whiteIsZero, blackIsZero, palette, mask:
		l.colours = 1
	case colourRGB, cieLab, iccLab:
		l.colours = 3
	case yCbCr:
		l.colours = 3
		sub := d.numbers(tagYCbCrSub, 2, 2)
		l.subX, l.subY = int(sub[0]), int(sub[1])
		if l.compression == compressJPEG || l.compression == compressOldJPEG {
			l.jpegX, l.jpegY = l.subX, l.subY // only the old style needs them
			l.subX, l.subY = 1, 1             // decoded segments are upsampled
		}
	case separated:
		l.colours = 4
		if d.whole(tagInkSet, 1) != 1 {
			return raster.Unsupported(format, "inks other than CMYK")
		}
	case 32803, 34892:
		return raster.Unsupported(format, "a camera's raw samples")
	case 32844, 32845:
		return raster.Unsupported(format, "LogLuv samples")
	default:
		return raster.Unsupported(format, "colours of the kind %d", l.photometric)
	}
	// A bi-level or grey file with three samples and the like: take what is there.
	if l.samples < l.colours {
		return raster.Damaged(format, "it has %d samples a pixel where its colours need %d", l.samples, l.colours)
	}
	if l.samples > l.colours {
		// Without a word about the extra samples the first is alpha, as most programs mean it.
		l.alpha = alphaUnassociated
		if extra.count > 0 {
			switch l.alpha = d.wholeAt(extra, 0, 0); l.alpha {
			case alphaNone, alphaAssociated, alphaUnassociated:
			default:
				l.alpha = alphaUnassociated
			}
		}
	}
	return nil
}

// checkSamples refuses kinds of samples that are not read.
func (l *layout) checkSamples() error {
	var allowed []int
	switch l.sampleFormat {
	case formatFloat:
		allowed = []int{16, 24, 32, 64}
	case formatSigned:
		allowed = []int{8, 16, 32}
	case formatUnsigned, 4: // 4: undefined, which means unsigned in practice
		if l.bits >= 1 && l.bits <= 32 || l.bits == 64 {
			return l.checkColour()
		}
	}
	if !slices.Contains(allowed, l.bits) {
		return raster.Unsupported(format, "%d-bit samples of the format %d", l.bits, l.sampleFormat)
	}
	return l.checkColour()
}

// checkColour refuses samples that don't go with the colours.
func (l *layout) checkColour() error {
	switch l.photometric {
	case palette:
		if l.bits > 16 || l.sampleFormat == formatFloat {
			return raster.Unsupported(format, "a palette of %d-bit indices", l.bits)
		}
	case cieLab, iccLab:
		if l.bits != 8 && l.bits != 16 || l.sampleFormat == formatFloat {
			return raster.Unsupported(format, "CIELab samples of %d bits", l.bits)
		}
	case yCbCr:
		if l.compression == compressJPEG || l.compression == compressOldJPEG {
			return nil
		}
		factors := []int{1, 2, 4}
		if l.bits != 8 || l.samples != 3 || !slices.Contains(factors, l.subX) || !slices.Contains(factors, l.subY) ||
			l.planar && l.subX*l.subY > 1 {
			return raster.Unsupported(format, "YCbCr samples of this layout")
		}
	}
	return nil
}

// readSegments reads how the picture is cut into strips or tiles.
func (l *layout) readSegments(d *directory) error {
	if w, h := d.whole(tagTileWidth, 0), d.whole(tagTileHeight, 0); w > 0 && h > 0 {
		if w > maxTileSide || h > maxTileSide {
			return raster.Damaged(format, "its directory says tiles of %d x %d pixels", w, h)
		}
		l.tiled = true
		l.segW, l.segH = w, h
		l.offsets, l.sizes = d.tags[tagTileOffsets], d.tags[tagTileCounts]
		if l.offsets.count == 0 { // some writers use the strips' tags
			l.offsets, l.sizes = d.tags[tagStripOffsets], d.tags[tagStripCounts]
		}
	} else {
		l.segW, l.segH = l.width, min(d.whole(tagRowsPerStrip, l.height), l.height)
		if l.segH == 0 {
			l.segH = l.height
		}
		l.offsets, l.sizes = d.tags[tagStripOffsets], d.tags[tagStripCounts]
	}
	l.across, l.down = (l.width+l.segW-1)/l.segW, (l.height+l.segH-1)/l.segH
	if l.offsets.count == 0 && l.compression != compressOldJPEG {
		return raster.Damaged(format, "its pixels are missing")
	}
	return nil
}

// planes returns how many planes are read: those of colours and alpha.
func (l *layout) planes() int {
	switch {
	case !l.planar:
		return 1
	case l.alpha == alphaNone:
		return l.colours
	}
	return l.colours + 1
}

// perPlane returns the samples of a pixel that are stored together.
func (l *layout) perPlane() int {
	if l.planar {
		return 1
	}
	return l.samples
}

// rowBytes returns the bytes of one stored row of a segment.
func (l *layout) rowBytes() int { return (l.segW*l.perPlane()*l.bits + 7) / 8 }

// segmentBytes returns the bytes of a decoded segment of rows rows.
func (l *layout) segmentBytes(rows int) int {
	if l.subX*l.subY > 1 {
		units := ((l.segW + l.subX - 1) / l.subX) * ((rows + l.subY - 1) / l.subY)
		return units * (l.subX*l.subY + 2)
	}
	return l.rowBytes() * rows
}

// segment returns the stored bytes of a strip or tile of rows rows.
func (l *layout) segment(d *directory, index, rows int) (stored []byte, err error) {
	if index >= l.offsets.count {
		return nil, raster.Damaged(format, "strip or tile %d is missing", index)
	}
	at := d.wholeAt(l.offsets, index, len(d.data))
	if at >= len(d.data) {
		return nil, raster.Damaged(format, "it is cut off before strip or tile %d", index)
	}
	stored = d.data[at:]
	n := len(stored)
	switch {
	case index < l.sizes.count && d.wholeAt(l.sizes, index, 0) > 0:
		n = d.wholeAt(l.sizes, index, 0)
	case l.compression == compressNone:
		n = l.segmentBytes(rows)
	}
	if l.compression == compressNone {
		n = max(n, l.segmentBytes(rows)) // the size is known better than the file says
	}
	return stored[:min(n, len(stored))], nil
}
