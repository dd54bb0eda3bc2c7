package tiff

import (
	"bytes"
	"image"

	"codecworkbench/codecs/picture/jpeg"
	"codecworkbench/codecs/picture/raster"
)

// adobeYCbCr tells a JPEG decoder that the components are YCbCr; streams inside TIFF
// files leave that to TIFF's own tag.
const adobeYCbCr = "\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x01"

// decodeJPEG reads JPEG-compressed strips or tiles, in the style of TIFF Technical
// Note 2 and in the old one of TIFF 6.0, section 22.
func decodeJPEG(d *directory, l *layout, img *raster.Image, limit raster.Limit) error {
	if l.bits != 8 && l.bits != 12 || l.sampleFormat != formatUnsigned {
		return raster.Damaged(format, "JPEG compression of %d-bit samples", l.bits)
	}
	if l.photometric == yCbCr && (l.planar || l.samples != 3) {
		return raster.Unsupported(format, "JPEG compression of YCbCr planes or of more than three samples")
	}
	if l.compression == compressOldJPEG {
		if done, err := decodeWhole(d, l, img, limit); done || err != nil {
			return err
		}
	}
	stream, err := l.streams(d)
	if err != nil {
		return err
	}
	p := jpegPainter{layout: l, stream: stream, line: make([]uint16, l.segW*l.samples), tiles: make([]*image.NRGBA, l.planes())}
	decoded := *l
	if l.decodesToRGB() {
		decoded.photometric = colourRGB
	}
	if p.convert, err = decoded.converter(d, 255); err != nil {
		return err
	}
	if img.Pix, err = raster.New(l.width, l.height, false, limit); err != nil {
		return err
	}
	if err := p.paint(d, img.Pix, limit); err != nil {
		return err
	}
	img.Notes = append(img.Notes, l.notes(d, false)...)
	return nil
}

// decodesToRGB reports whether the JPEG decoder converts the colours. Old-style files
// that call them RGB mean YCbCr (libtiff, tif_dirread.c).
func (l *layout) decodesToRGB() bool {
	return l.photometric == yCbCr || l.compression == compressOldJPEG && l.photometric == colourRGB && !l.planar
}

// streams returns what makes a whole JPEG stream of a stored segment of so many rows.
func (l *layout) streams(d *directory) (func(stored []byte, rows int) []byte, error) {
	if l.compression == compressOldJPEG {
		h, err := readOldHeader(d, l)
		if err != nil {
			return nil, err
		}
		return h.stream, nil
	}
	tables := d.tags[tagJPEGTables].value
	return func(stored []byte, _ int) []byte { return join(tables, stored, l.photometric) }, nil
}

// join makes one stream of the shared tables and a segment, and names its colours.
func join(tables, stored []byte, photometric int) []byte {
	var b bytes.Buffer
	b.WriteString("\xff\xd8")
	if photometric == yCbCr {
		b.WriteString(adobeYCbCr)
	}
	if n := len(tables); n > 4 {
		tables = bytes.TrimSuffix(tables[2:], []byte("\xff\xd9"))
		b.Write(tables)
	}
	b.Write(bytes.TrimPrefix(stored, []byte("\xff\xd8")))
	return b.Bytes()
}

// jpegPainter decodes JPEG streams onto the picture.
type jpegPainter struct {
	*layout
	stream  func(stored []byte, rows int) []byte
	convert rowConverter
	line    []uint16       // one row of a segment, all samples of a pixel together
	tiles   []*image.NRGBA // a segment's planes, a component a channel
}

func (p *jpegPainter) paint(d *directory, dst *image.NRGBA, limit raster.Limit) error {
	for row := range p.down {
		rows := p.segH
		if !p.tiled { // the last strip ends with the picture
			rows = min(rows, p.height-row*p.segH)
		}
		for col := range p.across {
			for k := range p.tiles {
				stored, err := p.segment(d, (k*p.down+row)*p.across+col, rows)
				if err != nil {
					return err
				}
				if p.tiles[k], err = p.decodeStream(p.stream(stored, rows), limit); err != nil {
					return err
				}
			}
			if err := p.paste(dst, col*p.segW, row*p.segH); err != nil {
				return err
			}
		}
	}
	return nil
}

// spare is how many pixels a JPEG stream may be larger than its strip or tile. Without
// a bound, a small file could ask for many decodes of a large picture.
const spare = 64

// decodeStream decodes one JPEG stream, to RGB or to its components. It may be a little
// larger than its segment, or at the picture's edge smaller.
func (l *layout) decodeStream(data []byte, limit raster.Limit) (*image.NRGBA, error) {
	c, err := jpeg.DecodeConfig(data)
	if err == nil {
		err = limit(c.Width, c.Height)
	}
	if err != nil {
		return nil, raster.Damaged(format, "a strip or tile is broken (%v)", err)
	}
	if c.Width > l.segW+spare || c.Height > l.segH+spare {
		return nil, raster.Damaged(format, "a strip or tile holds %d x %d pixels instead of %d x %d", c.Width, c.Height, l.segW, l.segH)
	}
	if want := l.perPlane(); c.Components != want {
		return nil, raster.Unsupported(format, "JPEG data of %d components instead of %d", c.Components, want)
	}
	decode := jpeg.DecodeComponents
	if l.decodesToRGB() {
		decode = jpeg.Decode
	}
	m, err := decode(data)
	if err == nil && m.Truncated {
		err = raster.ErrDamaged
	}
	if err != nil {
		return nil, raster.Damaged(format, "a strip or tile is broken or cut off (%v)", err)
	}
	return m.Pix, nil
}

// paste converts the decoded segment and puts it in its place.
func (p *jpegPainter) paste(dst *image.NRGBA, x, y int) error {
	columns, rows := min(p.width-x, p.segW), min(p.height-y, p.segH)
	for _, tile := range p.tiles {
		if w, h := tile.Rect.Dx(), tile.Rect.Dy(); w < columns || h < rows {
			return raster.Damaged(format, "a strip or tile holds %d x %d pixels instead of %d x %d", w, h, columns, rows)
		}
	}
	together := p.perPlane()
	for row := range rows {
		for k, tile := range p.tiles {
			src := tile.Pix[row*tile.Stride:]
			for i := range columns {
				for c := range together {
					p.line[i*p.samples+k+c] = uint16(src[4*i+c])
				}
			}
		}
		at := dst.PixOffset(x, y+row)
		p.convert(dst.Pix[at:at+4*columns], p.line)
	}
	return nil
}
