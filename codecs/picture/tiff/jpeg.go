package tiff

import (
	"bytes"
	"image"
	stdjpeg "image/jpeg"

	"codecworkbench/codecs/picture/jpeg"
	"codecworkbench/codecs/picture/raster"
)

// adobe markers tell a JPEG decoder whether the components are YCbCr or stored as they are;
// streams inside TIFF files leave that to TIFF's own tag.
const (
	adobePlain = "\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"
	adobeYCbCr = "\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x01"
)

// decodeJPEG reads JPEG-compressed strips or tiles, in the style of TIFF Technical
// Note 2 and in the old one of TIFF 6.0, section 22.
func decodeJPEG(d *directory, l *layout, img *raster.Image, limit raster.Limit) error {
	if l.bits != 8 && l.bits != 12 || l.sampleFormat != formatUnsigned {
		return raster.Damaged(format, "JPEG compression of %d-bit samples", l.bits)
	}
	if l.planar && l.photometric != colourRGB {
		return raster.Unsupported(format, "JPEG compression of planes other than RGB")
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
	if img.Pix, err = raster.New(l.width, l.height, false, limit); err != nil {
		return err
	}
	for row := range l.down {
		rows := l.segH
		if !l.tiled {
			rows = min(rows, l.height-row*l.segH)
		}
		for i := range l.across * l.planes() {
			col, plane := i%l.across, i/l.across
			stored, err := l.segment(d, (plane*l.down+row)*l.across+col, rows)
			if err != nil {
				return err
			}
			tile, err := l.decodeStream(stream(stored, rows), limit)
			if err != nil {
				return err
			}
			l.paste(img.Pix, tile, col*l.segW, row*l.segH, plane)
		}
	}
	img.Notes = append(img.Notes, l.notes(false)...)
	return nil
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
	switch photometric {
	case colourRGB:
		b.WriteString(adobePlain)
	case yCbCr:
		b.WriteString(adobeYCbCr)
	case separated: // the standard library wants to be told, and then inverts
		b.WriteString(adobePlain)
	}
	if n := len(tables); n > 4 {
		tables = bytes.TrimSuffix(tables[2:], []byte("\xff\xd9"))
		b.Write(tables)
	}
	b.Write(bytes.TrimPrefix(stored, []byte("\xff\xd8")))
	return b.Bytes()
}

// spare is how many pixels a JPEG stream may be larger than its strip or tile. Without
// a bound, a small file could ask for many decodes of a large picture.
const spare = 64

// decodeStream decodes one JPEG stream to pixels. It may be a little larger than its
// segment, or at the lower edge shorter.
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
	if l.photometric == separated && !l.planar {
		return decodeCMYK(data)
	}
	m, err := jpeg.Decode(data)
	if err == nil && m.Truncated {
		err = raster.ErrDamaged
	}
	if err != nil {
		return nil, raster.Damaged(format, "a strip or tile is broken or cut off (%v)", err)
	}
	return m.Pix, nil
}

// decodeCMYK decodes CMYK as TIFF means it (0 is no ink). Package jpeg takes it the
// other way round, like all JPEG files, and so does the standard library, but that
// returns the inks: inverted ones.
func decodeCMYK(data []byte) (*image.NRGBA, error) {
	m, err := stdjpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, raster.Damaged(format, "a strip or tile is broken or cut off (%v)", err)
	}
	src, ok := m.(*image.CMYK)
	if !ok {
		return nil, raster.Unsupported(format, "JPEG data of type %T", m)
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	dst := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			s, d := src.Pix[y*src.Stride+4*x:], dst.Pix[y*dst.Stride+4*x:]
			for c := range 3 {
				d[c] = uint8((uint32(s[c])*uint32(s[3]) + 127) / 255)
			}
		}
	}
	return dst, nil
}

// paste puts a decoded segment in its place; in planar files it is channel plane alone.
func (l *layout) paste(dst, src *image.NRGBA, x, y, plane int) {
	columns := min(l.width-x, l.segW, src.Rect.Dx())
	for row := range min(l.height-y, l.segH, src.Rect.Dy()) {
		s := src.Pix[row*src.Stride:][:4*columns]
		d := dst.Pix[dst.PixOffset(x, y+row):][:4*columns]
		for i := 0; i < len(s); i += 4 {
			switch {
			case !l.planar:
				copy(d[i:i+3], s[i:i+3])
			case plane < 3 || plane == 3 && l.alpha != alphaNone:
				d[i+plane] = s[i]
			}
		}
		if l.photometric == whiteIsZero {
			for i := 0; i < len(s); i += 4 {
				d[i], d[i+1], d[i+2] = ^d[i], ^d[i+1], ^d[i+2]
			}
		}
	}
}
