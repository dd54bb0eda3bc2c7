package tiff

import (
	"fmt"
	"image"

	"codecworkbench/codecs/picture/raster"
)

// Decode reads the first picture of a file whose size limit allows.
func Decode(data []byte, limit raster.Limit) (*raster.Image, error) {
	d, err := readDirectory(data)
	if err != nil {
		return nil, err
	}
	l, err := readLayout(d)
	if err != nil {
		return nil, err
	}
	if err := limit(l.width, l.height); err != nil {
		return nil, err
	}
	if l.segmentBytes(l.segH)/l.segH > maxSegmentBytes/l.segH {
		return nil, raster.Unsupported(format, "a strip or tile of over a gigabyte")
	}
	img := &raster.Image{Depth: l.bits, Orientation: l.orientation, Gray: l.gray(d)}
	if l.photometric == palette {
		img.Depth = 8
	}
	if e := d.tags[tagICC]; e.count > 0 {
		img.ICC = e.value
	}
	if d.lost[tagICC] {
		img.Notes = append(img.Notes, "the colour profile is damaged and was not applied: colours may be off")
	}
	if d.more {
		img.Notes = append(img.Notes, "the file has several pages: only the first was read")
	}
	if l.compression == compressJPEG || l.compression == compressOldJPEG {
		return img, decodeJPEG(d, l, img, limit)
	}
	if err := l.checkLength(d); err != nil {
		return nil, err
	}
	if img.Pix, err = raster.New(l.width, l.height, false, limit); err != nil {
		return nil, err
	}
	p := &painter{layout: l, pix: img.Pix, sampler: l.sampler(d.order)}
	if p.convert, err = l.converter(d, p.sampler.max); err != nil {
		return nil, err
	}
	if err := p.paint(d); err != nil {
		return nil, err
	}
	img.Notes = append(img.Notes, l.notes(d, p.sampler.clipped)...)
	return img, nil
}

// notes says what was lost.
func (l *layout) notes(d *directory, clipped bool) []string {
	var out []string
	if n := d.tags[tagColorMap].count / 3; l.photometric == palette && n < 1<<l.bits {
		out = append(out, fmt.Sprintf("the palette has %d of %d colours: pixels with others are black", n, 1<<l.bits))
	}
	if l.brokenRows > 0 {
		out = append(out, fmt.Sprintf("the fax data is broken in %d rows: parts of the picture may be wrong", l.brokenRows))
	}
	switch {
	case clipped && l.sampleFormat == formatFloat:
		out = append(out, "floating point samples outside 0 to 1 were clipped")
	case l.sampleFormat == formatSigned && l.bits == 8 && l.photometric != cieLab:
		out = append(out, "8-bit samples that the file calls signed were taken for unsigned")
	case clipped:
		out = append(out, "negative samples were clipped to 0")
	}
	switch l.photometric {
	case separated:
		out = append(out, "CMYK was converted to RGB without a colour profile")
	case cieLab, iccLab:
		out = append(out, "CIELab was converted to sRGB")
	}
	extra := l.samples - l.colours
	if l.alpha != alphaNone {
		extra--
	}
	if extra > 0 {
		out = append(out, "further channels of the TIFF file were left out")
	}
	return out
}

// checkLength refuses uncompressed files that are too short, before pixels are
// allocated for them.
func (l *layout) checkLength(d *directory) error {
	need := int64(l.width) * int64(l.height) * int64(l.samples) * int64(l.bits) / 8
	if l.subX*l.subY > 1 {
		need = int64(l.width) * int64(l.height)
	}
	if l.compression == compressNone && int64(len(d.data)) < need {
		return raster.Damaged(format, "it is cut off: it has %d bytes where its pixels need %d", len(d.data), need)
	}
	return nil
}

// painter decodes strips and tiles onto the picture.
type painter struct {
	*layout
	pix     *image.NRGBA
	sampler *sampler
	convert func(dst []uint8, src []uint16) // a row of pixels, l.samples each
}

func (p *painter) paint(d *directory) error {
	samples := make([]uint16, p.segW*p.samples)
	planes := make([][]byte, p.planes())
	for row := range p.down {
		rows := p.segH
		if !p.tiled { // the last strip ends with the picture
			rows = min(rows, p.height-row*p.segH)
		}
		for col := range p.across {
			for k := range planes {
				index := (k*p.down+row)*p.across + col
				var err error
				if planes[k], err = p.segmentRows(d, index, rows); err != nil {
					return err
				}
			}
			p.segment(planes, samples, col*p.segW, row*p.segH)
		}
	}
	return nil
}

// segmentRows returns the decoded bytes of one strip or tile.
func (p *painter) segmentRows(d *directory, index, rows int) ([]byte, error) {
	stored, err := p.layout.segment(d, index, rows)
	if err != nil {
		return nil, err
	}
	want := p.segmentBytes(rows)
	b, err := p.unpack(d, stored, rows, want)
	if err != nil {
		return nil, err
	}
	if need := p.needed(index, rows); len(b) < need {
		return nil, raster.Damaged(format, "strip or tile %d has %d of %d bytes", index, len(b), need)
	}
	if len(b) < want { // only padding is missing
		b = append(b[:len(b):len(b)], make([]byte, want-len(b))...)
	}
	if p.compression == compressLZW || p.compression == compressDeflate || p.compression == compressDeflate2 {
		err = p.unpredict(b, d.order)
	}
	return b, err
}

// needed returns the bytes of a segment that hold pixels of the picture: tiles at the
// lower edge may end early.
func (p *painter) needed(index, rows int) int {
	if !p.tiled {
		return p.segmentBytes(rows)
	}
	row := index / p.across % p.down
	return p.segmentBytes(min(rows, p.height-row*p.segH))
}

// segment converts decoded bytes to pixels at x, y.
func (p *painter) segment(planes [][]byte, samples []uint16, x, y int) {
	columns := min(p.segW, p.width-x)
	for row := range min(p.segH, p.height-y) {
		if p.subX*p.subY > 1 {
			p.subsampledRow(samples, planes[0], row)
		} else {
			stride := p.rowBytes()
			for k, b := range planes {
				p.sampler.row(samples[k:], p.step(), b[row*stride:(row+1)*stride], p.segW*p.perPlane())
			}
		}
		at := p.pix.PixOffset(x, y+row)
		p.convert(p.pix.Pix[at:at+4*columns], samples)
	}
}

// step returns the distance of a plane's samples in a row of samples.
func (p *painter) step() int {
	if p.planar {
		return p.samples
	}
	return 1
}

// subsampledRow reads a row of YCbCr data units: subX * subY luma samples, then one
// sample each of the chroma, which counts for all of them (TIFF 6.0, section 21).
func (p *painter) subsampledRow(samples []uint16, b []byte, row int) {
	unit := p.subX*p.subY + 2
	units := (p.segW + p.subX - 1) / p.subX
	line := b[row/p.subY*units*unit:]
	for x := range p.segW {
		u := line[x/p.subX*unit:]
		samples[3*x] = uint16(u[row%p.subY*p.subX+x%p.subX])
		samples[3*x+1], samples[3*x+2] = uint16(u[unit-2]), uint16(u[unit-1])
	}
}

// gray reports whether the file holds nothing but grey.
func (l *layout) gray(d *directory) bool {
	switch l.photometric {
	case whiteIsZero, blackIsZero, mask:
		return true
	case palette:
		map8, err := l.colourMap(d)
		return err == nil && raster.GrayPalette(map8)
	}
	return false
}

// colourMap reads the palette in 8 bits; some writers store 8-bit values in its 16 bits.
func (l *layout) colourMap(d *directory) ([][3]uint8, error) {
	n := 1 << l.bits
	e := d.tags[tagColorMap]
	if e.kind != 3 || e.count < 3 {
		return nil, raster.Damaged(format, "its palette is missing")
	}
	stride := e.count / 3
	n = min(n, stride)
	narrow := true
	for i := range 3 * stride {
		narrow = narrow && d.order.Uint16(e.value[2*i:]) < 256
	}
	out := make([][3]uint8, n)
	for i := range out {
		for c := range 3 {
			v := d.order.Uint16(e.value[2*(c*stride+i):])
			if out[i][c] = raster.Round16(uint32(v)); narrow {
				out[i][c] = uint8(v)
			}
		}
	}
	return out, nil
}
